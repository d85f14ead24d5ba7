"""Somebody before a camera without a camera: a generic head projected, its skin lit by the screen. No picture is drawn."""

import json
import math
from pathlib import Path

import numpy as np

import app
from app.specimens.performing import Light, Performer, Person
from app.verification.faces.five_points import Box, FivePoints
from app.verification.faces.liveness.challenge import Challenge
from app.verification.faces.liveness.frame import FrameView, SeenFace
from app.verification.policy import parse_policy
from benchmarks.liveness_sessions import session

LIMITS = parse_policy(
    (Path(app.__file__).parent / "verification/policies/sandbox-1.toml").read_text("utf-8")
).thresholds
HEAD = np.array([[-44.5, 0, 3], [-18.6, 0, -3], [18.6, 0, -3], [44.5, 0, 3], [0, 47, -26]], np.float64)
"""Millimetres: corners of the eyes and nose of a generic face; x to the picture's right, y down, z away from the camera."""
AXIS = np.array([0, 10, 90.0])
"""About which a head turns."""
FOCUS, MIDDLE = 640.0, (320.0, 240.0)


def projected(
    yaw: float = 0, pitch: float = 0, roll: float = 0, *, millimetres: float = 500, aside: tuple[float, float] = (0, 0)
) -> FivePoints:
    """The five points through a pinhole, without noise; angles in the person's own left and up."""
    y, p, r = (math.radians(angle) for angle in (yaw, pitch, roll))
    about_y = np.array([[math.cos(y), 0, -math.sin(y)], [0, 1, 0], [math.sin(y), 0, math.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(p), math.sin(p)], [0, -math.sin(p), math.cos(p)]])
    about_z = np.array([[math.cos(r), -math.sin(r), 0], [math.sin(r), math.cos(r), 0], [0, 0, 1]])
    places = (HEAD - AXIS) @ (about_z @ about_x @ about_y).T + AXIS + [0, 0, millimetres]
    seen = FOCUS * places[:, :2] / places[:, 2:] + MIDDLE + aside
    return FivePoints(*((float(x), float(y)) for x, y in seen))


def around(points: FivePoints) -> Box:
    half = (points.right_outer[0] - points.left_outer[0]) * 0.85
    return points.nose[0] - half, points.nose[1] - 1.3 * half, points.nose[0] + half, points.nose[1] + 0.7 * half


class Actor:
    """Moves as a drawn person moves; says how in JSON instead of in a picture."""

    def __init__(self, seed: int, person: type[Person] = Person) -> None:
        self.person = person(0, seed)

    def frame(self, at_ms: int, *, step: str | None, light: Light) -> bytes:
        attitude = self.person.attitude(at_ms, step)
        seen = self.person.seen_light(at_ms, light)
        facts = [attitude.yaw, attitude.pitch, attitude.roll, attitude.near, *attitude.aside, *seen, self.person.which]
        return json.dumps([at_ms, *facts]).encode()


def read(jpeg: bytes, near: Box | None, wants_descriptor: bool) -> FrameView:  # noqa: FBT001  as a session asks
    """What a vision process would say of it."""
    del near
    at_ms, yaw, pitch, roll, nearness, aside_x, aside_y, red, green, blue, which = json.loads(jpeg)
    chance = np.random.default_rng(at_ms)
    points = projected(yaw, pitch, roll, millimetres=500 / nearness, aside=(aside_x, aside_y))
    light = np.array([red, green, blue]) / 255
    skin, wall = np.array([170, 130, 110]) * (1 + 0.3 * light), np.array([120, 125, 130]) * (1 + 0.03 * light)
    face = SeenFace(
        box=around(points),
        points=points,
        skin=tuple(skin + chance.normal(0, 0.3, 3)),
        background=tuple(wall + chance.normal(0, 0.3, 3)),
        sharpness=300.0 + chance.uniform(-50, 50),
        brightness=130.0,
        texture=6.0,
        spectrum=2.2,
        edges=0.0,
        descriptor=described(which, chance) if wants_descriptor else None,
    )
    sketch = tuple(float(number) for number in chance.normal(0, 2, 32))
    return FrameView(chance.bytes(32).hex(), 640, 480, 1, face, sketch)


def described(which: int, chance: np.random.Generator) -> tuple[float, ...]:
    """Of one of two people: 0.9 apart, each within 0.15 of themselves."""
    middle = np.zeros(128)
    middle[which] = 0.64
    return tuple(float(number) for number in middle + chance.normal(0, 0.006, 128))


def acted(seed: int, performer: Performer | None = None, *, mirrored: bool = False) -> Challenge:
    """A whole session, without a picture."""
    return session(performer or Actor(seed), read, LIMITS, seed=seed, mirrored=mirrored)
