"""Does each fault of a photograph raise its own measure, of the field it lies on, and no other?"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.specimens import degradations
from app.specimens.drawing import Drawing
from app.specimens.people import random_card
from app.specimens.photograph import Capture, Photograph, photograph, rectified
from app.specimens.portraits import astronaut
from app.specimens.resident_card import draw_emblem_side, draw_portrait_side
from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.documents.outlines.finding import How
from app.verification.documents.quality import EXPECTED, Expected, expected, measure, measures
from app.verification.documents.quality.regions import corners
from app.verification.examination import Kind, Line, Measure, Side
from app.verification.findings.pictures import BOUNDS, picture_findings
from app.verification.reasons import ReasonCode
from tests.verification import capture_faults as faults
from tests.verification.examinations import policy
from tests.verification.found_cards import Card

LIMITS = policy().thresholds
SEED = 1200


def whole_card(canvas: Image) -> Card:
    """A canvas as it was straightened from a photograph that shows its card well."""
    outline = corners(Box(0, 0, 1200, 757))
    return Card(canvas, outline, How.OUTLINE, 1200.0, edge_cut=False, tilt=0.0, documents=1)


@dataclass(frozen=True)
class Taken:
    """One drawn side as it is photographed without a fault."""

    photo: Photograph
    places: dict[str, Box]
    expected: Expected
    side: Side

    def canvas(self, fault: Callable[[Photograph], Photograph] | None = None) -> Image:
        photo = self.photo if fault is None else fault(self.photo)
        return np.ascontiguousarray(rectified(photo)[:, :, ::-1])

    def measures(self, canvas: Image, *, unread: str | None = None) -> tuple[Measure, ...]:
        gone = {"valid_from", "valid_to"} if unread == "valid_from" else {unread}
        places = {name: box for name, box in self.places.items() if name not in gone}
        lines = [Line(name, 0.99, corners(box)) for name, box in places.items()]
        return measures(canvas, places, lines, self.expected)

    def told(self, canvas: Image, *, unread: str | None = None) -> list[tuple[str, object]]:
        """Code and field of all that is said of the picture."""
        whole = measure(whole_card(canvas))
        view = replace(whole, kind=Kind.RESIDENT_CARD, seen=self.side, measures=self.measures(canvas, unread=unread))
        return [
            (each.code.value, each.facts.get("field"))
            for each in picture_findings(view, Kind.RESIDENT_CARD, self.side, LIMITS)
        ]


def taken(drawing: Drawing, side: Side) -> Taken:
    known = EXPECTED[Kind.RESIDENT_CARD, side][0]
    return Taken(photograph(drawing, Capture(seed=SEED)), faults.true_places(drawing, known), known, side)


TRUTH = random_card(SEED, date(2025, 6, 1))
PORTRAIT = taken(draw_portrait_side(TRUTH, astronaut().for_card()), Side.PORTRAIT)
EMBLEM = taken(draw_emblem_side(TRUTH), Side.EMBLEM)
FIELDS = [(PORTRAIT, name) for name in PORTRAIT.places] + [(EMBLEM, "authority"), (EMBLEM, "valid_from")]
each_field = pytest.mark.parametrize(("card", "name"), FIELDS, ids=[name for _, name in FIELDS])


@pytest.mark.parametrize("card", [PORTRAIT, EMBLEM])
def test_of_a_good_photograph_nothing_is_said(card: Taken) -> None:
    assert card.told(card.canvas()) == []


@each_field
def test_a_blurred_field_is_named_in_a_sharp_picture(card: Taken, name: str) -> None:
    canvas = card.canvas(lambda photo: faults.blurred_at(photo, card.places[name]))
    assert card.told(canvas) == [("card_blurred", name)]


@each_field
def test_a_lamp_on_a_field_is_named_by_it(card: Taken, name: str) -> None:
    canvas = card.canvas(lambda photo: faults.lamp_on(photo, card.places[name]))
    assert card.told(canvas) == [("card_glare", name)]


@each_field
def test_a_gleam_that_pales_a_field_is_not_taken_for_blur(card: Taken, name: str) -> None:
    canvas = card.canvas(lambda photo: faults.veiled_at(photo, card.places[name]))
    assert card.told(canvas) == [("card_faint", name)]


@each_field
def test_a_slip_of_the_papers_colour_over_a_field_covers_it(card: Taken, name: str) -> None:
    strip = card.expected.fields[name]
    canvas = card.canvas(lambda photo: faults.pasted_over(photo, strip))
    assert card.told(canvas, unread=name) == [("card_occluded", name)]


@pytest.mark.parametrize("seed", range(len(faults.SKINS)))
def test_a_finger_of_any_colour_over_the_number_covers_it(seed: int) -> None:
    canvas = PORTRAIT.canvas(lambda photo: faults.covered_by_a_finger(photo, PORTRAIT.places["number"], seed))
    assert PORTRAIT.told(canvas, unread="number") == [("card_occluded", "number")]


@pytest.mark.parametrize("card", [PORTRAIT, EMBLEM])
def test_thumbs_over_the_rim_are_told_of_no_field(card: Taken) -> None:
    canvas = card.canvas(lambda photo: faults.held_by_the_edge(photo, 2))
    assert card.told(canvas) == [("card_occluded", None)]


def test_a_shadow_is_told_by_the_light_and_not_by_the_print() -> None:
    canvas = PORTRAIT.canvas(lambda photo: faults.in_shadow(photo, PORTRAIT.places["name"]))
    assert [code for code, _ in PORTRAIT.told(canvas)] == ["card_shadowed"]


@pytest.mark.parametrize("card", [PORTRAIT, EMBLEM])
def test_too_much_light_everywhere_is_no_lamp(card: Taken) -> None:
    assert [code for code, _ in card.told(card.canvas(faults.over_exposed))] == ["card_bright"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [(degradations.blurred, "card_blurred"), (degradations.darkened, "card_dark")],
)
def test_what_is_wrong_with_the_whole_picture_is_said_once_and_of_no_field(
    fault: Callable[[Photograph], Photograph], code: str
) -> None:
    assert PORTRAIT.told(PORTRAIT.canvas(fault)) == [(code, None)]


def test_glare_beside_every_field_refuses_nothing() -> None:
    canvas = EMBLEM.canvas(lambda photo: faults.lamp_on(photo, Box(560, 300, 800, 400), share=1.0))
    whole = measure(whole_card(canvas))
    assert whole.glare > LIMITS.card_glare_most.value
    assert EMBLEM.told(canvas) == []


@each_field
def test_a_lamp_over_what_was_not_found_is_told_where_no_layout_is_known(card: Taken, name: str) -> None:
    at = card.places[name]
    spot = tuple(round(each) for each in (at.left, at.top, at.right - at.left, at.height))
    canvas = card.canvas(lambda photo: degradations.with_glare_over(photo, (spot[0], spot[1], spot[2], spot[3]), 0.9))
    (found,) = [each for each in measures(canvas, {}, []) if each.code is ReasonCode.CARD_GLARE]
    assert (found.field, found.score > LIMITS.card_glare_most.value) == (None, True)


def test_without_a_lamp_no_place_of_an_unknown_layout_glares() -> None:
    scores = {each.code: each.score for each in measures(PORTRAIT.canvas(), {}, [])}
    assert scores[ReasonCode.CARD_GLARE] == 0


@pytest.mark.parametrize("card", [PORTRAIT, EMBLEM])
def test_a_window_that_leaves_one_end_dark_is_told_though_every_field_is_lit(card: Taken) -> None:
    canvas = card.canvas(lambda photo: degradations.unevenly_lit(photo, 0.95, 1))
    assert card.told(canvas) == [("card_shadowed", None)]


@pytest.mark.parametrize("card", [PORTRAIT, EMBLEM])
def test_a_window_on_one_side_is_no_fault(card: Taken) -> None:
    assert card.told(card.canvas(lambda photo: degradations.unevenly_lit(photo, 0.6, 1))) == []


@pytest.mark.parametrize("size", [(1250, 880), (1050, 740)])
def test_a_layout_is_known_on_canvases_of_its_own_ratio_alone(size: tuple[int, int]) -> None:
    portrait = expected(Kind.PASSPORT, Side.DATA_PAGE, size).portrait
    assert portrait is not None
    assert portrait.right / size[0] == pytest.approx(356 / 1250)
    assert expected(Kind.RESIDENT_CARD, Side.PORTRAIT, size).fields == {}


def test_a_lamp_on_the_portrait_is_told() -> None:
    canvas = PORTRAIT.canvas(lambda photo: faults.lamp_on(photo, Box(720, 200, 900, 360)))
    assert PORTRAIT.told(canvas) == [("card_glare", "portrait")]


def test_a_field_that_is_not_found_but_printed_is_not_covered() -> None:
    assert PORTRAIT.told(PORTRAIT.canvas(), unread="sex") == []


def test_a_strip_too_dark_to_see_is_not_called_covered() -> None:
    strip = PORTRAIT.expected.fields["name"]
    empty = PORTRAIT.canvas(lambda photo: faults.pasted_over(photo, strip))
    assert ("card_occluded", "name") in PORTRAIT.told(empty, unread="name")
    assert PORTRAIT.told(np.asarray(empty * 0.1, np.uint8), unread="name") == [("card_dark", None)]


def test_a_strip_burnt_out_is_not_called_covered() -> None:
    strip = PORTRAIT.expected.fields["sex"]
    canvas = PORTRAIT.canvas()
    canvas[int(strip.top) - 10 : int(strip.bottom) + 10, int(strip.left) - 10 : int(strip.right) + 10] = 255
    assert PORTRAIT.told(canvas, unread="sex") == [("card_glare", "sex")]


def test_the_end_of_a_label_read_with_a_field_does_not_sharpen_it() -> None:
    box = EMBLEM.places["valid_from"]
    canvas = EMBLEM.canvas(lambda photo: faults.blurred_at(photo, box))
    with_label = {name: Box(box.left - 34, box.top, box.right, box.bottom) for name in ("valid_from", "valid_to")}
    card = replace(EMBLEM, places=EMBLEM.places | with_label)
    assert card.told(canvas) == [("card_blurred", "valid_from")]


def test_the_place_told_is_where_the_fault_lies() -> None:
    box = PORTRAIT.places["number"]
    canvas = PORTRAIT.canvas(lambda photo: faults.lamp_on(photo, box, share=0.3))
    found = next(each for each in PORTRAIT.measures(canvas) if each.code is ReasonCode.CARD_GLARE)
    assert found.where is not None
    left, right = found.where[0][0], found.where[1][0]
    middle = (box.left + box.right) / 2
    assert box.left < left < middle < right < box.right


def test_the_tilt_and_the_number_of_cards_pass_through() -> None:
    found = measures(PORTRAIT.canvas(), {}, [], tilt_degrees=12.5, cards=2)
    assert Measure(ReasonCode.CARD_TILTED, 12.5) in found
    assert Measure(ReasonCode.SEVERAL_CARDS, 2.0) in found


def test_everything_that_is_measured_is_judged() -> None:
    found = measures(PORTRAIT.canvas(), PORTRAIT.places, [], PORTRAIT.expected, tilt_degrees=1.0, cards=1)
    assert all(BOUNDS[each.code].of(each) is not None for each in found)


numbers = st.floats(allow_nan=True, allow_infinity=True, width=32) | st.integers(-50, 300).map(float)
boxes = st.builds(Box, numbers, numbers, numbers, numbers)


@settings(max_examples=150, deadline=None)
@given(
    st.tuples(st.integers(1, 90), st.integers(1, 120)),
    st.dictionaries(st.sampled_from(["name", "sex", "number"]), boxes),
    st.dictionaries(st.sampled_from(["name", "birth"]), boxes),
    st.none() | boxes,
    st.integers(0, 255),
)
def test_pictures_of_any_size_and_places_anywhere_do_no_harm(
    size: tuple[int, int], places: dict[str, Box], strips: dict[str, Box], portrait: Box | None, grey: int
) -> None:
    canvas = np.full((*size, 3), grey, np.uint8)
    found = measures(canvas, places, [], Expected(strips, portrait))
    assert all(np.isfinite(each.score) for each in found)
