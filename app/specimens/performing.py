"""How does somebody do what a screen asks? A portrait moved as a head moves, lit by the screen, photographed at any moment.

Nobody real is filmed: what passes or fails on it shows that the plumbing holds, and not how well people are told from masks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import cv2
import numpy as np

from app.specimens.heads import FRAME, Attitude, Levels, photographed, posed

Light = tuple[int, int, int]
"""Red, green, blue of the screen."""
GREY: Final[Light] = (235, 235, 235)
DARKER: Final = 0.72
"""Of the scene before a screen lights it, so that nothing burns out."""


class Performer(Protocol):
    """Whoever stands before the camera."""

    def frame(self, at_ms: int, *, step: str | None, light: Light) -> bytes:
        """JPEG of this moment, while the page asks for a step, or for none, in a light. Moments only go on."""
        ...


@dataclass(frozen=True, slots=True)
class Manners:
    """How one person moves; times in milliseconds, drawn anew for each session."""

    reaction: float
    there: float
    hold: float
    back: float
    reach: float
    """1 is a step as it is usually done."""
    lag: float
    """Until the screen shows what it is told, and the camera sees it."""
    on_skin: float
    """Share of its light that the screen adds to a face; of the wall behind, a tenth."""
    warmth: tuple[float, float, float]
    """Of the lamp in the room: blue, green, red."""


ATTITUDES: Final = {
    "turn_left": Attitude(yaw=26),
    "turn_right": Attitude(yaw=-27),
    "look_up": Attitude(pitch=17),
    "look_down": Attitude(pitch=-15),
    "come_closer": Attitude(near=1.40),
    "move_back": Attitude(near=1 / 1.40),
    "tilt_left": Attitude(roll=21),
    "tilt_right": Attitude(roll=-21),
}
"""A step at its farthest; five points on a drawn head follow it by two thirds, and of looking down by half."""


def manners(chance: np.random.Generator) -> Manners:
    """Of one session."""
    return Manners(
        reaction=chance.uniform(380, 700),
        there=chance.uniform(500, 800),
        hold=chance.uniform(120, 260),
        back=chance.uniform(500, 800),
        reach=chance.uniform(0.95, 1.1),
        lag=chance.uniform(60, 180),
        on_skin=chance.uniform(0.22, 0.40),
        warmth=(float(chance.uniform(0.92, 1.0)), 1.0, float(chance.uniform(0.98, 1.05))),
    )


def brisk(chance: np.random.Generator) -> Manners:
    """Of a session of somebody quick: a quarter of a second there and as much back."""
    usual = manners(chance)
    reaction, there, hold, back = (float(each) for each in chance.uniform([270, 250, 60, 250], [400, 350, 160, 350]))
    return replace(usual, reaction=reaction, there=there, hold=hold, back=back)


class Person:
    """Somebody who does what is asked; a session is the same for the same seed and the same prompts."""

    def __init__(self, which: int, seed: int, habits: Callable[[np.random.Generator], Manners] = manners) -> None:
        self.which = which
        self.chance = np.random.default_rng(seed)
        self.manners = habits(self.chance)
        self.room = room(self.chance)
        self._phases = self.chance.uniform(0, 2 * np.pi, 6)
        self._asked: list[tuple[int, str | None]] = []
        self._lights: list[tuple[int, Light]] = []

    def frame(self, at_ms: int, *, step: str | None, light: Light) -> bytes:
        """JPEG of this moment."""
        return photographed(self.scene(at_ms, step=step, light=light), self.chance)

    def scene(self, at_ms: int, *, step: str | None, light: Light) -> Levels:
        """The same before it is photographed, BGR."""
        attitude = self.attitude(at_ms, step)
        picture, person = posed(self.which, attitude)
        seen = self.seen_light(at_ms, light)
        warmth = np.array(self.manners.warmth, np.float32)
        skin = lit(picture, seen, self.manners.on_skin, warmth)
        wall = lit(self.room, seen, self.manners.on_skin / 10, warmth)
        return wall + (skin - wall) * person[..., None]

    def attitude(self, at_ms: int, step: str | None) -> Attitude:
        """How the head is held now: on the way there, there, on the way back, and never quite still."""
        if not self._asked or self._asked[-1][1] != step:
            self._asked.append((at_ms, step))
        since, now = self._asked[-1]
        share = self._share(at_ms - since) * self.manners.reach if now is not None else 0.0
        return mixed(ATTITUDES.get(now or "", Attitude()), share, self._sway(at_ms))

    def seen_light(self, at_ms: int, light: Light) -> Light:
        """What the screen shows by now of what it was told."""
        if not self._lights or self._lights[-1][1] != light:
            self._lights.append((at_ms, light))
        shown = [told for since, told in self._lights if since + self.manners.lag <= at_ms]
        return shown[-1] if shown else GREY

    def _share(self, since_ms: float) -> float:
        own = self.manners
        begun = since_ms - own.reaction
        left = own.there + own.hold + own.back - begun
        return float(smooth(min(begun / own.there, left / own.back, 1.0)))

    def _sway(self, at_ms: int) -> Sequence[float]:
        """Yaw, pitch, roll in degrees, pixels aside and down."""
        waves = np.sin(at_ms / np.array([700, 930, 1210, 820, 1100, 640]) + self._phases)
        return [float(each) for each in waves * np.array([0.7, 0.4, 0.4, 1.6, 1.2, 0.2])]


class Brisk(Person):
    """The same in a hurry."""

    def __init__(self, which: int, seed: int) -> None:
        super().__init__(which, seed, brisk)


def mixed(whole: Attitude, share: float, sway: Sequence[float]) -> Attitude:
    """Part of an attitude, with what a head does by itself."""
    return Attitude(
        yaw=whole.yaw * share + sway[0],
        pitch=whole.pitch * share + sway[1],
        roll=whole.roll * share + sway[2],
        near=whole.near**share * (1 + 0.003 * sway[5]),
        aside=(sway[3], sway[4]),
    )


def smooth(share: float) -> float:
    """From 0 to 1 without a jerk."""
    inside = max(0.0, min(1.0, share))
    return inside * inside * (3 - 2 * inside)


WHITE: Final[Levels] = np.ones(3, np.float32)


def lit(picture: Levels, light: Light, share: float, warmth: Levels = WHITE) -> Levels:
    """A picture, BGR, in a room's light, to which a screen adds a share of its own."""
    red, green, blue = light
    added = 1 + share * (np.array([blue, green, red], np.float32) / 255)
    return np.asarray(picture * (DARKER * added * warmth), np.float32)


def room(chance: np.random.Generator) -> Levels:
    """A wall with some things out of focus on it."""
    wide, high = FRAME
    wall = np.full((high, wide, 3), chance.uniform(90, 170, 3) * 0.4 + 80, np.float32)
    for _ in range(7):
        left, top = int(chance.integers(0, wide)), int(chance.integers(0, high))
        size = int(chance.integers(40, 200))
        colour = [float(level) for level in chance.uniform(50, 200, 3)]
        cv2.rectangle(wall, (left, top), (left + size, top + size), colour, -1)
    shade = np.linspace(1.08, 0.92, wide, dtype=np.float32)[None, :, None]
    return np.asarray(cv2.GaussianBlur(wall, (0, 0), 14) * shade, np.float32)
