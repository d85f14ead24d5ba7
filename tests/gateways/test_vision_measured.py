"""Does what was measured on the canvas lie in the photograph where the fault is?"""

from dataclasses import replace
from datetime import date

import numpy as np

from app.gateways.vision.cards import CardReader
from app.gateways.vision.decoding import Pixels
from app.gateways.vision.measured import in_photograph, measured
from app.gateways.vision.messages import Read, parse, write
from app.gateways.vision.ocr import RapidReader
from app.specimens.people import random_card
from app.specimens.photograph import Capture, photograph
from app.specimens.resident_card import draw_emblem_side
from app.verification.documents.layout import Box
from app.verification.documents.quality import EXPECTED
from app.verification.documents.quality.regions import corners
from app.verification.documents.reading import Reading
from app.verification.examination import NO_CARD, Kind, Measure, Polygon, Side
from app.verification.reasons import ReasonCode
from tests.verification.capture_faults import lamp_on, rgb, true_places

DAY = date(2025, 6, 1)
KIND = Kind.RESIDENT_CARD
OUTLINE: Polygon = ((100.0, 80.0), (1112.0, 80.0), (1112.0, 718.0), (100.0, 718.0))
CANVAS = np.full((638, 1012, 3), 200, np.uint8)


def test_a_place_on_the_canvas_is_found_in_the_photograph() -> None:
    place = ((10.0, 20.0), (30.0, 20.0), (30.0, 40.0), (10.0, 40.0))
    expected = [(x + 100, y + 80) for x, y in place]
    assert np.allclose(in_photograph(place, OUTLINE, CANVAS), expected, atol=0.01)


def test_a_place_on_a_canvas_of_another_shape_is_found_too() -> None:
    taller: Pixels = np.zeros((1276, 1012, 3), np.uint8)
    corner = in_photograph(((0, 638), (1012, 638), (1012, 1276), (0, 1276)), OUTLINE, taller)[0]
    assert np.allclose(corner, (100, 80 + 319), atol=0.01)


def test_what_was_measured_joins_what_is_known_and_is_placed() -> None:
    before = Measure(ReasonCode.SEVERAL_CARDS, 1.0)
    view = replace(NO_CARD, measures=(before,))
    first, *others = measured(
        view, CANVAS, OUTLINE, {"name": Box(10, 20, 90, 60)}, [], EXPECTED[KIND, Side.EMBLEM][0]
    ).measures
    assert first == before
    (light,) = [each for each in others if each.code is ReasonCode.CARD_BLURRED]
    assert light.where is not None
    assert np.allclose(light.where[0], (110, 100), atol=0.01)


def test_a_lamp_is_told_where_it_is_mirrored_though_the_card_lies_upside_down() -> None:
    drawing = draw_emblem_side(random_card(1300, DAY))
    box = true_places(drawing, EXPECTED[KIND, Side.EMBLEM][0])["authority"]
    photo = photograph(drawing, Capture(seed=1300))
    lit = np.ascontiguousarray(rgb(lamp_on(photo, box, share=0.3))[::-1, ::-1])
    reading, _ = CardReader(RapidReader(), lambda: DAY).read(lit)
    (glare,) = [each for each in reading.view.measures if each.code is ReasonCode.CARD_GLARE]
    assert (glare.field, glare.score > 0.05) == ("authority", True)
    height, width = photo.pixels.shape[:2]
    a, b, c, d = photo.corners
    seen = np.mean(in_photograph(corners(box), (tuple(a), tuple(b), tuple(c), tuple(d)), drawing.canvas), axis=0)
    assert np.allclose(np.mean(np.array(glare.where), axis=0), (width - seen[0], height - seen[1]), atol=25)


def test_what_was_measured_travels_between_processes() -> None:
    view = measured(NO_CARD, CANVAS, OUTLINE, {"name": Box(10, 20, 90, 60)}, [], EXPECTED[KIND, Side.EMBLEM][0])
    read = Read(Reading(view, None, OUTLINE, {}), "model@1", "GIMP 2.10")
    assert parse(write(read)) == read
