"""What does a temporary resident identity card look like? The side with all that is said of its holder; R42."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from app.specimens.canvas import Box, Colour, Picture, paper, set_portrait, write
from app.specimens.drawing import Drawing, Sheet
from app.specimens.faces import BUILT_IN, Face
from app.specimens.names import Kind
from app.specimens.people import CardTruth, random_card
from app.specimens.resident_card import (
    Side,
    write_birth_address_and_number,
    write_name,
    write_validity,
)

TINT: Final[Colour] = (-14, 2, -6)
"""Greener than the card it stands in for."""
PORTRAIT: Final[Box] = (672, 64, 270, 330)


def draw_temporary_card(seed: int, on: date, portrait: Picture, face: Face = BUILT_IN) -> tuple[Drawing]:
    """A card of three months that is valid on that day."""
    start = on - timedelta(days=int(np.random.default_rng((seed, 42)).integers(1, 60)))
    return (
        draw_items(
            replace(random_card(seed, on), valid_from=start, valid_to=three_months_after(start)), portrait, face
        ),
    )


def three_months_after(start: date) -> date:
    """The same day three months on, 临时居民身份证管理办法 Art. 7; where that month is too short, its last."""
    month = start.month + 2
    first = date(start.year + month // 12, month % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(last, first + timedelta(days=start.day - 1))


def draw_items(truth: CardTruth, portrait: Picture, face: Face) -> Drawing:
    """A resident card's rows, and under the address who issued it and until when."""
    sheet = Sheet(paper(TINT), face)
    write_name(sheet, truth.person.name)
    sheet.label("性别", (54, 172))
    sheet.value("sex", truth.person.sex, (154, 172))
    sheet.label("民族", (286, 172))
    write(sheet.canvas, truth.person.ethnicity, (368, 172), 32, face=face)
    write_birth_address_and_number(sheet, truth)
    sheet.label("签发机关", (54, 458))
    sheet.value("authority", truth.authority, (190, 458), 30)
    sheet.label("有效期限", (54, 506))
    write_validity(sheet, truth, (190, 506), 30)
    sheet.places["portrait"] = PORTRAIT
    set_portrait(sheet.canvas, portrait, PORTRAIT)
    return sheet.drawn(Kind.TEMPORARY_CARD, Side.PORTRAIT)
