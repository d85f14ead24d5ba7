"""Common passwords are known offline, or the service does not start."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.gateways.common_passwords import MOST_READINGS, CommonPasswords, ListUnavailable, spelled

WHEEL = CommonPasswords.from_wheel()


@pytest.mark.rule("A8")
def test_the_wheel_knows_thirty_thousand() -> None:
    assert len(WHEEL) >= 30_000


@pytest.mark.rule("A8")
@pytest.mark.parametrize("password", ["123456", "password", "iloveyou", "Dragon", "ｑｗｅｒｔｙ", "PASSWORD"])
def test_common_passwords_are_known_in_any_spelling(password: str) -> None:
    assert password in WHEEL


@pytest.mark.parametrize("password", ["", "Kx9 mQ2#vLw7tz!e", "骏马奔腾山河远阔", "\ud800"])
def test_other_passwords_are_not(password: str) -> None:
    assert password not in WHEEL


@given(st.sets(st.text("abcdefgh", min_size=1, max_size=6)), st.text("abcdefgh", min_size=1, max_size=6))
def test_a_list_holds_what_was_put_in_and_nothing_else(passwords: set[str], asked: str) -> None:
    found = CommonPasswords(passwords)
    assert (asked in found) == (asked in passwords)
    assert len(found) == len(passwords)


@pytest.mark.rule("A8")
def test_the_banks_own_list_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.txt"
    path.write_bytes("Hufu2026\r\n  spaced \n\n银行密码\n\xff".encode() + b"\xff\xfe\n")
    found = CommonPasswords.load(path)
    assert all(password in found for password in ("hufu2026", "  spaced ", "银行密码"))
    assert len(found) == 4


@pytest.mark.rule("A9")
@pytest.mark.parametrize("content", [None, b"", b"\n\n"])
def test_a_missing_or_empty_list_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "own.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ListUnavailable):
        CommonPasswords.load(path)


@pytest.mark.rule("A9")
def test_a_short_list_is_an_error() -> None:
    short = CommonPasswords(["a", "b"])
    assert short.at_least(2) is short
    with pytest.raises(ListUnavailable, match="2 common passwords"):
        short.at_least(3)


def test_a_chinese_name_is_spelled_as_it_is_typed() -> None:
    assert spelled("王小明")[:3] == ("wangxiaoming", "xiaoming", "wxm")


def test_a_name_without_chinese_characters_is_not_spelled() -> None:
    assert spelled("John Smith") == ()


@pytest.mark.parametrize(("name", "written"), [("曾国藩", "zengguofan"), ("单雄信", "shanxiongxin"), ("乐毅", "yueyi")])
def test_a_surname_is_spelled_as_a_surname_too(name: str, written: str) -> None:
    assert written in spelled(name)


def test_a_long_name_of_many_readings_is_spelled_in_bounded_ways() -> None:
    assert len(spelled("长" * 40)) <= 3 * MOST_READINGS
