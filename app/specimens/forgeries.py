"""What does a forger change on a picture of a document? A digit painted over and written anew, or the portrait.

Synthetic: made to exercise detectors of such changes; what they find here says nothing of real forgeries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from app.specimens.canvas import BLACK, Box, Picture, to_picture, write
from app.specimens.drawing import Drawing, Hand
from app.specimens.faces import BUILT_IN, Face, latin_face
from app.specimens.machine_print import PITCH_MM, print_line
from app.specimens.people import check_character
from app.specimens.zone import with_digits

EDITED_JPEG: Final = (40, 80)
SWAPPED_JPEG: Final = 48
"""The quality at which the changed part was saved before; of a digit's cell by the seed."""
ORDER_PLACE: Final = 15
"""Changed in a number of 18: neither birth nor sex contradicts it then."""
SHORT_PLACE: Final = 5
"""Changed in a shorter one: a digit in all of them."""


@dataclass(frozen=True, slots=True)
class Brush:
    """How well a forger works."""

    offset_px: float
    """So much lower than the row a character is written."""
    other_face: bool
    """Half of them have no face but one that is nearly the same."""
    quality: int
    """Of the JPEG in which the cell was saved."""


def brush_of(offset_px: float, seed: int) -> Brush:
    """The seed decides what the severity does not."""
    chance = np.random.default_rng((seed, 7))
    return Brush(offset_px, bool(chance.random() < 0.5), int(chance.integers(*EDITED_JPEG)))


def with_edited_digit(drawing: Drawing, offset_px: float, seed: int) -> Drawing:
    """One digit of the number is another, the check character the old one: what is read is no number."""
    hand = drawing.hands["number"]
    position = _position(hand.text)
    text = _put(hand.text, position, _next(hand.text[position]))
    edited = _rewritten(drawing, hand, text, brush_of(offset_px, seed))
    says = text if len(text) != 18 or check_character(text[:17]) == text[17] else ""
    # Where there is a zone, it is what a reader says; it still has the true number.
    return edited if "line_1" in drawing.fields else _saying(edited, {"number": says})


def with_edited_digit_checked(drawing: Drawing, offset_px: float, seed: int) -> Drawing:
    """One digit of the number is another and every check character was made right again."""
    if "line_1" in drawing.fields:
        return _with_edited_zone(drawing, brush_of(offset_px, seed))
    hand = drawing.hands["number"]
    position = _position(hand.text)
    text = _put(hand.text, position, _next(hand.text[position]))
    if len(text) == 18:
        text = text[:17] + check_character(text[:17])
    return _saying(_rewritten(drawing, hand, text, brush_of(offset_px, seed)), {"number": text})


def with_swapped_portrait(drawing: Drawing, stranger: Picture, mismatch: float, seed: int) -> Drawing:
    """Another face over the portrait: sharper-edged, of another noise and JPEG history; `mismatch` from 0 to 1."""
    left, top, width, height = drawing.places["portrait"]
    rim = round(4 + 10 * mismatch)
    inner = (width - 2 * rim, height - 2 * rim)
    pasted = cv2.resize(stranger, inner, interpolation=cv2.INTER_LINEAR).astype(np.float32)
    noise = np.random.default_rng((seed, 9)).normal(0, 2 + 9 * mismatch, pasted.shape)
    aged = saved(to_picture(pasted * (1 + 0.1 * mismatch) + noise), round(92 - (92 - SWAPPED_JPEG) * mismatch))
    canvas = drawing.canvas.copy()
    canvas[top + rim : top + rim + inner[1], left + rim : left + rim + inner[0]] = aged
    return replace(drawing, canvas=canvas)


def saved(picture: Picture, quality: int) -> Picture:
    """What JPEG of that quality leaves of it."""
    octets = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))[1]
    return np.asarray(cv2.imdecode(octets, cv2.IMREAD_COLOR), np.uint8)


def _with_edited_zone(drawing: Drawing, brush: Brush) -> Drawing:
    """The number's digit in page and zone, and the digits over it."""
    names = [name for name in drawing.fields if name.startswith("line_")]
    lines = [drawing.fields[name] for name in names]
    row, start = (0, 5) if len(lines) == 3 else (1, 0)
    place = start + SHORT_PLACE
    lines[row] = _put(lines[row], place, _next(lines[row][place]))
    changed = with_digits(lines)
    number = _put(drawing.fields["number"], SHORT_PLACE, lines[row][place])
    edited = drawing
    if "number" in drawing.hands:
        edited = _rewritten(edited, drawing.hands["number"], number, brush)
    for name, line in zip(names, changed, strict=True):
        edited = _rewritten(edited, drawing.hands[name], line, brush)
    return _saying(edited, dict(zip(names, changed, strict=True)) | {"number": number})


def _rewritten(drawing: Drawing, hand: Hand, text: str, brush: Brush) -> Drawing:
    """Every character that differs painted over with the paper above it, written anew lower by so much, and saved."""
    canvas = drawing.canvas.copy()
    differing = [place for place, (was, now) in enumerate(zip(hand.text, text, strict=True)) if was != now]
    for place in differing:
        left, top, width, height = hand.cell(place)
        _paint_over(canvas, (left, top, width, height))
        at = (left, hand.at[1] + round(brush.offset_px))
        if _of_zone(hand):
            print_line(canvas, text[place], at, (hand.step or 0) / PITCH_MM)
        else:
            write(
                canvas,
                text[place],
                at,
                hand.size,
                BLACK,
                face=_other_face(hand.face) if brush.other_face else hand.face,
            )
        _save_around(canvas, (left, top, width, height), brush.quality)
    return replace(drawing, canvas=canvas)


def _of_zone(hand: Hand) -> bool:
    return hand.step is not None and len(hand.text) >= 30


def _paint_over(canvas: Picture, box: Box) -> None:
    """The brush takes the colour of the cell's own paper and leaves it smooth."""
    left, top, width, height = box
    cell = canvas[top : top + height, left : left + width]
    paper = np.percentile(cell.reshape(-1, 3), 70, axis=0)
    cell[:] = np.asarray(paper, np.uint8)


def _save_around(canvas: Picture, box: Box, quality: int, rim: int = 6) -> None:
    """The cell and a rim as a JPEG of its own left them, its blocks beginning where the page's do not."""
    left, top, width, height = box
    part = (slice(max(0, top - rim), top + height + rim), slice(max(0, left - rim), left + width + rim))
    canvas[part] = saved(canvas[part], quality)


def _position(text: str) -> int:
    """Of the digit that is changed: the middle one of the order code, or of a shorter number the sixth."""
    return ORDER_PLACE if len(text) == 18 else SHORT_PLACE


def _next(digit: str) -> str:
    return str((int(digit) + 1) % 10) if digit.isdigit() else "7"


def _put(text: str, position: int, character: str) -> str:
    return text[:position] + character + text[position + 1 :]


def _other_face(face: Face) -> Face:
    """Nearly the same: another where one is installed."""
    other = latin_face() if face == BUILT_IN else BUILT_IN
    return other or face


def _saying(drawing: Drawing, fields: Mapping[str, str]) -> Drawing:
    return replace(drawing, fields={**drawing.fields, **fields})
