"""How is a machine-readable zone printed? At ten characters to the inch, each in its own cell; Doc 9303 part 3 §4.

OCR-B (ISO 1073-2) where somebody installed it. Else the built-in face, its widest letters made narrower: pitch, height
and the zero without a bar are then all it has of OCR-B, so what an engine reads of it is no measure of real print.
"""

from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.canvas import BLACK, Picture
from app.specimens.faces import machine_readable_face

PITCH_MM: Final = 2.54
LINE_MM: Final = 6.35
"""From one base line to the next: a quarter of an inch."""
GLYPH_MM: Final = 3.6
"""The face's size; capitals are then 2.6 mm high."""
WIDEST_MM: Final = 2.0
CELL_MM: Final = (2.6, 4.8, 3.8)
"""Width, height, and the base line from its top."""
FINER: Final = 4
"""By so much larger is a glyph drawn before it is made narrower."""


def print_line(canvas: Picture, line: str, at: tuple[int, int], px_per_mm: float) -> None:
    """The line from its first cell's left end on the base line."""
    for position, character in enumerate(line):
        ink = glyph(character, px_per_mm)[..., None]
        left, top = at[0] + round(position * PITCH_MM * px_per_mm), at[1] - round(CELL_MM[2] * px_per_mm)
        cell = canvas[top : top + ink.shape[0], left : left + ink.shape[1]]
        cell[:] = np.asarray(cell * (1 - ink) + ink * np.array(BLACK, np.float32), np.uint8)


@cache
def glyph(character: str, px_per_mm: float) -> NDArray[np.float32]:
    """Its ink from 0 to 1, in the middle of its cell."""
    wide, high, base = (round(side * px_per_mm) for side in CELL_MM)
    size = round(GLYPH_MM * px_per_mm) * FINER
    fine = np.full((high * FINER, 3 * wide * FINER, 3), 255, np.uint8)
    machine_readable_face().write(fine, character, (wide * FINER, base * FINER), size, (0, 0, 0))
    ink = 1 - fine[..., 0].astype(np.float32) / 255
    columns = np.flatnonzero(ink.any(axis=0))
    inked = ink[:, columns[0] : columns[-1] + 1]
    width = max(1, min(round(WIDEST_MM * px_per_mm), round(inked.shape[1] / FINER)))
    fitted = cv2.resize(inked, (width, high), interpolation=cv2.INTER_AREA)
    left = (wide - width) // 2
    return np.pad(fitted, ((0, 0), (left, wide - width - left)))
