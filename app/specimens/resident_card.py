"""What does a second-generation resident identity card look like? Draws both sides on the canvas of 1012 × 638 px.

Nothing drawn here could pass for a card: 样本 SPECIMEN stands in the margin, the emblem is a plain disc, the area
code belongs to no county.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.people import CHECK_CHARACTERS, CardTruth

Picture = NDArray[np.uint8]
"""(height, width, 3), BGR."""
Colour = tuple[int, int, int]

WIDTH, HEIGHT = 1012, 638
"""ID-1, 85.6 × 54.0 mm, at 300 dots per inch (R27)."""
BLACK: Colour = (38, 34, 34)
LABEL_BLUE: Colour = (168, 108, 46)
PORTRAIT_TINT: Colour = (-5, 0, 5)
EMBLEM_TINT: Colour = (3, 3, -3)
MARK_RED: Colour = (70, 70, 200)
EMBLEM_RED: Colour = (52, 44, 196)
EMBLEM_GOLD: Colour = (90, 190, 226)

LABEL_SIZE, VALUE_SIZE, NAME_SIZE, NUMBER_SIZE = 28, 32, 36, 40
NUMBER_X, NUMBER_Y, NUMBER_STEP = 340, 566, 28
ADDRESS_CHARACTERS = 11
"""To a line, as on the real card."""
ADDRESS_ROWS = (310, 356, 402)
"""R25: up to three lines."""
PORTRAIT_BOX = (652, 72, 310, 380)
"""Left, top, width, height."""


class Side(StrEnum):
    """The two sides, named as R26 says."""

    PORTRAIT = "portrait"
    EMBLEM = "emblem"


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """One drawn side, and what a perfect reader would find on it."""

    side: Side
    canvas: Picture
    truth: CardTruth


def draw_portrait_side(truth: CardTruth, portrait: Picture) -> Drawing:
    """The side with the holder's attributes; the portrait is fitted into 310 × 380 px."""
    canvas = paper(PORTRAIT_TINT)
    person = truth.person
    row(canvas, 104, "姓名", person.name, size=NAME_SIZE)
    row(canvas, 172, "性别", person.sex)
    write(canvas, "民族", (286, 172), LABEL_SIZE, LABEL_BLUE)
    write(canvas, person.ethnicity, (368, 172), VALUE_SIZE)
    write(canvas, "出生", (54, 240), LABEL_SIZE, LABEL_BLUE)
    dated = (f"{person.birth.year}", "年", f"{person.birth.month}", "月", f"{person.birth.day}", "日")
    for text, x in zip(dated, (154, 246, 308, 360, 424, 476), strict=True):
        label = text in "年月日"
        write(canvas, text, (x, 240), LABEL_SIZE if label else VALUE_SIZE, LABEL_BLUE if label else BLACK)
    write(canvas, "住址", (54, 310), LABEL_SIZE, LABEL_BLUE)
    for line, y in zip(address_lines(person.address), ADDRESS_ROWS, strict=False):
        write(canvas, line, (154, y), VALUE_SIZE)
    write(canvas, "公民身份号码", (54, NUMBER_Y - 2), LABEL_SIZE, LABEL_BLUE)
    for position, character in enumerate(person.number):
        write_number_character(canvas, position, character)
    set_portrait(canvas, portrait)
    mark_as_specimen(canvas)
    return Drawing(Side.PORTRAIT, canvas, truth)


def draw_emblem_side(truth: CardTruth) -> Drawing:
    """The side with the issuing authority and the validity."""
    canvas = paper(EMBLEM_TINT)
    draw_hills(canvas)
    draw_disc(canvas, (152, 170), 98)
    write_bold(canvas, "中华人民共和国", (318, 152), 62)
    write_bold(canvas, "居民身份证", (318, 262), 88)
    write(canvas, "签发机关", (232, 478), VALUE_SIZE)
    write(canvas, truth.authority, (398, 478), VALUE_SIZE)
    write(canvas, "有效期限", (232, 550), VALUE_SIZE)
    write(canvas, validity_text(truth), (398, 550), VALUE_SIZE)
    mark_as_specimen(canvas)
    return Drawing(Side.EMBLEM, canvas, truth)


def alter_number(drawing: Drawing, position: int = 15) -> Drawing:
    """The portrait side with one digit of the number painted over by the next higher: the check character now fails."""
    person = drawing.truth.person
    altered = str((CHECK_CHARACTERS.index(person.number[position]) + 1) % 10)
    canvas = drawing.canvas.copy()
    left, top = NUMBER_X + position * NUMBER_STEP - 2, NUMBER_Y - 40
    cell = (slice(top, top + 54), slice(left, left + NUMBER_STEP))
    canvas[cell] = paper(PORTRAIT_TINT)[cell]
    write_number_character(canvas, position, altered)
    number = person.number[:position] + altered + person.number[position + 1 :]
    return Drawing(drawing.side, canvas, replace(drawing.truth, person=replace(person, number=number)))


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


def paper(tint: Colour) -> Picture:
    """The empty card: pale, bluish to the left and reddish to the right, under fine waves of low contrast."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    across = x / WIDTH
    colour = np.stack([238 - 8 * across, 236 - 6 * across, 226 + 12 * across], axis=2) + np.array(tint, np.float32)
    waves = np.zeros_like(x)
    for length, height, phase in ((173.0, 26.0, 0.0), (241.0, 38.0, 1.7), (317.0, 22.0, 3.9)):
        bent = y + height * np.sin(x / length * 2 * np.pi + phase)
        waves += np.cos(bent / 11 * 2 * np.pi)
    return to_picture(colour + 2.2 * waves[..., None])


def to_picture(levels: NDArray[np.floating]) -> Picture:
    """Grey levels cut to what a picture can hold."""
    return np.asarray(np.clip(levels, 0, 255), np.uint8)


def row(canvas: Picture, y: int, label: str, value: str, size: int = VALUE_SIZE) -> None:
    """A label in the left column and its value."""
    write(canvas, label, (54, y), LABEL_SIZE, LABEL_BLUE)
    write(canvas, value, (154, y), size)


def write(canvas: Picture, text: str, at: tuple[int, int], size: int, colour: Colour = BLACK) -> None:
    """The text from its left end on the base line."""
    cv2.putText(canvas, text, at, colour, cv2.FontFace("uni"), size, 400)


def write_bold(canvas: Picture, text: str, at: tuple[int, int], size: int) -> None:
    """The built-in face has one weight: bold is the same text struck again, beside itself."""
    for aside in (0, 1, 2):
        write(canvas, text, (at[0] + aside, at[1]), size)


def write_number_character(canvas: Picture, position: int, character: str) -> None:
    """One character of the number in its own cell, as the card spaces them."""
    write(canvas, character, (NUMBER_X + position * NUMBER_STEP, NUMBER_Y), NUMBER_SIZE)


def mark_as_specimen(canvas: Picture) -> None:
    """样本 SPECIMEN in the upper margin, above every row."""
    write(canvas, "样本 SPECIMEN", (752, 44), 24, MARK_RED)


def set_portrait(canvas: Picture, portrait: Picture) -> None:
    """Prints the portrait: paler than the photograph, its edge running out into the paper."""
    left, top, width, height = PORTRAIT_BOX
    fitted = cv2.resize(portrait, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    grey = fitted.mean(axis=2, keepdims=True)
    printed = 0.75 * fitted + 0.25 * grey + 6
    inner = np.zeros((height, width), np.float32)
    cv2.rectangle(inner, (12, 12), (width - 13, height - 13), (1.0,), -1)
    opacity = cv2.GaussianBlur(inner, (0, 0), 5)[..., None]
    under = canvas[top : top + height, left : left + width]
    under[:] = to_picture(opacity * printed + (1 - opacity) * under)


def draw_disc(canvas: Picture, centre: tuple[int, int], radius: int) -> None:
    """A red disc with golden rings where the card has the state emblem: deliberately not that emblem."""
    cv2.circle(canvas, centre, radius, EMBLEM_GOLD, -1, cv2.LINE_AA)
    cv2.circle(canvas, centre, radius - 8, EMBLEM_RED, -1, cv2.LINE_AA)
    cv2.circle(canvas, centre, radius - 24, EMBLEM_GOLD, 3, cv2.LINE_AA)
    cv2.circle(canvas, centre, radius // 3, EMBLEM_GOLD, -1, cv2.LINE_AA)


def draw_hills(canvas: Picture) -> None:
    """Faint ridges where the card has the Great Wall."""
    x = np.arange(0, WIDTH + 4, 4)
    for step in range(7):
        y = 386 - 13 * step + 30 * np.sin(x / 140 + 0.3 * step) + 14 * np.sin(x / 53 + 0.5 * step)
        line = np.stack([x, y], axis=1).astype(np.int32)
        cv2.polylines(canvas, [line], isClosed=False, color=(216, 222, 216), lineType=cv2.LINE_AA)
