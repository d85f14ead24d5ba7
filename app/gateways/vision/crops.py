"""What does a person type a field from? Its picture, cut from the straightened document where it was not surely read."""

from typing import Final

import cv2
import numpy as np

from app.gateways.vision.cards import jpeg
from app.gateways.vision.decoding import Pixels
from app.verification.documents.layout import Box
from app.verification.documents.reading import Reading, unsure
from app.verification.examination import Polygon

RIM: Final = 0.25
"""Of a field's height: enough paper around it to see that nothing is cut off."""


def crops_of(reading: Reading, canvas: Pixels | None) -> dict[str, bytes]:
    """JPEG by field; a field nobody found has none."""
    if canvas is None or reading.outline is None:
        return {}
    wanted = {
        name: reading.places[name] for name, field in reading.fields.items() if unsure(field) and name in reading.places
    }
    cut = {name: _cut(canvas, _on_canvas(place, canvas, reading.outline)) for name, place in wanted.items()}
    return {name: jpeg(crop) for name, crop in cut.items() if crop.size}


def _on_canvas(place: Polygon, canvas: Pixels, outline: Polygon) -> Box:
    """Where a place in the photograph lies on the canvas that was straightened from the outline."""
    height, width = canvas.shape[:2]
    whole = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    straight = cv2.getPerspectiveTransform(np.array(outline, np.float32), whole)
    corners = cv2.perspectiveTransform(np.array([place], np.float32), straight)[0]
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))


def _cut(canvas: Pixels, box: Box) -> Pixels:
    rimmed = box.grown(RIM * box.height)
    return canvas[round(rimmed.top) : round(rimmed.bottom), round(rimmed.left) : round(rimmed.right)]
