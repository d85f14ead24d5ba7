"""What does a visa look like? MRV-A, 120 × 80 mm, and MRV-B, 105 × 74 mm, of Utopia; ICAO Doc 9303 part 7."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.specimens.canvas import Box, Colour, Picture, Size, paper, set_portrait, write
from app.specimens.drawing import PAPER_CORNER, Drawing, Sheet
from app.specimens.faces import BUILT_IN, Face
from app.specimens.names import Kind
from app.specimens.passport import Side
from app.specimens.traveller import Traveller, identity, in_words, item, random_traveller
from app.specimens.zone import Said, mrv_a, mrv_b, write_zone

TINT: Final[Colour] = (-4, 8, -12)
LABELS: Final[Colour] = (84, 104, 44)
PORTRAIT: Final[Box] = (46, 112, 250, 322)


@dataclass(frozen=True, slots=True)
class Format:
    """One of the two."""

    size: Size
    zone: tuple[int, int]
    """Left end and base line of the first line."""
    lines: Callable[[Said], tuple[str, ...]]


MRV_A: Final = Format((1200, 800), (41, 664), mrv_a)
MRV_B: Final = Format((1050, 740), (66, 604), mrv_b)


def draw_visa(seed: int, on: date, portrait: Picture, face: Face = BUILT_IN) -> tuple[Drawing]:
    """MRV-A for an even seed, MRV-B for an odd one; valid on that day."""
    return (draw_page(random_traveller(seed, on, "V", 1), (MRV_A, MRV_B)[seed % 2], portrait, face),)


def draw_page(traveller: Traveller, form: Format, portrait: Picture, face: Face) -> Drawing:
    """Portrait left, items right, two lines below."""
    sheet = Sheet(paper(TINT, form.size), face, label_size=18, label_colour=LABELS)
    said, words = traveller.said, traveller.words
    write(sheet.canvas, "UTOPIA VISA 签证", (46, 60), 40)
    item(sheet, words["visa"], said.number, (340, 108), "number")
    item(sheet, words["state"], said.issuer, (720, 108), "issuer")
    identity(sheet, traveller, (340, 174), 66)
    item(sheet, words["from"], in_words(traveller.issued), (340, 438))
    item(sheet, words["expiry"], in_words(said.expiry), (670, 438), "expiry")
    item(sheet, words["entries"], "MULTIPLE", (340, 504))
    write_zone(sheet, form.lines(said), said, form.zone)
    sheet.places["portrait"] = PORTRAIT
    set_portrait(sheet.canvas, portrait, PORTRAIT)
    return sheet.drawn(Kind.VISA, Side.DATA_PAGE, PAPER_CORNER)
