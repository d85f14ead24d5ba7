"""What is made of a sign that a card is no original? Staff read which one; the applicant that a person will look."""

from dataclasses import replace
from typing import Any

import pytest

from app.specimens.people import NO_COUNTY
from app.verification.documents.authenticity.metadata import EDITORS, editor_named
from app.verification.documents.authenticity.published_numbers import PUBLISHED, published_in
from app.verification.examination import Kind as Document
from app.verification.examination import Measure, Side
from app.verification.findings.authenticity import (
    BY_ROUNDING,
    LEAST,
    MOST,
    SURE,
    authenticity_findings,
    number_findings,
    software_findings,
)
from app.verification.open_words import OPEN
from app.verification.reasons import Kind, Outcome, Reason, ReasonCode
from app.verification.words import UNDER_REVIEW, told
from tests.verification.examinations import CARD, changed, policy

LIMITS = policy().thresholds
SIGNALS = sorted(
    {*MOST, *LEAST, ReasonCode.EDITED_BY_SOFTWARE, ReasonCode.COMPROMISED_NUMBER, ReasonCode.IMAGE_SEEN_BEFORE}
)


def found(*measures: Measure) -> list[Reason]:
    return list(authenticity_findings(replace(CARD, measures=measures), Document.RESIDENT_CARD, Side.PORTRAIT, LIMITS))


@pytest.mark.parametrize("code", sorted(MOST))
def test_what_reaches_its_limit_is_still_honest_and_what_passes_it_is_referred(code: ReasonCode) -> None:
    limit = MOST[code](LIMITS).value
    assert found(Measure(code, limit)) == []
    assert [(r.code, r.outcome) for r in found(Measure(code, limit + 0.001))] == [(code, Outcome.REFER)]


@pytest.mark.parametrize("code", sorted(LEAST))
def test_what_has_as_much_as_it_must_is_still_honest_and_less_is_referred(code: ReasonCode) -> None:
    limit = LEAST[code](LIMITS).value
    assert found(Measure(code, limit)) == []
    assert [(r.code, r.outcome) for r in found(Measure(code, limit - 0.001))] == [(code, Outcome.REFER)]


@pytest.mark.parametrize("code", sorted({*MOST, *LEAST}))
def test_a_measure_that_is_no_number_is_referred(code: ReasonCode) -> None:
    assert [r.code for r in found(Measure(code, float("nan")))] == [code]


def test_staff_read_the_side_the_field_and_both_figures() -> None:
    (reason,) = found(Measure(ReasonCode.DIGITS_UNEVEN, 3.14159, None, "number"))
    limit = LIMITS.digits_uneven_most.value
    assert reason.facts == {"side": "portrait", "measured": 3.1416, "threshold": limit, "field": "number"}


@pytest.mark.parametrize("poor", [{"blur": 1.0}, {"glare": 0.5}, {"brightness": 30.0}, {"seen": Side.EMBLEM}])
def test_nothing_is_made_of_a_picture_that_must_be_taken_again(poor: dict[str, Any]) -> None:
    view = changed(CARD, measures=(Measure(ReasonCode.DIGITS_UNEVEN, 30.0),), **poor)
    assert list(authenticity_findings(view, Document.RESIDENT_CARD, Side.PORTRAIT, LIMITS)) == []


POOR = [{"blur": 1.0}, {"glare": 0.5}, {"brightness": 30.0}, {"edge_cut": True}]


@pytest.mark.parametrize("poor", POOR)
@pytest.mark.parametrize("code", sorted(SURE))
def test_a_screen_is_told_however_poor_its_picture(code: ReasonCode, poor: dict[str, Any]) -> None:
    limit = SURE[code](LIMITS).value
    scored = [changed(CARD, measures=(Measure(code, score),), **poor) for score in (limit, limit + 0.001)]
    honest, shown = (
        [r.code for r in authenticity_findings(view, Document.RESIDENT_CARD, Side.PORTRAIT, LIMITS)] for view in scored
    )
    assert (honest, shown) == ([], [code])


@pytest.mark.parametrize("code", sorted(BY_ROUNDING))
def test_what_compression_leaves_of_an_unreadable_picture_is_no_sign(code: ReasonCode) -> None:
    squeezed = Measure(ReasonCode.CARD_COMPRESSED, LIMITS.card_compression_most.value + 1)
    assert found(squeezed, Measure(code, 99.0)) == []
    assert [r.code for r in found(squeezed, Measure(ReasonCode.RECAPTURE_FRINGES, 99.0))] == ["recapture_fringes"]


def test_measures_of_other_things_are_not_judged_here() -> None:
    assert found(Measure(ReasonCode.CARD_BLURRED, 1e9)) == []


@pytest.mark.rule("R115")
@pytest.mark.parametrize("code", SIGNALS)
def test_an_applicant_never_learns_which_signal_fired(code: ReasonCode) -> None:
    reason = Reason(code, Outcome.REFER, {"side": "portrait"})
    assert code not in OPEN
    assert reason.kind is Kind.REVIEW
    assert told(Outcome.REFER, [reason]) == (UNDER_REVIEW,)


@pytest.mark.parametrize(
    ("software", "editor"),
    [
        ("Adobe Photoshop 25.0 (Macintosh)", "Adobe Photoshop"),
        ("GIMP 2.10.34", "GIMP"),
        ("Snapseed 2.21.566275366", "Snapseed"),
        ("美图秀秀 10.0", "美图"),
        ("MeituPic", "美图"),
        ("ＰＨＯＴＯＳＨＯＰ", "Adobe Photoshop"),
        ("PicsArt", "PicsArt"),
        ("HDR+ 1.0.540104767zd", None),
        ("iOS 17.5.1", None),
        ("MediaTek Camera Application", None),
        ("canvas renderer", None),
        ("", None),
        (None, None),
    ],
)
def test_an_editing_program_is_told_from_a_cameras_own(software: str | None, editor: str | None) -> None:
    assert editor_named(software) == editor
    assert [r.facts.get("software") for r in software_findings(software, Side.EMBLEM)] == ([editor] if editor else [])


def test_every_editor_is_known_by_its_own_name() -> None:
    assert [name for name, _ in EDITORS if editor_named(name) != name] == []


@pytest.mark.rule("R4", "R18")
@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "911124198108030024"])
def test_a_number_that_is_printed_as_a_sample_is_referred(number: str) -> None:
    (reason,) = number_findings(number)
    assert (reason.code, reason.outcome) == (ReasonCode.COMPROMISED_NUMBER, Outcome.REFER)
    assert number not in str(reason.facts)


def test_a_number_nobody_printed_is_not() -> None:
    assert published_in(None) is None
    assert list(number_findings("11010119900307002X")) == []


def test_no_specimens_number_can_be_among_those_printed() -> None:
    assert [number for number in PUBLISHED if number[2:6] == NO_COUNTY] == []
