"""Is the table of countries whole, and the same one that machine-readable zones go by?"""

import re
from importlib.resources import files

from app.verification.documents.countries import ALPHA_3, ASSIGNED
from app.verification.documents.mrz import states


def test_every_assigned_code_is_there_once() -> None:
    assert len(ALPHA_3) == len(ASSIGNED) == 249


def test_as_many_countries_are_assigned_as_the_time_zone_database_lists() -> None:
    listed = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8").splitlines()
    assert len(ASSIGNED) == sum(not line.startswith("#") for line in listed)


def test_codes_have_their_form() -> None:
    assert all(
        re.fullmatch("[0-9]{3}", numeric) and re.fullmatch("[A-Z]{3}", code) for numeric, code in ALPHA_3.items()
    )


def test_no_code_stands_in_the_range_left_to_users() -> None:
    assert max(ALPHA_3) < "900"
    assert not any(re.match("AAA|Q[M-Z]|X|ZZ", code) for code in ASSIGNED)


def test_known_countries_have_their_codes() -> None:
    codes = {"004": "AFG", "124": "CAN", "156": "CHN", "276": "DEU", "682": "SAU", "728": "SSD", "840": "USA"}
    assert codes.items() <= ALPHA_3.items()


def test_a_withdrawn_code_is_none() -> None:
    assert not {"530", "736", "891", "278"} & set(ALPHA_3)


def test_zones_know_the_same_countries_and_write_germany_their_own_way() -> None:
    assert not ASSIGNED - states.KNOWN - {"DEU"}
    assert "DEU" not in states.KNOWN
