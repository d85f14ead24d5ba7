"""Where does a resident card print its rows, and when is all of them read? R25; places as drawn, with room for others'.

A residence permit's portrait side has the same rows (R17).
"""

from collections.abc import Sequence
from typing import Final

from app.verification.documents.fields import not_said_by
from app.verification.documents.labels import TITLE
from app.verification.documents.layout import Box
from app.verification.documents.resident_card import ADDRESS_ROWS, read_emblem_side, read_portrait_side
from app.verification.documents.resident_number import PERMIT_PREFIXES
from app.verification.documents.rows import Block, KnownPage
from app.verification.examination import NO_CARD, Field, Line

SURE = 0.9
"""As `field_sure` of the policies: below it a person is asked, so first the whole picture is."""

_MARGIN = Block(Box(650, 10, 1000, 60), range(2), range(12, 36))
"""Where specimens bear their mark."""


def portrait_read(lines: Sequence[Line]) -> bool:
    """Every field of the portrait side, those surely that the number does not confirm."""
    side = read_portrait_side(lines, NO_CARD)
    known = side.number.value is not None and not not_said_by(side.number, sex=side.sex, birth=side.birth)
    listed = side.ethnicity_listed or (side.number.value or "")[:2] in PERMIT_PREFIXES
    return known and listed and _sure(side.name, side.address, side.number)


def emblem_read(lines: Sequence[Line]) -> bool:
    """Title and every field of the emblem side; another document's title is another document's side."""
    side = read_emblem_side(lines, NO_CARD)
    titled = any("".join(line.text.split()) == TITLE for line in lines)
    return titled and _sure(side.authority, side.valid_from, side.valid_to)


def _sure(*fields: Field) -> bool:
    return all(field.value is not None and field.confidence >= SURE for field in fields)


PORTRAIT: Final = KnownPage(
    blocks=(
        Block(Box(40, 50, 640, 440), range(4, 4 + ADDRESS_ROWS), range(20, 45), columns=(134,)),
        Block(Box(40, 500, 980, 605), range(1, 2), range(22, 45)),
        _MARGIN,
    ),
    pictures=(Box(640, 60, 985, 470),),
    sure=portrait_read,
)
EMBLEM: Final = KnownPage(
    blocks=(
        Block(Box(290, 70, 990, 300), range(2, 3), range(45, 115)),
        Block(Box(200, 430, 990, 605), range(2, 4), range(20, 45)),
        _MARGIN,
    ),
    pictures=(Box(40, 50, 280, 290),),
    sure=emblem_read,
)
