"""How does a photographed head look when it turns? A portrait on a simple solid, moved, lit by a screen, and photographed.

No head model is fitted: an ellipsoid with a nose stands for every head. Drawn motion shows that the plumbing holds.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.canvas import Picture, to_picture
from app.specimens.portraits import Portrait, astronaut, grace_hopper

Levels = NDArray[np.float32]
FRAME: Final = (640, 480)
"""Width, height: what a browser's camera gives unless asked."""
EYES_APART_PX: Final = 78.0
"""Of a face at rest in the frame."""
MILLIMETRE: Final = EYES_APART_PX / 63.0
"""Pixels."""
HALF_WIDE, HALF_HIGH, HALF_DEEP = 78 * MILLIMETRE, 108 * MILLIMETRE, 85 * MILLIMETRE
NOSE_DEEP, NOSE_WIDE = 24 * MILLIMETRE, 14 * MILLIMETRE


@dataclass(frozen=True, slots=True, eq=False)
class Sitter:
    """A portrait, and where its eyes are."""

    portrait: Portrait
    left_eye: tuple[float, float]
    right_eye: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Attitude:
    """How a head is held: degrees in the person's own left and up, and how near it is to the camera."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    near: float = 1.0
    aside: tuple[float, float] = (0.0, 0.0)
    """Pixels."""


def sitters() -> tuple[Sitter, Sitter]:
    """Both people whose portraits are at hand. Eyes as measured by hand in the photographs."""
    return (
        Sitter(grace_hopper(), *EYES["hopper"]),
        Sitter(astronaut(), *EYES["astronaut"]),
    )


HOPPER, ASTRONAUT = 0, 1
"""Which of them."""
EYES: Final = {"hopper": ((222.0, 195.5), (306.5, 188.5)), "astronaut": ((203.5, 102.0), (246.5, 104.5))}


@cache
def cut_out(which: int) -> tuple[Levels, Levels]:
    """A sitter placed in the frame, BGR, and how much of each pixel is the person: head and shoulders with soft borders."""
    sitter = sitters()[which]
    (left_x, left_y), (right_x, right_y) = sitter.left_eye, sitter.right_eye
    scale = EYES_APART_PX / float(np.hypot(right_x - left_x, right_y - left_y))
    turn = float(np.degrees(np.arctan2(right_y - left_y, right_x - left_x)))
    between = ((left_x + right_x) / 2, (left_y + right_y) / 2)
    place = np.asarray(cv2.getRotationMatrix2D(between, turn, scale), np.float64)
    place[:, 2] += np.subtract(EYES_AT, between)
    picture = cv2.warpAffine(
        sitter.portrait.photograph, place, FRAME, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return picture.astype(np.float32), _person()


EYES_AT: Final = (FRAME[0] / 2, 200.0)
MIDDLE: Final = (EYES_AT[0], EYES_AT[1] + 22 * MILLIMETRE)
"""Of the head."""


@cache
def _grid() -> tuple[Levels, Levels]:
    y, x = np.mgrid[0 : FRAME[1], 0 : FRAME[0]].astype(np.float32)
    return x, y


@cache
def _person() -> Levels:
    x, y = _grid()
    head = ((x - MIDDLE[0]) / (1.15 * HALF_WIDE)) ** 2 + ((y - MIDDLE[1]) / (1.15 * HALF_HIGH)) ** 2 < 1
    shoulders_top = MIDDLE[1] + 0.95 * HALF_HIGH
    shoulders = (y > shoulders_top) & (np.abs(x - MIDDLE[0]) < 0.9 * HALF_WIDE + (y - shoulders_top) * 1.2)
    return np.asarray(cv2.GaussianBlur((head | shoulders).astype(np.float32), (0, 0), 5), np.float32)


@cache
def _depth() -> Levels:
    """Pixels towards the camera, from the axis on which a head turns; falls to nothing beside it."""
    x, y = _grid()
    across, down = (x - MIDDLE[0]) / HALF_WIDE, (y - MIDDLE[1]) / HALF_HIGH
    dome = HALF_DEEP * np.sqrt(np.clip(1 - across**2 - down**2, 0, None))
    tip_y = EYES_AT[1] + 40 * MILLIMETRE
    nose = NOSE_DEEP * np.exp(-(((x - MIDDLE[0]) / NOSE_WIDE) ** 2 + ((y - tip_y) / (1.3 * NOSE_WIDE)) ** 2) / 2)
    return np.asarray(cv2.GaussianBlur((dome + nose).astype(np.float32), (0, 0), 3), np.float32)


@cache
def _held() -> Levels:
    """How far each place follows the head: wholly on it, not at all at the rim of the frame."""
    x, y = _grid()
    far = np.sqrt(((x - MIDDLE[0]) / HALF_WIDE) ** 2 + ((y - MIDDLE[1]) / HALF_HIGH) ** 2)
    return np.asarray(np.clip((1.75 - far) / 0.75, 0, 1), np.float32)


def posed(which: int, attitude: Attitude) -> tuple[Levels, Levels]:
    """The sitter in an attitude, and how much of each pixel is the person."""
    picture, person = cut_out(which)
    across, down = _turned(attitude)
    flat = _moved(attitude)
    layers = (
        cv2.remap(layer, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for layer in (picture, person)
    )
    seen, share = (cv2.warpAffine(layer, flat, FRAME, borderMode=cv2.BORDER_REPLICATE) for layer in layers)
    return np.asarray(seen, np.float32), np.asarray(share, np.float32)


def _turned(attitude: Attitude) -> tuple[Levels, Levels]:
    """For each place of the frame, the place of the upright sitter that is seen there: the turn, inverted by repetition."""
    x, y = _grid()
    yaw, pitch = np.radians(attitude.yaw), np.radians(attitude.pitch)
    narrow, aside, low, up = (float(part) for part in (np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)))
    from_x, from_y = x.copy(), y.copy()
    for _ in range(3):
        deep = np.asarray(cv2.remap(_depth(), from_x, from_y, cv2.INTER_LINEAR), np.float32)
        held = np.asarray(cv2.remap(_held(), from_x, from_y, cv2.INTER_LINEAR), np.float32)
        off_x, off_y = from_x - MIDDLE[0], from_y - MIDDLE[1]
        back = deep * narrow - off_x * aside
        from_x = np.asarray(x - held * (off_x * (narrow - 1) + deep * aside), np.float32)
        from_y = np.asarray(y - held * (off_y * (low - 1) - back * up), np.float32)
    return from_x, from_y


def _moved(attitude: Attitude) -> NDArray[np.float64]:
    """Roll about the neck, nearness about the middle of the head."""
    turn = cv2.getRotationMatrix2D((MIDDLE[0], MIDDLE[1] + 0.8 * HALF_HIGH), -attitude.roll, 1.0)
    near = cv2.getRotationMatrix2D(MIDDLE, 0, attitude.near)
    whole = np.vstack([near, [0, 0, 1]]) @ np.vstack([turn, [0, 0, 1]])
    whole[:2, 2] += attitude.aside
    return np.asarray(whole[:2], np.float64)


@cache
def _noise() -> Levels:
    """One sheet of it, of which each frame gets another shift: drawn anew it would take longer than all the rest."""
    return np.random.default_rng(7).normal(0, 2.2, (FRAME[1], FRAME[0], 3)).astype(np.float32)


def photographed(scene: Levels, chance: np.random.Generator, quality: int = 88) -> bytes:
    """JPEG of a scene with a sensor's noise."""
    noise = np.roll(_noise(), tuple(int(at) for at in chance.integers(0, 480, 2)), axis=(0, 1))
    noisy: Picture = to_picture(scene + noise)
    return cv2.imencode(".jpg", noisy, (cv2.IMWRITE_JPEG_QUALITY, quality))[1].tobytes()
