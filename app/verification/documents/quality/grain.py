"""What did sensor and compression leave of the picture? Measured in the photograph: once straightened, neither shows."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.outlines.blobs import Image
from app.verification.examination import Measure, Polygon
from app.verification.reasons import ReasonCode

Plane = NDArray[np.float32]
BLOCK = 8
"""Pixels, ITU-T T.81 §A.2.2."""
LEAST_WAVE = 16.0
"""Amplitude below which a block's slowest wave is noise, or the rounding of a second saving."""
FEWEST_WAVES = 100
"""Blocks with such a wave, for a low percentile of them to say something."""
LARGEST = 1600
"""Pixels of the document looked at in either direction: more has no more to tell."""
_MASK = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
"""Blind to edges and slopes (Immerkær, Fast Noise Variance Estimation, 1996)."""
_TO_DEVIATION = 1 / (6 * 0.6745)
"""The mask's own gain, and from the median of magnitudes to a normal distribution's deviation."""
_WAVE = np.cos((2 * np.arange(BLOCK) + 1) * np.pi / 16).astype(np.float32) * np.float32(np.sqrt(2))
"""Over the mean of a block's rows: the coefficient that T.81 §A.3.3 calls S01."""


def grain_measures(photograph: Image, outline: Polygon) -> Iterator[Measure]:
    """Noise and compression where the document lies, in grey levels."""
    seen = _within(photograph, outline)
    if min(seen.shape) < 4 * BLOCK:
        return
    yield Measure(ReasonCode.CARD_GRAINY, noise(seen))
    step = coarseness(seen)
    if step is not None:
        yield Measure(ReasonCode.CARD_COMPRESSED, step)


def noise(grey: Plane) -> float:
    """Standard deviation of what no edge and no slope explains; by the median, for print is neither."""
    return float(np.median(np.abs(cv2.filter2D(grey, cv2.CV_32F, _MASK)[1:-1, 1:-1]))) * _TO_DEVIATION


def coarseness(grey: Plane) -> float | None:
    """The step to which JPEG rounded the slowest wave of its blocks, as a whole or in one saving before the last.

    What is rounded is nothing or at least a step. At quality 10 the luminance table of T.81 Annex K has 55 and 60 for the two
    slowest waves. None: too few blocks have such a wave to tell.
    """
    across, down = _slowest(grey), _slowest(np.ascontiguousarray(grey.T))
    waves = np.concatenate([across, down])
    waves = waves[waves > LEAST_WAVE]
    return float(np.percentile(waves, 5)) if waves.size >= FEWEST_WAVES else None


def _slowest(grey: Plane) -> NDArray[np.float32]:
    """Magnitude of the slowest wave across of each block."""
    top, left = _begin(grey.T), _begin(grey)
    high, wide = (grey.shape[0] - top) // BLOCK, (grey.shape[1] - left) // BLOCK
    blocks = grey[top : top + high * BLOCK, left : left + wide * BLOCK].reshape(high, BLOCK, wide, BLOCK)
    return np.asarray(np.abs(blocks.mean(axis=1) @ _WAVE).ravel(), np.float32)


def _begin(grey: Plane) -> int:
    """At which column blocks begin: steps between columns are widest there; a picture cut or turned begins anywhere."""
    steps = np.abs(np.diff(grey, axis=1)).mean(axis=0)
    return (int(np.argmax([steps[at::BLOCK].mean() for at in range(BLOCK)])) + 1) % BLOCK


def _within(photograph: Image, outline: Polygon) -> Plane:
    """The upright box around the document, without its colours."""
    high, wide = photograph.shape[:2]
    corners = np.clip(np.array(outline, np.float64), 0, (wide, high)).round().astype(int)
    left, top = corners.min(axis=0)
    right, bottom = np.minimum(corners.max(axis=0), (left + LARGEST, top + LARGEST))
    if left >= right or top >= bottom:
        return np.zeros((0, 0), np.float32)
    grey = cv2.cvtColor(np.ascontiguousarray(photograph[top:bottom, left:right]), cv2.COLOR_RGB2GRAY)
    return np.asarray(grey, np.float32)
