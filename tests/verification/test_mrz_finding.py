"""Is the zone found among all text of a picture, in whatever order and pieces OCR hands it over?"""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.mrz.composing import compose
from app.verification.documents.mrz.finding import find_zone
from app.verification.documents.mrz.reading import read
from app.verification.documents.mrz.shapes import Shape
from app.verification.documents.mrz.zone import State
from app.verification.examination import Line, Point
from tests.verification.card_lines import moved
from tests.verification.mrz_zones import ANNA, TODAY, Zone, zones

PAGE = (
    "PASSPORT",
    "Type/Type",
    "P",
    "UTOPIA",
    "ERIKSSON",
    "ANNA MARIA",
    "12 AUG/AOUT 74",
    "样本",
    "ZENITH UTO 1974 REPUBLIC",
)
HEIGHT, STEP = 24.0, 50.0


def line(text: str, left: float, top: float) -> Line:
    right, bottom = left + len(text) * 20.0, top + HEIGHT
    return Line(text, 0.9, ((left, top), (right, top), (right, bottom), (left, bottom)))


def page(lines: Sequence[str], top: float = 600.0) -> list[Line]:
    """A data page: print above, the zone below."""
    print_ = [line(text, 300, 60 + 40 * number) for number, text in enumerate(PAGE)]
    return print_ + [line(text, 40, top + STEP * number) for number, text in enumerate(lines)]


def texts(found: tuple[Line, ...]) -> tuple[str, ...]:
    return tuple(one.text for one in found)


@pytest.mark.rule("R54")
@given(zones(), st.data())
def test_every_zone_is_found_whatever_the_reading_order(zone: Zone, data: st.DataObject) -> None:
    lines = data.draw(st.permutations(page(zone.lines)))
    assert texts(find_zone(lines)) == zone.lines


@pytest.mark.parametrize("degrees", [0, 7, 90, 180, 270])
def test_a_zone_is_found_however_the_card_lies(degrees: int) -> None:
    lines = [turned(one, degrees) for one in page(Zone(Shape.TD3, ANNA).lines)]
    assert texts(find_zone(lines)) == Zone(Shape.TD3, ANNA).lines


def test_a_zone_whose_boxes_hide_that_it_lies_upside_down_is_known_by_what_it_says() -> None:
    first, second = Zone(Shape.TD3, ANNA).lines
    assert texts(find_zone(page((second, first)))) == (first, second)


def turned(one: Line, degrees: int) -> Line:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def turn(x: float, y: float) -> Point:
        return (x * cos - y * sin, x * sin + y * cos)

    return moved(one, turn)


def test_the_pieces_of_a_line_are_put_together_from_left_to_right() -> None:
    first, second = Zone(Shape.TD3, ANNA).lines
    lines = [
        line(second[20:], 460, 653),
        line(first[:12], 40, 600),
        line(second[:20], 40, 650),
        line(first[12:], 300, 602),
    ]
    found = find_zone([*lines, *page(())])
    assert read(texts(found), today=TODAY).fields == ANNA
    assert (found[0].box[0], found[0].box[1]) == (lines[1].box[0], lines[3].box[1])


def test_a_zone_read_with_errors_is_found() -> None:
    first, second = Zone(Shape.TD3, ANNA).lines
    found = find_zone(page((first[:30], second[:13] + "74O8l2" + second[19:])))
    assert read(texts(found), today=TODAY).state is State.CORRECTED


def test_a_line_that_was_read_upside_down_keeps_its_place_and_breaks_the_zone() -> None:
    first, _, third = compose(Shape.TD1, replace(ANNA, document_code="I"))
    found = find_zone(page((first, "4>>>>>>>>>>>012002804", third)))
    assert texts(found) == (first, "4>>>>>>>>>>>012002804", third)
    assert read(texts(found), today=TODAY).state is State.BROKEN


def test_two_zones_in_one_picture_are_none() -> None:
    other = compose(Shape.TD1, replace(ANNA, document_code="I"))
    assert (
        find_zone(page(Zone(Shape.TD3, ANNA).lines) + [line(text, 40, 1000 + STEP * n) for n, text in enumerate(other)])
        == ()
    )


def test_lines_far_apart_are_no_zone() -> None:
    first, second = Zone(Shape.TD3, ANNA).lines
    assert find_zone([line(first, 40, 100), line(second, 40, 600)]) == ()


@pytest.mark.parametrize(
    "lines", [[], page(()), [line("中华人民共和国居民身份证", 0, 0)] * 3, page(Zone(Shape.TD3, ANNA).lines[:1])]
)
def test_where_there_is_no_zone_none_is_found(lines: list[Line]) -> None:
    assert find_zone(lines) == ()


numbers = st.floats(allow_nan=True, allow_infinity=True)
points = st.tuples(numbers, numbers)


@given(st.lists(st.builds(Line, st.text(max_size=50), numbers, st.tuples(points, points, points, points)), max_size=6))
def test_any_lines_are_searched(lines: list[Line]) -> None:
    assert len(find_zone(lines)) in {0, 2, 3}


def test_thousands_of_lines_are_searched_as_far_as_a_zone_is_long() -> None:
    crowd = [line("A1<" * 14, 0, 30.0 * number) for number in range(5_000)]
    endless = [line("<" * 10_000, 0, 0)] * 5_000
    assert find_zone(crowd + endless) == ()


def test_fillers_stood_on_their_ends_are_fillers() -> None:
    first, second = (line.replace("<", "Λ") for line in compose(Shape.TD3, ANNA))
    found = find_zone(page((first, second)))
    assert len(found) == 2
    assert read([line.text for line in found], today=TODAY).state is State.UNPROTECTED


def test_one_letter_stood_on_its_ends_in_a_name_stays_for_the_reading_to_refuse() -> None:
    first, second = compose(Shape.TD3, ANNA)
    misread = read([first.replace("MARIA", "MΛRIA"), second], today=TODAY)
    assert misread.fields is None
