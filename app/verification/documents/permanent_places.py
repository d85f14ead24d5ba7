"""Where does a foreign permanent resident card print what it says, and where is it read again? R18-R20.

The placing of labels follows the published specimens of both editions: a label in two languages and its value under it.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Final

from app.verification.documents.fields import region, score_of, text_of
from app.verification.documents.labels import AUTHORITY, NAME, SEX, VALIDITY, Form
from app.verification.documents.layout import CANVAS_HEIGHT, CANVAS_WIDTH, Box, Layout, Piece, around, same_row
from app.verification.documents.names import han_only
from app.verification.documents.permanent_fields import (
    both_sexes_field,
    country_field,
    first_day_field,
    former_number_field,
    is_name,
    permanent_number_field,
)
from app.verification.documents.readings import date_field
from app.verification.documents.stacked_labels import beneath, beside, laid_out
from app.verification.examination import Field, Line

TITLE, BIRTH, NATIONALITY = "外国人永久居留身份证", "出生日期", "国籍"
NUMBER, PREVIOUS = "证件号码", "曾持证件号码"
NAME_ROWS: Final = 3
AUTHORITY_ROWS: Final = 2
FORM: Final = Form(
    labels=(TITLE, NAME, SEX, BIRTH, NATIONALITY, VALIDITY, AUTHORITY, PREVIOUS, NUMBER),
    column=(NAME, SEX, NATIONALITY, VALIDITY, AUTHORITY, NUMBER),
)

Reader = Callable[[str, float], Field]


def front_pieces(layout: Layout) -> dict[str, tuple[Piece, ...]]:
    """What of the text is which field of the front; empty where nothing is."""
    validity = _pieces(layout, first_day_field, VALIDITY)
    return {
        "latin_name": tuple(piece for piece in _names(layout) if not han_only(piece.text)),
        "chinese_name": _chinese(layout),
        "sex": _pieces(layout, both_sexes_field, SEX),
        "birth": _birth(layout),
        "nationality": _pieces(layout, country_field, NATIONALITY),
        "number": _number(layout),
        "authority": _authority(layout),
        "valid_from": validity,
        "valid_to": validity,
    }


def back_pieces(layout: Layout) -> dict[str, tuple[Piece, ...]]:
    """What of the text is which field of the back; empty where nothing is."""
    validity = _pieces(layout, first_day_field, VALIDITY)
    return {
        "authority": _authority(layout),
        "previous_number": _pieces(layout, former_number_field, PREVIOUS),
        "valid_from": validity,
        "valid_to": validity,
    }


def front_places(lines: Sequence[Line]) -> dict[str, Box]:
    """Where on the canvas the fields of the front stand, of those that were found."""
    return _boxes(front_pieces(laid_out(lines, FORM)))


def back_places(lines: Sequence[Line]) -> dict[str, Box]:
    """Where on the canvas the fields of the back stand, of those that were found."""
    return _boxes(back_pieces(laid_out(lines, FORM)))


def number_region(lines: Sequence[Line]) -> Box | None:
    """Where the number stands on the front, with a rim; None where neither it nor its label was read."""
    layout = laid_out(lines, FORM)
    return _again(layout, NUMBER, _number(layout))


def sex_region(lines: Sequence[Line]) -> Box | None:
    """Where the sex stands on the front, with a rim."""
    layout = laid_out(lines, FORM)
    return _again(layout, SEX, _pieces(layout, both_sexes_field, SEX))


def birth_region(lines: Sequence[Line]) -> Box | None:
    """Where the birth date stands on the front, with a rim."""
    layout = laid_out(lines, FORM)
    return _again(layout, BIRTH, _birth(layout))


def validity_region(lines: Sequence[Line]) -> Box | None:
    """Where the validity stands on either side, with a rim."""
    layout = laid_out(lines, FORM)
    return _again(layout, VALIDITY, _pieces(layout, first_day_field, VALIDITY))


def previous_region(lines: Sequence[Line]) -> Box | None:
    """Where the number before this one stands on the back, with a rim; None where none does: not every holder had one."""
    layout = laid_out(lines, FORM)
    found = _pieces(layout, former_number_field, PREVIOUS)
    return region(layout, PREVIOUS, found) if found else None


def _boxes(pieces: Mapping[str, Sequence[Piece]]) -> dict[str, Box]:
    return {name: around(piece.box for piece in found) for name, found in pieces.items() if found}


def _again(layout: Layout, name: str, pieces: Sequence[Piece]) -> Box | None:
    """The pieces with a rim; where none was read, the label's row and what lies under it, up to the next label's column."""
    label = layout.label(name)
    if pieces or label is None:
        return region(layout, name, pieces)
    box = label.box
    row = [other.box.left for other in layout.labels if same_row(other.box, box) and other.box.left > box.left]
    right = min(row, default=float(CANVAS_WIDTH))
    return Box(box.left, box.top, right, min(box.bottom + 2 * box.height, CANVAS_HEIGHT))


def _pieces(layout: Layout, read: Reader, *labels: str) -> tuple[Piece, ...]:
    """What stands beside or under one of the labels and can be read: beside may stand what is left of its English."""
    places = [p for name in labels for p in (beside(layout, name), beneath(layout, name, rows=1)) if p]
    return next((p for p in places if read(text_of(p), score_of(p)).value), places[0] if places else ())


def _birth(layout: Layout) -> tuple[Piece, ...]:
    """What its label tells; where that was lost, the day that stands under the sex's."""
    found = _pieces(layout, date_field, BIRTH, SEX)
    return found if date_field(text_of(found), score_of(found)).value else _pieces(layout, date_field, BIRTH)


def _names(layout: Layout) -> tuple[Piece, ...]:
    return tuple(takewhile(is_name, [*beside(layout, NAME), *beneath(layout, NAME, rows=NAME_ROWS)]))


def _chinese(layout: Layout) -> tuple[Piece, ...]:
    """One row: what stands under it may be a label that was misread."""
    found = [piece for piece in _names(layout) if han_only(piece.text)]
    return tuple(piece for piece in found if same_row(piece.box, found[0].box))


def _authority(layout: Layout) -> tuple[Piece, ...]:
    found = (*beside(layout, AUTHORITY), *beneath(layout, AUTHORITY, rows=AUTHORITY_ROWS))
    return tuple(piece for piece in found if han_only(piece.text))


def _number(layout: Layout) -> tuple[Piece, ...]:
    """What its label tells; where that was not read, the one piece that has a number's form."""
    found = _pieces(layout, permanent_number_field, NUMBER)
    if found:
        return found
    formed = tuple(p for p in layout.pieces if permanent_number_field(p.text, p.score).value)
    return formed if len(formed) == 1 else ()
