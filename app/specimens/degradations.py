"""What goes wrong when a card is photographed? Each function spoils a photograph in one way."""

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from app.specimens.canvas import Box, to_picture
from app.specimens.photograph import Photograph, corners_of

FINGER: Final = (118, 150, 206)
"""BGR of lit skin."""
LEAST_GLARE: Final = (190, 90)
"""Pixels of the canvas: no lamp is mirrored smaller than two centimetres."""


def blurred(photo: Photograph, sigma_px: float = 6.0) -> Photograph:
    """Out of focus."""
    return replace(photo, pixels=np.asarray(cv2.GaussianBlur(photo.pixels, (0, 0), sigma_px), np.uint8))


def with_glare(photo: Photograph, radius_share: float = 0.22) -> Photograph:
    """A lamp mirrored in the middle of the card, white over a radius given as share of the card's long edge."""
    centre = photo.corners.mean(axis=0)
    radius = radius_share * float(np.linalg.norm(photo.corners[1] - photo.corners[0]))
    y, x = np.indices(photo.pixels.shape[:2], np.float32)
    distance = np.hypot(x - centre[0], 1.4 * (y - centre[1])) / radius
    strength = np.clip(3 - 2 * distance, 0, 1)[..., None]
    return replace(photo, pixels=to_picture(photo.pixels + strength * (255.0 - photo.pixels)))


def with_glare_over(photo: Photograph, place: Box, strength: float) -> Photograph:
    """A lamp mirrored over one place of the document; a strength of one leaves nothing but white."""
    left, top, width, height = place
    wider, higher = max(0, LEAST_GLARE[0] - width) // 2, max(0, LEAST_GLARE[1] - height) // 2
    spot = (left - wider, top - higher, width + 2 * wider, height + 2 * higher)
    mask = strength * _softened(_over(photo, spot, rim=0.1), 16)
    lit = photo.pixels.astype(np.float32)
    return replace(photo, pixels=to_picture(lit + mask * (255.0 - lit)))


def darkened(photo: Photograph, share: float = 0.17) -> Photograph:
    """Too little light: this share of it."""
    return replace(photo, pixels=to_picture(photo.pixels * share))


def overexposed(photo: Photograph, gain: float) -> Photograph:
    """Too much light: so many times as much, and what is white spreads over what is beside it."""
    lit = photo.pixels * np.float32(gain)
    spread = cv2.GaussianBlur(np.maximum(lit - 235, 0), (0, 0), 9)
    return replace(photo, pixels=to_picture(lit + 0.9 * spread))


def shadowed(photo: Photograph, depth: float, seed: int) -> Photograph:
    """The phone's own shadow over half the card, its edge soft; inside it so much of the light is lost."""
    chance = np.random.default_rng(seed)
    (high, wide), (x, y) = photo.pixels.shape[:2], photo.corners.mean(axis=0)
    heading = chance.uniform(0, 2 * np.pi)
    rows, columns = np.mgrid[0:high, 0:wide].astype(np.float32)
    behind = (columns - x) * np.cos(heading) + (rows - y) * np.sin(heading) + 20 * np.sin(rows / 60 + columns / 90)
    inside = np.clip(behind / 24 + 0.5, 0, 1)[..., None]
    return replace(photo, pixels=to_picture(photo.pixels * (1 - depth * inside)))


def unevenly_lit(photo: Photograph, fall: float, seed: int) -> Photograph:
    """A window on one side: from there to the other end of the card so much of the light is lost."""
    heading = np.random.default_rng(seed).uniform(0, 2 * np.pi)
    rows, columns = np.indices(photo.pixels.shape[:2], np.float32)
    along = columns * np.cos(heading) + rows * np.sin(heading)
    ends = photo.corners @ np.array([np.cos(heading), np.sin(heading)])
    far = np.clip((along - ends.min()) / np.ptp(ends), 0, 1)[..., None]
    return replace(photo, pixels=to_picture(photo.pixels * (1.12 - (fall + 0.12) * far)))


def noisy(photo: Photograph, deviation: float, seed: int) -> Photograph:
    """A small sensor at night: this standard deviation in grey levels."""
    noise = deviation * np.random.default_rng(seed).standard_normal(photo.pixels.shape, np.float32)
    return replace(photo, pixels=to_picture(photo.pixels + noise))


def squeezed(photo: Photograph, quality: int) -> Photograph:
    """Saved as JPEG of this quality by somebody before it was sent."""
    octets = cv2.imencode(".jpg", photo.pixels, (cv2.IMWRITE_JPEG_QUALITY, quality))[1]
    return replace(photo, pixels=np.asarray(cv2.imdecode(octets, cv2.IMREAD_COLOR), np.uint8))


def shrunk(photo: Photograph, scale: float = 0.35) -> Photograph:
    """Too few pixels, as if sent through a messenger."""
    smaller = cv2.resize(photo.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return replace(photo, pixels=np.asarray(smaller, np.uint8), corners=photo.corners * scale)


def cut_at_edge(photo: Photograph, share: float = 0.12) -> Photograph:
    """The card's right end, by this share of its long edge, lies outside the frame."""
    right = photo.corners[1:3, 0].min() - share * (photo.corners[1, 0] - photo.corners[0, 0])
    return replace(photo, pixels=np.ascontiguousarray(photo.pixels[:, : int(right)]))


def occluded(photo: Photograph, place: Box, share: float) -> Photograph:
    """A finger over this share of one place of the document, from its right end."""
    left, top, width, height = place
    hidden = (round(left + (1 - share) * width), top - height // 2, max(60, round(share * width)), 2 * height)
    mask = _softened(_over(photo, hidden, rim=0.0, round_end=True), 2)
    shade = np.linspace(0.82, 1.04, photo.pixels.shape[0], dtype=np.float32)[:, None, None]
    finger = np.array(FINGER, np.float32) * shade
    seen = photo.pixels.astype(np.float32)
    return replace(photo, pixels=to_picture(seen + mask * (finger - seen)))


def turned(photo: Photograph, quarters: int) -> Photograph:
    """Held sideways or upside down, quarter turns clockwise, with no EXIF to say so."""
    pixels, corners = photo.pixels, photo.corners
    for _ in range(quarters % 4):
        corners = np.stack([pixels.shape[0] - corners[:, 1], corners[:, 0]], axis=1)
        pixels = np.ascontiguousarray(np.rot90(pixels, -1))
    return replace(photo, pixels=pixels, corners=corners)


def _softened(mask: NDArray[np.float32], sigma_px: float) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), sigma_px), np.float32)[..., None]


def _over(photo: Photograph, place: Box, *, rim: float, round_end: bool = False) -> NDArray[np.float32]:
    """One over the place of the document, as the photograph sees it, with a rim in heights of the place; else zero."""
    left, top, width, height = place
    grown = round(rim * height)
    flat = np.zeros((photo.canvas[1], photo.canvas[0]), np.float32)
    if round_end:
        axes = (width // 2 + 30, height // 2 + 10)
        cv2.ellipse(flat, (left + width // 2 + 30, top + height // 2), axes, 0, 0, 360, (1.0,), -1)
    else:
        cv2.rectangle(flat, (left - grown, top - grown), (left + width + grown, top + height + grown), (1.0,), -1)
    homography = cv2.getPerspectiveTransform(corners_of(photo.canvas), photo.corners.astype(np.float32))
    size = (photo.pixels.shape[1], photo.pixels.shape[0])
    return np.asarray(cv2.warpPerspective(flat, homography, size, flags=cv2.INTER_LINEAR), np.float32)
