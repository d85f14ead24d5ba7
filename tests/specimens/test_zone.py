"""Does a specimen's zone carry the digits of Doc 9303, computed without the reader's composer?"""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.specimens.zone import Said, check_digit, fields_of, mrv_a, mrv_b, td1, td2, td3

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "mrz.json").read_text("utf-8"))
WRITTEN = {"TD1": td1, "TD2": td2, "TD3": td3, "MRV-A": mrv_a, "MRV-B": mrv_b}
ANNA = Said("P", "ERIKSSON", "ANNA MARIA", "L898902C3", date(1974, 8, 12), "F", date(2012, 4, 15))


def said(zone: dict[str, list[str]]) -> Said:
    code, issuer, surname, given, number, nationality, birth, sex, expiry, optional, _ = zone["says"]
    dates = date.fromisoformat(birth), date.fromisoformat(expiry)
    return Said(code, surname, given, number, dates[0], sex, dates[1], optional, issuer, nationality)


@pytest.mark.rule("R55")
@pytest.mark.parametrize("vector", VECTORS["check_digits"])
def test_a_digit_is_the_published_one(vector: dict[str, str]) -> None:
    assert check_digit(vector["text"]) == vector["digit"]


@pytest.mark.rule("R56", "R57", "R58", "R59", "R60")
@pytest.mark.parametrize("zone", VECTORS["zones"], ids=lambda zone: f"{zone['rule']}-{zone['shape']}")
def test_a_zone_is_the_published_one(zone: dict[str, list[str]]) -> None:
    assert list(WRITTEN[str(zone["shape"])](said(zone))) == zone["lines"]


@pytest.mark.rule("R62")
def test_an_empty_optional_field_has_a_filler_for_its_digit() -> None:
    assert td3(ANNA)[1][28:43] == "<" * 15


@pytest.mark.rule("R69")
def test_an_unspecified_sex_is_a_filler() -> None:
    assert td3(replace(ANNA, sex="X"))[1][20] == "<"


@pytest.mark.rule("R71")
def test_a_name_too_long_is_cut_at_the_end_of_its_line() -> None:
    line = td2(replace(ANNA, given="A" * 60))[0]
    assert (len(line), line[-1]) == (36, "A")


@pytest.mark.rule("R70")
def test_everybody_is_from_utopia_unless_a_vector_says_otherwise() -> None:
    assert (fields_of(ANNA)["issuer"], fields_of(ANNA)["nationality"]) == ("UTO", "UTO")
