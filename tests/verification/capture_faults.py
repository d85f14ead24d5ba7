"""What goes wrong over one part of a card? Each function spoils a photograph at a box of the card's own canvas."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.canvas import ID_1, to_picture
from app.specimens.drawing import Drawing
from app.specimens.photograph import Photograph, corners_of
from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.documents.quality import Expected

WIDTH, HEIGHT = ID_1
SKINS = ((170, 194, 233), (140, 172, 216), (105, 140, 198), (75, 105, 160), (45, 65, 105))
"""BGR, from pale to dark."""
INK = 110
"""Grey level below which a drawn card bears print."""


def true_places(drawing: Drawing, expected: Expected) -> dict[str, Box]:
    """Where the print of each field truly ends, with the rim OCR leaves around it."""
    grey = cv2.cvtColor(drawing.canvas, cv2.COLOR_BGR2GRAY)
    found = {}
    for name, strip in expected.fields.items():
        crop = grey[int(strip.top) : int(strip.bottom), int(strip.left) : int(strip.right)] < INK
        left, top, wide, high = cv2.boundingRect(crop.astype(np.uint8))
        x, y = strip.left + left, strip.top + top
        found[name] = Box(x - 5, y - 5, x + wide + 5, y + high + 5)
    return found


def rgb(photo: Photograph) -> Image:
    """The photograph as the reader decodes it."""
    return np.ascontiguousarray(photo.pixels[:, :, ::-1])


def covered_by_a_finger(photo: Photograph, box: Box, seed: int, share: float = 0.5) -> Photograph:
    """A finger's tip from below over a share of a field, in one of five colours."""
    skin = np.array(SKINS[seed % len(SKINS)], np.float32) * 0.85
    wide = max(46.0, share * (box.right - box.left) / 2)
    x = box.left + np.random.default_rng(seed).uniform(0.3, 0.7) * (box.right - box.left)
    y, high = box.bottom + 40, 40 + 0.9 * (box.bottom - box.top)
    return _laid(photo, _ellipse((x, y), (wide, high)), skin)


def held_by_the_edge(photo: Photograph, seed: int) -> Photograph:
    """Two thumbs reach over the card's left and right end."""
    skin = np.array(SKINS[seed % len(SKINS)], np.float32) * 0.85
    y = float(np.random.default_rng(seed).uniform(0.55, 0.7)) * HEIGHT
    thumbs = np.maximum(_ellipse((0, y), (60, 55)), _ellipse((WIDTH, y), (60, 55)))
    return _laid(photo, thumbs, skin)


def pasted_over(photo: Photograph, box: Box) -> Photograph:
    """A slip of the paper's own colour over a field, a little larger than the print."""
    height, width = photo.pixels.shape[:2]
    paper = np.median(photo.pixels[height // 3 : 2 * height // 3, width // 3 : 2 * width // 3], axis=(0, 1))
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    mask[int(box.top) - 10 : int(box.bottom) + 10, int(box.left) - 10 : int(box.right) + 10] = 1
    return _laid(photo, mask, np.asarray(paper, np.float32), noise=False)


def lamp_on(photo: Photograph, box: Box, share: float = 0.6) -> Photograph:
    """A lamp mirrored on one field alone, white over a share of its width."""
    centre = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    radius = max(30.0, share * (box.right - box.left) / 2), max(24.0, 0.6 * (box.bottom - box.top))
    strength = _ellipse(centre, radius, soft=0.4)
    return _laid(photo, strength, np.array((255, 255, 255), np.float32))


def blurred_at(photo: Photograph, box: Box, sigma_px: float = 6.0) -> Photograph:
    """One field smeared, as by a drop of water on the lens."""
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    mask[int(box.top) - 8 : int(box.bottom) + 8, int(box.left) - 8 : int(box.right) + 8] = 1
    soft = cv2.GaussianBlur(photo.pixels, (0, 0), sigma_px).astype(np.float32)
    return _laid(photo, mask, soft, noise=False)


def in_shadow(photo: Photograph, box: Box, left: float = 0.1) -> Photograph:
    """A hand's shadow over a field; `left` is the share of the light that remains."""
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    half = (box.left + box.right) / 2
    mask[:, int(half - 140) : int(half + 140)] = 1
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), 12), np.float32)
    return _laid(photo, soft, photo.pixels.astype(np.float32) * left, noise=False)


def over_exposed(photo: Photograph, gain: float = 3.0) -> Photograph:
    """Far too much light for the sensor: white spreads over the print beside it."""
    lit = np.asarray(np.float32(gain) * photo.pixels, np.float32)
    return replace(photo, pixels=to_picture(lit + cv2.GaussianBlur(np.maximum(lit - 235, 0), (0, 0), 9)))


def veiled_at(photo: Photograph, box: Box, left: float = 0.1) -> Photograph:
    """A pale gleam that burns nothing out: of the print's contrast only `left` remains."""
    mask = np.zeros((HEIGHT, WIDTH), np.float32)
    mask[int(box.top) - 10 : int(box.bottom) + 10, int(box.left) - 10 : int(box.right) + 10] = 1
    pale = np.float32(left) * photo.pixels + np.float32(205 * (1 - left))
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), 8), np.float32)
    return _laid(photo, soft, pale, noise=False)


def _ellipse(centre: tuple[float, float], radii: tuple[float, float], soft: float = 0.06) -> NDArray[np.float32]:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    distance = np.hypot((x - centre[0]) / radii[0], (y - centre[1]) / radii[1])
    return np.asarray(np.clip((1 - distance) / soft + 0.5, 0, 1), np.float32)


def _laid(
    photo: Photograph, mask: NDArray[np.float32], over: NDArray[np.floating], *, noise: bool = True
) -> Photograph:
    """Something over the card where a mask of its canvas says so."""
    homography = cv2.getPerspectiveTransform(corners_of(ID_1), photo.corners.astype(np.float32))
    height, width = photo.pixels.shape[:2]
    there = cv2.warpPerspective(mask, homography, (width, height), flags=cv2.INTER_LINEAR)[..., None]
    grain = 3 * np.random.default_rng(0).standard_normal(photo.pixels.shape, np.float32) if noise else 0
    seen = photo.pixels.astype(np.float32)
    return replace(photo, pixels=to_picture(np.asarray(seen + there * (over + grain - seen), np.float32)))
