"""Is the validity of a foreign permanent resident card judged as R20 says?"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.permanent_validity import (
    permanent_end,
    permanent_term_due,
    permanent_term_of,
    permanent_validity_flags,
)
from app.verification.documents.validity import Validity, ValidityFlag
from tests.verification.vectors import vectors

BORN = date(1981, 8, 3)
START = date(2023, 9, 15)
SPECIMENS = vectors("permanent_cards")["validities"]


def flags_of(
    start: date, end: date | None, *, born: date = BORN, today: date | None = None
) -> tuple[ValidityFlag, ...]:
    return permanent_validity_flags(Validity(start, end), birth=born, today=today or start)


@pytest.mark.rule("R20")
@pytest.mark.parametrize("case", SPECIMENS)
def test_published_specimens_end_the_day_before_their_anniversary(case: dict[str, str]) -> None:
    born, start, end = (date.fromisoformat(case[name]) for name in ("born", "from", "to"))
    assert permanent_end(born, start) == end
    assert flags_of(start, end, born=born) == ()


@pytest.mark.rule("R20")
@pytest.mark.parametrize(
    ("end", "years"),
    [
        (date(2033, 9, 13), None),
        (date(2033, 9, 14), 10),
        (date(2033, 9, 15), None),
        (date(2028, 9, 13), None),
        (date(2028, 9, 14), 5),
        (date(2028, 9, 15), None),
        (date(2043, 9, 14), None),
        (None, None),
        (date.max, None),
    ],
)
def test_only_five_and_ten_years_to_the_day_before_are_terms(end: date | None, years: int | None) -> None:
    assert permanent_term_of(Validity(START, end)) == years
    assert (ValidityFlag.TERM_UNKNOWN in flags_of(START, end)) is (years is None)


@pytest.mark.rule("R20")
@pytest.mark.parametrize(("age", "years"), [(0, 5), (17, 5), (18, 10), (90, 10)])
def test_the_term_follows_the_age_at_issue(age: int, years: int) -> None:
    assert permanent_term_due(age) == years


@pytest.mark.rule("R20")
@pytest.mark.parametrize(
    ("born", "five_fits", "ten_fits"),
    [
        (date(2005, 9, 14), False, True),  # a day over 18
        (date(2005, 9, 15), True, True),
        (date(2005, 9, 16), True, True),
        (date(2005, 9, 17), True, False),  # two days short of it
    ],
)
def test_below_eighteen_it_runs_five_years_give_or_take_a_day(born: date, *, five_fits: bool, ten_fits: bool) -> None:
    assert (flags_of(START, date(2028, 9, 14), born=born) == ()) is five_fits
    assert (flags_of(START, date(2033, 9, 14), born=born) == ()) is ten_fits


@pytest.mark.rule("R20")
@pytest.mark.parametrize(
    ("today", "flags"),
    [
        (date(2023, 9, 14), (ValidityFlag.NOT_YET_VALID,)),
        (date(2023, 9, 15), ()),
        (date(2033, 9, 14), ()),
        (date(2033, 9, 15), (ValidityFlag.EXPIRED,)),
    ],
)
def test_both_printed_days_are_valid_ones(today: date, flags: tuple[ValidityFlag, ...]) -> None:
    assert flags_of(START, date(2033, 9, 14), today=today) == flags


@pytest.mark.rule("R20")
@pytest.mark.parametrize(
    ("end", "years"),
    [
        (date(2034, 2, 26), None),
        (date(2034, 2, 27), 10),
        (date(2034, 2, 28), 10),
        (date(2034, 3, 1), None),
        (date(2029, 2, 28), 5),
    ],
)
def test_a_card_of_the_leap_day_may_end_on_either_day(end: date, years: int | None) -> None:
    assert permanent_term_of(Validity(date(2024, 2, 29), end)) == years


@pytest.mark.rule("R20")
def test_a_card_of_the_leap_day_is_made_out_to_the_last_of_february() -> None:
    assert permanent_end(BORN, date(2024, 2, 29)) == date(2034, 2, 28)


@pytest.mark.rule("R20")
@given(st.dates(date(1930, 1, 1), date(2005, 1, 1)), st.dates(date(2005, 1, 1), date(2060, 1, 1)), st.integers(0, 1825))
def test_the_card_the_law_prescribes_is_never_flagged_while_it_runs(born: date, issued: date, days: int) -> None:
    today = min(issued + timedelta(days=days), permanent_end(born, issued))
    assert flags_of(issued, permanent_end(born, issued), born=born, today=today) == ()
