"""How well does a photograph show its card as a whole? Measures on the canvas; what is good enough is policy's to say."""

from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.outlines.blobs import Image
from app.verification.examination import NO_CARD, CardView

GLARE_LEVEL = 247
"""Grey level from which a pixel is as good as burnt out: nine tenths of the way from the paper to white and above."""
LAMP_LEVEL = 244
"""The same where the document is not lit well: nine tenths of the way from paper at 150; well lit paper has up to 210."""
GLARE_CHROMA = 12
"""Largest less smallest channel below which it has no colour of its own."""
LEAST_GLARE_SHARE = 0.002
"""Of the canvas: smaller white spots are noise or print."""
MARGIN = 0.06
"""Rim of the canvas left out of the sharpness: the cut between card and desk is sharp in any photograph."""


class Straightened(Protocol):
    """A document as it lies on its canvas, and how the photograph shows it."""

    @property
    def canvas(self) -> Image:
        """(h, w, 3), RGB."""
        ...

    @property
    def width_px(self) -> float:
        """The longer of its two long edges in the photograph."""
        ...

    @property
    def edge_cut(self) -> bool:
        """A corner lies outside the photograph or on its border."""
        ...


def measure(card: Straightened | None) -> CardView:
    """What the pixels tell of a card; its side and its specimen mark are the text's to tell."""
    if card is None:
        return NO_CARD
    grey = np.asarray(cv2.cvtColor(card.canvas, cv2.COLOR_RGB2GRAY), np.uint8)
    return CardView(
        found=True,
        kind=None,
        seen=None,
        blur=sharpness(grey),
        glare=glare(card.canvas),
        brightness=float(grey.mean()),
        width_px=card.width_px,
        edge_cut=card.edge_cut,
        specimen=False,
    )


def sharpness(grey: NDArray[np.uint8]) -> float:
    """Variance of the Laplacian where the card prints text: on the tiles with the strongest edges.

    Smoothed first, or the sensor's noise counts as sharpness; light is evened out, or a dark picture counts as
    blurred. Comparable between canvases of one size alone.
    """
    height, width = grey.shape
    inner = grey[int(height * MARGIN) : int(height * (1 - MARGIN)), int(width * MARGIN) : int(width * (1 - MARGIN))]
    tiles = [tile for band in np.array_split(curvature(inner), 8) for tile in np.array_split(band, 12, axis=1)]
    variances = np.sort([float(tile.var()) for tile in tiles])
    return float(variances[-len(variances) // 4 :].mean())


def curvature(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The Laplacian of a picture brought to one light and freed of the sensor's noise."""
    even = grey.astype(np.float32) * (128 / max(float(grey.mean()), 1.0))
    return np.asarray(cv2.Laplacian(cv2.GaussianBlur(even, (0, 0), 1.0), cv2.CV_32F), np.float32)


def glare(canvas: Image) -> float:
    """Share of the canvas under burnt-out, colourless patches."""
    return float(patches(burnt(canvas)).mean())


def patches(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One where a mask marks a patch large enough to be a lamp's image."""
    count, marked, stats, _ = cv2.connectedComponentsWithStats(mask)
    large = stats[:count, cv2.CC_STAT_AREA] >= LEAST_GLARE_SHARE * mask.size
    large[0] = False  # what is unmarked
    return np.asarray(large[marked], np.uint8)


def lamps(canvas: Image) -> NDArray[np.uint8]:
    """One where a lamp is mirrored, though not all of it is burnt out."""
    return patches(burnt(canvas, LAMP_LEVEL))


def burnt(canvas: Image, level: int = GLARE_LEVEL) -> NDArray[np.uint8]:
    """One where the canvas is burnt out and colourless over more than a speck."""
    red, green, blue = cv2.split(canvas)
    high, low = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    white = np.asarray((high >= level) & (high - low <= GLARE_CHROMA), np.uint8)
    return np.asarray(cv2.morphologyEx(white, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)), np.uint8)
