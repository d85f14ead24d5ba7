"""A new password is refused for a reason that is told; a usable one is taken whole."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.acr import Acr
from app.core.refusal import Refusal
from app.mfa.password import (
    LONGEST,
    PasswordPersonal,
    PasswordPredictable,
    PasswordReused,
    PasswordTooCommon,
    PasswordTooLong,
    PasswordTooShort,
    PasswordTooSimple,
    PasswordUnusable,
    judge,
    judge_reuse,
    normalised,
    own_words,
)
from app.mfa.password_policy import CN_BANK, NIST, PCI, POLICIES, PasswordPolicy

COMMON = frozenset({"password", "letmein12345678", "dragon"})
OWN = own_words(
    names=("王小明", "wangxiaoming", "xiaoming", "wxm"),
    number="11010519900307743X",
    birth=date(1990, 3, 7),
    contacts=("+8613800138000", "daming_w@example.com"),
)
GOOD = "Kx9 mQ2#vLw7tz!e"


def refusal(password: str, policy: PasswordPolicy = NIST, used_for: Acr = Acr.AAL2) -> Refusal | None:
    try:
        judge(password, policy, used_for=used_for, context=OWN, is_common=COMMON.__contains__)
    except Refusal as no:
        return no
    return None


@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.name)
def test_a_good_password_passes_every_profile(policy: PasswordPolicy) -> None:
    assert refusal(GOOD, policy, Acr.AAL1) is None


@pytest.mark.rule("A1")
@pytest.mark.parametrize(
    ("policy", "used_for", "shortest"),
    [(NIST, Acr.AAL1, 15), (NIST, Acr.AAL2, 8), (PCI, Acr.AAL1, 15), (PCI, Acr.AAL2, 12), (CN_BANK, Acr.AAL2, 8)],
)
def test_a_password_is_as_long_as_its_use_needs(policy: PasswordPolicy, used_for: Acr, shortest: int) -> None:
    assert refusal(GOOD[: shortest - 1], policy, used_for) == PasswordTooShort(min_length=shortest)
    assert refusal(GOOD[:shortest], policy, used_for) is None


@pytest.mark.rule("A1")
@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.name)
def test_no_profile_goes_below_the_least_lengths(policy: PasswordPolicy) -> None:
    assert policy.min_length(Acr.AAL1) >= 15
    assert policy.min_length(Acr.AAL2) >= 8


@pytest.mark.rule("A2")
@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.name)
def test_64_characters_are_accepted(policy: PasswordPolicy) -> None:
    assert refusal((GOOD + "Zr4%hJ8@nBs6wYq1")[:32] + "pD5&gV3*cNa0fXu9kT7(eHm2)iRo4=Sb", policy) is None


@pytest.mark.rule("A2")
def test_a_password_has_an_end() -> None:
    longest = "".join(chr(0x4E00 + 7 * number) for number in range(LONGEST))
    assert refusal(longest) is None
    assert refusal(longest + "好") == PasswordTooLong(max_length=LONGEST)


@pytest.mark.rule("A2")
def test_a_password_that_grows_by_normalising_has_the_same_end() -> None:
    grows_eighteen_times = "\ufdfa"
    assert refusal(grows_eighteen_times * 15) == PasswordTooLong(max_length=LONGEST)
    assert normalised(grows_eighteen_times * 15) is None


@pytest.mark.rule("A3")
def test_each_code_point_counts_one() -> None:
    assert refusal("骏马奔腾山河远阔") is None
    assert refusal("骏马奔腾山河远") == PasswordTooShort(min_length=8)
    assert refusal("🐎🌋🍜🚲🎻🧊🔭🪁") is None


@pytest.mark.rule("A3")
def test_one_text_typed_in_two_ways_is_one_password() -> None:
    assert normalised("Ｐｑ１２é") == normalised("Pq12e\u0301") == "Pq12é"


@pytest.mark.rule("A3")
@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=LONGEST))
def test_printable_ascii_and_space_stay_as_they_are(password: str) -> None:
    assert normalised(password) == password


@pytest.mark.rule("A3")
@given(st.text(max_size=LONGEST + 5))
def test_normalising_twice_changes_nothing(password: str) -> None:
    once = normalised(password)
    assert once is None or normalised(once) == once


@pytest.mark.rule("A7")
def test_case_and_end_of_a_password_are_kept() -> None:
    assert normalised("aB" * 36 + "x") != normalised("aB" * 36 + "y")
    assert normalised("aB") != normalised("Ab")


@pytest.mark.parametrize("character", ["\0", "\x1b", "\n", "\x7f", "\ud800"])
def test_what_no_keyboard_types_is_refused_clearly_and_is_never_a_password(character: str) -> None:
    assert refusal(GOOD + character) == PasswordUnusable()
    assert normalised(GOOD + character) is None


@pytest.mark.rule("A4")
@pytest.mark.parametrize("password", ["kvxqmwtzhrpd", "7391046285519374", "骏马奔腾山河远阔"])
def test_the_default_profile_asks_for_no_composition(password: str) -> None:
    assert refusal(password) is None


@pytest.mark.rule("A6")
@pytest.mark.parametrize("password", ["kvxqmwtzhrpd", "739104628551", "#!%)&=+;*$(_"])
def test_pci_asks_for_letters_and_digits(password: str) -> None:
    assert refusal(password, PCI) == PasswordTooSimple(kinds_needed=2, kinds="letter digit")
    assert refusal(password[:-1] + "7k", PCI) is None


@pytest.mark.parametrize("password", ["kvxqmwt7", "KVXQMWT7", "kvx#mwt!", "kvxQmWtZ"])
def test_the_banks_profile_asks_for_three_kinds_of_four(password: str) -> None:
    assert refusal(password, CN_BANK) == PasswordTooSimple(kinds_needed=3, kinds="upper lower digit other")


@pytest.mark.parametrize("password", ["kvxQmwt7", "kvx#mwt7", "KVX#MWT7", "kvx#mWtZ"])
def test_three_kinds_are_enough_for_the_banks_profile(password: str) -> None:
    assert refusal(password, CN_BANK) is None


@pytest.mark.rule("A8")
@pytest.mark.parametrize("password", ["letmein12345678", "LetMeIn12345678", "ｌｅｔｍｅｉｎ12345678"])
def test_a_common_password_is_refused_in_every_spelling(password: str) -> None:
    assert refusal(password) == PasswordTooCommon()


@pytest.mark.rule("A8")
def test_the_default_profile_compares_the_whole_password() -> None:
    assert refusal("Dragon2x#") is None
    assert refusal("p@ssword") == PasswordTooCommon()


@pytest.mark.rule("A8")
@pytest.mark.parametrize("password", ["Password2024!", "P@ssw0rd#19", "1!Dragon77", "DragonDragon9!"])
def test_the_banks_profile_sees_the_common_word_within(password: str) -> None:
    assert refusal(password, CN_BANK) == PasswordTooCommon()


@pytest.mark.rule("A8")
def test_six_characters_around_a_common_word_are_too_few_and_seven_are_not() -> None:
    assert refusal("dragon#84!92", CN_BANK) == PasswordTooCommon()
    assert refusal("dragon#84!92%", CN_BANK) is None


@pytest.mark.rule("A8")
@pytest.mark.parametrize(
    "password",
    [
        "Kx王小明9mQ2",
        "Kx9WangXiaoming!",
        "kx9!xiaoming",
        "x11010519900307743XQ",
        "Qm!07743x#Kz",
        "Kx!19900307q",
        "Kx!1990-03-07q",
        "Kx!900307qm",
        "Kx!199037qm",
        "Kx13800138000!",
        "kx138-0013-8000!",
        "Daming_W#2Kx",
        "damingw#2Kxq",
    ],
)
def test_a_persons_own_data_are_refused(password: str) -> None:
    assert refusal(password) == PasswordPersonal()


@pytest.mark.rule("A8")
def test_initials_are_too_short_to_count_as_own() -> None:
    assert refusal("Kwxm9#Qv2!") is None


def test_a_person_without_contacts_is_judged_too() -> None:
    nothing = own_words(names=(), number="", birth=date(1990, 3, 7), contacts=())
    judge(GOOD, NIST, used_for=Acr.AAL2, context=nothing, is_common=COMMON.__contains__)


@pytest.mark.rule("A8")
def test_a_pattern_is_refused_and_named() -> None:
    assert refusal("qwertyuiop") == PasswordPredictable(pattern="keyboard")


@pytest.mark.rule("A6")
@pytest.mark.parametrize(("policy", "history"), [(PCI, 4), (CN_BANK, 5)])
def test_the_last_passwords_may_not_come_again(policy: PasswordPolicy, history: int) -> None:
    different = [False] * (history - 1)
    with pytest.raises(PasswordReused) as caught:
        judge_reuse([*different, True], policy)
    assert caught.value.facts == {"history": history}
    judge_reuse([*different, False, True], policy)


@pytest.mark.rule("A6")
def test_the_default_profile_keeps_no_history() -> None:
    judge_reuse([True], NIST)


@given(st.text(max_size=300), st.sampled_from(list(POLICIES.values())))
def test_whatever_is_typed_is_judged_and_never_crashes(password: str, policy: PasswordPolicy) -> None:
    verdict = refusal(password, policy)
    assert verdict is not None or normalised(password) is not None
