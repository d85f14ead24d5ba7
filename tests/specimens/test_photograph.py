"""Is a photograph of a drawing a photograph: where it says the card lies, and spoiled as it says?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import cv2
import numpy as np
import pytest

from app.specimens.canvas import Picture
from app.specimens.degradations import blurred, cut_at_edge, darkened, shrunk, turned, with_glare
from app.specimens.people import random_card
from app.specimens.photograph import Capture, Photograph, photograph, rectified
from app.specimens.resident_card import draw_emblem_side

DRAWING = draw_emblem_side(random_card(1, date(2026, 1, 15)))
INSIDE = (slice(90, 570), slice(50, 960))


@pytest.fixture(scope="module")
def photo() -> Photograph:
    return photograph(DRAWING, Capture(seed=1))


def likeness(one: Picture, other: Picture) -> float:
    """Correlation of two pictures, 1 is the same up to light."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def sharpness(picture: Picture) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var())


def test_the_same_capture_gives_the_same_bytes(photo: Photograph) -> None:
    assert photo.jpeg() == photograph(DRAWING, Capture(seed=1)).jpeg()


def test_another_seed_lays_the_card_elsewhere(photo: Photograph) -> None:
    assert not np.allclose(photo.corners, photograph(DRAWING, Capture(seed=2)).corners, atol=5)


def test_a_photograph_is_sent_as_jpeg_of_its_size(photo: Photograph) -> None:
    decoded = cv2.imdecode(np.frombuffer(photo.jpeg(), np.uint8), cv2.IMREAD_COLOR)
    assert photo.jpeg()[:3] == b"\xff\xd8\xff"
    assert decoded is not None
    assert decoded.shape == (1200, 1600, 3)


@pytest.mark.parametrize("seed", range(6))
def test_the_card_lies_within_the_frame_where_the_corners_say(seed: int) -> None:
    photo = photograph(DRAWING, Capture(seed=seed))
    assert (photo.corners > 0).all()
    assert (photo.corners < (1600, 1200)).all()
    printed, moved = DRAWING.canvas[INSIDE], replace(photo, corners=photo.corners + 6)
    assert likeness(rectified(photo)[INSIDE], printed) > 0.9
    assert likeness(rectified(moved)[INSIDE], printed) < 0.7


def test_a_leaning_card_is_no_parallelogram(photo: Photograph) -> None:
    top, bottom = photo.corners[1] - photo.corners[0], photo.corners[2] - photo.corners[3]
    assert np.linalg.norm(top - bottom) > 3


def test_blur_takes_the_edges_away(photo: Photograph) -> None:
    assert sharpness(rectified(blurred(photo))) < 0.1 * sharpness(rectified(photo))


def test_glare_saturates_part_of_the_card(photo: Photograph) -> None:
    before, after = ((rectified(each).min(axis=2) > 250).mean() for each in (photo, with_glare(photo)))
    assert before < 0.01
    assert 0.05 < after < 0.5


def test_darkness_leaves_the_share_of_light_asked_for(photo: Photograph) -> None:
    assert darkened(photo, 0.25).pixels.mean() == pytest.approx(0.25 * photo.pixels.mean(), rel=0.05)


def test_a_cut_card_has_two_corners_outside_the_frame(photo: Photograph) -> None:
    cut = cut_at_edge(photo)
    assert (cut.corners[:, 0] >= cut.pixels.shape[1]).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    "spoil", [shrunk, lambda photo: turned(photo, 1), lambda photo: turned(photo, 2), lambda photo: turned(photo, 3)]
)
def test_corners_follow_what_moves_the_card(photo: Photograph, spoil: Callable[[Photograph], Photograph]) -> None:
    assert likeness(rectified(spoil(photo)), rectified(photo)) > 0.95


def test_a_shrunk_card_is_as_many_times_smaller(photo: Photograph) -> None:
    assert shrunk(photo, 0.35).pixels.shape == (420, 560, 3)


def test_four_quarter_turns_are_none(photo: Photograph) -> None:
    once = turned(photo, 1)
    assert once.pixels.shape == (1600, 1200, 3)
    assert np.array_equal(turned(once, 3).pixels, photo.pixels)
    assert np.allclose(turned(once, 3).corners, photo.corners)
