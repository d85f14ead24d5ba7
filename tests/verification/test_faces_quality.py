"""Do the measures of a face rise and fall with what they measure?"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.faces.five_points import Landmarks
from app.verification.faces.quality import box_share, face_view, sharpness, turn

STRAIGHT = Landmarks(left_eye=(40.0, 60.0), right_eye=(100.0, 60.0), nose=(70.0, 95.0))
ANGLES = st.floats(-math.pi, math.pi)
CHIP = np.random.default_rng(0).integers(0, 256, (150, 150, 3), np.uint8)


def with_nose(x: float) -> Landmarks:
    return Landmarks(STRAIGHT.left_eye, STRAIGHT.right_eye, (x, 95.0))


def rolled(landmarks: Landmarks, angle: float) -> Landmarks:
    def about_origin(point: tuple[float, float]) -> tuple[float, float]:
        x, y = point
        return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)

    return Landmarks(*(about_origin(p) for p in (landmarks.left_eye, landmarks.right_eye, landmarks.nose)))


def test_a_straight_face_has_no_turn() -> None:
    assert turn(STRAIGHT) == 0


def test_a_nose_over_the_right_eye_is_half_a_turn() -> None:
    assert turn(with_nose(100.0)) == pytest.approx(0.5)
    assert turn(with_nose(40.0)) == pytest.approx(-0.5)


@given(ANGLES, st.floats(0, 150))
def test_a_rolled_head_is_not_a_turned_one(angle: float, nose: float) -> None:
    assert turn(rolled(with_nose(nose), angle)) == pytest.approx(turn(with_nose(nose)), abs=1e-9)


def test_eyes_in_one_place_have_no_turn_and_no_distance() -> None:
    collapsed = Landmarks((5.0, 5.0), (5.0, 5.0), (9.0, 9.0))
    assert turn(collapsed) == 0


def test_a_box_is_measured_against_its_frame() -> None:
    assert box_share((10, 10, 60, 60), (100, 100)) == pytest.approx(0.25)


def test_the_part_of_a_box_outside_the_frame_does_not_count() -> None:
    assert box_share((-50, -50, 50, 50), (100, 100)) == pytest.approx(0.25)
    assert box_share((-50, -50, -10, -10), (100, 100)) == 0


def test_blurring_a_face_lowers_its_sharpness() -> None:
    sharp = CHIP.mean(axis=2)
    blurred = (sharp + np.roll(sharp, 1, axis=0) + np.roll(sharp, 1, axis=1)) / 3
    assert sharpness(blurred) < sharpness(sharp) / 2


def test_an_even_surface_has_no_sharpness() -> None:
    assert sharpness(np.full((150, 150), 90.0)) == 0


def test_a_face_view_tells_the_measures_of_the_largest_face() -> None:
    view = face_view(faces=2, box=(0, 0, 50, 100), landmarks=STRAIGHT, frame=(100, 100), chip=CHIP)
    assert (view.faces, view.eye_distance_px, view.box_share, view.turn) == (2, 60.0, 0.5, 0.0)
    assert view.brightness == pytest.approx(CHIP.mean(), abs=1.0)
