"""Is a forgery what it says: one digit or one portrait changed, the rest untouched, the checks as named?"""

from datetime import date

import numpy as np
import pytest

from app.specimens.canvas import Picture
from app.specimens.drawing import Drawing
from app.specimens.forgeries import with_edited_digit, with_edited_digit_checked, with_swapped_portrait
from app.specimens.kinds import draw
from app.specimens.names import Kind
from app.specimens.people import check_character
from app.specimens.zone import with_digits

TODAY = date(2026, 1, 15)
GREY, STRANGER = np.full((380, 310, 3), 128, np.uint8), np.full((380, 310, 3), 70, np.uint8)
CARD, _ = draw(Kind.RESIDENT_CARD, 3, TODAY, GREY)
ZONED = [(Kind.PASSPORT, 0), (Kind.IDENTITY_CARD, 0), (Kind.IDENTITY_CARD, 1), (Kind.VISA, 0)]


def where_changed(one: Drawing, other: Drawing) -> tuple[slice, slice]:
    """Rows and columns of all that differs."""
    rows, columns = np.nonzero((one.canvas != other.canvas).any(axis=2))
    return slice(int(rows.min()), int(rows.max()) + 1), slice(int(columns.min()), int(columns.max()) + 1)


def differing(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def test_an_edited_digit_leaves_no_number_to_read() -> None:
    assert with_edited_digit(CARD, 1, 3).fields == {**CARD.fields, "number": ""}


def test_an_edited_digit_with_its_check_is_another_number() -> None:
    number = with_edited_digit_checked(CARD, 1, 3).fields["number"]
    assert 1 <= differing(number, CARD.fields["number"]) <= 2
    assert check_character(number[:17]) == number[17]
    assert number[:14] == CARD.fields["number"][:14]


def test_an_edited_digit_changes_its_own_cell_alone() -> None:
    rows, columns = where_changed(CARD, with_edited_digit(CARD, 2, 3))
    left, top, width, height = CARD.hands["number"].cell(15)
    assert left - 8 <= columns.start < columns.stop <= left + width + 8
    assert top - 8 <= rows.start < rows.stop <= top + height + 8


@pytest.mark.parametrize("offset", [1.0, 4.0])
def test_an_edited_digit_stands_lower_by_the_offset(offset: float) -> None:
    def foot(canvas: Picture) -> int:
        left, top, width, height = CARD.hands["number"].cell(15)
        cell = canvas[top - 2 : top + height + 4, left : left + width]
        return int(np.nonzero((cell.min(axis=2) < 120).any(axis=1))[0].max())

    level, lower = (foot(with_edited_digit(CARD, by, 3).canvas) for by in (0.0, offset))
    assert lower - level == offset


@pytest.mark.parametrize(("kind", "side"), ZONED)
@pytest.mark.rule("R61")
def test_a_checked_edit_of_a_zone_makes_its_digits_right_again(kind: Kind, side: int) -> None:
    drawing = draw(kind, 1, TODAY, GREY)[side]
    edited = with_edited_digit_checked(drawing, 1, 3)
    lines = tuple(value for name, value in edited.fields.items() if name.startswith("line_"))
    assert with_digits(lines) == lines
    assert edited.fields["number"][:9] in "".join(lines)
    assert differing(edited.fields["number"], drawing.fields["number"]) == 1


@pytest.mark.rule("R73")
def test_a_digit_edited_in_print_alone_leaves_the_zone_as_it_was() -> None:
    [page] = draw(Kind.PASSPORT, 1, TODAY, GREY)
    edited = with_edited_digit(page, 1, 3)
    assert edited.fields == page.fields
    rows, _ = where_changed(page, edited)
    assert rows.stop < page.places["line_1"][1]


def test_a_swapped_portrait_changes_the_portrait_alone() -> None:
    swapped = with_swapped_portrait(CARD, STRANGER, 0.5, 3)
    rows, columns = where_changed(CARD, swapped)
    left, top, width, height = CARD.places["portrait"]
    assert left < columns.start < columns.stop < left + width
    assert top < rows.start < rows.stop < top + height
    assert swapped.fields == CARD.fields


def test_a_pasted_portrait_has_more_noise_than_the_card() -> None:
    left, top, width, height = CARD.places["portrait"]
    middle = (slice(top + 100, top + height - 100), slice(left + 100, left + width - 100))
    pasted = with_swapped_portrait(CARD, STRANGER, 1, 3).canvas[middle]
    assert pasted.std() > CARD.canvas[middle].std() + 2
