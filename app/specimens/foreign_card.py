"""What does another state's identity card look like? TD2's front and TD1's back, of Utopia; ICAO Doc 9303 parts 5, 6."""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Final

from app.specimens.canvas import Box, Colour, Picture, Size, paper, set_portrait, write
from app.specimens.drawing import Drawing, Sheet
from app.specimens.faces import BUILT_IN, Face
from app.specimens.names import Kind
from app.specimens.traveller import Traveller, identity, in_words, item, random_traveller
from app.specimens.zone import td1, td2, write_zone

TD2_SIZE: Final[Size] = (1050, 740)
TINT: Final[Colour] = (-8, 4, 2)
LABELS: Final[Colour] = (108, 88, 52)
PORTRAIT: Final[Box] = (46, 104, 258, 332)
TD2_ZONE, TD1_ZONE = (66, 604), (56, 462)
TD2_CORNER: Final = 32
TD1_PX_PER_MM: Final = 300 / 25.4
YEARS: Final = 5
LONG_NUMBER_EACH: Final = 5
"""Of so many TD1 one has a number that runs on in its optional field (R59)."""


class Side(StrEnum):
    """TD2 has its zone on the front, TD1 on the back."""

    FRONT = "front"
    BACK = "back"


def draw_foreign_card(seed: int, on: date, portrait: Picture, face: Face = BUILT_IN) -> tuple[Drawing, Drawing]:
    """The front of a TD2 and the back of a TD1, both valid on that day: two cards."""
    front = draw_td2_front(random_traveller(seed, on, "I", YEARS), portrait, face)
    holder = random_traveller(seed, on, "ID", YEARS)
    return front, draw_td1_back(longer(holder) if seed % LONG_NUMBER_EACH == 0 else holder, face)


def longer(holder: Traveller) -> Traveller:
    """The same with a number of thirteen characters."""
    return replace(holder, said=replace(holder.said, number=f"{holder.said.number}7349"))


def draw_td2_front(traveller: Traveller, portrait: Picture, face: Face) -> Drawing:
    """Portrait left, items right, two lines below."""
    sheet = Sheet(paper(TINT, TD2_SIZE), face, label_size=18, label_colour=LABELS)
    said, words = traveller.said, traveller.words
    write(sheet.canvas, "UTOPIA IDENTITY CARD", (46, 58), 38)
    item(sheet, words["document"], said.number, (350, 104), "number")
    item(sheet, words["state"], said.issuer, (760, 104), "issuer")
    identity(sheet, traveller, (350, 170), 66)
    item(sheet, words["expiry"], in_words(said.expiry), (350, 434), "expiry")
    write_zone(sheet, td2(said), said, TD2_ZONE)
    sheet.places["portrait"] = PORTRAIT
    set_portrait(sheet.canvas, portrait, PORTRAIT)
    return sheet.drawn(Kind.IDENTITY_CARD, Side.FRONT, TD2_CORNER)


def draw_td1_front(traveller: Traveller, portrait: Picture, face: Face) -> Drawing:
    """The other side of a TD1: portrait left, items right, no zone (Doc 9303-5)."""
    sheet = Sheet(paper(TINT), face, label_size=18, label_colour=LABELS)
    said, words = traveller.said, traveller.words
    write(sheet.canvas, "UTOPIA IDENTITY CARD", (46, 58), 38)
    item(sheet, words["document"], said.number, (350, 104), "number")
    item(sheet, words["state"], said.issuer, (760, 104), "issuer")
    identity(sheet, traveller, (350, 170), 66)
    item(sheet, words["expiry"], in_words(said.expiry), (350, 434), "expiry")
    sheet.places["portrait"] = PORTRAIT
    set_portrait(sheet.canvas, portrait, PORTRAIT)
    return sheet.drawn(Kind.IDENTITY_CARD, Side.FRONT)


def draw_td1_back(traveller: Traveller, face: Face) -> Drawing:
    """Where it was issued, and three lines."""
    sheet = Sheet(paper(TINT), face, label_size=20, label_colour=LABELS)
    said, words = traveller.said, traveller.words
    write(sheet.canvas, "UTOPIA", (56, 58), 38)
    item(sheet, words["place"], traveller.place, (56, 124))
    item(sheet, words["issue"], in_words(traveller.issued), (56, 204))
    item(sheet, words["authority"], "MINISTRY OF UTOPIA", (56, 284))
    write_zone(sheet, td1(said), said, TD1_ZONE, TD1_PX_PER_MM)
    return sheet.drawn(Kind.IDENTITY_CARD, Side.BACK)
