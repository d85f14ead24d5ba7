"""Is a card's validity judged as 居民身份证法 Art. 5 says?"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.validity import (
    Validity,
    ValidityFlag,
    due_term,
    expected_end,
    expired,
    needs_guardian,
    shanghai_day,
    term_of,
    validity_flags,
)
from tests.verification.vectors import vectors

TODAY = date(2025, 11, 1)
BORN = date(1990, 3, 7)
VECTORS = vectors("card_validity")


def flags_of(start: date, end: date | None, born: date = BORN) -> tuple[ValidityFlag, ...]:
    return validity_flags(Validity(start, end), birth=born, today=start)


@pytest.mark.rule("R28")
@pytest.mark.parametrize(
    ("age", "years"), [(0, 5), (15, 5), (16, 10), (25, 10), (26, 20), (45, 20), (46, None), (90, None)]
)
def test_the_term_follows_the_age_at_issue(age: int, years: int | None) -> None:
    assert due_term(age) == years


@pytest.mark.rule("R29")
@pytest.mark.parametrize("case", VECTORS["ends"])
def test_a_card_ends_when_the_law_says(case: dict[str, str]) -> None:
    born, issued = date.fromisoformat(VECTORS["born"]), date.fromisoformat(case["issued"])
    assert expected_end(born, issued) == date.fromisoformat(case["ends"])


@pytest.mark.rule("R30")
@pytest.mark.parametrize(
    ("end", "years"),
    [(date(2030, 2, 28), 10), (date(2030, 3, 1), 10), (date(2040, 2, 29), 20), (date(2030, 2, 27), None)],
)
def test_a_card_of_the_leap_day_may_end_beside_it(end: date, years: int | None) -> None:
    assert term_of(Validity(date(2020, 2, 29), end)) == years


@pytest.mark.rule("R30", "R31")
@pytest.mark.parametrize(
    ("end", "years"), [(date(2025, 6, 1), 10), (date(2025, 6, 2), None), (date(2025, 5, 31), None)]
)
def test_any_other_card_ends_on_its_day(end: date, years: int | None) -> None:
    assert term_of(Validity(date(2015, 6, 1), end)) == years


@pytest.mark.rule("R31")
@pytest.mark.parametrize("years", [1, 4, 6, 15, 30])
def test_a_term_the_law_does_not_know_is_flagged(years: int) -> None:
    assert flags_of(date(2015, 6, 1), date(2015 + years, 6, 1)) == (ValidityFlag.TERM_UNKNOWN,)


@pytest.mark.rule("R32")
@pytest.mark.parametrize("years", [5, 20])
def test_a_term_of_another_age_is_flagged(years: int) -> None:
    assert flags_of(date(2015, 6, 1), date(2015 + years, 6, 1)) == (ValidityFlag.TERM_WRONG_FOR_AGE,)


@pytest.mark.rule("R32")
@pytest.mark.parametrize(("issued", "flagged"), [(5, True), (6, False), (7, False), (8, False)])
def test_a_day_about_the_birthday_is_tolerated(issued: int, *, flagged: bool) -> None:
    start = date(2016, 3, issued)
    assert (ValidityFlag.TERM_WRONG_FOR_AGE in flags_of(start, date(2036, 3, issued))) is flagged


@pytest.mark.rule("R33")
@pytest.mark.parametrize(
    ("born", "flagged"), [(date(1974, 6, 1), False), (date(1974, 6, 2), False), (date(1974, 6, 3), True)]
)
def test_long_term_before_forty_six_is_flagged(born: date, *, flagged: bool) -> None:
    assert (flags_of(date(2020, 6, 1), None, born) == (ValidityFlag.LONG_TERM_TOO_YOUNG,)) is flagged


@pytest.mark.rule("R34")
@pytest.mark.parametrize(("today", "over"), [(date(2025, 6, 1), False), (date(2025, 6, 2), True)])
def test_the_last_day_is_still_valid(today: date, *, over: bool) -> None:
    validity = Validity(date(2015, 6, 1), date(2025, 6, 1))
    assert expired(validity, today=today) is over
    assert (ValidityFlag.EXPIRED in validity_flags(validity, birth=BORN, today=today)) is over


@pytest.mark.rule("R34")
@pytest.mark.parametrize(("hour", "day"), [(15, 1), (16, 2)])
def test_the_day_is_shanghais(hour: int, day: int) -> None:
    assert shanghai_day(datetime(2025, 6, 1, hour, tzinfo=UTC)) == date(2025, 6, day)


@pytest.mark.rule("R34")
def test_long_term_never_expires() -> None:
    assert not expired(Validity(date(1990, 1, 1), None), today=date(2100, 1, 1))


def test_a_card_of_tomorrow_is_not_valid_yet() -> None:
    tomorrow = Validity(TODAY + timedelta(days=1), None)
    assert ValidityFlag.NOT_YET_VALID in validity_flags(tomorrow, birth=BORN, today=TODAY)


@pytest.mark.rule("R35")
@pytest.mark.parametrize(("today", "guarded"), [(date(2006, 3, 6), True), (date(2006, 3, 7), False)])
def test_below_sixteen_a_guardian_is_needed(today: date, *, guarded: bool) -> None:
    assert needs_guardian(BORN, today=today) is guarded


@pytest.mark.rule("R42")
@pytest.mark.parametrize(("days", "temporary"), [(90, True), (92, True), (93, True), (94, False)])
def test_three_months_are_a_temporary_card(days: int, *, temporary: bool) -> None:
    start = date(2025, 6, 1)
    assert (flags_of(start, start + timedelta(days=days)) == (ValidityFlag.TEMPORARY,)) is temporary


@pytest.mark.rule("R28", "R30", "R32")
@given(st.dates(date(1930, 1, 1), date(2005, 1, 1)), st.dates(date(2006, 1, 1), date(2025, 11, 1)))
def test_the_card_the_law_prescribes_is_never_flagged(born: date, issued: date) -> None:
    assert flags_of(issued, expected_end(born, issued), born) == ()
