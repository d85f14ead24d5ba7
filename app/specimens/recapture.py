"""How does a copy of a document differ from the document? Shown on a screen and photographed, or photocopied.

Synthetic: a model of a pixel grid and of toner, made to exercise detectors; what it scores says nothing of real copies.
"""

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.canvas import Picture, to_picture
from app.specimens.drawing import Drawing
from app.specimens.photograph import Capture, Photograph, corners_of, corners_seen, developed, lay, size_of

SUBPIXELS: Final = 3
"""Red, green and blue stand beside each other in every pixel."""
SCREEN_PX: Final = (700, 1300)
"""The document's long edge in pixels of the screen, by the seed: near what the camera takes of it, so the grids beat."""
BEZEL: Final = (0.07, 0.11)
"""Left and right, above and below: how far the screen reaches beyond the document, in parts of it."""
FRAME: Final = 0.045
"""The dark frame around the screen."""
GAIN: Final = 1.18
"""A screen is brighter than paper, and bluer."""
COOL: Final = (1.06, 1.0, 0.93)
BAND_SHARE: Final = 0.22
"""Of the frame's height is one refresh band."""
BAND_DEPTH: Final = 0.16
HALFTONE_PX: Final = (4.5, 8.0)
"""From dot to dot on the canvas, at 45°, by the seed: 38 to 67 lines to the inch at 300 dots."""


def on_screen(drawing: Drawing, capture: Capture, contrast: float) -> Photograph:
    """The document shown on an LCD: pixel grid of that contrast, bezel around it, a refresh band across."""
    chance = np.random.default_rng(capture.seed)
    size = size_of(drawing)
    nearer = replace(capture, card_share=min(capture.card_share, 0.66), lean_degrees=min(capture.lean_degrees, 5.0))
    corners = corners_seen(nearer, size, chance)
    scene = _room(nearer, corners, size)
    shown = replace(drawing, canvas=lit_pixels(drawing.canvas, contrast, int(chance.integers(*SCREEN_PX))), corner_px=1)
    lay(scene, shown, _beyond(corners, size, BEZEL))
    scene *= GAIN / transmitted(contrast) * np.array(COOL, np.float32)
    pixels = developed(scene, replace(nearer, unevenness=0.05), chance)
    return Photograph(_banded(pixels, chance), corners, size, capture.jpeg_quality)


def lit_pixels(canvas: Picture, contrast: float, screen_px: int) -> Picture:
    """The canvas as an LCD shows it: three coloured stripes to a pixel, dark lines between rows; three times as fine."""
    scale = screen_px / canvas.shape[1]
    shown = cv2.resize(canvas, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    fine = np.repeat(np.repeat(_surrounded(shown), SUBPIXELS, axis=0), SUBPIXELS, axis=1)
    high, wide = fine.shape[:2]
    stripes = np.full((wide, 3), 1 - contrast, np.float32)
    stripes[np.arange(wide), 2 - np.arange(wide) % SUBPIXELS] = 1.0  # BGR: red stands leftmost
    rows = np.where(np.arange(high) % SUBPIXELS == SUBPIXELS - 1, 1 - contrast, 1.0).astype(np.float32)
    return to_picture(fine * stripes[None] * rows[:, None, None])


def transmitted(contrast: float) -> float:
    """The share of the light that such a grid lets through; the camera exposes for what is left."""
    return (1 + 2 * (1 - contrast)) / 3 * (2 + (1 - contrast)) / 3


def photocopied(drawing: Drawing, toner: float, seed: int) -> Drawing:
    """In grey, contrast hardened, halftone dots where it is neither black nor white; `toner` is the share of that."""
    grey = cv2.cvtColor(drawing.canvas, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255
    hard = np.clip((grey - 0.22) / 0.62, 0, 1)
    chance, (y, x) = np.random.default_rng((seed, 3)), np.indices(grey.shape, np.float32)
    turn = np.sqrt(2) * np.pi / chance.uniform(*HALFTONE_PX)
    dots = 0.5 + 0.25 * (np.cos((x + y) * turn) + np.cos((x - y) * turn))
    printed = np.clip((hard - dots) * 6 + 0.5, 0, 1)
    copied = (1 - toner) * hard + toner * np.where(hard > 0.9, hard, printed)
    streaks = chance.normal(0, 0.02 * toner, (1, grey.shape[1]))
    levels = 28 + 218 * np.clip(copied + streaks, 0, 1)
    return replace(drawing, canvas=to_picture(np.repeat(levels[..., None], 3, axis=2)), corner_px=2)


def _surrounded(shown: NDArray[np.float32]) -> NDArray[np.float32]:
    """The window around the document: light grey, with a bar above."""
    aside, above = round(BEZEL[0] * shown.shape[1]), round(BEZEL[1] * shown.shape[0])
    window = cv2.copyMakeBorder(shown, above, above, aside, aside, cv2.BORDER_CONSTANT, value=(206, 204, 202))
    window[: above // 2] = (96, 92, 90)
    return np.asarray(window, np.float32)


def _beyond(corners: NDArray[np.float64], size: tuple[int, int], by: tuple[float, float]) -> NDArray[np.float64]:
    """The corners of a rectangle in the document's plane that reaches beyond it by these parts of its sides."""
    plane = cv2.getPerspectiveTransform(corners_of(size), corners.astype(np.float32))
    outwards = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
    wider = corners_of(size) + outwards * (by[0] * size[0], by[1] * size[1])
    return np.asarray(cv2.perspectiveTransform(wider[None].astype(np.float64), plane)[0], np.float64)


def _room(capture: Capture, corners: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float32]:
    """A dim wall, and the screen's dark frame before it."""
    wide, high = capture.frame
    scene = np.full((high, wide, 3), (22, 20, 19), np.float32)
    frame = _beyond(corners, size, (BEZEL[0] + FRAME, BEZEL[1] + FRAME * size[0] / size[1]))
    cv2.fillConvexPoly(scene, frame.astype(np.int32), (6.0, 5.0, 5.0), cv2.LINE_AA)
    _lamp(scene, frame)
    return scene


def _lamp(scene: NDArray[np.float32], frame: NDArray[np.float64]) -> None:
    """A lamp in the lower edge, as monitors have."""
    middle = (frame[2] + frame[3]) / 2
    cv2.circle(scene, (int(middle[0]), int(middle[1]) - 14), 4, (180.0, 220.0, 120.0), -1, cv2.LINE_AA)


def _banded(pixels: Picture, chance: np.random.Generator) -> Picture:
    """The shutter catches the screen between two refreshes: one soft band is darker."""
    rows = np.arange(pixels.shape[0], dtype=np.float32) / pixels.shape[0]
    away = np.abs(rows - chance.uniform(0.3, 0.7)) / (BAND_SHARE / 2)
    depth = BAND_DEPTH * np.clip(1.5 - 1.5 * away, 0, 1)
    return to_picture(pixels * (1 - depth)[:, None, None])
