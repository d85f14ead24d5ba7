"""An address is written one way, or it is none: what is counted and what is reached are the same."""

import pytest

from app.mfa.contact_address import Channel, InvalidAddress, normalised


@pytest.mark.rule("A41")
@pytest.mark.parametrize("given", ["13800138000", "+86 138 0013 8000", "138-0013-8000", "(+86) 13800138000"])
def test_every_spelling_of_a_mobile_number_is_one_number(given: str) -> None:
    assert normalised(Channel.PHONE, given) == "+8613800138000"


@pytest.mark.rule("A41")
@pytest.mark.parametrize(
    "given", ["+86138001380001", "+86013800138000", "+86 0 138 0013 8000", "+861380013800", "+862112345678", "008613800138000"]
)  # fmt: skip
def test_a_number_of_china_with_a_digit_too_many_is_no_number_of_its_own(given: str) -> None:
    with pytest.raises(InvalidAddress):
        normalised(Channel.PHONE, given)


@pytest.mark.parametrize("given", ["+85291234567", "+442071838750", "+12025550123"])
def test_numbers_of_other_countries_stay_as_they_are(given: str) -> None:
    assert normalised(Channel.PHONE, given) == given


@pytest.mark.parametrize("given", ["Li@Bank.example", "li.wei+codes@mail.bank.example", "o'neill@x-y.cn", "a=b?c@x.cn"])
def test_a_mailbox_is_written_in_lower_case(given: str) -> None:
    assert normalised(Channel.EMAIL, given) == given.lower()


@pytest.mark.parametrize(
    "given",
    [
        "=?utf-8?q?a=0d=0abcc=3a=20x?=@x.cn", "=?utf-8?q?li=40bank.example=2c?=@x.cn", "a\r\nBcc: b@x.cn", "a@x.cn\nx",
        ".a@x.cn", "a.@x.cn", "a..b@x.cn", "a@x-.cn", "a@-x.cn", "a,b@x.cn", "<a@x.cn>", "a" * 65 + "@x.cn",
    ],
)  # fmt: skip
def test_what_a_mail_header_would_read_as_something_else_is_no_mailbox(given: str) -> None:
    with pytest.raises(InvalidAddress):
        normalised(Channel.EMAIL, given)
