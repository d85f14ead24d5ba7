"""What does a driving licence look like? The paper one's main page and its duplicate page 副页, 88 × 60 mm; R46-R52.

The seal is a square of red words in a frame, deliberately nobody's seal.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import cv2
import numpy as np

from app.specimens.canvas import Box, Colour, Picture, Size, glue_portrait, paper, write
from app.specimens.drawing import LONG_TERM, PAPER_CORNER, Drawing, Sheet
from app.specimens.faces import BUILT_IN, Face
from app.specimens.names import Kind
from app.specimens.people import NO_COUNTY, Person, age_on, pick, random_card, years_later

SIZE: Final[Size] = (1012, 690)
TINT: Final[Colour] = (-16, 2, -18)
LABELS: Final[Colour] = (70, 62, 58)
SEAL_RED: Final[Colour] = (60, 50, 205)
PORTRAIT: Final[Box] = (752, 330, 216, 280)
CLASSES: Final = ("C1", "C1", "C2", "B2", "A2", "C1D", "B2E", "A1A2", "C3", "C5", "D", "C1E")
GROWN_UP: Final = 23
"""Of an age for every class (R51) at first issue."""
ADDRESS_CHARACTERS: Final = 18
"""To a line."""


class Side(StrEnum):
    """The two pages."""

    MAIN = "main"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Licence:
    """What a licence says."""

    person: Person
    first_issue: date
    valid_from: date
    valid_to: date | None
    """None: 长期."""
    classes: str
    file_number: str
    authority: str


def draw_licence(seed: int, on: date, portrait: Picture, face: Face = BUILT_IN) -> tuple[Drawing, Drawing]:
    """Both pages of a licence that is valid on that day."""
    licence = random_licence(seed, on)
    return draw_main(licence, portrait, face), draw_duplicate(licence, face)


def random_licence(seed: int, on: date) -> Licence:
    """Six years at first, then ten, then for ever (R47, R48); every holder was of age at first issue."""
    chance, card = np.random.default_rng((seed, 46)), random_card(seed, on)
    person = card.person
    grown_up = years_later(person.birth, GROWN_UP)
    held = max(1, (on - grown_up).days) if age_on(person.birth, on) > GROWN_UP else 1
    first = on - timedelta(days=int(chance.integers(0, min(held, 25 * 365))))
    ends = (first, years_later(first, 6), years_later(first, 16))
    term = sum(end <= on for end in ends)
    start, end = ends[term - 1], (*ends[1:], None)[term - 1]
    file_number = f"{person.number[:2]}{NO_COUNTY}{chance.integers(0, 1_000_000):06d}"
    classes = pick(chance, CLASSES) if age_on(person.birth, first) >= GROWN_UP - 1 else "C1"
    return Licence(person, first, start, end, classes, file_number, card.authority.split("公安局")[0])


def draw_main(licence: Licence, portrait: Picture, face: Face) -> Drawing:
    """The page with the holder's attributes."""
    sheet, person = (
        _sheet(face, "中华人民共和国机动车驾驶证", "Driving License of the People's Republic of China"),
        licence.person,
    )
    _row(sheet, ("证号", "No."), (44, 150), ("number", person.number), 250)
    _row(sheet, ("姓名", "Name"), (44, 214), ("name", person.name), 130)
    _row(sheet, ("性别", "Sex"), (460, 214), ("sex", person.sex), 550)
    _row(sheet, ("国籍", "Nationality"), (652, 214), ("nationality", "中国"), 790)
    _label(sheet, ("住址", "Address"), (44, 278))
    for line, y in zip(_lines(person.address), (286, 326), strict=False):
        sheet.value("address", line, (150, y), 30)
    _row(sheet, ("出生日期", "Date of Birth"), (340, 380), ("birth", person.birth.isoformat()), 540)
    _row(
        sheet,
        ("初次领证日期", "Date of First Issue"),
        (340, 450),
        ("first_issue", licence.first_issue.isoformat()),
        540,
    )
    _row(sheet, ("准驾车型", "Class"), (340, 520), ("classes", licence.classes), 540)
    _label(sheet, ("有效期限", "Valid Period"), (44, 634))
    end = "长期" if licence.valid_to is None else licence.valid_to.isoformat()
    sheet.value("valid_from", f"{licence.valid_from}至{end}", (220, 642), 32, says=licence.valid_from.isoformat())
    sheet.stands("valid_to", LONG_TERM if licence.valid_to is None else end, sheet.places["valid_from"])
    _seal(sheet.canvas, licence.authority)
    sheet.places["portrait"] = PORTRAIT
    glue_portrait(sheet.canvas, portrait, PORTRAIT)
    return sheet.drawn(Kind.DRIVING_LICENCE, Side.MAIN, PAPER_CORNER)


def draw_duplicate(licence: Licence, face: Face) -> Drawing:
    """The page with the file number and what was recorded."""
    sheet = _sheet(
        face, "中华人民共和国机动车驾驶证副页", "Duplicate of Driving License of the People's Republic of China"
    )
    _row(sheet, ("证号", "No."), (44, 150), ("number", licence.person.number), 250)
    _row(sheet, ("姓名", "Name"), (44, 224), ("name", licence.person.name), 130)
    _row(sheet, ("档案编号", "File No."), (460, 224), ("file_number", licence.file_number), 620)
    _label(sheet, ("记录", "Record"), (44, 304))
    for line, y in zip(_record(licence), (312, 362), strict=False):
        sheet.value("record", line, (150, y), 30)
    return sheet.drawn(Kind.DRIVING_LICENCE, Side.DUPLICATE, PAPER_CORNER)


def _record(licence: Licence) -> tuple[str, ...]:
    """What the law has printed there: when to renew (公安部令 162 Art. 63)."""
    if licence.valid_to is None:
        return ("实习期至" + years_later(licence.first_issue, 1).strftime("%Y年%m月%d日"),)
    return (f"请于{licence.valid_to:%Y年%m月%d日}前九十日内", "申请换领新驾驶证。")


def _sheet(face: Face, title: str, english: str) -> Sheet:
    sheet = Sheet(paper(TINT, SIZE), face, label_colour=LABELS)
    write(sheet.canvas, title, (90, 60), 40)
    write(sheet.canvas, english, (90, 92), 20, LABELS)
    cv2.rectangle(sheet.canvas, (22, 108), (SIZE[0] - 22, SIZE[1] - 14), LABELS, 2, cv2.LINE_AA)
    return sheet


def _label(sheet: Sheet, words: tuple[str, str], at: tuple[int, int]) -> None:
    """The English stands small under the Chinese."""
    sheet.label(words[0], at, size=26)
    sheet.label(words[1], (at[0], at[1] + 24), size=17)


def _row(sheet: Sheet, words: tuple[str, str], at: tuple[int, int], value: tuple[str, str], x: int) -> None:
    """Right of both, between them, the value."""
    _label(sheet, words, at)
    sheet.value(value[0], value[1], (x, at[1] + 8), 32)


def _lines(address: str) -> tuple[str, ...]:
    return address[:ADDRESS_CHARACTERS], address[ADDRESS_CHARACTERS:]


def _seal(canvas: Picture, city: str) -> None:
    """Four rows of red in a frame."""
    cv2.rectangle(canvas, (60, 372), (292, 590), SEAL_RED, 4, cv2.LINE_AA)
    for row, text in enumerate((city, "公安局", "交通警察", "样本专用")):
        size = min(40, 200 // max(1, len(text)))
        write(canvas, text, (176 - size * len(text) // 2, 420 + 52 * row), size, SEAL_RED)
