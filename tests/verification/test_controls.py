"""Is a control passed only where something was measured that passes it?"""

from dataclasses import replace

import pytest

from app.core.acr import Control
from app.verification.authority import AuthorityAnswer
from app.verification.controls import evidence_of, kind_by
from app.verification.decision import decide
from app.verification.evidence import Examination
from app.verification.examination import NO_CARD, FaceComparison, FaceDeclined, Kind
from app.verification.faces.score import FmrClaim, Score, Weighed
from app.verification.policy import Policy
from tests.verification.examinations import (
    CARD,
    EMBLEM,
    EVIDENCE,
    NOW,
    PORTRAIT,
    TODAY,
    changed,
    examination,
    policy,
    read,
    shown,
)

CALIBRATED = changed(policy(), documents_calibration="lab-2026-1")
SCORE = Score(0.9, "dlib", "1", None, 1, 0.8, "cal-0", FmrClaim(1e-5, 9e-5))
WORTH = Weighed(SCORE, "cal-0", accept=0.8, reject=0.5, may_accept=True, may_reject=True)
NEAR = replace(EVIDENCE, comparison=FaceComparison(0.3, "dlib@1", WORTH))


def passed(given: Examination, by: Policy = CALIBRATED) -> set[Control]:
    return set(decide(given, by, attempt=1, today=TODAY, now=NOW).assurance.passed)


@pytest.mark.rule("R75", "R81")
def test_under_measured_error_rates_document_and_face_pass() -> None:
    assert passed(examination(face=NEAR)) == {Control.DOCUMENT, Control.CONSENT, Control.FACE}


@pytest.mark.rule("R75", "R92")
def test_an_uncalibrated_comparison_passes_no_control() -> None:
    assert Control.FACE not in passed(examination())
    assert Control.FACE not in passed(examination(), changed(CALIBRATED, calibration="cal-0"))


@pytest.mark.rule("R81")
def test_a_document_whose_checks_nobody_measured_passes_no_control() -> None:
    assert Control.DOCUMENT not in passed(examination(), changed(CALIBRATED, documents_calibration="uncalibrated"))


@pytest.mark.rule("R75")
@pytest.mark.parametrize(
    "face",
    [
        replace(NEAR, comparison=FaceComparison(0.3, "dlib@1", replace(WORTH, may_accept=False))),
        replace(NEAR, comparison=FaceComparison(0.3, "dlib@1", replace(WORTH, accept=0.91))),
        replace(NEAR, comparison=None),
        replace(NEAR, applicant=shown(faces=2)),
    ],
)
def test_a_doubtful_face_passes_no_control_and_leaves_the_document_its_own(face: object) -> None:
    assert passed(examination(face=face)) == {Control.DOCUMENT, Control.CONSENT}  # type: ignore[arg-type]


@pytest.mark.rule("R80")
def test_whoever_declines_passes_neither_consent_nor_face() -> None:
    assert passed(examination(face=FaceDeclined.CONSENT_REFUSED)) == {Control.DOCUMENT}


@pytest.mark.rule("R81")
@pytest.mark.parametrize(
    "given",
    [
        examination(emblem=replace(EMBLEM, view=replace(EMBLEM.view, blur=0.0))),
        examination(replace(PORTRAIT, ethnicity_listed=False)),
        examination(authority=AuthorityAnswer.REVOKED),
        examination(gap=601),
    ],
)
def test_whatever_speaks_against_the_document_keeps_its_control(given: Examination) -> None:
    assert Control.DOCUMENT not in passed(given)


@pytest.mark.rule("R40")
def test_a_document_of_which_a_field_had_to_be_typed_has_not_passed_by_machine() -> None:
    typed = {"resident-card/portrait/name": "欧阳样例"}
    given = examination(portrait=changed(PORTRAIT, name=read(None, 0.4)), typed=typed)
    assert Control.DOCUMENT not in passed(given)


def test_nothing_passes_what_nothing_measures() -> None:
    everything = passed(examination(authority=AuthorityAnswer.CONFIRMED))
    assert everything.isdisjoint({Control.LIVENESS, Control.CAPTURE, Control.CHIP, Control.ATTENDED, Control.BIOMETRIC})


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        (examination(), (Kind.RESIDENT_CARD,)),
        (examination(replace(PORTRAIT, view=replace(CARD, kind=Kind.RESIDENCE_PERMIT))), ()),
        (examination(replace(PORTRAIT, view=replace(CARD, specimen=True))), ()),
        (examination(emblem=replace(EMBLEM, view=NO_CARD)), ()),
    ],
)
def test_a_specimen_or_half_a_document_is_no_evidence(given: Examination, kinds: tuple[Kind, ...]) -> None:
    assert evidence_of(given.measured, ()) == kinds


@pytest.mark.rule("R16")
@pytest.mark.parametrize(
    ("number", "kind"),
    [("11010119900307002X", Kind.RESIDENT_CARD), ("810000199001010019", Kind.RESIDENCE_PERMIT)],
)
def test_what_people_had_in_hand_is_told_by_its_number(number: str, kind: Kind) -> None:
    assert kind_by(number, Kind.RESIDENT_CARD) is kind
    assert kind_by(number, Kind.PASSPORT) is Kind.PASSPORT
