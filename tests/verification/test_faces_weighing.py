"""Does a face decide by what was measured of just this comparison, and by nothing else?"""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from app.verification.examination import FaceComparison, FaceDeclined, FaceEvidence
from app.verification.faces.calibration import Calibration, Point, Profile, Usage
from app.verification.faces.comparison import Descriptor, to_octets
from app.verification.faces.fit import Fit
from app.verification.faces.person_score import person_score
from app.verification.faces.score import UNWEIGHED, FmrClaim, Weighed
from app.verification.faces.weighing import DOC_SELFIE, SELFIE_SELFIE, UNJUDGED, Judged, document_weighed, weighed
from app.verification.findings.faces import calibrated
from tests.verification.examinations import EVIDENCE, codes, decided, examination, result, shown

MODEL = "dlib@1"
POINTS = (
    Point(1e-2, 0.5, 0.01, 0.012, 0.004, 0.002, 0.009),
    Point(1e-3, 0.6, 0.001, 0.002, 0.02, 0.01, 0.03),
    Point(1e-4, 0.7, 1e-4, 2e-4, 0.03, 0.02, 0.04),
    Point(1e-5, 0.8, 1e-5, 9e-5, 0.05, 0.03, 0.07),
)


def at(cosine: float) -> Descriptor:
    """A face whose cosine with `at(1)` is this."""
    made = np.zeros(128, np.float32)
    made[:2] = cosine, np.sqrt(1 - cosine**2)
    return made


def calibration(kind: str = DOC_SELFIE, many: int = 1, points: tuple[Point, ...] = POINTS, **usage: Any) -> Calibration:
    covers = replace(Usage(MODEL, None, kind, many), **usage)
    return Calibration(covers, "drawn", 400, 2_000, 300_000, date(2026, 11, 26), points)


def by(*calibrations: Calibration, fit: Fit | None = None) -> Judged:
    return Judged(MODEL, fit, calibrations)


def compared(cosine: float, judged: Judged, **view: float) -> FaceEvidence:
    """The applicant's face beside a printed one, so near and so well shown; their plain distance would be accepted."""
    given = replace(EVIDENCE, applicant=shown(**view), comparison=FaceComparison(0.3, MODEL))
    found = document_weighed(given, to_octets(at(1)), to_octets(at(cosine)), judged)
    assert isinstance(found, FaceEvidence)
    return found


@pytest.mark.rule("R75", "R92")
@pytest.mark.parametrize("by_policy", ["development-1", "production-1"])
@pytest.mark.parametrize(
    ("cosine", "outcome", "found"),
    [
        (0.49, "reject", ["face_differs"]),
        (0.51, "refer", ["face_doubtful"]),
        (0.71, "refer", ["face_doubtful"]),  # counted at 1e-4, which is not known to be so
        (0.79, "refer", ["face_doubtful"]),
        (0.81, "accept", []),
    ],
)
def test_a_face_is_accepted_only_from_where_the_bound_is_low_enough(
    cosine: float, outcome: str, found: list[str], by_policy: str
) -> None:
    decision = decided(examination(face=compared(cosine, by(calibration()))), by_policy)
    assert [code for code in codes(decision) if not code.startswith(("liveness", "authority"))] == found
    if by_policy == "development-1":
        assert decision.outcome == outcome


@pytest.mark.rule("R75")
def test_where_no_bound_is_low_enough_even_the_same_picture_is_for_people() -> None:
    few = by(calibration(points=POINTS[:3]))
    assert result(decided(examination(face=compared(1.0, few)))) == ("refer", ["face_claim_weak"])


@pytest.mark.rule("R75")
def test_a_face_rejects_by_itself_only_where_honest_people_are_seldom_so_far() -> None:
    often = replace(POINTS[0], fnmr_high=0.0101)
    judged = by(calibration(points=(often, *POINTS[1:])))
    assert result(decided(examination(face=compared(0.4, judged)))) == ("refer", ["face_differs"])
    poor = compared(0.4, by(calibration()), blur=1)
    assert result(decided(examination(face=poor))) == ("refer", ["face_blurred", "face_differs"])


@pytest.mark.rule("R93")
@pytest.mark.parametrize(
    ("profile", "expected"), [("gbt-basic", (0.7, False)), ("nist", (0.8, True)), ("strict", (0.8, False))]
)
def test_a_profile_says_how_seldom_strangers_may_match_and_none_decides_above_one_in_ten_thousand(
    profile: str, expected: tuple[float, bool]
) -> None:
    found = weighed(by(calibration()), MODEL, DOC_SELFIE, [at(1)], at(1), Profile(profile))
    assert isinstance(found, Weighed)
    assert (found.accept, found.may_accept) == expected


@pytest.mark.rule("R92")
@pytest.mark.parametrize(
    ("judged", "why"),
    [
        (UNJUDGED, "no calibration is loaded"),
        (by(calibration(SELFIE_SELFIE)), "no calibration for kind doc_selfie"),
        (by(calibration(model="dlib@2")), "no calibration for model dlib@1"),
        (by(calibration(fit="fit-0")), "no calibration for fit none"),
        (by(calibration(many=3)), "no calibration for references 1"),
    ],
)
def test_what_no_calibration_covers_is_judged_by_distance_and_refers_in_production(judged: Judged, why: str) -> None:
    face = compared(0.2, judged)
    assert not calibrated(face)
    assert decided(examination(face=face)).facts["why"] == why
    assert "calibration_missing" in codes(decided(examination(face=face), "production-1"))
    assert decided(examination(face=face)).outcome == "accept"  # at a distance of 0.3, which development goes by


@pytest.mark.rule("R92")
def test_a_decision_says_by_which_calibration_fit_and_bound_it_was_made() -> None:
    loaded = calibration()
    assert decided(examination(face=compared(0.81, by(loaded)))).facts == {
        "score": 0.81, "model": MODEL, "calibration": loaded.id, "references": 1, "accept": 0.8, "reject": 0.5,
        "fmr": 1e-5, "fmr_upper": 9e-5,
    }  # fmt: skip


def test_a_score_that_an_examining_process_made_up_is_not_gone_by() -> None:
    sure = weighed(by(calibration()), MODEL, DOC_SELFIE, [at(1)], at(1))
    forged = replace(EVIDENCE, comparison=FaceComparison(0.3, MODEL, sure))
    found = document_weighed(forged, None, None, by(calibration()))
    assert isinstance(found, FaceEvidence)
    assert not calibrated(found)


def test_a_face_that_nobody_may_look_at_stays_so() -> None:
    declined = FaceDeclined.CONSENT_REFUSED
    assert document_weighed(declined, to_octets(at(1)), to_octets(at(1)), by(calibration())) is declined


def test_of_more_photographs_than_were_measured_the_first_are_compared_whatever_the_probe_is() -> None:
    judged = by(calibration(SELFIE_SELFIE, 1), calibration(SELFIE_SELFIE, 2))
    for probe in (at(1), at(0.3)):
        found = weighed(judged, MODEL, SELFIE_SELFIE, [at(0.9), at(0.7), at(1)], probe)
        assert isinstance(found, Weighed)
        assert found.score.references == 2
        assert found.score.value == pytest.approx(person_score(None, [at(0.9), at(0.7)], probe))


def test_a_fit_alone_says_who_is_nearer_and_not_how_near_is_near_enough() -> None:
    size = 128
    arrays = (np.zeros(size), np.eye(size), np.zeros(size), np.eye(size) / size)
    fit = Fit(MODEL, "drawn", date(2026, 11, 26), 900, 850, 0, *(each.astype(np.float32) for each in arrays))
    assert weighed(by(fit=fit), MODEL, SELFIE_SELFIE, [at(1)], at(1)) == UNWEIGHED
    own = calibration(SELFIE_SELFIE, fit=fit.id, points=(replace(POINTS[0], threshold=-99.0),))
    found = weighed(by(own, fit=fit), MODEL, SELFIE_SELFIE, [at(1)], at(0.5))
    assert isinstance(found, Weighed)
    assert found.score.value == pytest.approx(person_score(fit, [at(1)], at(0.5)))
    assert found.score.claim == FmrClaim(0.01, 0.012)
