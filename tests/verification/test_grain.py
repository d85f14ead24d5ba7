"""Is what sensor and compression leave of a picture told from the photograph, wherever its blocks begin?"""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from app.specimens.degradations import blurred, darkened, noisy, overexposed, shrunk, squeezed, turned
from app.specimens.people import random_card
from app.specimens.photograph import Capture, Photograph, photograph
from app.specimens.resident_card import draw_emblem_side
from app.verification.documents.quality.grain import grain_measures
from app.verification.examination import Polygon
from app.verification.findings.pictures import BOUNDS
from app.verification.reasons import ReasonCode
from tests.verification.examinations import policy

LIMITS = policy().thresholds
SEEDS = range(1300, 1304)
"""The limits were set on seeds 300 to 311."""
Spoil = Callable[[Photograph], Photograph]


def taken(seed: int) -> Photograph:
    return photograph(draw_emblem_side(random_card(seed, date(2025, 6, 1))), Capture(seed=seed))


def told(photo: Photograph, left: int = 0) -> set[ReasonCode]:
    """What is said of a photograph of which so many columns were cut off."""
    pixels = np.ascontiguousarray(photo.pixels[:, left:, ::-1])
    a, b, c, d = ((float(x) - left, float(y)) for x, y in photo.corners)
    outline: Polygon = (a, b, c, d)
    found = set()
    for measure in grain_measures(pixels, outline):
        bound = BOUNDS[measure.code]
        limit = bound.of(measure)
        assert limit is not None
        if not bound.kept(measure.score, limit(LIMITS).value):
            found.add(measure.code)
    return found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("quality", [2, 4, 6])
def test_what_a_messenger_squeezed_beyond_reading_is_told_wherever_it_is_cut(seed: int, quality: int) -> None:
    photo = squeezed(taken(seed), quality)
    assert told(photo) == told(photo, left=3) == {ReasonCode.CARD_COMPRESSED}
    assert told(turned(photo, 1)) == {ReasonCode.CARD_COMPRESSED}


@pytest.mark.parametrize("seed", SEEDS)
def test_squeezed_once_and_saved_again_is_told_still(seed: int) -> None:
    assert told(squeezed(squeezed(taken(seed), 5), 90)) == {ReasonCode.CARD_COMPRESSED}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("deviation", [82, 100, 120])
def test_noise_beyond_reading_is_told(seed: int, deviation: int) -> None:
    assert told(squeezed(noisy(taken(seed), deviation, seed), 90)) == {ReasonCode.CARD_GRAINY}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda photo: squeezed(photo, 10),
        lambda photo: squeezed(noisy(photo, 45, 7), 90),
        lambda photo: blurred(photo, 9),
        lambda photo: darkened(photo, 0.11),
        lambda photo: overexposed(photo, 3.0),
        lambda photo: shrunk(photo, 1 / 4),
        lambda photo: photo,
    ],
    ids=["quality 10", "noise 45", "blur", "dark", "bright", "small", "plain"],
)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_read_still_and_what_is_wrong_otherwise_is_not_told_so(seed: int, spoil: Spoil) -> None:
    assert told(spoil(taken(seed))) == set()


@pytest.mark.parametrize(
    "outline",
    [
        ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)),
        ((-900.0, -900.0), (-100.0, -900.0), (-100.0, -100.0), (-900.0, -100.0)),
    ],
)
def test_of_an_outline_that_holds_nothing_nothing_is_measured(outline: Polygon) -> None:
    assert list(grain_measures(np.zeros((200, 300, 3), np.uint8), outline)) == []
