"""How does a document look from straight above? The homography from its outline to its format's canvas."""

import cv2
import numpy as np

from app.verification.documents.outlines.blobs import Image
from app.verification.documents.outlines.formats import Format
from app.verification.documents.outlines.shapes import Quad


def straightened(image: Image, quad: Quad, shape: Format) -> Image:
    """The canvas of a format, the quad's first corner at its top left; what lies beyond the frame repeats its border."""
    wide, high = shape.canvas
    target = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    homography = cv2.getPerspectiveTransform(quad.astype(np.float32), target)
    canvas = cv2.warpPerspective(image, homography, (wide, high), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(canvas, np.uint8)


def halves(quad: Quad) -> tuple[Quad, Quad]:
    """The two pages of an open passport, each lying: a spread of two ID-3 pages has nearly the ratio of one."""
    middles = [_midpoint(quad, at) for at in (0, 2)]
    first = np.array([quad[0], middles[0], middles[1], quad[3]], np.float32)
    second = np.array([middles[0], quad[1], quad[2], middles[1]], np.float32)
    return np.roll(first, 1, axis=0), np.roll(second, 1, axis=0)


def _midpoint(quad: Quad, at: int) -> tuple[float, float]:
    """Of the edge from corner `at`, as it is on the document and not in the photograph."""
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    homography = cv2.getPerspectiveTransform(square, np.roll(quad, -at, axis=0).astype(np.float32))
    x, y = cv2.perspectiveTransform(np.array([[(0.5, 0.0)]], np.float32), homography)[0, 0]
    return float(x), float(y)
