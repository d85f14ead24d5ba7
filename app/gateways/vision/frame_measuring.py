"""How are a frame's regions measured? Skin, background, and the passive signs that what is seen is a picture of a picture."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from app.gateways.vision.decoding import Pixels
from app.verification.faces.five_points import Box, FivePoints
from app.verification.faces.liveness.frame import Mean

BESIDE: Final = 0.35
"""Of the box's width: how far beside it hair and ears end and the background begins."""
FINE_FROM: Final = 0.30
"""Cycles in a pixel of the chip from which a repetition is finer than any feature of a face."""
EDGE_LEVELS: Final = 12.0
"""Grey levels between neighbours from which a pixel stands on an edge."""

Grey = npt.NDArray[np.uint8]
Levels = npt.NDArray[np.float64]


def cheeks(picture: Pixels, points: FivePoints) -> Mean:
    """Both sides of the nose, from a third of the way below the eyes down to where it ends."""
    left, right = points.left_outer, points.right_outer
    eyes_y, nose_y = (left[1] + right[1]) / 2, points.nose[1]
    top, bottom = eyes_y + (nose_y - eyes_y) * 0.4, nose_y
    third = (right[0] - left[0]) * 0.3
    return _mean(
        _part(picture, left[0], top, left[0] + third, bottom),
        _part(picture, right[0] - third, top, right[0], bottom),
    )


def background(picture: Pixels, box: Box) -> Mean:
    """Left and right of the head, from the top of the frame to the chin."""
    left, _, right, bottom = box
    beside = (right - left) * BESIDE
    return _mean(
        _part(picture, 0, 0, left - beside, bottom),
        _part(picture, right + beside, 0, picture.shape[1], bottom),
    )


def texture(chip: Levels) -> float:
    """Mean difference between the chip and its own blur."""
    return float(np.abs(chip - cv2.GaussianBlur(chip, (0, 0), 1.5)).mean())


def spectrum(chip: Levels) -> float:
    """Log of the strongest fine repetition's power over the usual power at fine scales."""
    side = chip.shape[0]
    window = np.hanning(side)
    power = np.abs(np.fft.rfft2((chip - chip.mean()) * window[:, None] * window[None, :])) ** 2
    down, across = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :]
    fine = power[np.hypot(down, across) >= FINE_FROM]
    return float(np.log10((fine.max() + 1.0) / (np.median(fine) + 1.0)))


def edges(grey: Grey, box: Box) -> float:
    """The second best of the four sides: how unbroken the straightest upright edge left or right of the head is."""
    left, top, right, bottom = box
    beside = (right - left) * BESIDE
    rows = slice(max(0, int(top)), max(0, int(bottom)))
    steps = np.abs(np.diff(grey[rows].astype(np.int16), axis=1))
    if steps.shape[0] == 0:
        return 0.0
    unbroken = (steps >= EDGE_LEVELS).mean(axis=0)
    first, last = max(0, int(left - beside)), int(right + beside)
    sides = (unbroken[:first], unbroken[last:])
    return float(min(side.max() if side.size else 0.0 for side in sides))


def _mean(*parts: Pixels) -> Mean:
    """Of all of them; black of nothing, which answers no light."""
    pixels = [part.shape[0] * part.shape[1] for part in parts]
    if not sum(pixels):
        return 0.0, 0.0, 0.0
    means = [cv2.mean(part)[:3] if size else (0.0, 0.0, 0.0) for part, size in zip(parts, pixels, strict=True)]
    red, green, blue = np.average(means, axis=0, weights=pixels)
    return float(red), float(green), float(blue)


def _part(picture: Pixels, left: float, top: float, right: float, bottom: float) -> npt.NDArray[np.uint8]:
    columns = slice(max(0, round(left)), max(0, round(right)))
    rows = slice(max(0, round(top)), max(0, round(bottom)))
    return picture[rows, columns]
