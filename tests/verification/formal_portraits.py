"""What do portraits look like that were all taken by one rule? One ground, one cut of hair, one pair of shoulders; faces of LFW.

Harder than any real set: nothing but the middle of the face is the person's. LFW's subset in scikit-image has a hundred
people, 25 × 25 px each.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.canvas import Picture, to_picture

WIDE, HIGH = 310, 380
GROUND, HAIR, SKIN, CLOTH = 238.0, (35, 32, 30), (150, 160, 185), (60, 55, 50)


@cache
def _people() -> NDArray[np.uint8]:
    spec = find_spec("skimage")
    assert spec is not None
    assert spec.origin is not None
    faces = np.load(Path(spec.origin).parent / "data" / "lfw_subset.npy")[:100]
    return np.asarray(faces * 255, np.uint8)


def close(person: int) -> Picture:
    """The face fills the portrait."""
    face = cv2.resize(_people()[person], (WIDE, HIGH), interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.cvtColor(face, cv2.COLOR_GRAY2BGR), np.uint8)


def formal(person: int) -> Picture:
    """As GA 461 frames it: a face 207 of 358 px wide, hair just below the edge, eyes above the middle."""
    chance = np.random.default_rng((person, 7))
    scale, off = chance.uniform(0.97, 1.03), chance.uniform(-6, 6, 2)
    x, y = int(WIDE / 2 + off[0]), int(HIGH / 2 + off[1])
    portrait = np.full((HIGH, WIDE, 3), GROUND, np.float32)
    _oval(portrait, (x, 410), (160 * scale, 100), CLOTH)
    cv2.rectangle(portrait, (x - 45, y + 90), (x + 45, y + 150), SKIN, -1)
    _oval(portrait, (x, y - 40), (102 * scale, 138 * scale), HAIR)
    wide, high = int(200 * scale), int(240 * scale)
    face, mask = np.zeros((HIGH, WIDE, 1), np.float32), np.zeros((HIGH, WIDE, 1), np.float32)
    left, top = x - wide // 2, y - high // 2 + 14
    face[top : top + high, left : left + wide, 0] = cv2.resize(
        _people()[person], (wide, high), interpolation=cv2.INTER_CUBIC
    )
    _oval(mask, (x, y + 14), (90 * scale, 112 * scale), (1.0,))
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), 4), np.float32)[..., None]
    return to_picture(portrait * (1 - soft) + face * soft)


def _oval(
    picture: NDArray[np.float32], middle: tuple[int, int], half: tuple[float, float], colour: tuple[float, ...]
) -> None:
    cv2.ellipse(picture, middle, (int(half[0]), int(half[1])), 0, 0, 360, colour, -1)
