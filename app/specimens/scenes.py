"""What else may a picture show than one card on a plain desk? A steep lean, a patterned table, other cards, no card."""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.canvas import BLACK, EMBLEM_GOLD, Picture, paper, write
from app.specimens.drawing import CARD_CORNER
from app.specimens.photograph import (
    Capture,
    Corners,
    Flat,
    Photograph,
    desk,
    developed,
    lay,
    seen_leaning,
    size_of,
    taken,
)

STEEP_SHARE: Final = 0.64
"""Of the frame's width: the near edge of a leaning card still lies within it."""
APART: Final = 0.44
"""The long edge of each of several cards."""
QUARTERS: Final = ((-0.24, -0.24), (0.24, 0.24), (0.24, -0.24), (-0.24, 0.24))
"""Middles of up to four cards, in frames from the frame's own middle."""
CLOTHS: Final = (((60, 60, 150), (200, 205, 214)), ((120, 80, 40), (225, 220, 205)), ((50, 90, 60), (190, 200, 190)))
WORDS: Final = "关于春季运动会的通知各部门请于本周五前报名地点在体育场时间为上午九点如遇下雨顺延一周特此通知办公室"


@dataclass(frozen=True, slots=True, eq=False)
class PaymentCard:
    """No identity document."""

    canvas: Picture
    corner_px: int = CARD_CORNER


def leaning(drawing: Flat, capture: Capture, degrees: float) -> Photograph:
    """The card leans by just so much out of the desk's plane, towards a side the seed decides."""
    chance = np.random.default_rng(capture.seed)
    heading, turn = chance.uniform(0, 2 * np.pi), np.radians(chance.uniform(-1, 1) * capture.turn_degrees)
    lean = np.radians(degrees)
    share = min(capture.card_share, STEEP_SHARE)
    seen = seen_leaning((lean * np.cos(heading), lean * np.sin(heading), turn), size_of(drawing), share)
    return taken(drawing, placed(seen, capture, share, (0, 0)), desk(capture, chance), capture, chance)


def placed(seen: Corners, capture: Capture, share: float, middle: tuple[float, float]) -> Corners:
    """A card one wide, in the frame: its middle is given in frames from the frame's own."""
    wide, high = capture.frame
    return np.asarray(seen * share * wide + (wide * (0.5 + middle[0]), high * (0.5 + middle[1])), np.float64)


def on_pattern(drawing: Flat, capture: Capture, contrast: float) -> Photograph:
    """On a checked cloth; a contrast of one is the cloth's own, zero is plain."""
    chance = np.random.default_rng(capture.seed)
    seen = seen_leaning((0.06, -0.05, np.radians(chance.uniform(-4, 4))), size_of(drawing), capture.card_share)
    corners = placed(seen, capture, capture.card_share, (0, 0))
    return taken(drawing, corners, cloth(capture, chance, contrast), capture, chance)


def cloth(capture: Capture, chance: np.random.Generator, contrast: float) -> NDArray[np.float32]:
    """Checks of two colours at an angle, as wide as a thumb."""
    wide, high = capture.frame
    one, other = (np.array(colour, np.float32) for colour in CLOTHS[int(chance.integers(len(CLOTHS)))])
    angle, step = chance.uniform(0, np.pi), chance.uniform(50, 110)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    woven = 0.5 * ((along // step) % 2) + 0.5 * ((across // step) % 2)
    middle = (one + other) / 2
    return np.ascontiguousarray(middle + contrast * ((one + woven[..., None] * (other - one)) - middle), np.float32)


def among_others(drawing: Flat, capture: Capture, others: int) -> Photograph:
    """The card and one to three more of other kinds, a quarter of the picture each; the first corners are the card's."""
    larger = replace(capture, frame=(2400, 1800))
    return several((drawing, *(bank_card(number) for number in range(others))), larger, QUARTERS[: others + 1])


def both_sides(portrait: Flat, emblem: Flat, capture: Capture, *, below: bool) -> Photograph:
    """Both sides of one card in one picture, as copiers lay them: beside each other, or one below the other."""
    frame, middles = ((1400, 1900), ((0, -0.22), (0, 0.22))) if below else ((2400, 1400), ((-0.24, 0), (0.24, 0)))
    share = 0.72 if below else APART
    return several((portrait, emblem), replace(capture, frame=frame), middles, share)


def several(
    drawings: tuple[Flat, ...], capture: Capture, middles: tuple[tuple[float, float], ...], share: float = APART
) -> Photograph:
    """Each around its own middle, turned and leaning a little; the first is the one whose corners are told first."""
    chance = np.random.default_rng(capture.seed)
    scene, found = desk(capture, chance), []
    for drawing, middle in zip(drawings, middles, strict=True):
        angles = np.radians(chance.uniform(-1, 1, 3) * (capture.lean_degrees / 2, capture.lean_degrees / 2, 4))
        seen = seen_leaning((float(angles[0]), float(angles[1]), float(angles[2])), size_of(drawing), share)
        corners = placed(seen, capture, share, middle)
        lay(scene, drawing, corners)
        found.append(corners)
    pixels = developed(scene, capture, chance)
    return Photograph(pixels, found[0], size_of(drawings[0]), capture.jpeg_quality, tuple(found[1:]))


def bank_card(number: int) -> PaymentCard:
    """A payment card of no bank, which is no identity document."""
    canvas = paper(((-90, -40, -150), (-150, -60, -60), (-40, -110, -120))[number % 3])
    write(canvas, "SPECIMEN BANK 样本银行", (60, 100), 44, (240, 240, 240))
    cv2.rectangle(canvas, (80, 210), (200, 300), EMBLEM_GOLD, -1, cv2.LINE_AA)
    write(canvas, "0000 0000 0000 0000", (80, 420), 60, (240, 240, 240))
    write(canvas, "VALID 00/00", (80, 520), 34, (240, 240, 240))
    return PaymentCard(canvas)


def page_of_text(capture: Capture) -> Picture:
    """A notice on white paper, filling most of the frame: words, and none of a document's."""
    chance = np.random.default_rng(capture.seed)
    scene, (wide, high) = desk(capture, chance), capture.frame
    scene[high // 20 : -high // 20, wide // 9 : -wide // 9] = 225
    canvas = np.asarray(scene, np.uint8)
    for row in range(12):
        begin = int(chance.integers(len(WORDS) - 22))
        write(canvas, WORDS[begin : begin + 22], (wide // 6, high // 7 + row * high // 15), high // 30, BLACK)
    return developed(canvas.astype(np.float32), capture, chance)


def hand_drawn(capture: Capture) -> Picture:
    """A house, a sun and a hill in crayon: lines and colours, and no text."""
    chance = np.random.default_rng(capture.seed)
    wide, high = capture.frame
    canvas = np.full((high, wide, 3), 222, np.uint8)
    left, base = int(chance.integers(wide // 6, wide // 3)), int(high * 0.72)
    side = int(chance.integers(wide // 5, wide // 3))
    cv2.rectangle(canvas, (left, base - side), (left + side, base), (60, 90, 180), 9, cv2.LINE_AA)
    roof = np.array(
        [[left - 30, base - side], [left + side // 2, base - 2 * side + 40], [left + side + 30, base - side]]
    )
    cv2.polylines(canvas, [roof], isClosed=True, color=(40, 40, 170), thickness=9, lineType=cv2.LINE_AA)
    cv2.circle(canvas, (int(wide * 0.8), int(high * 0.2)), high // 11, (60, 200, 240), -1, cv2.LINE_AA)
    hill = np.array([[x, base + int(40 * np.sin(x / 170 + left))] for x in range(0, wide, 8)])
    cv2.polylines(canvas, [hill], isClosed=False, color=(60, 140, 60), thickness=11, lineType=cv2.LINE_AA)
    return developed(canvas.astype(np.float32), capture, chance)
