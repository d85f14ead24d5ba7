"""Is a photograph refused just beyond each limit, and not at it?"""

from dataclasses import replace

import pytest

from app.verification.examination import CardView, Measure, Side
from app.verification.examination import Kind as Document
from app.verification.findings.pictures import BOUNDS, Way, picture_findings
from app.verification.reasons import RETRY, Kind, Outcome, Polygon, Reason, ReasonCode
from app.verification.thresholds import Thresholds
from tests.verification.examinations import CARD, policy

LIMITS = policy().thresholds
WHERE: Polygon = ((1.0, 2.0), (3.0, 2.0), (3.0, 4.0), (1.0, 4.0))
OF_A_FIELD = [code for code, bound in BOUNDS.items() if bound.field is not None]
OF_THE_PICTURE = [
    ReasonCode.CARD_OCCLUDED,
    ReasonCode.CARD_TILTED,
    ReasonCode.SEVERAL_CARDS,
]


def told(*found: Measure, view: CardView = CARD) -> tuple[Reason, ...]:
    return picture_findings(replace(view, measures=found), Document.RESIDENT_CARD, Side.PORTRAIT, LIMITS)


def limit(code: ReasonCode, field: str | None, limits: Thresholds = LIMITS) -> float:
    found = BOUNDS[code].of(Measure(code, 0.0, field=field))
    assert found is not None
    return found(limits).value


def beyond(code: ReasonCode, field: str | None) -> float:
    """A little on the wrong side of the limit."""
    return limit(code, field) * (0.999 if BOUNDS[code].way is Way.LEAST else 1.001)


@pytest.mark.parametrize(
    ("code", "field"), [(code, "name") for code in OF_A_FIELD] + [(code, None) for code in OF_THE_PICTURE]
)
def test_a_figure_at_its_limit_is_good_enough_and_beyond_it_is_not(code: ReasonCode, field: str | None) -> None:
    assert told(Measure(code, limit(code, field), WHERE, field)) == ()
    (reason,) = told(Measure(code, beyond(code, field), WHERE, field))
    assert (reason.code, reason.outcome, reason.kind, reason.where) == (code, Outcome.REFER, Kind.RETRY, WHERE)


@pytest.mark.parametrize("code", list(BOUNDS))
def test_a_figure_that_is_no_number_is_never_good_enough(code: ReasonCode) -> None:
    field = None if BOUNDS[code].whole else "name"
    assert [reason.code for reason in told(Measure(code, float("nan"), None, field))] == [code]


def test_a_finding_names_its_side_its_field_its_figure_and_its_limit() -> None:
    (reason,) = told(Measure(ReasonCode.CARD_FAINT, 0.1, WHERE, "name"))
    assert reason.facts == {"side": "portrait", "field": "name", "measured": 0.1, "threshold": 0.12}


def test_what_is_said_of_the_whole_picture_is_not_said_of_a_field_again() -> None:
    (reason,) = told(Measure(ReasonCode.CARD_BLURRED, 1.0, WHERE, "name"), view=replace(CARD, blur=1.0))
    assert ("field" in reason.facts, reason.where) == (False, None)


def test_glare_counts_by_the_fields_once_they_were_found() -> None:
    glaring = replace(CARD, glare=0.1)
    assert [reason.code for reason in told(view=glaring)] == [ReasonCode.CARD_GLARE]
    assert told(Measure(ReasonCode.CARD_GLARE, 0.0, WHERE, "name"), view=glaring) == ()
    assert told(Measure(ReasonCode.CARD_BRIGHT, 0.0, WHERE, "name"), view=glaring) == ()


def test_of_a_field_in_a_shadow_it_is_not_said_that_it_is_dark() -> None:
    dark = Measure(ReasonCode.CARD_DARK, 1.0, WHERE, "name")
    shadow = Measure(ReasonCode.CARD_SHADOWED, 0.01, WHERE, "name")
    assert [reason.code for reason in told(dark)] == [ReasonCode.CARD_DARK]
    assert [reason.code for reason in told(dark, shadow)] == [ReasonCode.CARD_SHADOWED]
    assert len(told(shadow, view=replace(CARD, brightness=1.0))) == 2


def test_of_a_picture_burnt_out_it_is_not_said_that_it_is_blurred() -> None:
    burnt_out = replace(CARD, blur=0.0, brightness=254.0)
    assert [reason.code for reason in told(view=burnt_out)] == [ReasonCode.CARD_BRIGHT]


def test_a_measure_of_something_else_is_judged_elsewhere() -> None:
    assert told(Measure(ReasonCode.SPECIMEN, 1e9)) == ()


def test_a_figure_of_a_field_that_only_pictures_have_is_not_judged() -> None:
    assert told(Measure(ReasonCode.CARD_TILTED, 90.0, None, "name")) == ()


def test_of_the_wrong_side_nothing_else_is_said() -> None:
    (reason,) = told(Measure(ReasonCode.CARD_TILTED, 90.0), view=replace(CARD, seen=Side.EMBLEM))
    assert reason.code is ReasonCode.WRONG_SIDE


def test_a_better_picture_cures_every_one_of_them() -> None:
    assert set(BOUNDS) <= RETRY
