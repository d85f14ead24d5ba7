"""Is a face that is shown badly told what is wrong, both sides of each limit, and one shown well let through?"""

import math
from typing import Any

import numpy as np
import pytest

from app.verification.examination import Measure, ShownFace
from app.verification.faces.five_points import Landmarks
from app.verification.faces.quality import NO_FACE
from app.verification.faces.shown import LEVEL, burnt, cut, eye_patches, pitch, shown_face
from app.verification.findings.face_gate import gate_findings
from app.verification.reasons import Kind, Polygon, ReasonCode
from app.verification.words import said
from tests.verification.examinations import FACE, changed, policy

LIMITS = policy().thresholds
STRAIGHT = Landmarks(left_eye=(100.0, 100.0), right_eye=(200.0, 100.0), nose=(150.0, 100.0 + 100 * LEVEL))
BOX = (80.0, 60.0, 220.0, 200.0)
PICTURE = np.full((400, 400, 3), 150, np.uint8)
CHIP = np.full((150, 150, 3), 120, np.uint8)
HERE: Polygon = ((1, 1), (2, 1), (2, 2), (1, 2))


def codes(shown: ShownFace) -> list[ReasonCode]:
    return [reason.code for reason in gate_findings(shown, LIMITS)]


def well(**changes: Any) -> ShownFace:
    return changed(ShownFace(FACE, (), ()), **changes)


def test_a_face_that_is_alone_and_well_shown_passes() -> None:
    assert codes(well()) == []


def test_no_face_is_one_finding() -> None:
    assert codes(ShownFace(NO_FACE, (), ())) == [ReasonCode.FACE_ABSENT]


@pytest.mark.parametrize(
    ("share", "found"), [(0.249, []), (0.25, [ReasonCode.FACES_MANY]), (math.nan, [ReasonCode.FACES_MANY])]
)
def test_a_small_face_in_the_background_is_told_apart_from_a_second_person(
    share: float, found: list[ReasonCode]
) -> None:
    assert codes(well(beside=(share,))) == found


@pytest.mark.parametrize(
    ("code", "most"),
    [
        (ReasonCode.FACE_PITCHED, LIMITS.face_pitch_most.value), (ReasonCode.FACE_PITCHED, -LIMITS.face_pitch_most.value),
        (ReasonCode.FACE_CUT, LIMITS.face_cut_most.value), (ReasonCode.FACE_GLARE, LIMITS.face_eye_burnt_most.value),
    ],
)  # fmt: skip
def test_a_figure_at_its_limit_passes_and_one_beyond_it_does_not(code: ReasonCode, most: float) -> None:
    assert codes(well(measures=(Measure(code, most, None, None),))) == []
    assert codes(well(measures=(Measure(code, most * 1.001, None, None),))) == [code]
    assert codes(well(measures=(Measure(code, math.nan, None, None),))) == [code]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"eye_distance_px": 59.9}, ReasonCode.FACE_SMALL), ({"box_share": 0.049}, ReasonCode.FACE_SMALL),
        ({"turn": 0.26}, ReasonCode.FACE_TURNED), ({"turn": -0.26}, ReasonCode.FACE_TURNED),
        ({"blur": 19.9}, ReasonCode.FACE_BLURRED), ({"brightness": 39.9}, ReasonCode.FACE_DARK),
        ({"brightness": 230.1}, ReasonCode.FACE_BRIGHT),
    ],
)  # fmt: skip
def test_what_the_proofing_judges_is_judged_here_too(change: dict[str, float], code: ReasonCode) -> None:
    assert codes(well(view=changed(FACE, **change))) == [code]


def test_every_finding_comes_with_its_figure_and_advice_in_both_languages() -> None:
    (reason,) = gate_findings(well(measures=(Measure(ReasonCode.FACE_GLARE, 0.2, HERE, None),)), LIMITS)
    assert (reason.facts, reason.where, reason.kind) == ({"measured": 0.2, "threshold": 0.05}, HERE, Kind.RETRY)
    assert "眼镜" in said(reason).zh
    assert "glasses" in said(reason).en


def test_who_looks_straight_is_not_pitched_however_the_head_is_rolled() -> None:
    assert pitch(STRAIGHT) == pytest.approx(0)
    for degrees in (30, -75, 180):
        assert pitch(rolled(STRAIGHT, degrees)) == pytest.approx(0, abs=1e-9)


def test_looking_up_and_down_have_opposite_signs() -> None:
    up = changed(STRAIGHT, nose=(150.0, 130.0))
    down = changed(STRAIGHT, nose=(150.0, 199.0))
    assert pitch(up) < -0.25 < 0.25 < pitch(down)


def test_eyes_in_one_place_are_no_face_that_looks_straight() -> None:
    assert pitch(Landmarks((1.0, 1.0), (1.0, 1.0), (1.0, 2.0))) > LIMITS.face_pitch_most.value


def test_a_face_is_cut_by_as_much_as_lies_outside() -> None:
    assert cut((0, 0, 100, 100), (400, 400)) == 0
    assert cut((-50, 0, 50, 100), (400, 400)) == 0.5
    assert cut((500, 500, 600, 600), (400, 400)) == 1


def test_a_lamp_in_one_glass_is_seen_and_white_beside_the_eyes_is_not() -> None:
    lit, beside = PICTURE.copy(), PICTURE.copy()
    lit[90:110, 95:105] = 255
    beside[250:, :] = 255
    assert [burnt(patch, lit) for patch in eye_patches(STRAIGHT)] == [20 * 10 / (51 * 31), 0]
    assert [burnt(patch, beside) for patch in eye_patches(STRAIGHT)] == [0, 0]


def test_an_eye_outside_the_picture_is_no_error() -> None:
    outside = Landmarks(left_eye=(-90.0, -40.0), right_eye=(-20.0, -40.0), nose=(-55.0, 0.0))
    assert [burnt(patch, PICTURE) for patch in eye_patches(outside)] == [0, 0]


def test_of_several_boxes_the_first_is_measured_and_the_others_told_by_their_size() -> None:
    half = (300.0, 300.0, 370.0, 370.0)
    shown = shown_face(
        boxes=(BOX, half), landmarks=STRAIGHT, chip=CHIP, frame=(PICTURE.shape[1], PICTURE.shape[0]), picture=PICTURE
    )
    assert (shown.view.faces, shown.view.eye_distance_px, shown.beside) == (1, 100, (0.25,))
    assert [measure.code for measure in shown.measures] == [
        ReasonCode.FACE_PITCHED, ReasonCode.FACE_CUT, ReasonCode.FACE_GLARE, ReasonCode.FACE_GLARE,
    ]  # fmt: skip


def rolled(landmarks: Landmarks, degrees: float) -> Landmarks:
    turn = complex(math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))

    def moved(point: tuple[float, float]) -> tuple[float, float]:
        there = complex(*point) * turn
        return there.real, there.imag

    return Landmarks(moved(landmarks.left_eye), moved(landmarks.right_eye), moved(landmarks.nose))
