"""What does the comparison of two faces lead to, and what a poor photograph of one?"""

from dataclasses import replace
from typing import Any

import pytest

from app.verification.decision import Outcome
from app.verification.examination import FaceComparison, FaceDeclined, Measure
from app.verification.findings.faces import candidate_distance
from app.verification.reasons import ReasonCode
from tests.verification.examinations import EVIDENCE, FACE, decided, examination, policy, result, shown


@pytest.mark.rule("R98")
def test_whoever_declines_the_face_is_referred_to_a_person() -> None:
    assert result(decided(examination(face=FaceDeclined.CONSENT_REFUSED))) == ("refer", ["face_declined"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"faces": 2}, "faces_many"),
        ({"eye_distance_px": 59.9}, "face_small"),
        ({"box_share": 0.049}, "face_small"),
        ({"turn": 0.26}, "face_turned"),
        ({"turn": -0.26}, "face_turned"),
        ({"blur": 19.9}, "face_blurred"),
        ({"brightness": 39.9}, "face_dark"),
        ({"brightness": 230.1}, "face_bright"),
    ],
)
def test_a_poor_photograph_of_the_face_refers(change: dict[str, Any], code: str) -> None:
    evidence = replace(EVIDENCE, applicant=shown(**change))
    assert result(decided(examination(face=evidence))) == ("refer", [code])


def test_no_face_in_either_picture_refers() -> None:
    nobody = replace(FACE, faces=0)
    evidence = replace(EVIDENCE, applicant=shown(faces=0), portrait=nobody, comparison=None)
    assert result(decided(examination(face=evidence))) == (
        "refer",
        ["face_absent", "portrait_face_unclear", "face_not_compared"],
    )


@pytest.mark.rule("R92")
@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        (0.0, ("accept", [])),
        (0.38, ("accept", [])),
        (0.3801, ("refer", ["face_doubtful"])),
        (0.55, ("refer", ["face_doubtful"])),
        (0.5501, ("reject", ["face_differs"])),
        (float("nan"), ("refer", ["face_doubtful"])),
    ],
)
def test_a_distance_accepts_refers_or_rejects(distance: float, expected: tuple[str, list[str]]) -> None:
    evidence = replace(EVIDENCE, comparison=FaceComparison(distance, "dlib@1"))
    assert result(decided(examination(face=evidence))) == expected


@pytest.mark.rule("R75", "R92")
@pytest.mark.parametrize("distance", [0.2, 0.38, 0.9, 1.4, float("nan")])
@pytest.mark.parametrize("version", ["development-1", "production-1"])
def test_of_another_network_no_distance_accepts_or_rejects(version: str, distance: float) -> None:
    given = examination(face=replace(EVIDENCE, comparison=FaceComparison(distance, "arcface-1@0")))
    decision = decided(given, version)
    assert decision.outcome == "refer"
    assert {"face_doubtful", "calibration_missing"} <= {reason.code for reason in decision.reasons}
    assert "reject" not in decision.facts


@pytest.mark.rule("R75")
@pytest.mark.parametrize("distance", [0.56, 0.9])
def test_where_nobody_has_measured_a_bank_s_faces_no_distance_turns_anybody_away_in_production(distance: float) -> None:
    evidence = replace(EVIDENCE, comparison=FaceComparison(distance, "dlib@1"))
    decision = decided(examination(face=evidence), "production-1")
    assert decision.outcome == "refer"
    assert {"face_differs", "calibration_missing"} <= {reason.code for reason in decision.reasons}


@pytest.mark.rule("R92")
def test_a_score_travels_with_model_threshold_and_calibration() -> None:
    evidence = replace(EVIDENCE, comparison=FaceComparison(0.6, "dlib@1"))
    decision = decided(examination(face=evidence))
    assert decision.reasons[0].facts == {
        "distance": 0.6,
        "threshold": 0.55,
        "model": "dlib@1",
        "calibration": "uncalibrated",
    }
    assert decision.facts == {
        "distance": 0.6,
        "accept": 0.38,
        "reject": 0.55,
        "model": "dlib@1",
        "calibration": "uncalibrated",
        "why": "no calibration is loaded",
    }


@pytest.mark.parametrize(("beside", "expected"), [((0.24, 0.1), ("accept", [])), ((0.25,), ("refer", ["faces_many"]))])
def test_a_face_on_the_wall_is_told_apart_from_a_second_applicant(
    beside: tuple[float, ...], expected: tuple[str, list[str]]
) -> None:
    evidence = replace(EVIDENCE, applicant=replace(EVIDENCE.applicant, beside=beside))
    assert result(decided(examination(face=evidence))) == expected


def test_a_face_that_is_cut_or_looks_down_is_taken_again_at_a_proofing_too() -> None:
    measures = (Measure(ReasonCode.FACE_CUT, 0.4), Measure(ReasonCode.FACE_PITCHED, 0.5))
    evidence = replace(EVIDENCE, applicant=replace(EVIDENCE.applicant, measures=measures))
    assert result(decided(examination(face=evidence), attempt=1)) == ("retry", ["face_cut", "face_pitched"])


def test_another_face_on_a_poor_photograph_never_rejects() -> None:
    evidence = replace(EVIDENCE, applicant=shown(blur=1), comparison=FaceComparison(0.9, "dlib@1"))
    assert result(decided(examination(face=evidence))) == ("refer", ["face_blurred", "face_differs"])


@pytest.mark.parametrize("measure", ["eye_distance_px", "box_share", "blur", "brightness", "turn"])
def test_a_measure_of_a_face_that_is_no_number_is_never_good_enough(measure: str) -> None:
    evidence = replace(EVIDENCE, applicant=shown(**{measure: float("nan")}))
    assert decided(examination(face=evidence)).outcome is Outcome.REFER


@pytest.mark.rule("R76", "R113")
@pytest.mark.parametrize("enrolled", [False, True])
def test_a_face_on_the_block_list_refers_and_no_better_picture_is_asked_for(enrolled: bool) -> None:  # noqa: FBT001  a case
    decision = decided(examination(listed=2, enrolled=enrolled), attempt=1)
    assert decision.outcome is Outcome.REFER
    assert ("face_listed", {"candidates": 2}) in [(each.code, each.facts) for each in decision.reasons]


@pytest.mark.rule("R92", "R94")
def test_of_another_networks_faces_nobody_is_a_candidate_by_a_distance() -> None:
    limits = policy().thresholds
    assert candidate_distance("dlib@1", limits) == limits.face_candidate_most.value > 0
    assert candidate_distance("arcface@1", limits) == 0.0
