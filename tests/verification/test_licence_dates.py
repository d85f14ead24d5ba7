"""Do term, first issue, classes and age fit each other as 公安部令 162 says?"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.verification.documents.licence_validity import long_term_too_early, renewal_open, term_known
from app.verification.documents.validity import LONG_TERM, Validity
from app.verification.examination import Field
from app.verification.findings.licence import licence_findings
from app.verification.reasons import Outcome, Reason, ReasonCode, curable, worst
from tests.verification.examinations import read
from tests.verification.licence_pages import PAGE, born, codes, found, of_class
from tests.verification.vectors import vectors

VECTORS = vectors("driving_licence")


def validity(case: dict[str, Any]) -> Validity:
    end = case["end"]
    return Validity(date.fromisoformat(case["start"]), date.fromisoformat(end) if end else None)


@pytest.mark.rule("R47")
@pytest.mark.parametrize("case", VECTORS["terms"])
def test_a_licence_runs_six_or_ten_years_or_for_good(case: dict[str, Any]) -> None:
    assert term_known(validity(case)) is case["known"]


@pytest.mark.rule("R47")
def test_another_term_refers() -> None:
    assert found(replace(PAGE, valid_to=read("2035-06-01"))) == [("refer", "licence_term_unknown")]


@pytest.mark.rule("R48")
@pytest.mark.parametrize("case", VECTORS["long_term"])
def test_long_term_needs_sixteen_years_before_it(case: dict[str, Any]) -> None:
    first, start = date.fromisoformat(case["first_issue"]), date.fromisoformat(case["start"])
    assert long_term_too_early(Validity(start, None), first_issue=first) is case["too_early"]


@pytest.mark.rule("R48")
def test_long_term_too_early_is_a_signal_and_a_licence_with_an_end_is_not_asked() -> None:
    assert found(replace(PAGE, valid_to=read(LONG_TERM))) == [("refer", "long_term_too_early")]
    assert not long_term_too_early(Validity(date(2015, 6, 1), date(2025, 6, 1)), first_issue=date(2015, 6, 1))


@pytest.mark.rule("R49")
@pytest.mark.parametrize("case", VECTORS["renewal"])
def test_the_window_opens_ninety_days_before_the_end(case: dict[str, Any]) -> None:
    assert renewal_open(validity(VECTORS["renewal_of"]), today=date.fromisoformat(case["today"])) is case["open"]


@pytest.mark.rule("R49")
def test_a_licence_due_for_renewal_is_noted_and_nothing_follows() -> None:
    last = date(2025, 6, 1)
    assert found(PAGE, today=last) == [("accept", "renewal_open")]
    assert worst(tuple(licence_findings(PAGE, firm=True, sure=0.9, today=last))) is Outcome.ACCEPT
    assert not renewal_open(Validity(date(2015, 6, 1), None), today=last)


def test_a_note_asks_for_nobody_where_a_better_picture_helps() -> None:
    note = Reason(ReasonCode.RENEWAL_OPEN, Outcome.ACCEPT)
    assert curable([note, Reason(ReasonCode.CARD_BLURRED, Outcome.REFER)])
    assert not curable([note])


@pytest.mark.rule("R34")
@pytest.mark.parametrize(("today", "over"), [(date(2025, 6, 1), False), (date(2025, 6, 2), True)])
def test_the_last_day_is_still_valid(today: date, *, over: bool) -> None:
    assert (("refer", "expired") in found(PAGE, today=today)) is over


def test_a_licence_of_tomorrow_is_not_valid_yet() -> None:
    assert found(PAGE, today=date(2015, 5, 31)) == [("refer", "not_yet_valid")]
    assert found(PAGE, today=date(2015, 6, 1)) == []


@pytest.mark.rule("R51")
@pytest.mark.parametrize(("code", "row"), [(code, row) for row in VECTORS["ages"] for code in row["classes"]])
def test_both_sides_of_each_age_of_each_class(code: str, row: dict[str, int | None]) -> None:
    least, greatest = row["least"] or 0, row["greatest"]
    assert "class_age_unusual" in codes(of_class(code, age=least - 1))
    assert codes(of_class(code, age=least)) == set()
    assert codes(of_class(code, age=greatest or 100)) == set()
    assert ("class_age_unusual" in codes(of_class(code, age=(greatest or 100) + 1))) is (greatest is not None)


@pytest.mark.rule("R51")
@pytest.mark.parametrize(("day", "unusual"), [(date(2024, 6, 1), False), (date(2024, 6, 2), True)])
def test_the_birthday_itself_counts(day: date, *, unusual: bool) -> None:
    page = born(day.replace(year=2002), classes=read("A2"), valid_from=read("2024-06-01"))
    assert ("class_age_unusual" in codes(page, today=date(2024, 6, 1))) is unusual


@pytest.mark.rule("R52")
@pytest.mark.parametrize(("first_issue", "young"), [("2008-03-06", True), ("2008-03-07", False)])
def test_below_eighteen_nobody_had_a_first_licence(first_issue: str, *, young: bool) -> None:
    expected = [("refer", "first_issue_too_young")] if young else []
    assert found(replace(PAGE, first_issue=read(first_issue))) == expected


@pytest.mark.rule("R52")
@pytest.mark.parametrize(
    ("code", "first_issue", "noted"),
    [
        ("A2", "2012-03-06", True),
        ("A2", "2012-03-07", False),
        ("B2", "2010-03-06", True),
        ("B2", "2010-03-07", False),
        ("C1", "2008-03-07", False),
    ],
)
def test_a_class_the_holder_was_too_young_for_at_first_was_added_later(
    code: str, first_issue: str, *, noted: bool
) -> None:
    page = replace(PAGE, classes=read(code), first_issue=read(first_issue))
    assert found(page) == ([("accept", "first_issue_too_young")] if noted else [])


@pytest.mark.parametrize(("first_issue", "contradicted"), [("2015-06-01", False), ("2015-06-02", True)])
def test_no_term_begins_before_the_first_issue(first_issue: str, *, contradicted: bool) -> None:
    expected = [("refer", "first_issue_contradicted")] if contradicted else []
    assert found(replace(PAGE, first_issue=read(first_issue))) == expected


def test_no_first_issue_is_to_come() -> None:
    later = replace(PAGE, first_issue=read("2024-06-02"), valid_from=Field("", None, 0.99))
    assert ("refer", "first_issue_contradicted") in found(later)
    today = replace(later, first_issue=read("2024-06-01"))
    assert ("refer", "first_issue_contradicted") not in found(today)
