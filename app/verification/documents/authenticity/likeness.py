"""Was this card's picture sent before? A hash of its portrait that survives recompression; bands.py looks it up unseen.

Cards of one kind share everything but the portrait and some text, and portraits taken by one rule share ground, shoulders
and hair: it is the middle of the portrait, where the face is, that is hashed. Nobody's face is looked for there. The side
without a portrait is like everybody's, and is known again by its SHA-256 alone.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.authenticity.bands import BITS, OCTETS
from app.verification.documents.authenticity.planes import cut, luminance, measurable
from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.documents.quality.expected import EXPECTED, expected
from app.verification.examination import Kind, Side

RIM: Final[Mapping[tuple[Kind, Side], float]] = MappingProxyType({(Kind.DRIVING_LICENCE, Side.MAIN): 18})
"""Pixels by which a place is wider than its portrait: a licence's is glued in with a white rim. Hashed with the rim, one
that was moved there from another document was not known again."""
_PAGES: Final = (
    (Kind.RESIDENT_CARD, Side.PORTRAIT),
    (Kind.RESIDENCE_PERMIT, Side.PORTRAIT),
    (Kind.TEMPORARY_CARD, Side.PORTRAIT),
    (Kind.PERMANENT_RESIDENT_CARD, Side.FRONT),
    (Kind.DRIVING_LICENCE, Side.MAIN),
    (Kind.PASSPORT, Side.DATA_PAGE),
)
"""The kinds of one issuer, and by Doc 9303-4 every passport. On an identity card with a zone and on a visa each state puts
the portrait differently, and nothing is hashed."""
SIDE: Final = 32
"""Pixels the face is brought to: a hash of anything finer would not survive a messenger."""
FACE: Final = Box(left=0.24, top=0.26, right=0.76, bottom=0.80)
"""Of the portrait: GA 461 has the face 207 of 358 px wide, the hair at the upper edge, the eyes above the middle. Hashed
with hair and shoulders, strangers who have both alike differ in 4 bits of 64 and more, where copies differ in 5 at most."""
LEAST_CONTRAST: Final = 4.0
"""Grey levels: a plain patch has no portrait, and its hash would be noise's."""


def portrait_on(kind: Kind, side: Side, size: tuple[int, int]) -> Box | None:
    """Where the portrait stands on a canvas of that width and height; None where it has no one place."""
    box = expected(kind, side, size).portrait if (kind, side) in _PAGES else None
    return None if box is None else box.grown(-RIM.get((kind, side), 0))


PORTRAITS: Final[Mapping[tuple[Kind, Side], Box]] = MappingProxyType(
    {page: portrait for page in _PAGES if (portrait := portrait_on(*page, EXPECTED[page][0].format.canvas)) is not None}
)
"""The same, each on the canvas of its kind."""


def perceptual_hash(canvas: Image, portrait: Box) -> bytes | None:
    """256 signs of the face's slow waves, light taken out; None where there is no portrait."""
    wide, high = portrait.right - portrait.left, portrait.height
    face = Box(
        portrait.left + FACE.left * wide,
        portrait.top + FACE.top * high,
        portrait.left + FACE.right * wide,
        portrait.top + FACE.bottom * high,
    )
    inside = cut(face, canvas.shape) if measurable(canvas) else None
    if inside is None or min(canvas[inside].shape[:2]) < SIDE:
        return None
    grey = luminance(np.ascontiguousarray(canvas[inside]))
    small = np.asarray(cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)
    if float(small.std()) < LEAST_CONTRAST:
        return None
    lit = small / (cv2.GaussianBlur(small, (0, 0), SIDE / 4) + 5)
    waves = cv2.dct(np.asarray(lit, np.float32))
    signs = waves[_slow()] > 0
    return sum(1 << at for at, sign in enumerate(signs) if sign).to_bytes(OCTETS)


@cache
def _slow() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The slowest waves but the mean, slowest first."""
    waves = sorted(
        ((down, across) for down in range(SIDE) for across in range(SIDE)), key=lambda wave: (sum(wave), wave)
    )
    picked = np.array(waves[1 : BITS + 1])
    return picked[:, 0], picked[:, 1]
