"""What was measured of a canvas, and where in the photograph it lies."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np

from app.gateways.vision.decoding import Pixels
from app.verification.documents.layout import Box
from app.verification.documents.quality import Expected, measures
from app.verification.documents.quality.regions import corners as corners_of
from app.verification.examination import CardView, Line, Measure, Polygon


def measured(
    view: CardView,
    canvas: Pixels,
    outline: Polygon,
    places: Mapping[str, Box],
    lines: Sequence[Line],
    known: Expected,
    *,
    tilt_degrees: float | None = None,
    cards: int | None = None,
) -> CardView:
    """The view with what single fields tell of it; `outline` is the canvas in the photograph, from its top left."""
    taken = measures(canvas, places, lines, known, tilt_degrees=tilt_degrees, cards=cards)
    return with_placed(view, taken, outline, canvas)


def with_placed(view: CardView, taken: Sequence[Measure], outline: Polygon, canvas: Pixels) -> CardView:
    """The view with more that was measured on the canvas, where it lies in the photograph."""
    return replace(view, measures=(*view.measures, *(_placed(each, outline, canvas) for each in taken)))


def box_in_photograph(box: Box, outline: Polygon, canvas: Pixels) -> Polygon:
    """Where a box of the canvas lies in the photograph the canvas was straightened from."""
    return in_photograph(corners_of(box), outline, canvas)


def in_photograph(place: Polygon, outline: Polygon, canvas: Pixels) -> Polygon:
    """Where four points of the canvas lie in the photograph the canvas was straightened from."""
    height, width = canvas.shape[:2]
    whole = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    back = cv2.getPerspectiveTransform(whole, np.array(outline, np.float32))
    seen = cv2.perspectiveTransform(np.array([place], np.float32), back)[0]
    a, b, c, d = ((float(x), float(y)) for x, y in seen)
    return a, b, c, d


def _placed(measure: Measure, outline: Polygon, canvas: Pixels) -> Measure:
    where = measure.where
    return measure if where is None else replace(measure, where=in_photograph(where, outline, canvas))
