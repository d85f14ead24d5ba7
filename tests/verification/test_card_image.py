"""Is a card found in photographs, straightened truly, and measured?"""

from dataclasses import replace
from datetime import date

import cv2
import numpy as np
import pytest

from app.specimens import degradations
from app.specimens.people import random_card
from app.specimens.photograph import Capture, Photograph, photograph
from app.specimens.resident_card import draw_emblem_side
from app.verification.documents.outlines.finding import How
from app.verification.documents.outlines.formats import ID_1
from app.verification.documents.quality import measure
from app.verification.examination import NO_CARD
from tests.verification.examinations import policy
from tests.verification.found_cards import Card, Image, find_card, rotated

DRAWING = draw_emblem_side(random_card(3, date(2025, 11, 1)))
PLAIN = photograph(DRAWING, Capture(seed=3))
LIMITS = policy().thresholds
RATIO = ID_1.ratio


def rectangle(ratio: float, *, long_edge: int = 700, frame: tuple[int, int] = (1000, 800)) -> Image:
    """A bright rectangle of a ratio on a dark ground."""
    image = np.full((frame[1], frame[0], 3), 40, np.uint8)
    high = round(long_edge / ratio)
    left, top = (frame[0] - long_edge) // 2, (frame[1] - high) // 2
    cv2.rectangle(image, (left, top), (left + long_edge, top + high), (220, 225, 215), -1)
    return image


def found_in(pixels: Image) -> Card:
    """The card in a picture that has one."""
    card = find_card(pixels)
    assert card is not None
    return card


def corner_error(photo: Photograph) -> float:
    """Greatest distance of a found corner from the true one, whichever corner came first."""
    found = np.array(found_in(photo.pixels).corners)
    return min(float(np.abs(np.roll(found, by, axis=0) - photo.corners).max()) for by in range(4))


@pytest.mark.rule("R27")
@pytest.mark.parametrize("seed", range(4))
def test_the_corners_of_a_leaning_card_are_found(seed: int) -> None:
    capture = Capture(seed=seed, lean_degrees=16, turn_degrees=15, card_share=0.62)
    assert corner_error(photograph(DRAWING, capture)) < 5


@pytest.mark.rule("R27")
@pytest.mark.parametrize("seed", range(4))
def test_a_card_that_leans_by_a_third_of_a_right_angle_is_found(seed: int) -> None:
    photo = photograph(DRAWING, Capture(seed=seed, lean_degrees=35, turn_degrees=40, card_share=0.5))
    assert corner_error(photo) < 5
    assert 0 <= found_in(photo.pixels).tilt < 55


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_card_held_sideways_or_upside_down_is_found(quarters: int) -> None:
    assert corner_error(degradations.turned(PLAIN, quarters)) < 5


def test_the_canvas_shows_the_card_from_above() -> None:
    card = found_in(PLAIN.pixels)
    assert card.canvas.shape == (638, 1012, 3)
    difference = np.abs(card.canvas.astype(float).mean(axis=2) - DRAWING.canvas.astype(float).mean(axis=2))
    assert np.median(difference) < 70


def test_a_canvas_turned_twice_is_itself() -> None:
    canvas = found_in(PLAIN.pixels).canvas
    assert np.array_equal(rotated(rotated(canvas)), canvas)
    assert np.array_equal(rotated(canvas)[0, 0], canvas[-1, -1])


@pytest.mark.rule("R27")
@pytest.mark.parametrize(("share", "found"), [(1.0, True), (0.97, True), (1.03, True), (0.93, False), (1.07, False)])
def test_a_rectangle_seen_level_has_the_cards_ratio_or_is_none(share: float, *, found: bool) -> None:
    assert (find_card(rectangle(RATIO * share)) is not None) is found


@pytest.mark.parametrize(("long_edge", "found"), [(620, True), (270, True), (190, False)])
def test_a_card_fills_a_twenty_fifth_of_the_photograph_or_is_none(long_edge: int, *, found: bool) -> None:
    assert (find_card(rectangle(RATIO, long_edge=long_edge)) is not None) is found


def test_a_picture_that_is_the_card_alone_is_used_whole() -> None:
    card = found_in(DRAWING.canvas[20:-20, 30:-30])
    assert (card.found, card.edge_cut) == (How.WHOLE, False)


@pytest.mark.parametrize("picture", [np.full((800, 1000, 3), 128, np.uint8), np.zeros((1200, 1200, 3), np.uint8)])
def test_a_picture_of_nothing_holds_no_card(picture: Image) -> None:
    assert find_card(picture) is None
    assert measure(None) == NO_CARD


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (10, 16)])
def test_the_smallest_pictures_do_no_harm(size: tuple[int, int]) -> None:
    view = measure(find_card(np.zeros((*size, 3), np.uint8)))
    assert view.width_px < LIMITS.card_width_least_px.value


def test_a_card_the_frame_cuts_is_told() -> None:
    assert measure(find_card(degradations.cut_at_edge(PLAIN).pixels)).edge_cut
    assert not measure(find_card(PLAIN.pixels)).edge_cut


def test_a_good_photograph_keeps_every_limit() -> None:
    view = measure(find_card(PLAIN.pixels))
    assert view.blur >= 3 * LIMITS.card_blur_least.value
    assert view.glare == 0
    assert LIMITS.card_brightness_least.value < view.brightness < LIMITS.card_brightness_most.value
    edges = np.linalg.norm(np.roll(PLAIN.corners, -1, axis=0) - PLAIN.corners, axis=1)
    assert view.width_px == pytest.approx(float(edges.max()), rel=0.02)


def test_a_blurred_card_is_told_from_one_a_little_soft() -> None:
    soft, blurred = degradations.blurred(PLAIN, 2), degradations.blurred(PLAIN, 6)
    assert measure(find_card(soft.pixels)).blur > LIMITS.card_blur_least.value
    assert measure(find_card(blurred.pixels)).blur < LIMITS.card_blur_least.value


def test_noise_is_not_sharpness() -> None:
    noisy = photograph(DRAWING, Capture(seed=3, blur_px=6, noise=8))
    assert measure(find_card(noisy.pixels)).blur < LIMITS.card_blur_least.value


def test_a_mirrored_lamp_is_glare() -> None:
    assert measure(find_card(degradations.with_glare(PLAIN).pixels)).glare > LIMITS.card_glare_most.value


def test_a_dark_photograph_is_dark_and_not_blurred() -> None:
    view = measure(find_card(degradations.darkened(PLAIN).pixels))
    assert view.brightness < LIMITS.card_brightness_least.value
    assert view.blur > LIMITS.card_blur_least.value


def test_a_card_of_few_pixels_is_small() -> None:
    assert measure(find_card(degradations.shrunk(PLAIN).pixels)).width_px < LIMITS.card_width_least_px.value


def test_the_same_photograph_gives_the_same_card() -> None:
    again = replace(PLAIN, pixels=PLAIN.pixels.copy())
    assert np.array_equal(found_in(PLAIN.pixels).canvas, found_in(again.pixels).canvas)
