"""Are documents of every shape found on every table, counted, and told from what is none?"""

import cv2
import numpy as np
import pytest

from app.verification.documents.outlines.finding import Found, How, find_documents, separate
from app.verification.documents.outlines.formats import FORMATS, ID_1, ID_3, LICENCE, TD_2, Format
from app.verification.documents.outlines.straightening import straightened
from tests.verification.document_scenes import Corners, Scene, Seen, seen
from tests.verification.found_cards import Image, card_of, find_card


def off(found: Found, corners: Corners) -> float:
    """Mean distance of the corners from the true ones as a share of the long edge, whichever came first."""
    apart = (np.linalg.norm(np.roll(found.quad, by, axis=0) - corners, axis=1).mean() for by in range(4))
    return float(min(apart) / np.linalg.norm(corners[1] - corners[0]))


def best(scene: Seen) -> Found:
    found = find_documents(scene.pixels)
    assert found
    return found[0]


@pytest.mark.rule("R27")
@pytest.mark.parametrize("shape", FORMATS, ids=[shape.name for shape in FORMATS])
def test_a_document_of_every_format_is_found_and_named(shape: Format) -> None:
    scene = seen(Scene(seed=600, ratio=shape.ratio, lean=(5, 10)))
    found = best(scene)
    assert off(found, scene.corners[0]) < 0.005
    assert shape in found.formats
    assert straightened(scene.pixels, found.quad, shape).shape == (shape.canvas[1], shape.canvas[0], 3)


@pytest.mark.parametrize("desk", ["white", "wood", "checks", "tiles", "print"])
def test_most_cards_are_found_on_a_table_with_a_pattern(desk: str) -> None:
    scenes = [seen(Scene(seed=seed, desk=desk, lean=(0, 20))) for seed in range(610, 613)]
    found = [(find_documents(scene.pixels), scene.corners[0]) for scene in scenes]
    assert sum(off(outlines[0], corners) < 0.03 for outlines, corners in found if outlines) >= 2


@pytest.mark.parametrize("seed", range(600, 604))
def test_a_leaning_card_half_in_the_shadow_of_a_hand_is_found(seed: int) -> None:
    scene = seen(Scene(seed=seed, lean=(30, 35), shadow=0.5))
    found = best(scene)
    assert off(found, scene.corners[0]) < 0.01
    assert found.tilt == pytest.approx(32, abs=10)


def test_a_document_printed_to_its_edges_is_found() -> None:
    scene = seen(Scene(seed=601, ratio=ID_3.ratio, desk="wood", guilloche=10.0))
    assert off(best(scene), scene.corners[0]) < 0.01


def test_a_passport_page_may_also_be_of_td2() -> None:
    found = best(seen(Scene(seed=602, ratio=ID_3.ratio)))
    assert {ID_3, TD_2} <= set(found.formats)
    assert ID_1 not in found.formats


def test_the_likelier_format_comes_first() -> None:
    for shape in (ID_1, LICENCE):
        assert best(seen(Scene(seed=603, ratio=shape.ratio, lean=(0, 5)))).formats[0] is shape


@pytest.mark.parametrize("desk", ["plain", "wood"])
def test_two_cards_are_both_found_and_counted(desk: str) -> None:
    lie = ((0.0, -0.42), (0.0, 0.42))
    scene = seen(Scene(seed=605, desk=desk, share=(0.4, 0.5), turn=20, frame=(1200, 1200), offsets=lie))
    apart = separate(find_documents(scene.pixels))
    assert len(apart) == 2
    assert all(min(off(one, corners) for one in apart) < 0.01 for corners in scene.corners)


def test_one_card_is_one_document_however_many_outlines_it_has() -> None:
    for seed in (606, 607):
        assert len(separate(find_documents(seen(Scene(seed=seed)).pixels))) == 1


def test_a_card_on_a_sheet_of_paper_is_found_beside_the_sheet() -> None:
    picture = np.full((900, 1200, 3), 70, np.uint8)
    cv2.rectangle(picture, (60, 50), (60 + 1131, 850), (240, 240, 236), -1)
    cv2.rectangle(picture, (300, 300), (700, 300 + round(400 / ID_1.ratio)), (150, 170, 200), -1)
    found = find_documents(picture)
    assert any(ID_1 in one.formats and one.width_px == pytest.approx(400, abs=6) for one in found)


def test_a_card_the_frame_trims_is_cut() -> None:
    scene = seen(Scene(seed=608, turn=3, lean=(0, 5)))
    left = int(scene.corners[0][:, 0].min() + 0.15 * np.ptp(scene.corners[0][:, 0]))
    assert best(Seen(np.ascontiguousarray(scene.pixels[:, left:]), ())).edge_cut
    assert not best(scene).edge_cut


@pytest.mark.parametrize(("wide", "whole"), [(1600, False), (1800, False), (1902, True)])
def test_a_cameras_own_frame_is_no_document(wide: int, *, whole: bool) -> None:
    found = find_documents(np.full((1200, wide, 3), 128, np.uint8))
    assert [one.how for one in found] == [How.WHOLE] * whole


def noise(height: int, width: int) -> Image:
    return np.random.default_rng(5).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((1, 20000, 3), np.uint8),
        noise(20000, 1),
        noise(2, 3),
        noise(17, 900),
        np.full((1000, 1300, 3), 128, np.uint8),
        np.full((1000, 1300, 3), 255, np.uint8),
        noise(1000, 1300),
        np.indices((900, 1200)).sum(axis=0)[..., None].repeat(3, axis=2).astype(np.uint8),
        np.kron(np.indices((45, 60)).sum(axis=0) % 2, np.ones((20, 20)))[..., None].repeat(3, axis=2).astype(np.uint8),
    ],
    ids=["point", "thread", "upright thread", "crumb", "strip", "grey", "white", "noise", "ramps", "checkerboard"],
)
def test_no_picture_does_harm(picture: Image) -> None:
    for one in find_documents(picture):
        assert np.isfinite(one.quad).all()
        assert card_of(picture, one, ID_1, documents=1).canvas.shape == (638, 1012, 3)


def test_a_card_is_only_what_may_be_of_id_1() -> None:
    assert find_card(seen(Scene(seed=609, ratio=ID_3.ratio, lean=(0, 5))).pixels) is None


def test_a_page_cut_out_by_hand_is_an_outline_beside_that_of_its_portrait() -> None:
    page = np.full((880, 1250, 3), 232, np.uint8)
    page[240:680, 40:380] = 60
    found = find_documents(page)
    assert How.WHOLE in {one.how for one in found}


def test_the_picture_itself_is_no_outline_where_another_is_sure() -> None:
    scene = seen(Scene(seed=608))
    cut = np.ascontiguousarray(scene.pixels[: round(scene.pixels.shape[1] / 1.585)])
    assert find_documents(cut)[0].score > 2.5
    assert How.WHOLE not in {one.how for one in find_documents(cut)}
