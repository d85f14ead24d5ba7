"""Did the person do what was asked? How far, which way, how straight, how soon, and back again."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from app.verification.faces.liveness.continuity import described
from app.verification.faces.liveness.frame import Frame
from app.verification.faces.liveness.pose import Pose, pose_of, usual
from app.verification.faces.liveness.steps import Step
from app.verification.thresholds import Thresholds

BEGUN: Final = 0.5
"""Share of a step from which somebody has surely begun it: above what a head sways and five points tremble."""
SIDEWAYS: Final = 0.5
"""Share of a turn from which nobody can say how far up a head looks: five points tell pitch from the front alone."""
Moved = dict[Step, float]
"""How far in each direction, where 1 is as far as the step asks."""


@dataclass(frozen=True, slots=True)
class Walk:
    """How one step was performed; times since it was revealed, by the server's clock."""

    step: Step
    reach: float
    """1: as far as was asked."""
    reaction_ms: int | None
    """None: it was never begun."""
    took_ms: int | None
    """Until the head was back; None: it was not done, or not yet."""
    straightness: float
    """The way there and back over the way the head went: 1 is straight, a trembling or wandering one less."""
    astray: float
    """How far it went in another direction before: 1 would have been that other step."""
    seen: bool = False
    """Whether a face was described as far out as was asked: who did the step is who it belongs to."""


def pose_in(frame: Frame, *, mirrored: bool) -> Pose | None:
    """How the head is held; a mirrored picture is turned over first, or left would be right."""
    face = frame.view.face
    if face is None:
        return None
    return pose_of(face.points.turned_over(frame.view.width) if mirrored else face.points)


def moved(pose: Pose, before: Pose, limits: Thresholds) -> Moved:
    """How far a head has moved from how it was held before."""
    yaw = (pose.yaw - before.yaw) / limits.liveness_turn_least_degrees.value
    roll = (pose.roll - before.roll) / limits.liveness_tilt_least_degrees.value
    pitch = pose.pitch - before.pitch if abs(yaw) < SIDEWAYS else 0.0
    near = math.log(pose.scale / before.scale) / math.log(limits.liveness_nearness_least_factor.value)
    return {
        Step.TURN_LEFT: yaw,
        Step.TURN_RIGHT: -yaw,
        Step.LOOK_UP: pitch / limits.liveness_look_up_least_degrees.value,
        Step.LOOK_DOWN: -pitch / limits.liveness_look_down_least_degrees.value,
        Step.COME_CLOSER: near,
        Step.MOVE_BACK: -near,
        Step.TILT_LEFT: roll,
        Step.TILT_RIGHT: -roll,
    }


def walked(
    step: Step,
    before: Sequence[Frame],
    during: Sequence[Frame],
    limits: Thresholds,
    *,
    revealed_ms: int,
    mirrored: bool,
) -> Walk:
    """How a step was performed in the frames since it was revealed; `before`: looking straight, just before."""
    followed = _followed(before, during, limits, mirrored=mirrored)
    if not followed:
        return Walk(step, 0.0, None, None, 0.0, 0.0)
    way = [moves for _, moves in followed]
    times = [frame.server_ms - revealed_ms for frame, _ in followed]
    own = _smoothed([each[step] for each in way])
    end = _back(own, limits.liveness_returned_most.value)
    last = len(own) - 1 if end is None else end
    peak = max(range(last + 1), key=own.__getitem__)
    return Walk(
        step=step,
        reach=own[peak],
        reaction_ms=_begun(times, own),
        took_ms=None if end is None else times[end],
        straightness=_straightness(own[: last + 1], peak),
        astray=_astray(step, way[: (last if end is None else peak) + 1]),
        seen=_seen(step, followed),
    )


def is_unseen_on_its_way(
    step: Step, before: Sequence[Frame], during: Sequence[Frame], limits: Thresholds, *, mirrored: bool
) -> bool:
    """Whether a step was begun in the last of these frames and nobody was described yet where it is done.

    Whoever shows another's face for as few frames as prove a step shows it in one that is described.
    """
    followed = _followed(before, during, limits, mirrored=mirrored)
    return bool(followed) and followed[-1][1][step] >= BEGUN and not _seen(step, followed)


def _followed(
    before: Sequence[Frame], during: Sequence[Frame], limits: Thresholds, *, mirrored: bool
) -> list[tuple[Frame, Moved]]:
    """How far the head had moved in each frame with a face; none where nobody knows how it is held at rest."""
    rested = before[len(before) // 2 :]  # until then a head may still be on its way back from the last step
    neutral = usual([pose for frame in rested if (pose := pose_in(frame, mirrored=mirrored)) is not None])
    if neutral is None:
        return []
    posed = ((frame, pose_in(frame, mirrored=mirrored)) for frame in during)
    return [(frame, moved(pose, neutral, limits)) for frame, pose in posed if pose is not None]


def _seen(step: Step, followed: Sequence[tuple[Frame, Moved]]) -> bool:
    return any(moves[step] >= 1 and described([frame]) for frame, moves in followed)


def _begun(times: Sequence[int], own: Sequence[float]) -> int | None:
    """When the movement that went farthest set out; a tremble before it is none."""
    far = next((at for at, share in enumerate(own) if share >= 1), max(range(len(own)), key=own.__getitem__))
    if own[far] < BEGUN:
        return None
    return times[max((at + 1 for at in range(far) if own[at] < BEGUN), default=0)]


def _astray(step: Step, way: Sequence[Moved]) -> float:
    """On the way there; where nobody ever came back, on all of it. Of looking down too little is read to hold it against anybody."""
    others = set(Step) - {step, Step.LOOK_DOWN}
    return max(max(_smoothed([each[other] for each in way])) for other in others)


def _back(own: Sequence[float], returned: float) -> int | None:
    """The first frame in which the head is back after it had gone as far as was asked."""
    gone = next((at for at, share in enumerate(own) if share >= 1), None)
    if gone is None:
        return None
    return next((at for at in range(gone, len(own)) if own[at] <= returned), None)


def _smoothed(figures: Sequence[float]) -> list[float]:
    """The median of each with its neighbours: one mistaken frame is no movement."""
    return [median(figures[max(0, at - 1) : at + 2]) for at in range(len(figures))]


def _straightness(own: Sequence[float], peak: int) -> float:
    went = sum(abs(after - before) for before, after in itertools.pairwise(own))
    needed = (own[peak] - own[0]) + (own[peak] - own[-1])
    return needed / went if went > 0 else 0.0
