"""Is what was pasted from another JPEG told by its blocks, and what was merely saved twice not?"""

import cv2
import numpy as np
import pytest

from app.verification.documents.authenticity.compression import strange_grids
from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.examination import Polygon
from tests.verification.examinations import policy

LIMIT = policy().thresholds.compression_differs_most.value
SIZE = (1012, 638)
AT = Box(640, 80, 960, 460)
OUTLINE: Polygon = ((100.0, 100.0), (1112.0, 100.0), (1112.0, 738.0), (100.0, 738.0))


def grainy(seed: int) -> Image:
    """A photograph of paper in soft light, and the sensor's noise, another with each seed."""
    shades = cv2.resize(
        np.random.default_rng(0).uniform(150, 190, (11, 15)), (1200, 840), interpolation=cv2.INTER_CUBIC
    )
    noisy = shades[..., None] + np.random.default_rng(seed).normal(0, 4, (840, 1200, 1)) + np.zeros(3)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def saved(picture: Image, quality: int) -> Image:
    octets = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))[1]
    return np.asarray(cv2.imdecode(octets, cv2.IMREAD_COLOR), np.uint8)


def pasted(seed: int, off: tuple[int, int]) -> Image:
    """The portrait's place out of another JPEG, whose blocks begin elsewhere."""
    whole, other = saved(grainy(seed), 92), saved(grainy(seed + 100), 70)
    place = (slice(190, 540), slice(750, 1050))
    whole[place] = other[190 - off[0] : 540 - off[0], 750 - off[1] : 1050 - off[1]]
    return saved(whole, 93)


def strangest(picture: Image) -> float:
    (found,) = strange_grids(picture, OUTLINE, SIZE, AT, {})
    return found.score


@pytest.mark.parametrize("seed", range(4))
def test_a_portrait_out_of_another_jpeg_has_its_own_blocks(seed: int) -> None:
    assert strangest(pasted(seed, (3, 5))) > LIMIT


@pytest.mark.parametrize("seed", range(4))
def test_a_picture_saved_once_has_none(seed: int) -> None:
    assert strangest(saved(grainy(seed), 90)) <= LIMIT


@pytest.mark.parametrize("seed", range(4))
def test_a_picture_cut_and_saved_again_by_a_messenger_has_its_old_blocks_everywhere(seed: int) -> None:
    old = np.ascontiguousarray(saved(grainy(seed), 70)[3:, 5:])
    assert strangest(saved(old, 93)) <= LIMIT


def test_a_place_beyond_the_picture_or_too_small_is_not_judged() -> None:
    picture = grainy(0)
    assert strange_grids(picture, OUTLINE, SIZE, Box(5000, 5000, 5100, 5100), {}) == ()
    assert strange_grids(picture, OUTLINE, SIZE, Box(40, 40, 52, 52), {}) == ()
    assert strange_grids(picture, OUTLINE, SIZE, None, {"number": Box(float("nan"), 0, 1, 1)}) == ()
    assert strange_grids(None, OUTLINE, SIZE, AT, {}) == strange_grids(picture, None, SIZE, AT, {}) == ()
