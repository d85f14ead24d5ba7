"""Does the reader of permanent residents' numbers keep R18 and R19?"""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.verification.documents.countries import ALPHA_3
from app.verification.documents.foreign_number import (
    FOREIGN,
    RECEIVING,
    Edition,
    ForeignNumber,
    ForeignNumberMalformed,
    NumberCountryUnknown,
    birth_digits_differ,
    edition_of,
    parse_foreign_number,
)
from app.verification.documents.resident_number import (
    NumberBirthImpossible,
    NumberCheckWrong,
    NumberProvinceUnknown,
    NumberRefusal,
    Sex,
    check_character,
    check_holds,
)
from tests.verification.vectors import vectors

TODAY = date(2025, 11, 1)
NUMBERS = vectors("foreign_numbers")
ALPHABET = "0123456789X"
NUMERIC = sorted(numeric for numeric, code in ALPHA_3.items() if code in FOREIGN)


def parsed(text: str, today: date = TODAY) -> ForeignNumber:
    return parse_foreign_number(text, today=today)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Any number of 2023 that keeps every rule on TODAY."""
    birth, order = draw(st.dates(date(1900, 1, 1), TODAY)), draw(st.integers(0, 999))
    place = f"9{draw(st.sampled_from(sorted(RECEIVING)))}{draw(st.sampled_from(NUMERIC))}"
    digits = f"{place}{birth:%Y%m%d}{order:03}"
    return digits + check_character(digits)


@pytest.mark.rule("R18")
@pytest.mark.parametrize("case", NUMBERS["valid_2023"])
def test_a_number_of_2023_tells_country_birth_and_sex(case: dict[str, str]) -> None:
    number = parsed(case["number"])
    assert (number.text, number.edition, number.country) == (case["number"], Edition.E2023, case["country"])
    assert (number.birth, number.sex) == (date.fromisoformat(case["birth"]), case["sex"])


@pytest.mark.rule("R19")
@pytest.mark.parametrize("case", NUMBERS["valid_2017"])
def test_a_number_of_2017_tells_its_country_alone(case: dict[str, str]) -> None:
    expected = ForeignNumber(case["number"], Edition.E2017, case["country"], birth=None, sex=None)
    assert parsed(case["number"]) == expected


@pytest.mark.rule("R19")
@given(st.sampled_from(sorted(FOREIGN)), st.integers(0, 10**12 - 1))
def test_the_digits_of_2017_are_not_enforced(country: str, digits: int) -> None:
    assert parsed(f"{country}{digits:012}").country == country


@pytest.mark.rule("R19")
@pytest.mark.parametrize("case", NUMBERS["valid_2017"])
def test_specimens_of_2017_repeat_the_birth_date_and_another_is_noticed(case: dict[str, str]) -> None:
    number, birth = parsed(case["number"]), date.fromisoformat(case["birth"])
    assert not birth_digits_differ(number, birth)
    assert birth_digits_differ(number, birth + timedelta(days=1))


@pytest.mark.rule("R18")
def test_a_number_of_2023_has_no_second_birth_date() -> None:
    assert not birth_digits_differ(parsed("911124198108030024"), date(1999, 1, 1))


@pytest.mark.rule("R1", "R18")
@pytest.mark.parametrize(
    "written",
    [
        "９１１１２４１９８１０８０３００２４",
        "911124 19810803 0024",
        " 911124198108030024\n",
        "911124\u300019810803\u00a00024",
    ],
)
def test_width_and_spaces_do_not_matter(written: str) -> None:
    assert parsed(written).text == "911124198108030024"


@pytest.mark.rule("R1", "R19")
@pytest.mark.parametrize("written", ["can110081080310", "ＣＡＮ110081080310", "CAN 1100 810803 10"])
def test_width_spaces_and_case_of_letters_do_not_matter(written: str) -> None:
    assert parsed(written).text == "CAN110081080310"


@pytest.mark.rule("R18", "R19")
@pytest.mark.parametrize(
    "written",
    [
        "",
        "9",
        "110101199003070011",
        "91112419810803002",
        "9111241981080300241",
        "X11124198108030024",
        "91112419810803X024",
        "٩١١١٢٤١٩٨١٠٨٠٣٠٠٢٤",
        "\u200f911124198108030024",
        "911124\u202e198108030024",
        "911124198108030024\x00",
        "911124198108030024\u200b",
        "CAN11008108031",
        "CAN1100810803100",
        "CA1110081080310",
        "CAN11008108031X",
        "C\u0410N110081080310",
        "110081080310CAN",
    ],
)
def test_another_form_is_malformed(written: str) -> None:
    assert edition_of(written) is None
    with pytest.raises(ForeignNumberMalformed):
        parsed(written)


@pytest.mark.rule("R18")
@pytest.mark.parametrize("text", NUMBERS["check_wrong"])
def test_a_wrong_check_character_is_refused(text: str) -> None:
    with pytest.raises(NumberCheckWrong):
        parsed(text)


@pytest.mark.rule("R18")
@pytest.mark.parametrize(
    ("listed", "refusal"),
    [
        ("province_unknown", NumberProvinceUnknown),
        ("country_unknown_2023", NumberCountryUnknown),
        ("birth_impossible", NumberBirthImpossible),
    ],
)
def test_what_cannot_be_is_refused_by_its_own_name_though_the_check_holds(
    listed: str, refusal: type[NumberRefusal]
) -> None:
    for text in NUMBERS[listed]:
        assert check_holds(text)
        with pytest.raises(refusal):
            parsed(text)


@pytest.mark.rule("R19")
@pytest.mark.parametrize("text", NUMBERS["country_unknown_2017"])
def test_letters_of_no_foreign_country_are_refused(text: str) -> None:
    with pytest.raises(NumberCountryUnknown):
        parsed(text)


@pytest.mark.rule("R18")
def test_the_first_broken_rule_is_told() -> None:
    with pytest.raises(NumberCheckWrong):
        parsed("900000000000000000")
    with pytest.raises(NumberProvinceUnknown):
        parsed("90000000000000000" + check_character("90000000000000000"))
    with pytest.raises(NumberCountryUnknown):
        parsed("91100000000000000" + check_character("91100000000000000"))


@pytest.mark.rule("R18")
def test_somebody_born_today_has_a_number_and_somebody_born_tomorrow_has_none() -> None:
    digits = f"911124{TODAY:%Y%m%d}001"
    text = digits + check_character(digits)
    assert parsed(text).birth == TODAY
    with pytest.raises(NumberBirthImpossible):
        parsed(text, today=TODAY - timedelta(days=1))


@pytest.mark.rule("R18")
def test_applications_are_received_in_the_mainlands_provinces() -> None:
    assert len(RECEIVING) == 31
    assert not {"71", "81", "82", "83"} & RECEIVING


@pytest.mark.rule("R13", "R18")
@given(numbers(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_character_error_is_caught(number: str, position: int, other: str) -> None:
    assume(number[position] != other)
    with pytest.raises((NumberCheckWrong, ForeignNumberMalformed)):
        parsed(number[:position] + other + number[position + 1 :])


@pytest.mark.rule("R13", "R18")
@given(numbers(), st.integers(0, 16))
def test_every_swap_of_neighbours_is_caught(number: str, position: int) -> None:
    one, other = number[position], number[position + 1]
    assume(one != other)
    with pytest.raises((NumberCheckWrong, ForeignNumberMalformed)):
        parsed(number[:position] + other + one + number[position + 2 :])


@pytest.mark.rule("R18")
@given(numbers())
def test_every_number_that_keeps_the_rules_is_read(number: str) -> None:
    read = parsed(number)
    assert (read.text, f"{read.birth:%Y%m%d}", read.country) == (number, number[6:14], ALPHA_3[number[3:6]])
    assert read.sex is (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


@given(st.text() | st.text("0123456789X٩９ \u200f", min_size=14, max_size=20) | st.from_regex(r"[A-Z]{3}\d{12}"))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NumberRefusal):
        assert isinstance(parsed(text), ForeignNumber)


@pytest.mark.rule("R23")
@pytest.mark.parametrize(
    ("text", "shown"), [("911124198108030024", "911***********0024"), ("CAN110081080310", "CAN********0310")]
)
def test_a_number_prints_masked(text: str, shown: str) -> None:
    assert f"{parsed(text)} {parsed(text)!r}" == f"ForeignNumber({shown}) ForeignNumber({shown})"
