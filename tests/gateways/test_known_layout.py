"""Is a card whose rows lie where its page prints them read there, and everything else searched?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import cv2
import numpy as np
import pytest

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.known_layout import cells_of, ink_of, read_known
from app.gateways.vision.ocr import RapidReader
from app.specimens.canvas import paper, write
from app.specimens.degradations import blurred
from app.specimens.drawing import Drawing
from app.specimens.kinds import draw
from app.specimens.names import Kind
from app.specimens.people import CardTruth, random_card
from app.specimens.photograph import photograph, rectified
from app.specimens.portraits import astronaut
from app.specimens.resident_card import (
    ADDRESS_ROWS,
    NUMBER_STEP,
    NUMBER_X,
    NUMBER_Y,
    PORTRAIT_TINT,
    CardDrawing,
    draw_emblem_side,
    draw_portrait_side,
)
from app.specimens.second_script import SecondScript, second_scripts
from app.verification.documents.resident_card import read_emblem_side, read_portrait_side
from app.verification.documents.resident_rows import EMBLEM, PORTRAIT
from app.verification.examination import NO_CARD, EmblemSide, Field, Line, PortraitSide, Side

ON = date(2025, 6, 1)


@dataclass
class Said:
    """Reads the same from every line and never searches."""

    text: str
    model: str = "said@0"
    asked: int = 0

    def read(self, image: Pixels) -> tuple[Line, ...]:
        raise AssertionError(image.shape)

    def read_line(self, _crop: Pixels) -> tuple[str, float]:
        self.asked += 1
        return self.text, 1.0


@pytest.fixture(scope="module")
def reader() -> RapidReader:
    """The real engine."""
    return RapidReader()


def portrait(seed: int) -> CardDrawing:
    return draw_portrait_side(random_card(seed, ON), astronaut().for_card())


def emblem(seed: int) -> CardDrawing:
    return draw_emblem_side(random_card(seed, ON))


def canvas_of(drawing: Drawing, sigma_px: float = 0.1) -> Pixels:
    """Photographed, and straightened by the corners we know."""
    return np.ascontiguousarray(rectified(blurred(photograph(drawing), sigma_px))[:, :, ::-1])


def printed(truth: CardTruth, side: Side) -> list[str]:
    person = truth.person
    if side is Side.PORTRAIT:
        return [person.name, person.sex, person.birth.isoformat(), person.address, person.number]
    return [
        truth.authority,
        truth.valid_from.isoformat(),
        truth.valid_to.isoformat() if truth.valid_to else "long_term",
    ]


def fields(lines: tuple[Line, ...], side: Side) -> list[Field]:
    page: PortraitSide | EmblemSide
    if side is Side.PORTRAIT:
        page = read_portrait_side(lines, NO_CARD)
        return [page.name, page.sex, page.birth, page.address, page.number]
    page = read_emblem_side(lines, NO_CARD)
    return [page.authority, page.valid_from, page.valid_to]


def test_rows_are_found_where_they_are_drawn() -> None:
    cells = cells_of(ink_of(canvas_of(portrait(3))), PORTRAIT)
    number = next(cell for cell in cells if cell.left > NUMBER_X - 30 and cell.bottom > NUMBER_Y)
    assert (number.left, number.bottom) == pytest.approx((NUMBER_X, NUMBER_Y), abs=14)
    assert number.right == pytest.approx(NUMBER_X + 18 * NUMBER_STEP, abs=14)
    first = next(cell for cell in cells if cell.top < ADDRESS_ROWS[0] < cell.bottom and cell.left > 130)
    assert first.middle == pytest.approx(ADDRESS_ROWS[0] - 12, abs=4)


def test_labels_and_values_are_cells_of_their_own() -> None:
    cells = cells_of(ink_of(canvas_of(portrait(3))), PORTRAIT)
    by_row = [sum(cell.top < base < cell.bottom for cell in cells) for base in (104, 172, 240, 310, NUMBER_Y)]
    assert by_row == [2, 3, 2, 2, 2]


def with_name_row(label_right: int, name_left: int) -> Pixels:
    """A card of another drawer: 姓 and 名 set wide, the name begins elsewhere."""
    drawing = portrait(3)
    drawing.canvas[66:120, 48:640] = paper(PORTRAIT_TINT)[66:120, 48:640]
    for text, x, size in (("姓", 54, 28), ("名", label_right - 28, 28), ("赵华芳", name_left, 36)):
        write(drawing.canvas, text, (x, 104), size)
    return canvas_of(drawing)


def test_a_label_set_wide_leaves_nothing_to_the_value(reader: RapidReader) -> None:
    known = read_known(reader, with_name_row(label_right=146, name_left=172))
    assert known is not None
    assert read_portrait_side(known.lines, NO_CARD).name.value == "赵华芳"


def test_a_label_that_touches_its_value_is_searched_for() -> None:
    assert cells_of(ink_of(with_name_row(label_right=122, name_left=172)), PORTRAIT)
    canvas = with_name_row(label_right=146, name_left=148)
    canvas[90:94, 90:180] = 40
    assert cells_of(ink_of(canvas), PORTRAIT) == ()


@pytest.mark.parametrize("seed", [5, 6, 7])
@pytest.mark.parametrize("drawn", [portrait, emblem])
def test_what_is_read_by_rows_is_what_a_search_reads(
    reader: RapidReader, drawn: Callable[[int], CardDrawing], seed: int
) -> None:
    drawing = drawn(seed)
    canvas, side = canvas_of(drawing), Side(drawing.side)
    known = read_known(reader, canvas)
    assert known is not None
    by_rows, searched = fields(known.lines, side), fields(reader.read(canvas), side)
    assert [field.value for field in by_rows] == [field.value for field in searched] == printed(drawing.truth, side)


@pytest.mark.parametrize("drawn", [portrait, emblem])
def test_a_card_out_of_focus_is_read_by_rows(reader: RapidReader, drawn: Callable[[int], CardDrawing]) -> None:
    drawing = drawn(5)
    known = read_known(reader, canvas_of(drawing, sigma_px=2.2))
    assert known is not None
    side = Side(drawing.side)
    assert [field.value for field in fields(known.lines, side)] == printed(drawing.truth, side)


def test_a_card_upside_down_is_known_and_turned(reader: RapidReader) -> None:
    drawing = emblem(8)
    canvas = canvas_of(drawing)
    known = read_known(reader, np.ascontiguousarray(canvas[::-1, ::-1]))
    assert known is not None
    assert known.turned
    assert (known.canvas == canvas).all()
    assert [field.value for field in fields(known.lines, Side.EMBLEM)] == printed(drawing.truth, Side.EMBLEM)


def test_the_specimen_mark_is_read_with_the_rows(reader: RapidReader) -> None:
    known = read_known(reader, canvas_of(portrait(9)))
    assert known is not None
    assert read_portrait_side(known.lines, NO_CARD).view.specimen


@pytest.mark.parametrize("second", second_scripts(), ids=lambda second: second.name)
@pytest.mark.parametrize("drawn", [draw_emblem_side, partial(draw_portrait_side, portrait=astronaut().for_card())])
def test_rows_beside_a_second_script_are_searched_for(drawn: Callable[..., CardDrawing], second: SecondScript) -> None:
    reader = Said("")
    assert read_known(reader, canvas_of(drawn(random_card(3, ON), second=second))) is None
    assert reader.asked == 0


@pytest.mark.parametrize("kind", [Kind.PERMANENT_RESIDENT_CARD, Kind.TEMPORARY_CARD, Kind.IDENTITY_CARD, Kind.PASSPORT])
def test_other_documents_are_searched(kind: Kind) -> None:
    reader = Said("")
    for drawing in draw(kind, 3, ON, astronaut().for_card()):
        assert read_known(reader, np.ascontiguousarray(drawing.canvas[:, :, ::-1])) is None
    assert reader.asked == 0


def test_a_permit_has_the_portrait_sides_rows_and_an_emblem_side_of_its_own(reader: RapidReader) -> None:
    portrait_side, emblem_side = draw(Kind.RESIDENCE_PERMIT, 3, ON, astronaut().for_card())
    known = read_known(reader, canvas_of(portrait_side))
    assert known is not None
    assert [field.value for field in fields(known.lines, Side.PORTRAIT)][-1] == portrait_side.fields["number"]
    assert read_known(reader, canvas_of(emblem_side)) is None


def test_text_where_the_page_has_none_is_searched_for() -> None:
    drawing, reader = emblem(3), Said("")
    write(drawing.canvas, "港澳", (500, 370), 32)
    assert read_known(reader, canvas_of(drawing)) is None
    assert reader.asked == 0


def test_rows_that_lie_elsewhere_are_searched_for() -> None:
    moved = cv2.warpAffine(
        canvas_of(portrait(3)), np.array([[1.0, 0, 0], [0, 1, -60]]), (1012, 638), borderValue=(230,) * 3
    )
    assert read_known(Said(""), np.asarray(moved, np.uint8)) is None


def test_rows_that_say_something_else_are_searched_for() -> None:
    reader = Said("准驾车型")
    assert read_known(reader, canvas_of(portrait(3))) is None
    assert reader.asked > 10


def test_a_canvas_of_another_size_and_an_empty_one_are_searched() -> None:
    assert read_known(Said(""), np.full((880, 1250, 3), 230, np.uint8)) is None
    assert read_known(Said(""), np.full((638, 1012, 3), 230, np.uint8)) is None
    assert cells_of(ink_of(np.zeros((638, 1012, 3), np.uint8)), EMBLEM) == ()
