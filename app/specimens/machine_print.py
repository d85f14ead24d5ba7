"""How is a machine-readable zone printed? At ten characters to the inch, each in its own cell; Doc 9303 part 3 §4.

In OCR-B (ISO 1073-2) where somebody installed it; else in strokes that are near it, so what an engine reads of them is
no measure of real print.
"""

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.canvas import BLACK, Picture
from app.specimens.faces import Face, machine_readable_face
from app.specimens.strokes import STROKE_WIDTH, STROKES

PITCH_MM: Final = 2.54
LINE_MM: Final = 6.35
"""From one base line to the next: a quarter of an inch."""
GLYPH_MM: Final = 3.6
"""The size of an installed face; capitals are then 2.4 to 2.6 mm high."""
CELL_MM: Final = (2.6, 4.8, 3.8)
"""Width, height, and the base line from its top."""
LEFT_MM: Final = 0.6
"""Of a stroke's left end in its cell."""
FINER: Final = 8
"""By so much larger is a glyph drawn first."""


def print_line(canvas: Picture, line: str, at: tuple[int, int], px_per_mm: float) -> None:
    """The line from its first cell's left end on the base line."""
    for position, character in enumerate(line):
        ink = glyph(character, px_per_mm)[..., None]
        left, top = at[0] + round(position * PITCH_MM * px_per_mm), at[1] - round(CELL_MM[2] * px_per_mm)
        cell = canvas[top : top + ink.shape[0], left : left + ink.shape[1]]
        cell[:] = np.asarray(cell * (1 - ink) + ink * np.array(BLACK, np.float32), np.uint8)


@cache
def glyph(character: str, px_per_mm: float) -> NDArray[np.float32]:
    """Its ink from 0 to 1, in its cell."""
    wide, high, base = (round(side * px_per_mm) for side in CELL_MM)
    fine = np.zeros((high * FINER, wide * FINER, 3), np.uint8)
    face, scale = machine_readable_face(), px_per_mm * FINER
    if face is None:
        _draw_strokes(fine, character, base * FINER, scale)
    else:
        _write(fine, character, base * FINER, scale, face)
    ink = cv2.resize(fine[..., 0], (wide, high), interpolation=cv2.INTER_AREA)
    return np.asarray(ink / 255, np.float32)


def _draw_strokes(fine: Picture, character: str, base: int, scale: float) -> None:
    tenth = scale / 10
    for stroke in STROKES[character]:
        points = np.array([(LEFT_MM * scale + x * tenth, base - y * tenth) for x, y in stroke])
        cv2.polylines(
            fine, [points.round().astype(np.int32)], False, (255, 255, 255), round(STROKE_WIDTH * tenth), cv2.LINE_AA
        )


def _write(fine: Picture, character: str, base: int, scale: float, face: Face) -> None:
    size = round(GLYPH_MM * scale)
    left = (fine.shape[1] - face.width(character, size)) / 2
    face.write(fine, character, (round(left), base), size, (255, 255, 255))
