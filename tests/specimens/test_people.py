"""Are the fictitious people consistent, and clearly fictitious?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.specimens.people import (
    NO_COUNTY,
    TERMS,
    CardTruth,
    Sex,
    age_on,
    check_character,
    number_for,
    random_card,
    years_later,
)
from app.specimens.resident_card import address_lines

TODAY = date(2026, 1, 15)
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
CARDS = st.builds(random_card, st.integers(0, 100_000), st.just(TODAY))

# GB 11643-1999: the standard's female sample, the male one of 1880, and one number for each remainder (R4, R5).
PUBLISHED = (
    "11010519491231002X",
    "440524188001010014",
    "110101199001010031",
    "110101199001010090",
    "11010119900101004X",
    "110101199001010189",
    "110101199001010058",
    "110101199001010197",
    "110101199001010066",
    "110101199001010015",
    "110101199001010074",
    "110101199001010023",
    "110101199001010082",
)


@pytest.mark.parametrize("number", PUBLISHED)
def test_the_check_character_is_the_published_one(number: str) -> None:
    assert check_character(number[:17]) == number[17]


@given(CARDS)
def test_the_number_agrees_with_sex_and_birth(card: CardTruth) -> None:
    number = card.person.number
    assert number[6:14] == f"{card.person.birth:%Y%m%d}"
    assert (int(number[16]) % 2 == 1) == (card.person.sex is Sex.MALE)


@given(CARDS)
def test_the_number_satisfies_the_weights_of_the_standard(card: CardTruth) -> None:
    values = [10 if character == "X" else int(character) for character in card.person.number]
    assert sum(value * 2 ** (17 - place) for place, value in enumerate(values)) % 11 == 1


@given(CARDS)
def test_the_area_code_belongs_to_no_county(card: CardTruth) -> None:
    assert card.person.number[2:6] == NO_COUNTY


@given(st.integers(0, 100_000), DAYS)
def test_a_card_is_valid_and_its_holder_adult_on_the_day_asked_for(seed: int, on: date) -> None:
    card = random_card(seed, on)
    assert card.valid_from <= on
    assert card.valid_to is None or on <= card.valid_to
    assert age_on(card.person.birth, on) >= 18


@given(st.integers(0, 100_000), DAYS)
def test_the_term_is_the_one_for_the_age_at_issue(seed: int, on: date) -> None:
    card = random_card(seed, on)
    age = age_on(card.person.birth, card.valid_from)
    term = next(term for term in TERMS if term.from_age <= age <= term.to_age)
    end = None if term.years is None else years_later(card.valid_from, term.years)
    assert card.valid_to == end


@given(CARDS)
def test_the_address_fits_on_three_lines(card: CardTruth) -> None:
    lines = address_lines(card.person.address)
    assert 1 <= len(lines) <= 3
    assert "".join(lines) == card.person.address


def test_the_same_seed_gives_the_same_card() -> None:
    assert random_card(7, TODAY) == random_card(7, TODAY) != random_card(8, TODAY)


def test_the_sex_can_be_asked_for() -> None:
    assert {random_card(seed, TODAY, Sex.FEMALE).person.sex for seed in range(20)} == {Sex.FEMALE}


def test_every_term_and_every_length_of_address_occurs() -> None:
    cards = [random_card(seed, TODAY) for seed in range(200)]
    terms = {card.valid_to and card.valid_to.year - card.valid_from.year for card in cards}
    assert terms == {5, 10, 20, None}
    assert {len(address_lines(card.person.address)) for card in cards} >= {2, 3}
    assert any("·" in card.person.name for card in cards)


def test_an_odd_order_code_is_a_mans() -> None:
    assert number_for("11", date(1990, 3, 7), 1) == "11990019900307001" + check_character("11990019900307001")


def test_a_year_after_29_february_is_28_february() -> None:
    assert years_later(date(2016, 2, 29), 5) == date(2021, 2, 28)
    assert years_later(date(2016, 2, 29), 20) == date(2036, 2, 29)


def test_a_birthday_counts_on_its_day_and_not_before() -> None:
    birth = date(1990, 3, 7)
    assert age_on(birth, date(2016, 3, 7)) == 26
    assert age_on(birth, date(2016, 3, 7) - timedelta(days=1)) == 25
