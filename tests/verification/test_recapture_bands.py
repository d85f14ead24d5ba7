"""Is a shadow's edge over a card told from the bands of a screen's refresh? Light drawn here, over pale paper."""

import numpy as np
import pytest

from app.verification.documents.authenticity.recapture import refresh_bands
from app.verification.documents.outlines.blobs import Image
from tests.verification.examinations import policy

LIMIT = policy("production-1").thresholds.recapture_bands_most.value
HIGH, WIDE = 638, 1012


def lit(light: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Image:
    """Pale paper in that light, a camera's noise on it."""
    noise = np.random.default_rng(5).normal(0, 2, (HIGH, WIDE, 3))
    return np.asarray(np.clip(np.rint(215 * light[..., None] + noise), 0, 255), np.uint8)


def across(degrees: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Pixels from the middle, in that direction."""
    y, x = np.mgrid[0:HIGH, 0:WIDE] - np.array([[[HIGH / 2]], [[WIDE / 2]]])
    return np.asarray(y * np.cos(np.radians(degrees)) + x * np.sin(np.radians(degrees)))


def swing(image: Image) -> float:
    found = refresh_bands(image, None)
    assert found is not None
    return found.score


@pytest.mark.parametrize("soft_px", [8, 24, 80])
@pytest.mark.parametrize("degrees", [0, 20, 45, 70, 90])
@pytest.mark.parametrize("depth", [0.3, 0.75])
def test_a_shadows_edge_is_no_refresh(soft_px: float, degrees: float, depth: float) -> None:
    for at in (-180, 0, 140):
        inside = np.clip((across(degrees) - at) / soft_px + 0.5, 0, 1)
        assert swing(lit(1 - depth * inside)) < LIMIT


@pytest.mark.parametrize("bands", [4, 5.5, 8, 10])
def test_even_bands_are(bands: float) -> None:
    for degrees in (0, 5, 90):
        wave = np.sin(2 * np.pi * bands * across(degrees) / (WIDE if degrees == 90 else HIGH) + 1)
        assert swing(lit(0.9 * (1 + 0.08 * wave))) > LIMIT


@pytest.mark.parametrize("depth", [0.05, 0.1])
def test_bands_under_a_shadow_are_seen_still(depth: float) -> None:
    wave, inside = np.sin(2 * np.pi * 7 * across(0) / HIGH), np.clip(across(0) / 24 + 0.5, 0, 1)
    assert swing(lit(0.9 * (1 + 0.1 * wave) * (1 - depth * inside))) > LIMIT


@pytest.mark.parametrize("bands", [4, 6, 8])
def test_a_backlight_that_is_switched_makes_bands_too(bands: int) -> None:
    """A quarter of the time bright: its double is nearly as strong."""
    lit_up = (bands * across(0) / HIGH) % 1 < 0.25
    assert swing(lit(np.where(lit_up, 0.95, 0.8))) > LIMIT
