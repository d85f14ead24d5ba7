"""Is this a temporary resident identity card 临时居民身份证, and what does it say? R42.

It proves who a citizen is while the card itself is made (居民身份证法 Art. 12). Ask this before asking for the resident
card's sides: a temporary card prints their labels, and its title ends in theirs.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.verification.documents.labels import (
    ADDRESS,
    AUTHORITY,
    BIRTH,
    ETHNICITY,
    NAME,
    NUMBER,
    SEX,
    STATE,
    TITLE,
    VALIDITY,
    Form,
    lay_out_form,
    with_text,
)
from app.verification.documents.layout import Box, bounds, same_row
from app.verification.documents.resident_card import places as portrait_places
from app.verification.documents.resident_card import read_emblem_side, read_portrait_side
from app.verification.documents.validity import Validity
from app.verification.examination import CardView, EmblemSide, Kind, Line, PortraitSide, Side

MONTHS: Final = 3
"""临时居民身份证管理办法 Art. 7, from the day of issue."""

_TITLE = re.compile(rf"(?=(?:[临臨].|.[时時])({'.' * len(TITLE)}))")
_ITEMS: Final = Form(
    labels=(NAME, SEX, ETHNICITY, BIRTH, ADDRESS, NUMBER, AUTHORITY, VALIDITY),
    column=(NAME, SEX, BIRTH, ADDRESS, NUMBER),
)
_COVER: Final = Form(labels=(STATE, TITLE))


@dataclass(frozen=True, slots=True)
class TemporaryCard:
    """What it prints on its one side: what a resident card prints on two."""

    view: CardView
    items: PortraitSide
    issue: EmblemSide


def read_temporary_card(lines: Sequence[Line], view: CardView) -> TemporaryCard:
    """The fields of the card; `view` as measured, before its text was read."""
    layout = lay_out_form(lines, _ITEMS)
    own = [label.box for name in (AUTHORITY, VALIDITY) if (label := layout.label(name))]
    items = [line for line in lines if not any(same_row(bounds(line), box) for box in own)]
    seen = with_text(view, lines, Kind.TEMPORARY_CARD, Side.PORTRAIT if temporary_card(lines) else None)
    return TemporaryCard(seen, read_portrait_side(items, view), read_emblem_side(lines, view))


def places(lines: Sequence[Line]) -> dict[str, Box]:
    """Where on the canvas its fields stand, of those that were found."""
    return portrait_places(lines, Side.PORTRAIT) | portrait_places(lines, Side.EMBLEM)


def temporary_card(lines: Sequence[Line]) -> bool:
    """The text is a temporary card's, by its title or by its items."""
    return temporary_title(lines) or temporary_items(lines)


def temporary_title(lines: Sequence[Line]) -> bool:
    """The title was read; one of 临 and 时 and one character of the rest may be wrong."""
    texts = ("".join(line.text.split()) for line in lines)
    return any(_misread(found[1]) <= 1 for text in texts for found in _TITLE.finditer(text))


def temporary_items(lines: Sequence[Line]) -> bool:
    """Who it is, who issued it and until when stand on one side, which a resident card parts.

    Where the resident card's own cover is read too, both its sides were copied onto one sheet.
    """
    found = {label.name for label in lay_out_form(lines, _ITEMS).labels}
    return NUMBER in found and NAME in found and bool(found & {AUTHORITY, VALIDITY}) and not _cover(lines)


def three_months(validity: Validity) -> bool:
    """Whether it runs three months: to the same day of the month or the one before, a shorter month to its last."""
    due = three_months_after(validity.start)
    return validity.end in {due, due - timedelta(days=1)}


def three_months_after(start: date) -> date:
    """The same day three months on; the last of a month that has no such day."""
    years, month = divmod(start.month - 1 + MONTHS, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _cover(lines: Sequence[Line]) -> bool:
    return len(lay_out_form(lines, _COVER).labels) == 2


def _misread(title: str) -> int:
    return sum(a != b for a, b in zip(title, TITLE, strict=True))
