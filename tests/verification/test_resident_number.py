"""Does the reader of identity numbers keep GB 11643-1999?"""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.verification.documents.resident_number import (
    PROVINCES,
    NumberBirthImpossible,
    NumberCheckWrong,
    NumberFirstGeneration,
    NumberMalformed,
    NumberProvinceUnknown,
    NumberRefusal,
    ResidentNumber,
    Sex,
    age_on,
    check_character,
    check_holds,
    from_first_generation,
    implausibly_old,
    masked,
    parse,
)
from tests.verification.vectors import vectors

TODAY = date(2025, 11, 1)
NUMBERS = vectors("resident_numbers")
ALPHABET = "0123456789X"


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Any number that keeps every rule on TODAY."""
    birth = draw(st.dates(date(1900, 1, 1), TODAY))
    county, order = draw(st.integers(0, 9999)), draw(st.integers(0, 999))
    digits = f"{draw(st.sampled_from(sorted(PROVINCES)))}{county:04}{birth:%Y%m%d}{order:03}"
    return digits + check_character(digits)


@pytest.mark.rule("R3", "R4")
@pytest.mark.parametrize("case", NUMBERS["worked"])
def test_the_standards_own_samples_have_their_check_character(case: dict[str, str]) -> None:
    assert check_character(case["digits"]) == case["check"]


@pytest.mark.rule("R3", "R5")
def test_each_remainder_has_its_check_character() -> None:
    assert {number[17] for number in NUMBERS["one_per_remainder"]} == set(ALPHABET)
    assert all(check_holds(number) for number in NUMBERS["one_per_remainder"])


@pytest.mark.rule("R2", "R6", "R7")
@pytest.mark.parametrize("case", NUMBERS["valid"])
def test_a_number_tells_sex_and_birth(case: dict[str, str]) -> None:
    number = parse(case["number"], today=TODAY)
    assert (number.text, number.sex, number.birth.isoformat()) == (case["number"], case["sex"], case["birth"])


@pytest.mark.rule("R1")
@pytest.mark.parametrize("written", ["11010119900307002x", "110101 19900307 002X", "110101 19900307\u3000002X"])
def test_width_spaces_and_case_do_not_matter(written: str) -> None:
    assert parse(written, today=TODAY).text == "11010119900307002X"


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    "written",
    ["", "1", "1101011990030700X2", "X1010119900307002X", "1101011990030700111", "11010119900307001", "abc", "١" * 18],
)
def test_another_pattern_is_malformed(written: str) -> None:
    with pytest.raises(NumberMalformed):
        parse(written, today=TODAY)


@pytest.mark.rule("R8")
@pytest.mark.parametrize("number", NUMBERS["check_wrong"])
def test_a_wrong_check_character_is_refused(number: str) -> None:
    with pytest.raises(NumberCheckWrong):
        parse(number, today=TODAY)


@pytest.mark.rule("R9")
@pytest.mark.parametrize("number", NUMBERS["birth_impossible"])
def test_an_impossible_birth_is_refused_by_its_own_name(number: str) -> None:
    assert check_holds(number)
    with pytest.raises(NumberBirthImpossible):
        parse(number, today=TODAY)


@pytest.mark.rule("R9", "R11")
@pytest.mark.parametrize("number", NUMBERS["province_unknown"])
def test_an_unknown_province_is_refused_by_its_own_name(number: str) -> None:
    assert check_holds(number)
    with pytest.raises(NumberProvinceUnknown):
        parse(number, today=TODAY)


@pytest.mark.rule("R11")
def test_the_provinces_are_those_of_the_standard() -> None:
    assert len(PROVINCES) == 35
    assert {"11", "15", "46", "54", "65", "71", "81", "83"} <= PROVINCES
    assert not {"10", "16", "24", "38", "47", "55", "66", "72", "80", "84", "91"} & PROVINCES


@pytest.mark.rule("R9")
def test_somebody_born_today_has_a_number_and_somebody_born_tomorrow_has_none() -> None:
    digits = f"110101{TODAY:%Y%m%d}001"
    assert parse(digits + check_character(digits), today=TODAY).birth == TODAY
    with pytest.raises(NumberBirthImpossible):
        parse(digits + check_character(digits), today=TODAY - timedelta(days=1))


@pytest.mark.rule("R10")
@pytest.mark.parametrize("text", NUMBERS["implausibly_old"])
def test_an_implausible_age_is_a_warning_and_no_error(text: str) -> None:
    assert implausibly_old(parse(text, today=TODAY), today=TODAY)


@pytest.mark.rule("R10")
@pytest.mark.parametrize(
    ("day", "old"), [(date(2110, 3, 7), False), (date(2111, 3, 6), False), (date(2111, 3, 7), True)]
)
def test_a_hundred_and_twenty_is_plausible_and_a_year_more_is_not(day: date, *, old: bool) -> None:
    assert implausibly_old(parse("110101199003070011", today=TODAY), today=day) is old


@pytest.mark.rule("R12")
def test_a_county_nobody_knows_is_no_error() -> None:
    digits = "11999919900307001"
    assert parse(digits + check_character(digits), today=TODAY).birth == date(1990, 3, 7)


@pytest.mark.rule("R13")
@given(numbers(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_character_error_is_caught(number: str, position: int, other: str) -> None:
    assume(number[position] != other)
    assert not check_holds(number[:position] + other + number[position + 1 :])


@pytest.mark.rule("R13")
@given(numbers(), st.integers(0, 16))
def test_every_swap_of_neighbours_is_caught(number: str, position: int) -> None:
    one, other = number[position], number[position + 1]
    assume(one != other)
    assert not check_holds(number[:position] + other + one + number[position + 2 :])


@given(numbers())
def test_every_number_that_keeps_the_rules_is_read(number: str) -> None:
    read = parse(number, today=TODAY)
    assert (read.text, f"{read.birth:%Y%m%d}") == (number, number[6:14])
    assert read.sex is (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NumberRefusal):
        assert isinstance(parse(text, today=TODAY), ResidentNumber)


@pytest.mark.rule("R14")
@pytest.mark.parametrize("case", NUMBERS["first_generation"])
def test_fifteen_digits_convert_for_looking_up(case: dict[str, str]) -> None:
    assert from_first_generation(case["old"], today=TODAY).text == case["new"]


@pytest.mark.rule("R14")
@pytest.mark.parametrize("case", NUMBERS["first_generation"])
def test_fifteen_digits_are_no_evidence(case: dict[str, str]) -> None:
    with pytest.raises(NumberFirstGeneration):
        parse(case["old"], today=TODAY)


@pytest.mark.rule("R14")
def test_eighteen_characters_are_not_converted() -> None:
    with pytest.raises(NumberMalformed):
        from_first_generation("110101199003070011", today=TODAY)


@pytest.mark.rule("R16")
@pytest.mark.parametrize("number", NUMBERS["permits"])
def test_permits_share_the_algorithm_and_are_known_by_their_prefix(number: str) -> None:
    assert parse(number, today=TODAY).permit


@pytest.mark.rule("R16")
def test_a_residents_number_is_no_permits() -> None:
    assert not parse("110101199003070011", today=TODAY).permit


@pytest.mark.rule("R23")
@given(numbers())
def test_a_number_prints_masked(number: str) -> None:
    read = parse(number, today=TODAY)
    assert number not in f"{read} {read!r}"
    assert masked(number) == f"{number[:3]}***********{number[-4:]}"


@pytest.mark.rule("R23")
def test_what_is_too_short_to_hide_is_hidden_whole() -> None:
    assert masked("11010119900307") == "*" * 14


@pytest.mark.parametrize(("day", "age"), [(date(2016, 3, 6), 25), (date(2016, 3, 7), 26), (date(2016, 3, 8), 26)])
def test_the_birthday_itself_counts(day: date, age: int) -> None:
    assert age_on(date(1990, 3, 7), day) == age
