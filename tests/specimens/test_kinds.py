"""Is every kind drawn: in one shape, by its seed alone, with a truth that its rules hold for?"""

import re
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from app.specimens.canvas import MARK_RED
from app.specimens.drawing import Drawing
from app.specimens.kinds import DRAWN, draw
from app.specimens.names import Kind
from app.specimens.people import years_later

TODAY = date(2026, 1, 15)
GREY = np.full((380, 310, 3), 128, np.uint8)
SIDES = {
    Kind.RESIDENT_CARD: {"portrait", "emblem"},
    Kind.RESIDENCE_PERMIT: {"portrait", "emblem"},
    Kind.PERMANENT_RESIDENT_CARD: {"front", "back"},
    Kind.TEMPORARY_CARD: {"portrait"},
    Kind.DRIVING_LICENCE: {"main", "duplicate"},
    Kind.PASSPORT: {"data_page"},
    Kind.IDENTITY_CARD: {"front", "back"},
    Kind.VISA: {"data_page"},
}
ZONED = (Kind.PASSPORT, Kind.IDENTITY_CARD, Kind.VISA)
MILLIMETRES = {
    (Kind.DRIVING_LICENCE, "main"): (88, 60),
    (Kind.PASSPORT, "data_page"): (125, 88),
    (Kind.IDENTITY_CARD, "front"): (105, 74),
}


def drawn(kind: Kind, seed: int = 1) -> dict[str, Drawing]:
    return {drawing.side: drawing for drawing in draw(kind, seed, TODAY, GREY)}


def numbers(kind: Kind, seeds: int = 12) -> Iterator[tuple[str, dict[str, str]]]:
    """Each number of 18 characters with what else stands beside it."""
    for seed in range(seeds):
        for drawing in draw(kind, seed, TODAY, GREY):
            if len(drawing.fields.get("number", "")) == 18:
                yield drawing.fields["number"], dict(drawing.fields)


@pytest.mark.parametrize("kind", Kind)
def test_a_document_has_the_sides_its_readers_know(kind: Kind) -> None:
    assert set(drawn(kind)) == SIDES[kind]
    assert DRAWN.keys() == set(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_the_seed_decides_the_drawing(kind: Kind) -> None:
    for side, drawing in drawn(kind).items():
        again, other = drawn(kind)[side], drawn(kind, seed=2)[side]
        assert np.array_equal(again.canvas, drawing.canvas)
        assert again.fields == drawing.fields
        assert not np.array_equal(other.canvas, drawing.canvas) or side == "back"


@pytest.mark.parametrize("kind", Kind)
def test_every_field_stands_somewhere_on_the_canvas_and_ink_is_there(kind: Kind) -> None:
    for drawing in drawn(kind).values():
        for name in drawing.places.keys() & drawing.fields.keys():
            left, top, width, height = drawing.places[name]
            assert left >= 0 <= top
            assert left + width <= drawing.canvas.shape[1]
            assert drawing.canvas[top : top + height, left : left + width].min() < 110


@pytest.mark.parametrize("kind", Kind)
def test_every_side_bears_the_mark_in_its_upper_margin(kind: Kind) -> None:
    for drawing in drawn(kind).values():
        margin = drawing.canvas[:60, -270:].astype(int)
        assert (np.abs(margin - MARK_RED).max(axis=2) < 25).sum() > 200


@pytest.mark.parametrize(("page", "size"), MILLIMETRES.items())
def test_a_canvas_has_the_documents_proportions(page: tuple[Kind, str], size: tuple[int, int]) -> None:
    high, wide, _ = drawn(page[0])[page[1]].canvas.shape
    assert wide / high == pytest.approx(size[0] / size[1], rel=0.01)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in ZONED])
@pytest.mark.rule("R3")
def test_every_number_of_eighteen_satisfies_the_weights_of_the_standard(kind: Kind) -> None:
    found = list(numbers(kind))
    assert found
    for number, _ in found:
        values = [10 if character == "X" else int(character) for character in number]
        assert sum(value * 2 ** (17 - place) for place, value in enumerate(values)) % 11 == 1


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in ZONED])
@pytest.mark.rule("R15")
def test_number_sex_and_birth_agree_wherever_they_stand_together(kind: Kind) -> None:
    for number, fields in numbers(kind):
        assert fields.get("birth", f"{number[6:10]}-{number[10:12]}-{number[12:14]}").replace("-", "") == number[6:14]
        assert fields.get("sex", "男女"[1 - int(number[16]) % 2]) == "女男"[int(number[16]) % 2]


@pytest.mark.rule("R16")
def test_a_permit_has_the_area_of_its_title_and_runs_five_years() -> None:
    for seed in range(9):
        portrait, emblem = draw(Kind.RESIDENCE_PERMIT, seed, TODAY, GREY)
        start, end = (date.fromisoformat(emblem.fields[name]) for name in ("valid_from", "valid_to"))
        letter = {"81": "H", "82": "M", "83": ""}[portrait.fields["number"][:2]]
        assert re.fullmatch(f"{letter}[0-9]{{8}}", emblem.fields["travel_permit"])
        assert end == years_later(start, 5)
        assert start <= TODAY <= end


@pytest.mark.rule("R18", "R19")
def test_a_permanent_card_has_a_number_of_its_edition() -> None:
    fronts = [drawn(Kind.PERMANENT_RESIDENT_CARD, seed)["front"].fields for seed in range(8)]
    assert all(re.fullmatch("9[0-9]{16}[0-9X]", front["number"]) for front in fronts[::2])
    assert all(re.fullmatch(f"{front['nationality']}[0-9]{{12}}", front["number"]) for front in fronts[1::2])


@pytest.mark.rule("R47")
def test_a_licence_runs_six_years_ten_or_for_ever_and_names_one_holder_twice() -> None:
    for seed in range(12):
        main, duplicate = (page.fields for page in draw(Kind.DRIVING_LICENCE, seed, TODAY, GREY))
        start = date.fromisoformat(main["valid_from"])
        ends = {years_later(start, years).isoformat() for years in (6, 10)} | {"long_term"}
        assert main["valid_to"] in ends
        assert (main["number"], main["name"]) == (duplicate["number"], duplicate["name"])


@pytest.mark.rule("R42")
def test_a_temporary_card_runs_three_months() -> None:
    fields = drawn(Kind.TEMPORARY_CARD)["portrait"].fields
    start, end = (date.fromisoformat(fields[name]) for name in ("valid_from", "valid_to"))
    assert 89 <= (end - start).days <= 92


@pytest.mark.rule("R54", "R70")
@pytest.mark.parametrize("kind", ZONED)
def test_a_zone_says_what_its_fields_say_and_is_utopias(kind: Kind) -> None:
    for seed in range(6):
        for drawing in draw(kind, seed, TODAY, GREY):
            lines = [value for name, value in drawing.fields.items() if name.startswith("line_")]
            assert tuple(map(len, lines)) in {(30, 30, 30), (36, 36), (44, 44)}
            assert drawing.fields["surname"].replace(" ", "<") in "".join(lines)
            assert drawing.fields["issuer"] == drawing.fields["nationality"] == "UTO"
            assert drawing.fields["number"][:9] in "".join(lines)


def test_rows_do_not_run_into_the_portrait() -> None:
    for kind in Kind:
        for seed in range(16):
            for drawing in draw(kind, seed, TODAY, GREY):
                assert not overlapping(drawing)


def overlapping(drawing: Drawing) -> list[tuple[str, str]]:
    """Fields whose places share ground; both dates of a validity stand in one text."""
    places = {name: box for name, box in drawing.places.items() if name != "valid_to"}
    pairs = [(one, other) for one in places for other in places if one < other]
    return [(one, other) for one, other in pairs if share_ground(shrunk(places[one]), shrunk(places[other]))]


def shrunk(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Without the air above and below its letters."""
    left, top, width, height = box
    return left, top + height // 6, width, 2 * height // 3


def share_ground(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return all(one[axis] < other[axis] + other[axis + 2] and other[axis] < one[axis] + one[axis + 2] for axis in (0, 1))
