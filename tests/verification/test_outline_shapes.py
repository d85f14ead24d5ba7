"""Does the algebra of four corners take perspective out again, whatever the pose?"""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verification.documents.outlines.formats import FORMATS, ID_3, Format
from app.verification.documents.outlines.refining import refined
from app.verification.documents.outlines.shapes import (
    FOCAL_LENGTHS,
    Quad,
    areas,
    edge_lengths,
    fitting,
    lying,
    overlap,
    poses,
    turned_back,
)
from app.verification.documents.outlines.straightening import halves, straightened
from tests.verification.document_scenes import pose, projected

SIZE = (1000, 800)
formats = st.sampled_from(FORMATS)
leans, headings, turns = st.floats(0, 35), st.floats(0, 6.28), st.floats(-180, 180)


def shown(ratio: float, lean: float, about: float, turn: float, focal: float = 1.0, size: float = 500.0) -> Quad:
    """A rectangle in the middle of a picture, its long edge so many pixels long where it does not lean."""
    rectangle = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (0.5 * size, 0.5 * size / ratio)
    return (projected(rectangle, pose(lean, about, turn, focal * max(SIZE))) + np.array(SIZE) / 2).astype(np.float32)


@pytest.mark.rule("R27")
@settings(deadline=None)
@given(formats, leans, headings, turns, st.integers(0, len(FOCAL_LENGTHS) - 1))
def test_the_ratio_is_recovered_from_any_pose(
    shape: Format, lean: float, about: float, turn: float, focal: int
) -> None:
    quad = shown(shape.ratio, lean, about, turn, FOCAL_LENGTHS[focal])
    seen = poses(quad[None].astype(np.float64), SIZE)
    assert seen.ratio[0, focal] == pytest.approx(shape.ratio, rel=2e-3)
    assert seen.lean[0, focal] == pytest.approx(lean, abs=1.5)
    assert seen.skew[0, focal] < 0.2


@pytest.mark.rule("R27")
@settings(deadline=None)
@given(formats, leans, headings, turns)
def test_a_format_fits_its_own_rectangle_in_any_pose(shape: Format, lean: float, about: float, turn: float) -> None:
    badness = fitting(shown(shape.ratio, lean, about, turn)[None].astype(np.float64), SIZE)
    assert np.isfinite(badness[0, FORMATS.index(shape)])


@pytest.mark.rule("R27")
@settings(deadline=None)
@given(formats, st.floats(1.06, 1.5), turns)
def test_a_rectangle_seen_level_fits_no_format_of_another_ratio(shape: Format, off: float, turn: float) -> None:
    for ratio in (shape.ratio * off, shape.ratio / off):
        badness = fitting(shown(ratio, 0, 0, turn)[None].astype(np.float64), SIZE)
        assert not np.isfinite(badness[0, FORMATS.index(shape)])


@settings(deadline=None)
@given(formats, leans, headings, turns, st.integers(0, 3))
def test_a_quad_lies_on_a_long_edge_wherever_its_corners_begin(
    shape: Format, lean: float, about: float, turn: float, begin: int
) -> None:
    quad = shown(shape.ratio, lean, about, turn)
    lay = lying(np.roll(quad, begin, axis=0), SIZE)
    assert min(float(np.abs(np.roll(quad, by, axis=0) - lay).max()) for by in (0, 2)) < 1e-3


def checked(shape: Format) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A canvas on which every place can be told."""
    y, x = np.mgrid[0 : shape.canvas[1], 0 : shape.canvas[0]]
    return np.stack(
        [x * 255 / shape.canvas[0], y * 255 / shape.canvas[1], (x // 40 + y // 40) % 2 * 90 + 80], 2
    ).astype(np.uint8)


@settings(deadline=None, max_examples=20)
@given(formats, st.floats(0, 30), headings, turns)
def test_what_was_photographed_comes_back_straight(shape: Format, lean: float, about: float, turn: float) -> None:
    quad, canvas = shown(shape.ratio, lean, about, turn), checked(shape)
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32) * np.array(shape.canvas, np.float32)
    photograph = cv2.warpPerspective(canvas, cv2.getPerspectiveTransform(corners, quad), SIZE, flags=cv2.INTER_AREA)
    back = straightened(np.asarray(photograph, np.uint8), quad, shape)
    assert back.shape == canvas.shape
    off = np.abs(back[20:-20, 20:-20, :2].astype(float) - canvas[20:-20, 20:-20, :2])
    assert np.median(off) < 2


@settings(deadline=None)
@given(st.floats(0, 30), headings, turns)
def test_the_halves_of_a_spread_are_two_pages(lean: float, about: float, turn: float) -> None:
    spread = shown(2 * 88 / 125, lean, about, turn)
    for page in halves(spread):
        assert np.isfinite(fitting(page[None].astype(np.float64), SIZE)[0, FORMATS.index(ID_3)])
    assert overlap(*halves(spread)) < 0.01
    assert sum(float(areas(page[None].astype(np.float64))[0]) for page in halves(spread)) == pytest.approx(
        float(areas(spread[None].astype(np.float64))[0]), rel=1e-3
    )


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 30), headings, turns, st.lists(st.floats(-4, 4), min_size=8, max_size=8))
def test_corners_a_little_off_are_moved_to_the_edges(lean: float, about: float, turn: float, off: list[float]) -> None:
    quad = shown(1.5, lean, about, turn)
    picture = np.full((*SIZE[::-1], 3), 60, np.uint8)
    cv2.fillConvexPoly(picture, np.rint(quad * 16).astype(np.int32), (210, 210, 210), cv2.LINE_AA, 4)
    moved = refined(quad + np.array(off, np.float32).reshape(4, 2), picture, np.zeros(4, np.bool_))
    assert float(np.abs(moved - quad).max()) < 0.003 * float(edge_lengths(quad).max())


@pytest.mark.parametrize("quarters", range(4))
def test_a_quad_of_a_turned_picture_is_found_in_the_picture(quarters: int) -> None:
    picture = np.zeros((70, 110), np.uint8)
    picture[20:30, 40:90] = 255
    turned = np.rot90(picture, quarters)
    rows, columns = np.nonzero(turned)
    left, top, right, bottom = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    quad = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)
    back = turned_back(quad, quarters, (110, 70))
    assert sorted(map(tuple, back.tolist())) == [(40, 20), (40, 30), (90, 20), (90, 30)]
