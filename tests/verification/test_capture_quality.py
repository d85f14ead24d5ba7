"""Does each fault of a photograph raise its own measure, of the field it lies on, and no other?"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.specimens import degradations
from app.specimens.people import random_card
from app.specimens.photograph import Capture, Photograph, photograph, rectified
from app.specimens.portraits import astronaut
from app.specimens.resident_card import Drawing, draw_emblem_side, draw_portrait_side
from app.verification.documents.card_image import Card, Found, Image
from app.verification.documents.layout import Box
from app.verification.documents.quality import EXPECTED, Expected, measure, measures
from app.verification.documents.quality.regions import corners
from app.verification.documents.reading import Kind
from app.verification.examination import Line, Measure, Side
from app.verification.findings.pictures import BOUNDS, picture_findings
from app.verification.reasons import ReasonCode
from tests.verification import capture_faults as faults
from tests.verification.examinations import policy

LIMITS = policy().thresholds
SEED = 1200


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
        places = {name: box for name, box in self.places.items() if name != unread}
        lines = [Line(name, 0.99, corners(box)) for name, box in places.items()]
        return measures(canvas, places, lines, self.expected)

    def told(self, canvas: Image, *, unread: str | None = None) -> list[tuple[str, object]]:
        """Code and field of all that is said of the picture."""
        whole = measure(Card(canvas, corners(Box(0, 0, 1200, 757)), Found.OUTLINE, 1200.0, edge_cut=False))
        view = replace(whole, seen=self.side, measures=self.measures(canvas, unread=unread))
        return [(each.code.value, each.facts.get("field")) for each in picture_findings(view, self.side, LIMITS)]


def taken(drawing: Drawing, side: Side) -> Taken:
    known = EXPECTED[Kind.RESIDENT_CARD, side]
    return Taken(photograph(drawing, Capture(seed=SEED)), faults.true_places(drawing, known), known, side)


TRUTH = random_card(SEED, date(2025, 6, 1))
PORTRAIT = taken(draw_portrait_side(TRUTH, astronaut().for_card()), Side.PORTRAIT)
EMBLEM = taken(draw_emblem_side(TRUTH), Side.EMBLEM)
FIELDS = [(PORTRAIT, name) for name in PORTRAIT.places] + [(EMBLEM, name) for name in EMBLEM.places]
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
    whole = measure(Card(canvas, corners(Box(0, 0, 1200, 757)), Found.OUTLINE, 1200.0, edge_cut=False))
    assert whole.glare > LIMITS.card_glare_most.value
    assert EMBLEM.told(canvas) == []


def test_a_lamp_on_the_portrait_is_told() -> None:
    canvas = PORTRAIT.canvas(lambda photo: faults.lamp_on(photo, Box(720, 200, 900, 360)))
    assert PORTRAIT.told(canvas) == [("card_glare", "portrait")]


def test_a_field_that_is_not_found_but_printed_is_not_covered() -> None:
    assert PORTRAIT.told(PORTRAIT.canvas(), unread="sex") == []


def test_a_strip_too_dark_to_see_is_not_called_covered() -> None:
    dark = PORTRAIT.canvas(lambda photo: degradations.darkened(photo, 0.08))
    assert "card_occluded" not in [code for code, _ in PORTRAIT.told(dark, unread="name")]


def test_a_strip_burnt_out_is_not_called_covered() -> None:
    strip = PORTRAIT.expected.fields["sex"]
    canvas = PORTRAIT.canvas()
    canvas[int(strip.top) - 10 : int(strip.bottom) + 10, int(strip.left) - 10 : int(strip.right) + 10] = 255
    assert PORTRAIT.told(canvas, unread="sex") == [("card_glare", "sex")]


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
