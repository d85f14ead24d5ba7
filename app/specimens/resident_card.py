"""What does a second-generation resident identity card look like? Draws both sides on the canvas of 1012 × 638 px.

Nothing drawn here could pass for a card: 样本 SPECIMEN stands in the margin, the emblem is a plain disc, the area
code belongs to no county.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from app.specimens.canvas import (
    Box,
    Colour,
    Picture,
    draw_disc,
    draw_hills,
    paper,
    set_portrait,
    write,
    write_bold,
)
from app.specimens.drawing import LONG_TERM, Drawing, Hand, Sheet
from app.specimens.faces import BUILT_IN, Face
from app.specimens.names import Kind
from app.specimens.people import CHECK_CHARACTERS, CardTruth, check_character
from app.specimens.second_script import SecondScript

PORTRAIT_TINT: Final[Colour] = (-5, 0, 5)
EMBLEM_TINT: Final[Colour] = (3, 3, -3)

LABEL_SIZE, VALUE_SIZE, NAME_SIZE, NUMBER_SIZE = 28, 32, 36, 40
NUMBER_X, NUMBER_Y, NUMBER_STEP = 340, 566, 28
ADDRESS_CHARACTERS = 11
"""To a line, as on the real card."""
ADDRESS_ROWS = (310, 356, 402)
"""R25: up to three lines."""
PORTRAIT_BOX: Final[Box] = (652, 72, 310, 380)
SECOND_SIZE, SECOND_RISE = 19, 36
"""A second script stands small above its row."""


class Side(StrEnum):
    """The two sides, named as R26 says."""

    PORTRAIT = "portrait"
    EMBLEM = "emblem"


@dataclass(frozen=True, slots=True, eq=False)
class CardDrawing(Drawing):
    """One side of a resident card, and whose it is."""

    truth: CardTruth


def draw_portrait_side(
    truth: CardTruth, portrait: Picture, *, face: Face = BUILT_IN, second: SecondScript | None = None
) -> CardDrawing:
    """The side with the holder's attributes; the portrait is fitted into 310 × 380 px."""
    sheet, person = Sheet(paper(PORTRAIT_TINT), face), truth.person
    write_name(sheet, person.name)
    sheet.label("性别", (54, 172))
    sheet.value("sex", person.sex, (154, 172))
    sheet.label("民族", (286, 172))
    write(sheet.canvas, person.ethnicity, (368, 172), VALUE_SIZE, face=face)
    write_birth_address_and_number(sheet, truth)
    if second is not None:
        write_second_script(sheet, second)
    sheet.places["portrait"] = PORTRAIT_BOX
    set_portrait(sheet.canvas, portrait, PORTRAIT_BOX)
    return CardDrawing(
        Kind.RESIDENT_CARD, Side.PORTRAIT, sheet.canvas, sheet.fields, sheet.places, truth, hands=sheet.hands
    )


def draw_emblem_side(truth: CardTruth, *, face: Face = BUILT_IN, second: SecondScript | None = None) -> CardDrawing:
    """The side with the issuing authority and the validity."""
    sheet = Sheet(paper(EMBLEM_TINT), face)
    draw_hills(sheet.canvas)
    draw_disc(sheet.canvas, (152, 170), 98)
    write_bold(sheet.canvas, "中华人民共和国", (318, 152), 62)
    write_bold(sheet.canvas, "居民身份证", (318, 262), 88)
    write(sheet.canvas, "签发机关", (232, 478), VALUE_SIZE)
    sheet.value("authority", truth.authority, (398, 478))
    write(sheet.canvas, "有效期限", (232, 550), VALUE_SIZE)
    write_validity(sheet, truth, (398, 550))
    if second is not None:
        second.write(sheet.canvas, "state", (318, 74), 30)
        second.write(sheet.canvas, "title", (318, 310), 34)
        second.write(sheet.canvas, "authority", (232, 478 - SECOND_RISE), SECOND_SIZE)
        second.write(sheet.canvas, "validity", (232, 550 - SECOND_RISE), SECOND_SIZE)
    return CardDrawing(
        Kind.RESIDENT_CARD, Side.EMBLEM, sheet.canvas, sheet.fields, sheet.places, truth, hands=sheet.hands
    )


def alter_number(drawing: CardDrawing, position: int = 15) -> CardDrawing:
    """The portrait side with one digit of the number painted over by the next higher: the check character now fails."""
    person = drawing.truth.person
    altered = str((CHECK_CHARACTERS.index(person.number[position]) + 1) % 10)
    canvas = drawing.canvas.copy()
    left, top = NUMBER_X + position * NUMBER_STEP - 2, NUMBER_Y - 40
    cell = (slice(top, top + 54), slice(left, left + NUMBER_STEP))
    canvas[cell] = paper(PORTRAIT_TINT)[cell]
    write_number_character(canvas, position, altered, drawing.hands["number"].face)
    number = person.number[:position] + altered + person.number[position + 1 :]
    truth = replace(drawing.truth, person=replace(person, number=number))
    return replace(drawing, canvas=canvas, truth=truth, fields={**drawing.fields, "number": number_read(number)})


def number_read(number: str) -> str:
    """What a perfect reader says: nothing, where the check character belongs to other digits."""
    return number if check_character(number[:17]) == number[17] else ""


def write_name(sheet: Sheet, name: str) -> None:
    """The first row."""
    sheet.label("姓名", (54, 104))
    sheet.value("name", name, (154, 104), NAME_SIZE)


def write_birth_address_and_number(sheet: Sheet, truth: CardTruth) -> None:
    """The rows below, as cards, permits and temporary cards have them."""
    person, birth = truth.person, truth.person.birth
    sheet.label("出生", (54, 240))
    dated = (f"{birth.year}", "年", f"{birth.month}", "月", f"{birth.day}", "日")
    for text, x in zip(dated, (154, 246, 308, 360, 424, 476), strict=True):
        if text in "年月日":
            sheet.label(text, (x, 240))
        else:
            write(sheet.canvas, text, (x, 240), VALUE_SIZE, face=sheet.face)
    sheet.stands("birth", birth.isoformat(), (154, 208, 354, 42))
    sheet.label("住址", (54, 310))
    for line, y in zip(address_lines(person.address), ADDRESS_ROWS, strict=False):
        sheet.value("address", line, (154, y))
    sheet.label("公民身份号码", (54, NUMBER_Y - 2))
    for position, character in enumerate(person.number):
        write_number_character(sheet.canvas, position, character, sheet.face)
    place = (NUMBER_X, NUMBER_Y - NUMBER_SIZE, len(person.number) * NUMBER_STEP, 54)
    sheet.stands("number", number_read(person.number), place)
    sheet.hands["number"] = Hand(person.number, (NUMBER_X, NUMBER_Y), NUMBER_SIZE, sheet.face, NUMBER_STEP)


def write_validity(sheet: Sheet, truth: CardTruth, at: tuple[int, int], size: int = VALUE_SIZE) -> None:
    """Both dates in one text."""
    end = LONG_TERM if truth.valid_to is None else truth.valid_to.isoformat()
    sheet.value("valid_from", validity_text(truth), at, size, says=truth.valid_from.isoformat())
    sheet.stands("valid_to", end, sheet.places["valid_from"])


def write_second_script(sheet: Sheet, second: SecondScript) -> None:
    """Small above each row of the portrait side."""
    rows = (("name", 104), ("sex", 172), ("birth", 240), ("address", ADDRESS_ROWS[0]), ("number", NUMBER_Y))
    for name, y in rows:
        second.write(sheet.canvas, name, (54, y - SECOND_RISE), SECOND_SIZE)
    second.write(sheet.canvas, "ethnicity", (286, 172 - SECOND_RISE), SECOND_SIZE)


def validity_text(truth: CardTruth) -> str:
    """`2015.06.01-2025.06.01`, or `…-长期`."""
    end = "长期" if truth.valid_to is None else f"{truth.valid_to:%Y.%m.%d}"
    return f"{truth.valid_from:%Y.%m.%d}-{end}"


def address_lines(address: str) -> tuple[str, ...]:
    """The address as the card breaks it: where the line is full, wherever that falls; a digit is half as wide."""
    lines, room = [""], float(ADDRESS_CHARACTERS)
    for character in address:
        room -= 0.5 if character.isascii() else 1
        if room < 0:
            lines.append("")
            room = ADDRESS_CHARACTERS - (0.5 if character.isascii() else 1)
        lines[-1] += character
    return tuple(lines)


def write_number_character(canvas: Picture, position: int, character: str, face: Face = BUILT_IN) -> None:
    """One character of the number in its own cell, as the card spaces them."""
    write(canvas, character, (NUMBER_X + position * NUMBER_STEP, NUMBER_Y), NUMBER_SIZE, face=face)
