"""What does a residence permit for Hong Kong, Macao and Taiwan residents look like? R16, R17; 国办发〔2018〕81号.

Like a resident card, without 民族; the emblem side has rows of its own for the travel permit and the times issued.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from app.specimens.canvas import Picture, draw_disc, draw_hills, paper, set_portrait, write, write_bold
from app.specimens.drawing import Drawing, Sheet
from app.specimens.faces import BUILT_IN, Face
from app.specimens.names import Kind
from app.specimens.people import CardTruth, Sex, check_character, pick, random_card, years_later
from app.specimens.resident_card import (
    EMBLEM_TINT,
    PORTRAIT_BOX,
    PORTRAIT_TINT,
    Side,
    write_birth_address_and_number,
    write_name,
    write_validity,
)

TERM_YEARS: Final = 5
"""At every age (R16)."""
LAST_ORDER: Final = 990
"""The area code is the law's, so the order code marks a specimen: from here on, which no office has reached."""


@dataclass(frozen=True, slots=True)
class Region:
    """Where a holder is from."""

    area: str
    title: str
    letter: str
    """Before the digits of the travel permit."""


REGIONS: Final = (
    Region("810000", "港澳居民居住证", "H"),
    Region("820000", "港澳居民居住证", "M"),
    Region("830000", "台湾居民居住证", ""),
)


def draw_permit(seed: int, on: date, portrait: Picture, face: Face = BUILT_IN) -> tuple[Drawing, Drawing]:
    """Both sides of a permit that is valid on that day."""
    chance = np.random.default_rng((seed, 16))
    region = pick(chance, REGIONS)
    start = on - timedelta(days=int(chance.integers(30, 365 * 4)))
    truth = held(random_card(seed, on), region, start, int(chance.integers(0, 5)))
    digits = f"{chance.integers(10_000_000, 100_000_000)}"
    emblem = draw_emblem_side(truth, region, (region.letter + digits, f"{chance.integers(1, 4):02d}"), face)
    return draw_portrait_side(truth, portrait, face), emblem


def held(card: CardTruth, region: Region, start: date, order: int) -> CardTruth:
    """The card as a permit: another number, five years, and no dot in the name, whose peoples live elsewhere."""
    person = card.person
    order = LAST_ORDER + 2 * order + (person.sex is Sex.MALE)
    first_17 = f"{region.area}{person.birth:%Y%m%d}{order:03d}"
    named = replace(person, name=person.name.split("·")[0], number=first_17 + check_character(first_17))
    return replace(card, person=named, valid_from=start, valid_to=years_later(start, TERM_YEARS))


def draw_portrait_side(truth: CardTruth, portrait: Picture, face: Face) -> Drawing:
    """The resident card's rows without 民族."""
    sheet = Sheet(paper(PORTRAIT_TINT), face)
    write_name(sheet, truth.person.name)
    sheet.label("性别", (54, 172))
    sheet.value("sex", truth.person.sex, (154, 172))
    write_birth_address_and_number(sheet, truth)
    sheet.places["portrait"] = PORTRAIT_BOX
    set_portrait(sheet.canvas, portrait, PORTRAIT_BOX)
    return sheet.drawn(Kind.RESIDENCE_PERMIT, Side.PORTRAIT)


def draw_emblem_side(truth: CardTruth, region: Region, travel: tuple[str, str], face: Face) -> Drawing:
    """`travel`: the number of the travel permit, and how often it was issued."""
    sheet = Sheet(paper(EMBLEM_TINT), face)
    draw_hills(sheet.canvas)
    draw_disc(sheet.canvas, (152, 170), 98)
    write_bold(sheet.canvas, "中华人民共和国", (318, 152), 62)
    write_bold(sheet.canvas, region.title, (318, 256), 80)
    for text, at in (
        ("签发机关", (200, 428)),
        ("有效期限", (200, 488)),
        ("通行证号码", (200, 548)),
        ("签发次数", (672, 548)),
    ):
        write(sheet.canvas, text, at, 30)
    sheet.value("authority", truth.authority, (392, 428))
    write_validity(sheet, truth, (392, 488))
    sheet.value("travel_permit", travel[0], (392, 548))
    sheet.value("times_issued", travel[1], (832, 548))
    return sheet.drawn(Kind.RESIDENCE_PERMIT, Side.EMBLEM)
