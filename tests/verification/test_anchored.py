"""Is a document placed by its words where no outline was found, and by nothing else?"""

import numpy as np
import pytest

from app.verification.documents.layout import Box
from app.verification.documents.outlines.anchored import Placed, placed
from app.verification.documents.outlines.anchors import RESIDENT_EMBLEM, RESIDENT_PORTRAIT, Page
from app.verification.documents.outlines.formats import TD_2
from app.verification.documents.outlines.shapes import Quad
from app.verification.examination import Line
from tests.verification.document_scenes import pose, projected

SIZE = (1600, 1200)
PORTRAIT = {
    "姓名": Box(55, 80, 109, 106),
    "许海涛": Box(154, 73, 262, 108),
    "性别": Box(55, 148, 110, 174),
    "民族汉": Box(290, 148, 400, 174),
    "出生": Box(57, 216, 111, 242),
    "住址": Box(55, 286, 111, 312),
    "公民身份号码": Box(56, 540, 226, 566),
    "619900199811106434": Box(342, 535, 838, 566),
}
EMBLEM = {
    "中华人民共和国": Box(325, 98, 776, 158),
    "居民身份证": Box(322, 185, 781, 271),
    "签发机关长陵市公安局": Box(234, 450, 660, 480),
    "有效期限2023.04.08-长期": Box(234, 522, 700, 552),
}


def camera(lean: float = 0, about: float = 0, turn: float = 0, size: float = 900) -> np.ndarray:
    """From the canvas of ID-1 to a photograph."""
    to_middle = np.array([(1 / 1012, 0, -0.5), (0, 1 / 1012, -319 / 1012), (0, 0, 1)])
    shift = np.array([(1, 0, SIZE[0] / 2), (0, 1, SIZE[1] / 2), (0, 0, 1)])
    return np.asarray(shift @ pose(lean, about, turn, 1600.0) @ np.diag([size, size, 1.0]) @ to_middle)


def line(text: str, box: Box, view: np.ndarray, off: np.ndarray | None = None) -> Line:
    """A line as RapidOCR boxes it: with a rim, its corners from the upper left of the photograph where it stands up."""
    rim = 0.2 * box.height
    left, top, right, bottom = box.left - rim, box.top - rim, box.right + rim, box.bottom + rim
    corners = projected(np.array([(left, top), (right, top), (right, bottom), (left, bottom)]), view)
    corners = corners + (0 if off is None else off)
    upright = abs(corners[1, 0] - corners[0, 0]) < abs(corners[1, 1] - corners[0, 1])
    a, b, c, d = ((float(x), float(y)) for x, y in (np.roll(corners, 1, axis=0) if upright else corners))
    return Line(text, 0.9, (a, b, c, d))


def truth(view: np.ndarray) -> Quad:
    return projected(np.array([(0.0, 0), (1012, 0), (1012, 638), (0, 638)]), view).astype(np.float32)


def error(found: Placed | None, view: np.ndarray) -> float:
    """Mean distance of the corners, each from its own, as a share of the long edge."""
    assert found is not None
    quad = truth(view)
    return float(np.linalg.norm(found.quad - quad, axis=1).mean() / np.linalg.norm(quad[1] - quad[0]))


@pytest.mark.parametrize(("least", "most", "within"), [(0, 15, 0.05), (15, 25, 0.08)])
def test_the_portrait_side_is_placed_in_any_pose_that_ocr_reads(least: float, most: float, within: float) -> None:
    """At a steep lean a pixel of the anchors moves the far corners by more: up to 0.073 of the long edge in 300 poses."""
    for seed in range(40):
        chance = np.random.default_rng((seed, 0xA7C))
        view = camera(chance.uniform(least, most), chance.uniform(0, 6.28), chance.uniform(-20, 110))
        lines = [line(text, box, view, chance.normal(0, 1.0, (4, 2))) for text, box in PORTRAIT.items()]
        assert error(placed(lines, RESIDENT_PORTRAIT, SIZE), view) < within, seed


@pytest.mark.parametrize("turn", [0.0, 12.0, -15.0, 90.0])
def test_the_emblem_side_is_placed_with_its_labels_merged_into_their_lines(turn: float) -> None:
    view = camera(8, 1.0, turn)
    lines = [line(text, box, view) for text, box in EMBLEM.items()]
    assert error(placed(lines, RESIDENT_EMBLEM, SIZE), view) < 0.02


def test_the_quad_begins_at_the_true_top_left_and_tells_the_lean() -> None:
    view = camera(20, 0.5)
    found = placed([line(text, box, view) for text, box in PORTRAIT.items()], RESIDENT_PORTRAIT, SIZE)
    assert found is not None
    assert np.linalg.norm(found.quad[0] - truth(view)[0]) < 30
    assert found.tilt == pytest.approx(20, abs=6)
    assert found.anchors == 7


@pytest.mark.parametrize("seed", [2014, 2040, 2060, 2071, 2084])
def test_a_steep_lean_is_not_taken_for_the_opposite_one(seed: int) -> None:
    chance = np.random.default_rng(seed)
    lean, about, turn, size = (
        chance.uniform(20, 35),
        chance.uniform(0, 6.28),
        chance.uniform(-15, 15),
        chance.uniform(700, 950),
    )
    view = camera(lean, about, turn, size)
    read = [(text, box) for text, box in PORTRAIT.items() if chance.random() > 0.3]
    lines = [line(text, box, view, chance.normal(0, 2.0, (4, 2))) for text, box in read]
    assert error(placed(lines, RESIDENT_PORTRAIT, SIZE), view) < 0.05


@pytest.mark.parametrize("seed", range(6))
def test_a_card_laid_out_by_another_hand_is_placed_without_a_lean_it_has_not(seed: int) -> None:
    chance, view = np.random.default_rng(seed), camera(0, 0, 4)
    apart = {text: chance.uniform(-24, 24, 2) for text in PORTRAIT}  # pixels of the canvas: 2 mm either way
    elsewhere = {
        text: Box(
            box.left + apart[text][0], box.top + apart[text][1], box.right + apart[text][0], box.bottom + apart[text][1]
        )
        for text, box in PORTRAIT.items()
    }
    found = placed([line(text, box, view) for text, box in elsewhere.items()], RESIDENT_PORTRAIT, SIZE)
    assert error(found, view) < 0.05
    assert found is not None
    assert found.tilt < 20


def test_a_label_read_elsewhere_is_not_believed() -> None:
    view = camera(5)
    lines = [line(text, box, view) for text, box in PORTRAIT.items()]
    stray = line("姓名", Box(600, 420, 660, 446), view)
    assert error(placed([stray, *lines], RESIDENT_PORTRAIT, SIZE), view) < 0.02


def test_two_anchors_place_nothing() -> None:
    view = camera()
    lines = [line(text, PORTRAIT[text], view) for text in ("姓名", "公民身份号码")]
    assert placed(lines, RESIDENT_PORTRAIT, SIZE) is None


def test_a_list_that_holds_the_labels_in_other_places_is_no_card() -> None:
    lines = [line(text, Box(100, 60 * at, 260, 60 * at + 26), camera()) for at, text in enumerate(sorted(PORTRAIT))]
    assert placed(lines, RESIDENT_PORTRAIT, SIZE) is None


def test_a_photograph_without_text_places_nothing() -> None:
    assert placed([], RESIDENT_PORTRAIT, SIZE) is None
    assert placed([Line("", 0.0, ((0, 0), (0, 0), (0, 0), (0, 0)))] * 9, RESIDENT_EMBLEM, SIZE) is None


def test_boxes_of_no_extent_do_no_harm() -> None:
    nowhere = [Line(text, 0.9, ((5, 5), (5, 5), (5, 5), (5, 5))) for text in PORTRAIT]
    assert placed(nowhere, RESIDENT_PORTRAIT, SIZE) is None


def test_any_kind_registers_its_own_anchors() -> None:
    page = Page(
        TD_2, {"SURNAME": Box(300, 100, 460, 130), "GIVEN": Box(300, 250, 400, 280), "NUMBER": Box(700, 600, 860, 630)}
    )
    view = camera(0, 0, 3)
    found = placed([line(text, box, view) for text, box in page.anchors.items()], page, SIZE)
    assert found is not None
    assert (found.format, found.anchors) == (TD_2, 3)
