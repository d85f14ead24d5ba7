"""What does a second-generation resident identity card say? R24-R26, R36-R40.

The chip of this card is not read and nothing here may claim it was (R44).
"""

from collections.abc import Sequence
from dataclasses import replace

from app.verification.documents.ethnicities import ethnicity_listed
from app.verification.documents.fields import (
    address_field,
    name_field,
    not_said_by,
    number_pieces,
    region,
    score_of,
    sex_field,
    sex_place,
    sex_read,
    text_field,
    text_of,
)
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
    with_text,
)
from app.verification.documents.layout import Box, Layout, Piece, around
from app.verification.documents.readings import (
    UNREAD,
    birth_field,
    number_field,
    number_of_two,
    validity_fields,
    value_of_two,
)
from app.verification.examination import CardView, EmblemSide, Field, Kind, Line, PortraitSide, Side

ADDRESS_ROWS = 3
"""R25."""
ETHNICITY_WIDTH = 6
"""In heights of its label: the longest names have five characters, and the portrait stands further right."""


def read_portrait_side(lines: Sequence[Line], view: CardView) -> PortraitSide:
    """The fields of the portrait side; `view` as measured, before its text was read."""
    layout = lay_out(lines, Side.PORTRAIT)
    ethnicity = layout.beside(ETHNICITY)
    return PortraitSide(
        view=with_text(view, lines, Kind.RESIDENT_CARD, side_of(lines)),
        name=name_field(layout.beside(NAME)),
        sex=sex_field(layout.beside(SEX)),
        birth=_birth(layout),
        address=address_field(layout.under(ADDRESS, ending_at=NUMBER, at_most=ADDRESS_ROWS)),
        number=_number(layout),
        ethnicity_listed=ethnicity_listed(text_of(ethnicity)) if ethnicity else None,
        permit_layout=permit_layout(lines),
    )


def read_emblem_side(lines: Sequence[Line], view: CardView) -> EmblemSide:
    """The fields of the emblem side; `view` as measured, before its text was read."""
    layout = lay_out(lines, Side.EMBLEM)
    authority = layout.under(AUTHORITY, ending_at=VALIDITY, at_most=2)
    row = layout.beside(VALIDITY)
    start, end = validity_fields(text_of(row), score_of(row)) if row else (UNREAD, UNREAD)
    return EmblemSide(with_text(view, lines, Kind.RESIDENT_CARD, side_of(lines)), text_field(authority), start, end)


def with_second_number(side: PortraitSide, text: str, score: float) -> PortraitSide:
    """The side with its number confirmed, or put in doubt, by a reading of `number_region` alone; text may be empty."""
    return replace(side, number=number_of_two(side.number, number_field(text, score)))


def with_second_validity(side: EmblemSide, text: str, score: float) -> EmblemSide:
    """The side with both dates confirmed, or put in doubt, by a reading of `validity_region` alone."""
    start, end = validity_fields(text, score)
    return replace(side, valid_from=value_of_two(side.valid_from, start), valid_to=value_of_two(side.valid_to, end))


def with_second_sex(side: PortraitSide, text: str, score: float) -> PortraitSide:
    """The side with its sex confirmed, or put in doubt, by a reading of `sex_region` alone; OCR loses single characters."""
    return replace(side, sex=value_of_two(side.sex, sex_read(text, score)))


def with_second_birth(side: PortraitSide, text: str, score: float) -> PortraitSide:
    """The side with its birth date confirmed, or put in doubt, by a reading of `birth_region` alone."""
    return replace(side, birth=value_of_two(side.birth, birth_field(text, score)))


def with_second_ethnicity(side: PortraitSide, text: str, _score: float) -> PortraitSide:
    """The side with an ethnicity that `ethnicity_region` alone shows to be listed: a misread character is in no list (R37)."""
    return replace(side, ethnicity_listed=True) if ethnicity_listed(text) else side


def unconfirmed(side: PortraitSide) -> frozenset[str]:
    """Which of sex and birth the number does not say too: one reading of a contradiction turns nobody away."""
    return not_said_by(side.number, sex=side.sex, birth=side.birth)


def number_region(lines: Sequence[Line]) -> Box | None:
    """Where the number stands on the canvas, with a rim; None where neither it nor its label was read."""
    layout = lay_out(lines, Side.PORTRAIT)
    return region(layout, NUMBER, number_pieces(layout, NUMBER))


def birth_region(lines: Sequence[Line]) -> Box | None:
    """Where the birth date stands on the canvas, with a rim."""
    layout = lay_out(lines, Side.PORTRAIT)
    return region(layout, BIRTH, _birth_pieces(layout))


def validity_region(lines: Sequence[Line]) -> Box | None:
    """Where the validity stands on the canvas, with a rim."""
    layout = lay_out(lines, Side.EMBLEM)
    return region(layout, VALIDITY, layout.beside(VALIDITY))


def sex_region(lines: Sequence[Line]) -> Box | None:
    """Where the sex stands on the canvas: two characters right of its label, before 民族."""
    return sex_place(lay_out(lines, Side.PORTRAIT))


def ethnicity_region(lines: Sequence[Line]) -> Box | None:
    """Where the ethnicity stands on the canvas, with a rim; where none was read, right of its label, which permits lack."""
    layout = lay_out(lines, Side.PORTRAIT)
    found, label = layout.beside(ETHNICITY), layout.label(ETHNICITY)
    if found:
        return region(layout, ETHNICITY, found)
    if label is None:
        return None
    box, height = label.box, label.box.height
    return Box(box.right, box.top, box.right + ETHNICITY_WIDTH * height, box.bottom).grown(0.3 * height)


def places(lines: Sequence[Line], side: Side) -> dict[str, Box]:
    """Where on the canvas the fields of a side stand, of those that were found."""
    layout = lay_out(lines, side)
    if side is Side.PORTRAIT:
        pieces = {
            "name": layout.beside(NAME),
            "sex": layout.beside(SEX),
            "birth": _birth_pieces(layout),
            "address": layout.under(ADDRESS, ending_at=NUMBER, at_most=ADDRESS_ROWS),
            "number": number_pieces(layout, NUMBER),
        }
    else:
        validity = layout.beside(VALIDITY)
        authority = layout.under(AUTHORITY, ending_at=VALIDITY, at_most=2)
        pieces = {"authority": authority, "valid_from": validity, "valid_to": validity}
    return {name: around(piece.box for piece in found) for name, found in pieces.items() if found}


def _birth(layout: Layout) -> Field:
    pieces = _birth_pieces(layout)
    return birth_field(text_of(pieces), score_of(pieces)) if pieces else UNREAD


def _birth_pieces(layout: Layout) -> tuple[Piece, ...]:
    """The date beside 出生; the only text with 年 and 月 is it even where the label was not read."""
    beside = layout.beside(BIRTH)
    return beside or tuple(p for p in layout.pieces if birth_field(p.text, p.score).value)[:1]


def _number(layout: Layout) -> Field:
    pieces = number_pieces(layout, NUMBER)
    return number_field(text_of(pieces), score_of(pieces)) if pieces else UNREAD
