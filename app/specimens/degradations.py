"""What goes wrong when a card is photographed? Each function spoils a photograph in one way."""

from dataclasses import replace

import cv2
import numpy as np

from app.specimens.canvas import to_picture
from app.specimens.photograph import Photograph


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


def darkened(photo: Photograph, share: float = 0.25) -> Photograph:
    """Too little light: this share of it."""
    return replace(photo, pixels=to_picture(photo.pixels * share))


def shrunk(photo: Photograph, scale: float = 0.35) -> Photograph:
    """Too few pixels, as if sent through a messenger."""
    smaller = cv2.resize(photo.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return replace(photo, pixels=np.asarray(smaller, np.uint8), corners=photo.corners * scale)


def cut_at_edge(photo: Photograph, share: float = 0.12) -> Photograph:
    """The card's right end, by this share of its long edge, lies outside the frame."""
    right = photo.corners[1:3, 0].min() - share * (photo.corners[1, 0] - photo.corners[0, 0])
    return replace(photo, pixels=np.ascontiguousarray(photo.pixels[:, : int(right)]))


def turned(photo: Photograph, quarters: int) -> Photograph:
    """Held sideways or upside down, quarter turns clockwise, with no EXIF to say so."""
    pixels, corners = photo.pixels, photo.corners
    for _ in range(quarters % 4):
        corners = np.stack([pixels.shape[0] - corners[:, 1], corners[:, 0]], axis=1)
        pixels = np.ascontiguousarray(np.rot90(pixels, -1))
    return replace(photo, pixels=pixels, corners=corners)
