"""Was this card's picture sent before? A hash of its portrait that survives recompression, and how to look it up unseen.

Cards of one kind share everything but the portrait and some text, so it is the portrait that is hashed: sixty drawn cards
with sixty people's faces differ in 12 bits and more, one photograph sent again in 8 at most, one card photographed twice
in 11 at most. The side without a portrait is like everybody's, and is known again by its SHA-256 alone.
"""

from collections.abc import Collection, Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.authenticity.planes import cut, luminance, measurable
from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image

BITS = 64
SIDE = 32
"""Pixels the portrait is brought to: a hash of anything finer would not survive a messenger."""
INSET = 0.08
"""Of the portrait's size: its rim is paper, and boxes are out by some pixels."""
LEAST_CONTRAST = 4.0
"""Grey levels: a plain patch has no portrait, and its hash would be noise's."""
BANDS, BAND_BITS = 4, 16
BANDS_TO_MEET = 2
"""Of 4, each to a bit: always met up to 5 bits apart, seldom beyond 10, and never by 1,770 pairs of drawn strangers."""


def perceptual_hash(canvas: Image, portrait: Box) -> int | None:
    """64 signs of the portrait's slow waves, light taken out; None where there is no portrait."""
    wide, high = portrait.right - portrait.left, portrait.height
    inner = Box(
        portrait.left + INSET * wide,
        portrait.top + INSET * high,
        portrait.right - INSET * wide,
        portrait.bottom - INSET * high,
    )
    inside = cut(inner, canvas.shape) if measurable(canvas) else None
    if inside is None or min(canvas[inside].shape[:2]) < SIDE:
        return None
    grey = luminance(np.ascontiguousarray(canvas[inside]))
    small = np.asarray(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)
    if float(small.std()) < LEAST_CONTRAST:
        return None
    lit = small / (cv2.GaussianBlur(small, (0, 0), SIDE / 4) + 5)
    waves = cv2.dct(np.asarray(lit, np.float32))
    signs = waves[_slow()] > 0
    return sum(1 << at for at, sign in enumerate(signs) if sign)


def distance(one: int, other: int) -> int:
    """In how many of the 64 bits two pictures differ."""
    return (one ^ other).bit_count()


def bands(of: int) -> tuple[bytes, ...]:
    """What is kept of a hash, each under a keyed hash: its four parts, told apart by their number."""
    return tuple(_band(at, of >> (at * BAND_BITS) & 0xFFFF) for at in range(BANDS))


def probes(of: int) -> tuple[bytes, ...]:
    """What is looked for, under the same keyed hash: every part as it is, and with each of its bits turned."""
    turned = (0, *(1 << bit for bit in range(BAND_BITS)))
    return tuple(_band(at, (of >> (at * BAND_BITS) & 0xFFFF) ^ turn) for at in range(BANDS) for turn in turned)


def alike(kept: Sequence[bytes], looked_for: Collection[bytes]) -> bool:
    """Whether enough parts of a kept picture are among those looked for; the rule a database counts by."""
    return sum(band in looked_for for band in kept) >= BANDS_TO_MEET


def _band(number: int, value: int) -> bytes:
    return bytes((number,)) + value.to_bytes(2)


@cache
def _slow() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The 64 slowest waves but the mean, slowest first."""
    waves = sorted(((down, across) for down in range(16) for across in range(16)), key=lambda wave: (sum(wave), wave))
    picked = np.array(waves[1 : BITS + 1])
    return picked[:, 0], picked[:, 1]
