"""What is a specimen drawn on, and with what? Paper with fine waves, ink, and the mark that none goes without."""

from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.faces import BUILT_IN, Face

Picture = NDArray[np.uint8]
"""(height, width, 3), BGR."""
Colour = tuple[int, int, int]
Size = tuple[int, int]
"""Width, height."""
Box = tuple[int, int, int, int]
"""Left, top, width, height."""

ID_1: Final[Size] = (1012, 638)
"""85.6 × 54.0 mm at 300 dots per inch (R27)."""
BLACK: Final[Colour] = (38, 34, 34)
LABEL_BLUE: Final[Colour] = (168, 108, 46)
MARK_RED: Final[Colour] = (70, 70, 200)
EMBLEM_RED: Final[Colour] = (52, 44, 196)
EMBLEM_GOLD: Final[Colour] = (90, 190, 226)
MARK: Final = "样本 SPECIMEN"
MARK_WIDTH: Final = 260
"""Of the mark with the margin right of it."""


def paper(tint: Colour, size: Size = ID_1) -> Picture:
    """The empty card: pale, bluish to the left and reddish to the right, under fine waves of low contrast."""
    return _paper(tint, size).copy()


@lru_cache(maxsize=16)
def _paper(tint: Colour, size: Size) -> Picture:
    wide, high = size
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    across = x / wide
    colour = np.stack([238 - 8 * across, 236 - 6 * across, 226 + 12 * across], axis=2) + np.array(tint, np.float32)
    waves = np.zeros_like(x)
    for length, height, phase in ((173.0, 26.0, 0.0), (241.0, 38.0, 1.7), (317.0, 22.0, 3.9)):
        bent = y + height * np.sin(x / length * 2 * np.pi + phase)
        waves += np.cos(bent / 11 * 2 * np.pi)
    return to_picture(colour + 2.2 * waves[..., None])


def to_picture(levels: NDArray[np.floating]) -> Picture:
    """Grey levels cut to what a picture can hold."""
    return np.asarray(np.clip(levels, 0, 255), np.uint8)


def write(
    canvas: Picture, text: str, at: tuple[int, int], size: int, colour: Colour = BLACK, *, face: Face = BUILT_IN
) -> int:
    """The text from its left end on the base line; says where it ends."""
    return face.write(canvas, text, at, size, colour)


def write_bold(canvas: Picture, text: str, at: tuple[int, int], size: int, colour: Colour = BLACK) -> None:
    """The built-in face has one weight: bold is the same text struck again, beside itself."""
    for aside in (0, 1, 2):
        write(canvas, text, (at[0] + aside, at[1]), size, colour)


def mark_as_specimen(canvas: Picture) -> None:
    """样本 SPECIMEN in the upper margin, above every row."""
    write(canvas, MARK, (canvas.shape[1] - MARK_WIDTH, 44), 24, MARK_RED)


def set_portrait(canvas: Picture, portrait: Picture, box: Box) -> None:
    """Prints the portrait: paler than the photograph, its edge running out into the paper."""
    left, top, width, height = box
    fitted = cv2.resize(portrait, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    grey = fitted.mean(axis=2, keepdims=True)
    printed = 0.75 * fitted + 0.25 * grey + 6
    inner = np.zeros((height, width), np.float32)
    cv2.rectangle(inner, (12, 12), (width - 13, height - 13), (1.0,), -1)
    opacity = cv2.GaussianBlur(inner, (0, 0), 5)[..., None]
    under = canvas[top : top + height, left : left + width]
    under[:] = to_picture(opacity * printed + (1 - opacity) * under)


def glue_portrait(canvas: Picture, portrait: Picture, box: Box) -> None:
    """A photograph with a white rim, glued onto paper: its edge is hard."""
    left, top, width, height = box
    fitted = cv2.resize(portrait, (width - 16, height - 16), interpolation=cv2.INTER_CUBIC)
    canvas[top : top + height, left : left + width] = 246
    canvas[top + 8 : top + height - 8, left + 8 : left + width - 8] = fitted


def draw_disc(canvas: Picture, centre: tuple[int, int], radius: int) -> None:
    """A red disc with golden rings where the card has the state emblem: deliberately not that emblem."""
    cv2.circle(canvas, centre, radius, EMBLEM_GOLD, -1, cv2.LINE_AA)
    cv2.circle(canvas, centre, radius - 8, EMBLEM_RED, -1, cv2.LINE_AA)
    cv2.circle(canvas, centre, radius - 24, EMBLEM_GOLD, 3, cv2.LINE_AA)
    cv2.circle(canvas, centre, radius // 3, EMBLEM_GOLD, -1, cv2.LINE_AA)


def draw_hills(canvas: Picture) -> None:
    """Faint ridges where the card has the Great Wall."""
    x = np.arange(0, canvas.shape[1] + 4, 4)
    for step in range(7):
        y = 386 - 13 * step + 30 * np.sin(x / 140 + 0.3 * step) + 14 * np.sin(x / 53 + 0.5 * step)
        line = np.stack([x, y], axis=1).astype(np.int32)
        cv2.polylines(canvas, [line], isClosed=False, color=(216, 222, 216), lineType=cv2.LINE_AA)
