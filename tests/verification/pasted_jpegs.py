"""What does a picture look like into which part of another JPEG was pasted? For the tests alone: plumbing, not accuracy."""

from dataclasses import replace

import cv2
import numpy as np

from app.specimens.canvas import Picture, to_picture
from app.specimens.drawing import Drawing
from app.specimens.forgeries import saved
from app.specimens.photograph import Corners, lay, photograph
from app.specimens.resident_card import NUMBER_STEP, NUMBER_X, NUMBER_Y, draw_portrait_side
from tests.verification.card_shots import (
    HIGH,
    LEFT,
    PORTRAIT,
    TOP,
    WIDE,
    Chance,
    Shot,
    capture,
    drawn,
    face,
    received,
)

BLOCK = 8
INSERTED = (50, 81)
"""Quality in which the other picture was saved; the whole is saved better than that afterwards."""
SAVED_AT_LEAST = 85
NUMBER_PART = (slice(NUMBER_Y - 40, NUMBER_Y + 12), slice(NUMBER_X - 6, NUMBER_X + 18 * NUMBER_STEP + 6))


def portrait_of_another_jpeg(seed: int) -> Shot:
    """Another portrait, lit as the card is, out of a picture whose blocks begin elsewhere."""
    chance = np.random.default_rng((seed, 10))
    truth, inset = drawn(seed, PORTRAIT)[1], int(chance.integers(2, 14))
    part = (slice(TOP + inset, TOP + HIGH - inset), slice(LEFT + inset, LEFT + WIDE - inset))
    return _pasted(seed, draw_portrait_side(truth, face(np.random.default_rng((seed, 88)))), part, chance)


def number_of_another_jpeg(seed: int) -> Shot:
    """The whole number of somebody else's card."""
    chance = np.random.default_rng((seed, 11))
    return _pasted(seed, drawn(seed + 7, PORTRAIT)[0], NUMBER_PART, chance)


def _pasted(seed: int, other: Drawing, part: tuple[slice, slice], chance: Chance) -> Shot:
    photo = photograph(drawn(seed, PORTRAIT)[0], capture(chance))
    taken = saved(photo.pixels, photo.jpeg_quality)
    quality, at = int(chance.integers(*INSERTED)), 1 + int(chance.integers(BLOCK * BLOCK - 1))
    insert = _again(_lit_as(taken, other, photo.corners, chance), quality, (at // BLOCK, at % BLOCK))
    mask = np.zeros(other.canvas.shape, np.uint8)
    mask[part] = 255
    over = np.zeros(photo.pixels.shape, np.float32)
    lay(over, replace(other, canvas=mask), photo.corners)
    share = over[..., :1] / 255
    edited = to_picture(taken * (1 - share) + insert.astype(np.float32) * share)
    last = int(chance.integers(max(quality + 8, SAVED_AT_LEAST), 97))
    return received(replace(photo, pixels=edited, jpeg_quality=last), PORTRAIT, chance)


def _lit_as(taken: Picture, other: Drawing, corners: Corners, chance: Chance) -> Picture:
    """The other card where this one lies, in this one's light, seen by a camera of its own."""
    scene = np.zeros(taken.shape, np.float32)
    lay(scene, other, corners)
    size = (taken.shape[1], taken.shape[0])
    coarse = [cv2.resize(each, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA) for each in (taken, scene)]
    real, own = (cv2.resize(cv2.GaussianBlur(each.astype(np.float32), (0, 0), 8), size) for each in coarse)
    lit = cv2.GaussianBlur(scene, (0, 0), 0.8) * (real + 1) / (own + 1)
    return to_picture(lit + 2.5 * chance.standard_normal(lit.shape, np.float32))


def _again(picture: Picture, quality: int, off: tuple[int, int]) -> Picture:
    """Saved, its blocks beginning so many rows and columns later."""
    moved = picture.copy()
    moved[off[0] :, off[1] :] = saved(np.ascontiguousarray(picture[off[0] :, off[1] :]), quality)
    return moved
