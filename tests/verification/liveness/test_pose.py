"""Vectors: a generic head (MediaPipe's canonical proportions) through a pinhole, see acting.py; synthetic."""

import math

import pytest

from app.verification.faces.five_points import FivePoints
from app.verification.faces.liveness.pose import Pose, pose_of, usual
from tests.verification.liveness.acting import projected


def measured(points: FivePoints) -> Pose:
    pose = pose_of(points)
    assert pose is not None
    return pose


@pytest.mark.parametrize("millimetres", [350, 500, 700])
@pytest.mark.parametrize("yaw", range(-35, 36, 5))
def test_yaw_is_told_to_four_degrees_at_the_distances_of_a_phone(yaw: int, millimetres: int) -> None:
    assert measured(projected(yaw=yaw, millimetres=millimetres)).yaw == pytest.approx(yaw, abs=3.2)


@pytest.mark.parametrize("roll", range(-25, 26, 5))
def test_roll_is_told_exactly(roll: int) -> None:
    assert measured(projected(roll=roll)).roll == pytest.approx(roll, abs=0.1)


@pytest.mark.parametrize("pitch", [-10, -5, 5, 10, 15, 20])
def test_pitch_is_told_to_three_degrees_against_the_same_face_at_rest(pitch: int) -> None:
    assert measured(projected(pitch=pitch)).pitch - measured(projected()).pitch == pytest.approx(pitch, abs=3)


@pytest.mark.parametrize("down", [-12, -15, -20, -25])
def test_looking_far_down_still_measures_as_down(down: int) -> None:
    """Five points tell little of it: what is measured stays behind, and keeps its sign."""
    assert down < measured(projected(pitch=down)).pitch - measured(projected()).pitch < -5


def test_whoever_turns_to_their_left_is_seen_turning_to_the_pictures_right() -> None:
    points = projected(yaw=25)
    assert points.nose[0] > (points.left_outer[0] + points.right_outer[0]) / 2
    assert measured(points).yaw > 20


@pytest.mark.parametrize(("yaw", "roll"), [(25, 0), (-25, 0), (0, 18), (10, -12)])
def test_a_mirrored_picture_turned_over_says_the_same(yaw: int, roll: int) -> None:
    straight = projected(yaw=yaw, roll=roll)
    again = measured(straight.turned_over(640).turned_over(640))
    mirrored = measured(straight.turned_over(640))
    assert (again.yaw, again.roll) == pytest.approx((measured(straight).yaw, measured(straight).roll))
    assert (mirrored.yaw, mirrored.roll) == pytest.approx((-again.yaw, -again.roll))


def test_nearness_does_not_follow_from_turning() -> None:
    near = measured(projected(yaw=30)).scale / measured(projected()).scale
    assert 1 / 1.1 < near < 1.1  # a third of the way that coming closer asks for


def test_half_as_far_is_twice_as_large() -> None:
    near, far = measured(projected(millimetres=350)), measured(projected(millimetres=700))
    assert near.scale / far.scale == pytest.approx(2, rel=0.03)


def test_eyes_on_top_of_each_other_have_no_pose() -> None:
    assert pose_of(FivePoints((5, 5), (5, 5), (5, 5), (5, 5), (5, 9))) is None


def test_one_odd_frame_does_not_change_how_a_head_is_usually_held() -> None:
    still, odd = measured(projected()), measured(projected(yaw=40))
    rested = usual([still, odd, still])
    assert rested is not None
    assert math.isclose(rested.yaw, still.yaw)
    assert usual([]) is None
