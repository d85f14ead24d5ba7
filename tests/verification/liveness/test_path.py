"""Is a step told from every other, and from half of one?"""

from collections.abc import Sequence

import pytest

from app.verification.faces.liveness.frame import Frame, FrameView, SeenFace
from app.verification.faces.liveness.path import Walk, walked
from app.verification.faces.liveness.steps import Step
from tests.verification.liveness.acting import LIMITS, around, projected

FAR: dict[Step, dict[str, float]] = {
    Step.TURN_LEFT: {"yaw": 28},
    Step.TURN_RIGHT: {"yaw": -28},
    Step.LOOK_UP: {"pitch": 18},
    Step.LOOK_DOWN: {"pitch": -12},
    Step.COME_CLOSER: {"millimetres": 360},
    Step.MOVE_BACK: {"millimetres": 700},
    Step.TILT_LEFT: {"roll": 20},
    Step.TILT_RIGHT: {"roll": -20},
}
REST = {"yaw": 0.0, "pitch": 0.0, "roll": 0.0, "millimetres": 500.0}
THERE_AND_BACK = (0, 0, 0, 0, 0.2, 0.5, 0.8, 1, 1, 1, 0.8, 0.5, 0.2, 0, 0)


def held(share: float, far: dict[str, float], at_ms: int) -> Frame:
    pose = {name: rest + share * (far.get(name, rest) - rest) for name, rest in REST.items()}
    points = projected(pose["yaw"], pose["pitch"], pose["roll"], millimetres=pose["millimetres"])
    colour = (150.0, 120.0, 100.0)
    face = SeenFace(around(points), points, colour, colour, 200.0, 130.0, 5.0, 2.0, 0.0)
    return Frame(0, at_ms, at_ms, FrameView("", 640, 480, 1, face))


def walk(step: Step, shares: Sequence[float], far: dict[str, float] | None = None) -> Walk:
    before = [held(0, {}, at) for at in (-300, -200, -100)]
    during = [held(share, FAR[step] if far is None else far, 100 * at) for at, share in enumerate(shares)]
    return walked(step, before, during, LIMITS, revealed_ms=0, mirrored=False)


@pytest.mark.parametrize("step", Step)
def test_every_step_done_as_asked_is_seen_as_done(step: Step) -> None:
    seen = walk(step, THERE_AND_BACK)
    assert seen.reach >= 1
    assert seen.took_ms is not None
    assert seen.straightness > LIMITS.liveness_straightness_least.value
    assert seen.astray <= LIMITS.liveness_astray_most.value


@pytest.mark.parametrize("step", Step)
def test_no_step_is_done_by_any_other(step: Step) -> None:
    for other in set(Step) - {step}:
        assert walk(step, THERE_AND_BACK, FAR[other]).took_ms is None


@pytest.mark.parametrize("step", Step)
def test_another_step_is_told_as_another(step: Step) -> None:
    for other in set(Step) - {step, Step.LOOK_DOWN}:
        assert walk(step, THERE_AND_BACK, FAR[other]).astray > LIMITS.liveness_astray_most.value


@pytest.mark.parametrize("step", Step)
def test_a_quarter_of_a_step_is_none(step: Step) -> None:
    assert walk(step, [share / 4 for share in THERE_AND_BACK]).took_ms is None


def test_a_head_that_has_not_come_back_has_not_done_it() -> None:
    assert walk(Step.TURN_LEFT, THERE_AND_BACK[:10]).took_ms is None


def test_one_mistaken_frame_is_no_movement() -> None:
    assert walk(Step.TURN_LEFT, (0, 0, 0, 1, 0, 0, 0, 0)).reach < 0.5


def test_whoever_begins_at_once_has_no_reaction_time() -> None:
    reaction = walk(Step.TILT_LEFT, (0.2, 0.6, 1, 1, 0.5, 0, 0)).reaction_ms
    assert reaction is not None
    assert reaction < LIMITS.liveness_reaction_least_ms.value
    assert walk(Step.TILT_LEFT, THERE_AND_BACK).reaction_ms == 500


def test_wandering_is_not_straight() -> None:
    wandering = walk(Step.TILT_LEFT, (0, 0, 0.6, 0.6, 0, 0, 0.6, 0.6, 0, 0, 0.6, 0.6, 0, 0, 1, 1, 1, 0, 0))
    assert wandering.took_ms is not None
    assert wandering.straightness < LIMITS.liveness_straightness_least.value


def test_who_is_not_seen_does_nothing() -> None:
    nobody = Frame(0, 0, 0, FrameView("", 640, 480, 0, None))
    assert walked(Step.LOOK_UP, [nobody], [nobody], LIMITS, revealed_ms=0, mirrored=False).reach == 0


@pytest.mark.parametrize(("step", "mirror"), [(Step.TURN_LEFT, Step.TURN_RIGHT), (Step.TILT_LEFT, Step.TILT_RIGHT)])
def test_in_a_mirrored_picture_left_is_still_the_persons_left(step: Step, mirror: Step) -> None:
    before = [held(0, {}, at) for at in (-300, -200, -100)]
    during = [held(share, FAR[step], 100 * at) for at, share in enumerate(THERE_AND_BACK)]
    asked = {s: walked(s, before, during, LIMITS, revealed_ms=0, mirrored=True).took_ms for s in (step, mirror)}
    assert asked[step] is None
    assert asked[mirror] is not None
