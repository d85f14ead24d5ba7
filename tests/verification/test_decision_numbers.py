"""Does each fact of an identity number lead to what it should, and one that was misread to no rejection?"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.decision import Outcome
from app.verification.documents.resident_number import check_character
from tests.verification.examinations import (
    CARD,
    EMBLEM,
    PORTRAIT,
    changed,
    codes,
    decided,
    examination,
    read,
    result,
)


def numbered(digits: str) -> str:
    return digits + check_character(digits)


def test_what_the_number_says_too_needs_no_second_reading() -> None:
    portrait = replace(PORTRAIT, birth=read("1990-03-07", 0.6), sex=read("女", 0.6))
    assert decided(examination(portrait)).outcome is Outcome.ACCEPT


@pytest.mark.rule("R8")
def test_an_altered_number_is_rejected() -> None:
    altered = replace(PORTRAIT, number=replace(read(None), raw="110101199003070022"))
    assert result(decided(examination(altered))) == ("reject", ["number_check_wrong"])


@pytest.mark.rule("R9")
@pytest.mark.parametrize(
    ("number", "code"),
    [("110101199013070015", "number_birth_impossible"), ("990101199001010019", "number_province_unknown")],
)
def test_an_impossible_number_is_rejected_by_its_own_name(number: str, code: str) -> None:
    assert result(decided(examination(replace(PORTRAIT, number=read(number))))) == ("reject", [code])


@pytest.mark.parametrize("number", ["110101199003070022", "110101199013070015"])
def test_a_number_read_unsurely_never_rejects(number: str) -> None:
    unsure = replace(PORTRAIT, number=replace(read(None, 0.89), raw=number))
    assert result(decided(examination(unsure))) == ("refer", ["number_unclear"])


def test_a_number_on_a_poor_picture_never_rejects() -> None:
    altered = replace(PORTRAIT, number=replace(read(None), raw="110101199003070022"), view=replace(CARD, blur=1))
    assert result(decided(examination(altered))) == ("refer", ["card_blurred", "number_check_wrong"])


@pytest.mark.parametrize("raw", ["", "1101011990030700", "110101900307001"])
def test_what_is_no_number_at_all_is_unclear(raw: str) -> None:
    unread = replace(PORTRAIT, number=replace(read(None), raw=raw))
    assert result(decided(examination(unread))) == ("refer", ["number_unclear"])


@pytest.mark.rule("R15")
@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ({"sex": read("男")}, ["sex_differs"]),
        ({"birth": read("1990-03-08")}, ["birth_differs"]),
        ({"sex": read("男"), "birth": read("1990-03-08")}, ["sex_differs", "birth_differs"]),
    ],
)
def test_which_pair_differs_from_the_number_is_told(printed: dict[str, Any], expected: list[str]) -> None:
    assert result(decided(examination(changed(PORTRAIT, **printed)))) == ("reject", expected)


@pytest.mark.rule("R15")
def test_a_pair_that_differs_by_an_unsure_reading_refers() -> None:
    decision = decided(examination(replace(PORTRAIT, sex=read("男", 0.89))))
    assert result(decision) == ("refer", ["sex_differs", "field_unclear"])


@pytest.mark.rule("R10")
def test_an_implausible_age_refers() -> None:
    old = replace(PORTRAIT, number=read("110101189901010011"), sex=read("男"), birth=read("1899-01-01"))
    long_term = replace(EMBLEM, valid_to=read("long_term"))
    assert result(decided(examination(old, long_term))) == ("refer", ["age_implausible"])


@pytest.mark.rule("R17")
def test_a_permits_number_on_a_residents_layout_is_rejected() -> None:
    number = read("820000198512310029")
    contradictory = replace(PORTRAIT, number=number, birth=read("1985-12-31"))
    assert codes(decided(examination(contradictory)))[0] == "permit_contradiction"
    assert decided(examination(contradictory)).outcome is Outcome.REJECT


@pytest.mark.rule("R17")
def test_a_residents_number_on_a_permits_layout_is_rejected() -> None:
    contradictory = replace(PORTRAIT, ethnicity_listed=None, permit_layout=True)
    assert result(decided(examination(contradictory))) == ("reject", ["permit_contradiction"])


@given(st.integers(0, 17), st.sampled_from("0123456789X"))
def test_no_altered_character_of_a_number_is_accepted(position: int, other: str) -> None:
    number = PORTRAIT.number.raw
    altered = number[:position] + other + number[position + 1 :]
    side = replace(PORTRAIT, number=replace(read(None), raw=altered))
    assert altered == number or decided(examination(side)).outcome is not Outcome.ACCEPT
