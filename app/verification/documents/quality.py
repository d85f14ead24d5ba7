"""How well does a photograph show its card? Measures on the fixed canvas; what is good enough is policy's to say."""

import cv2
import numpy as np

from app.verification.documents.card_image import Card, Image
from app.verification.examination import NO_CARD, CardView

GLARE_LEVEL = 250
"""Grey level from which a pixel is as good as burnt out."""
GLARE_CHROMA = 12
"""Largest less smallest channel below which it has no colour of its own."""
LEAST_GLARE_SHARE = 0.002
"""Of the canvas: smaller white spots are noise or print."""
MARGIN = 0.06
"""Rim of the canvas left out of the sharpness: the cut between card and desk is sharp in any photograph."""


def measure(card: Card | None) -> CardView:
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


def sharpness(grey: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    """Variance of the Laplacian where the card prints text: on the tiles with the strongest edges.

    Smoothed first, or the sensor's noise counts as sharpness; light is evened out, or a dark picture counts as
    blurred. Comparable between canvases of one size alone.
    """
    height, width = grey.shape
    inner = grey[int(height * MARGIN) : int(height * (1 - MARGIN)), int(width * MARGIN) : int(width * (1 - MARGIN))]
    even = inner.astype(np.float32) * (128 / max(float(inner.mean()), 1.0))
    laplacian = cv2.Laplacian(cv2.GaussianBlur(even, (0, 0), 1.0), cv2.CV_32F)
    tiles = [tile for band in np.array_split(laplacian, 8) for tile in np.array_split(band, 12, axis=1)]
    variances = np.sort([float(tile.var()) for tile in tiles])
    return float(variances[-len(variances) // 4 :].mean())


def glare(canvas: Image) -> float:
    """Share of the canvas under burnt-out, colourless patches."""
    high, low = canvas.max(axis=2), canvas.min(axis=2)
    burnt = np.asarray((high >= GLARE_LEVEL) & (high - low <= GLARE_CHROMA), np.uint8)
    opened = cv2.morphologyEx(burnt, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(opened)
    areas = stats[1:count, cv2.CC_STAT_AREA] / opened.size
    return float(areas[areas >= LEAST_GLARE_SHARE].sum())
