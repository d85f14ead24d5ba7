"""What does a second-generation resident identity card say? R24-R26, R36-R40.

The chip of this card is not read and nothing here may claim it was (R44).
"""

from collections.abc import Sequence
from dataclasses import replace

from app.verification.documents.ethnicities import ethnicity_listed
from app.verification.documents.labels import (
    ADDRESS,
    AUTHORITY,
    BIRTH,
    ETHNICITY,
    NAME,
    NUMBER,
    SEX,
    VALIDITY,
    lay_out,
    permit_layout,
    side_of,
    specimen_mark,
)
from app.verification.documents.layout import CANVAS_WIDTH, Box, Layout, Piece, around, length_fits
from app.verification.documents.names import han_only, printed_name
from app.verification.documents.readings import (
    UNREAD,
    birth_field,
    number_field,
    number_of_two,
    number_seen,
    validity_fields,
    value_of_two,
)
from app.verification.documents.resident_number import Sex, said_by
from app.verification.examination import CardView, EmblemSide, Field, Line, PortraitSide, Side

ADDRESS_ROWS = 3
"""R25."""
ODD_LENGTH = 0.5
"""R40: factor where the box has room for more or fewer characters than were read, as with one outside the dictionary."""


def read_portrait_side(lines: Sequence[Line], view: CardView) -> PortraitSide:
    """The fields of the portrait side; `view` as measured, before its text was read."""
    layout = lay_out(lines, Side.PORTRAIT)
    ethnicity = layout.beside(ETHNICITY)
    return PortraitSide(
        view=_with_text(view, lines),
        name=_name(layout.beside(NAME)),
        sex=_sex(layout.beside(SEX)),
        birth=_birth(layout),
        address=_address(layout.under(ADDRESS, ending_at=NUMBER, at_most=ADDRESS_ROWS)),
        number=_number(layout),
        ethnicity_listed=ethnicity_listed(_text(ethnicity)) if ethnicity else None,
        permit_layout=permit_layout(lines),
    )


def read_emblem_side(lines: Sequence[Line], view: CardView) -> EmblemSide:
    """The fields of the emblem side; `view` as measured, before its text was read."""
    layout = lay_out(lines, Side.EMBLEM)
    authority = layout.under(AUTHORITY, ending_at=VALIDITY, at_most=2)
    row = layout.beside(VALIDITY)
    start, end = validity_fields(_text(row), _score(row)) if row else (UNREAD, UNREAD)
    return EmblemSide(_with_text(view, lines), _plain(authority), start, end)


def with_second_number(side: PortraitSide, text: str, score: float) -> PortraitSide:
    """The side with its number confirmed, or put in doubt, by a reading of `number_region` alone; text may be empty."""
    return replace(side, number=number_of_two(side.number, number_field(text, score)))


def with_second_validity(side: EmblemSide, text: str, score: float) -> EmblemSide:
    """The side with both dates confirmed, or put in doubt, by a reading of `validity_region` alone."""
    start, end = validity_fields(text, score)
    return replace(side, valid_from=value_of_two(side.valid_from, start), valid_to=value_of_two(side.valid_to, end))


def with_second_sex(side: PortraitSide, text: str, score: float) -> PortraitSide:
    """The side with its sex as `sex_region` alone shows it too, or as it alone shows it: OCR loses single characters."""
    second = _sex_field(text, score)
    if side.sex.value is None:
        return replace(side, sex=second) if second.value else side
    return replace(side, sex=value_of_two(side.sex, second))


def with_second_birth(side: PortraitSide, text: str, score: float) -> PortraitSide:
    """The side with its birth date confirmed, or put in doubt, by a reading of `birth_region` alone."""
    return replace(side, birth=value_of_two(side.birth, birth_field(text, score)))


def unconfirmed(side: PortraitSide) -> frozenset[str]:
    """Which of sex and birth the number does not say too: one reading of a contradiction turns nobody away."""
    number = side.number.value
    says = said_by(number) if number else None
    agree = {"sex": says and side.sex.value == says.sex, "birth": says and side.birth.value == says.birth}
    return frozenset(name for name, agrees in agree.items() if not agrees)


def number_region(lines: Sequence[Line]) -> Box | None:
    """Where the number stands on the canvas, with a rim; None where neither it nor its label was read."""
    layout = lay_out(lines, Side.PORTRAIT)
    return _region(layout, NUMBER, _number_pieces(layout))


def birth_region(lines: Sequence[Line]) -> Box | None:
    """Where the birth date stands on the canvas, with a rim."""
    layout = lay_out(lines, Side.PORTRAIT)
    return _region(layout, BIRTH, _birth_pieces(layout))


def validity_region(lines: Sequence[Line]) -> Box | None:
    """Where the validity stands on the canvas, with a rim."""
    layout = lay_out(lines, Side.EMBLEM)
    return _region(layout, VALIDITY, layout.beside(VALIDITY))


def sex_region(lines: Sequence[Line]) -> Box | None:
    """Where the sex stands on the canvas: two characters right of its label, before 民族."""
    label = lay_out(lines, Side.PORTRAIT).label(SEX)
    if label is None:
        return None
    box, height = label.box, label.box.height
    return Box(box.right, box.top, box.right + 2.5 * height, box.bottom).grown(0.3 * height)


def places(lines: Sequence[Line], side: Side) -> dict[str, Box]:
    """Where on the canvas the fields of a side stand, of those that were found."""
    layout = lay_out(lines, side)
    if side is Side.PORTRAIT:
        pieces = {
            "name": layout.beside(NAME),
            "sex": layout.beside(SEX),
            "birth": _birth_pieces(layout),
            "address": layout.under(ADDRESS, ending_at=NUMBER, at_most=ADDRESS_ROWS),
            "number": _number_pieces(layout),
        }
    else:
        validity = layout.beside(VALIDITY)
        authority = layout.under(AUTHORITY, ending_at=VALIDITY, at_most=2)
        pieces = {"authority": authority, "valid_from": validity, "valid_to": validity}
    return {name: around(piece.box for piece in found) for name, found in pieces.items() if found}


def _region(layout: Layout, name: str, pieces: Sequence[Piece]) -> Box | None:
    if pieces:
        box = around(piece.box for piece in pieces)
        return box.grown(0.35 * box.height)
    label = layout.label(name)
    if label is None:
        return None
    box = label.box
    return Box(box.right, box.top, CANVAS_WIDTH, box.bottom).grown(0.35 * box.height)


def _with_text(view: CardView, lines: Sequence[Line]) -> CardView:
    return replace(view, seen=side_of(lines), specimen=any(specimen_mark(line.text) for line in lines))


def _name(pieces: Sequence[Piece]) -> Field:
    if not pieces:
        return UNREAD
    name = printed_name(_text(pieces))
    fits = len(pieces) > 1 or length_fits(pieces[0], name or "")
    return Field(_text(pieces), name, _score(pieces) * (1.0 if fits else ODD_LENGTH))


def _sex(pieces: Sequence[Piece]) -> Field:
    return _sex_field(_text(pieces), _score(pieces)) if pieces else UNREAD


def _sex_field(text: str, score: float) -> Field:
    seen = han_only(text).removeprefix(SEX)
    return Field(text, seen if seen in set(Sex) else None, score)


def _birth(layout: Layout) -> Field:
    pieces = _birth_pieces(layout)
    return birth_field(_text(pieces), _score(pieces)) if pieces else UNREAD


def _birth_pieces(layout: Layout) -> tuple[Piece, ...]:
    """The date beside 出生; the only text with 年 and 月 is it even where the label was not read."""
    beside = layout.beside(BIRTH)
    return beside or tuple(p for p in layout.pieces if birth_field(p.text, p.score).value)[:1]


def _address(pieces: Sequence[Piece]) -> Field:
    if not pieces:
        return UNREAD
    odd = any(not length_fits(piece, piece.text) for piece in pieces)
    field = _plain(pieces)
    return replace(field, confidence=field.confidence * ODD_LENGTH) if odd else field


def _number(layout: Layout) -> Field:
    pieces = _number_pieces(layout)
    return number_field(_text(pieces), _score(pieces)) if pieces else UNREAD


def _number_pieces(layout: Layout) -> tuple[Piece, ...]:
    """What stands beside its label; where the label was not read, the one line that has a number's form."""
    beside = layout.beside(NUMBER)
    if beside:
        return beside
    return tuple(p for p in layout.pieces if number_seen(number_field(p.text, p.score)))[:1]


def _plain(pieces: Sequence[Piece]) -> Field:
    """Free text: what was seen is the value."""
    text = _text(pieces)
    return Field(text, text, _score(pieces)) if text else UNREAD


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _score(pieces: Sequence[Piece]) -> float:
    """As sure as its least sure piece."""
    return min((piece.score for piece in pieces), default=0.0)
