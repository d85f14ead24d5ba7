"""Which way does a head look? Yaw, pitch and roll from five points, in the person's own left and right.

Nose against the line of the eyes, under weak perspective, inverted in closed form. Five points are too few for a general
solution: four lie nearly in a plane, and pitch trades against the length of a nose. So pitch is a person's own alone,
counted from a baseline; `solvePnP` on the same points flips between two solutions.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from app.verification.faces.five_points import FivePoints

EYES_APART: Final = 63.0
"""Millimetres between the middles of the eyes, outer to inner corner: adults average 63 (ANSUR II, pupils)."""
NOSE_BELOW: Final = 47.0
"""From the line of the eyes down to where nose and lip meet, of a generic face."""
NOSE_BEFORE: Final = 35.0
"""How far in front of the eyes' corners it seems to lie. Of a generic face 26; the camera is near, so that what is nearer is
larger: fitted on projections at 350, 500 and 700 mm, where yaw to 35 degrees then errs by 1.4 (root mean square), by 3.1 at most."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Degrees; the scale in pixels."""

    yaw: float
    """Positive: turned to the person's left."""
    pitch: float
    """Positive: looking up. Of the generic face: good for differences of one person only."""
    roll: float
    """Positive: the head tilted to the person's left shoulder."""
    scale: float
    """Distance of the eyes as it would be without yaw: proportional to 1 / distance from the camera."""


def pose_of(points: FivePoints) -> Pose | None:
    """Of a picture that is not mirrored: the person's left is on its right. None where the eyes lie on each other."""
    left = _middle(points.left_outer, points.left_inner)
    right = _middle(points.right_inner, points.right_outer)
    across_x, across_y = right[0] - left[0], right[1] - left[1]
    apart = math.hypot(across_x, across_y)
    if apart == 0:
        return None
    nose_x, nose_y = points.nose[0] - (left[0] + right[0]) / 2, points.nose[1] - (left[1] + right[1]) / 2
    aside = (nose_x * across_x + nose_y * across_y) / apart**2
    below = (nose_y * across_x - nose_x * across_y) / apart**2
    yaw = math.atan(aside * EYES_APART / NOSE_BEFORE)
    return Pose(
        yaw=math.degrees(yaw),
        pitch=math.degrees(_pitch(below, yaw)),
        roll=math.degrees(math.atan2(across_y, across_x)),
        scale=apart / math.cos(yaw),
    )


def _pitch(below: float, yaw: float) -> float:
    """`below · EYES_APART · cos yaw = NOSE_BELOW · cos pitch − NOSE_BEFORE · cos yaw · sin pitch`, solved for pitch."""
    before = NOSE_BEFORE * math.cos(yaw)
    reach, lean = math.hypot(NOSE_BELOW, before), math.atan2(before, NOSE_BELOW)
    return math.acos(max(-1.0, min(1.0, below * EYES_APART * math.cos(yaw) / reach))) - lean


def usual(poses: Sequence[Pose]) -> Pose | None:
    """The median of several: how this person looks straight ahead. None of none."""
    if not poses:
        return None
    return Pose(
        yaw=median(pose.yaw for pose in poses),
        pitch=median(pose.pitch for pose in poses),
        roll=median(pose.roll for pose in poses),
        scale=median(pose.scale for pose in poses),
    )


def _middle(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    return (first[0] + second[0]) / 2, (first[1] + second[1]) / 2
