"""Was part of the picture saved as another JPEG before? Its blocks then begin where those around it do not.

JPEG takes the fine waves out of blocks of 8 x 8 pixels. Whoever pastes from another JPEG pastes its blocks, and hits the
picture's own grid once in 64 times; saved once more at the same or a better quality the old blocks are still poorer in
fine waves than what is cut out between them. What was sent through a messenger has two grids, but everywhere.
"""

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.authenticity.planes import Plane, measurable, of_box
from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.examination import Measure, Polygon
from app.verification.reasons import ReasonCode

Phases = NDArray[np.float64]
"""(8, 8): one figure for each place at which blocks may begin."""
Marked = NDArray[np.uint8]

BLOCK = 8
"""Pixels, ITU-T T.81 §A.2.2."""
WAVES = ((0, 3), (3, 0), (1, 2), (2, 1), (2, 2), (0, 5), (5, 0), (3, 3))
"""Down and across: JPEG of middling quality takes most of these out, and a sensor's noise puts some of each in."""
LOUDEST = 6.0
"""Grey levels at which an amplitude is cut off: print would outweigh the paper."""
FEWEST_BLOCKS = 1000
"""Places at which a block may begin, all phases together: a date's has 8,000."""
LARGEST = 900
"""Pixels of a region looked at in either direction: a photograph of 50 megapixels has no more to tell."""
AROUND = 0.6
"""Of a region's longer side: how far around it its surroundings reach."""
GAP = 12
"""Pixels between a region and its surroundings: where it ends nobody knows exactly."""
SHARED, SHARED_SHARE = 2.0, 0.25
"""From which on the surroundings have a grid at a phase, too: a chance of one in 40, so of a plain one also its share."""
POLISHED = 3
"""Times that the medians of rows and columns are taken out (Tukey, Exploratory Data Analysis, 1977)."""
REGIONS = ("number", "birth", "valid_from")
"""Fields worth a forger's while; a name is too short to tell."""


def strange_grids(
    photograph: Image | None,
    outline: Polygon | None,
    size: tuple[int, int],
    portrait: Box | None,
    places: Mapping[str, Box],
) -> tuple[Measure, ...]:
    """For the portrait and each field: how plainly it has blocks where its surroundings have none.

    `places` lie on the canvas of that width and height, which was straightened from the outline: once it is, no grid
    is left. In deviations of one phase from another.
    """
    if photograph is None or outline is None or not measurable(photograph) or min(size) < BLOCK:
        return ()
    wanted = {name: places[name] for name in REGIONS if name in places} | ({"portrait": portrait} if portrait else {})
    found: list[Measure] = []
    for name, box in wanted.items():
        score = _strangeness(photograph, _in_photograph(box, outline, size), np.array(outline, np.float32))
        if score is not None:
            found.append(Measure(ReasonCode.COMPRESSION_DIFFERS, score, of_box(box), name))
    return tuple(found)


def _in_photograph(box: Box, outline: Polygon, size: tuple[int, int]) -> NDArray[np.float32]:
    wide, high = size
    whole = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    back = cv2.getPerspectiveTransform(whole, np.array(outline, np.float32))
    return np.asarray(cv2.perspectiveTransform(np.array([of_box(box)], np.float32), back)[0], np.float32)


def _strangeness(photograph: Image, region: NDArray[np.float32], outline: NDArray[np.float32]) -> float | None:
    if not np.isfinite(region).all():
        return None
    low, high = region.min(axis=0), region.max(axis=0)
    middle, half = (low + high) / 2, np.minimum((high - low) / 2, LARGEST / 2)
    reach = half + AROUND * half.max()
    left, top = (max(0, int(at) // BLOCK * BLOCK) for at in middle - reach)
    right, bottom = (int(np.ceil(at)) for at in middle + reach)
    window = photograph[top:bottom, left:right]
    if min(window.shape[:2]) < 2 * BLOCK:
        return None
    grey = np.asarray(cv2.cvtColor(np.ascontiguousarray(window), cv2.COLOR_RGB2GRAY), np.float32)
    corner = np.array((left, top), np.float32)
    inside, card = (_filled(each - corner, window.shape) for each in (region, outline))
    beyond = np.asarray(card & ~np.asarray(cv2.dilate(inside, np.ones((2 * GAP, 2 * GAP), np.uint8)) > 0), np.uint8)
    own, others = _grids(grey, [inside, beyond])
    if own is None or others is None:
        return None
    strange = others < np.maximum(SHARED, SHARED_SHARE * own)
    strange[0, 0] = (
        False  # the picture's own grid, however smooth the surroundings are; a turned picture has it there too
    )
    return float(own[strange].max(initial=0.0))


def _filled(corners: NDArray[np.float32], shape: tuple[int, ...]) -> Marked:
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, corners.astype(np.int32), (1,))
    return mask


def _grids(grey: Plane, masks: list[Marked]) -> list[Phases | None]:
    """For each mask, how much less of the fine waves blocks of each phase have than those of other phases."""
    starts = [np.nonzero(cv2.erode(mask, np.ones((BLOCK, BLOCK), np.uint8), anchor=(0, 0))) for mask in masks]
    phases = [rows % BLOCK * BLOCK + columns % BLOCK for rows, columns in starts]
    loud = [np.zeros(BLOCK * BLOCK) for _ in masks]
    for down, across in WAVES:
        wave = np.abs(cv2.filter2D(grey, cv2.CV_32F, _wave(down, across), anchor=(0, 0)))
        for each, (at, phase) in enumerate(zip(starts, phases, strict=True)):
            loud[each] += np.bincount(phase, np.minimum(wave[at], LOUDEST), BLOCK * BLOCK)
    return [
        _quieter(total / np.maximum(np.bincount(phase, minlength=BLOCK * BLOCK), 1) / len(WAVES))
        if len(phase) >= FEWEST_BLOCKS
        else None
        for total, phase in zip(loud, phases, strict=True)
    ]


def _quieter(loud: NDArray[np.float64]) -> Phases:
    """In deviations, by row and column: the picture's own grid makes all phases of its row and column differ."""
    left = loud.reshape(BLOCK, BLOCK)
    for _ in range(POLISHED):
        left = left - np.median(left, axis=1, keepdims=True)
        left = left - np.median(left, axis=0, keepdims=True)
    usual = 1.4826 * float(np.median(np.abs(left))) + 1e-3
    return np.asarray(-left / usual, np.float64)


def _wave(down: int, across: int) -> Plane:
    """One of the 64 of T.81 §A.3.3."""
    at = (2 * np.arange(BLOCK) + 1) * np.pi / 16
    scale = [np.sqrt(1 / 8) if wave == 0 else 0.5 for wave in (down, across)]
    return np.outer(scale[0] * np.cos(down * at), scale[1] * np.cos(across * at)).astype(np.float32)
