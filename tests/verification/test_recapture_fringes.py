"""Is the coloured guilloche of an honest card told from the fringes a screen leaves? Waves drawn here, in grey levels."""

from collections.abc import Sequence

import numpy as np
import pytest

from app.verification.documents.authenticity.recapture import colour_fringes
from app.verification.documents.authenticity.spectra import succession
from app.verification.documents.outlines.blobs import Image
from tests.verification.examinations import policy

LIMIT = policy("production-1").thresholds.recapture_fringes_most.value
STEEP = 0.37
"""Down for each pixel across: a pattern along an axis is left to the edges of print."""


def waves(heights: Sequence[float], behind: Sequence[float], period_px: float = 17.0) -> Image:
    """Pale paper, its red, green and blue in waves of those heights, each so many turns behind; a camera's noise on it."""
    y, x = np.mgrid[0:638, 0:1012]
    phase = (y + STEEP * x) / period_px
    swing = np.stack(
        [high * np.cos(2 * np.pi * (phase - by)) for high, by in zip(heights, behind, strict=True)], axis=2
    )
    noise = np.random.default_rng(5).normal(0, 1.5, swing.shape)
    return np.asarray(np.clip(np.rint(222 + swing + noise), 0, 255), np.uint8)


@pytest.mark.parametrize(
    ("heights", "behind"),
    [
        ((6, 6, 6), (0, 0, 0)),
        ((7, 3, 0.5), (0, 0, 0)),
        ((7, 2, 0), (0, 0.5, 0)),
        ((6, 5, 3), (0, 0.5, 0.5)),
    ],
    ids=["grey", "one coloured ink", "one ink between the lines of another", "three inks"],
)
def test_a_guilloche_in_coloured_ink_is_no_fringe(heights: Sequence[float], behind: Sequence[float]) -> None:
    fringes = colour_fringes(waves(heights, behind))
    assert fringes is not None
    assert fringes.score < LIMIT


@pytest.mark.parametrize("order", [(0, 1 / 3, 2 / 3), (0, 2 / 3, 1 / 3)], ids=["red, green, blue", "blue, green, red"])
def test_colours_that_follow_each_other_are_a_screens(order: Sequence[float]) -> None:
    fringes = colour_fringes(waves((4, 4, 4), order))
    assert fringes is not None
    assert fringes.score > LIMIT


def test_too_little_paper_shows_no_order_of_colours() -> None:
    burnt = np.full((640, 640), 255.0, np.float32)
    assert succession(burnt, burnt, burnt, burnt, 64) is None
