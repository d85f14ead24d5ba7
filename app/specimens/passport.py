"""What does a passport's data page look like? TD3, 125 × 88 mm, of Utopia; ICAO Doc 9303 parts 3 and 4."""

from datetime import date
from enum import StrEnum
from typing import Final

from app.specimens.canvas import Box, Colour, Picture, Size, paper, set_portrait, write
from app.specimens.drawing import Drawing, Sheet
from app.specimens.faces import BUILT_IN, Face
from app.specimens.names import Kind
from app.specimens.traveller import Traveller, identity, in_words, item, random_traveller
from app.specimens.zone import td3, write_zone

SIZE: Final[Size] = (1250, 880)
TINT: Final[Colour] = (6, -2, -4)
LABELS: Final[Colour] = (128, 84, 40)
PORTRAIT: Final[Box] = (46, 150, 310, 400)
CORNER: Final = 32
ZONE: Final = (66, 737)


class Side(StrEnum):
    """The one page that is read."""

    DATA_PAGE = "data_page"


def draw_passport(seed: int, on: date, portrait: Picture, face: Face = BUILT_IN) -> tuple[Drawing]:
    """The data page of a passport that is valid on that day."""
    return (draw_data_page(random_traveller(seed, on, "P"), portrait, face),)


def draw_data_page(traveller: Traveller, portrait: Picture, face: Face) -> Drawing:
    """Portrait left, items right, two lines below."""
    sheet = Sheet(paper(TINT, SIZE), face, label_size=19, label_colour=LABELS)
    said, words = traveller.said, traveller.words
    write(sheet.canvas, "UTOPIA", (46, 60), 44)
    write(sheet.canvas, "PASSPORT 护照", (400, 60), 40)
    item(sheet, words["type"], said.document_code, (400, 106))
    item(sheet, words["state"], said.issuer, (570, 106), "issuer")
    item(sheet, words["number"], said.number, (820, 106), "number")
    identity(sheet, traveller, (400, 178), 70)
    item(sheet, words["place"], traveller.place, (400, 458))
    item(sheet, words["issue"], in_words(traveller.issued), (400, 528))
    item(sheet, words["expiry"], in_words(said.expiry), (820, 528), "expiry")
    item(sheet, words["authority"], "MINISTRY OF UTOPIA", (400, 598))
    write_zone(sheet, td3(said), said, ZONE)
    sheet.places["portrait"] = PORTRAIT
    set_portrait(sheet.canvas, portrait, PORTRAIT)
    return sheet.drawn(Kind.PASSPORT, Side.DATA_PAGE, CORNER)
