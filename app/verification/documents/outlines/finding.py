"""Which documents does a photograph show, and where? The outlines most likely theirs, best first."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from app.verification.documents.outlines import blobs, lines
from app.verification.documents.outlines.blobs import Image
from app.verification.documents.outlines.formats import FORMATS, Format
from app.verification.documents.outlines.judging import Picture, prepared, scores, signs
from app.verification.documents.outlines.refining import refined
from app.verification.documents.outlines.shapes import (
    Floats,
    Quad,
    Quads,
    areas,
    at_border,
    convex,
    edge_lengths,
    fitting,
    lean,
    lying,
    overlap,
)

FINE, COARSE = 1000, 640
"""Long side, in pixels, of the pictures that edges are placed in and that outlines are searched in."""
LEAST_SHARE = 0.04
"""Of the photograph that a document fills: of 12 megapixels so little is still a long edge of 880."""
LEAST_SCORE = -0.4
"""Log of odds; 97 of 100 documents drawn had more, seeds 300 to 311."""
QUADS_AT_MOST = 500
"""Those of the best shape are looked at closer: the time is bounded, whatever the picture."""
OUTLINES_AT_MOST = 6
SAME = 0.05
"""Of the long edge that the corners of one outline found twice lie apart at most, on the mean."""
APART = 0.1
"""Share of the smaller outline by which two separate documents overlap at most."""
WHOLE_RATIO = 0.05
"""Of the ratio by which a picture that is nothing but the document may be off: it was cut out by hand."""
CAMERA_RATIO = 0.004
"""By which a shrunk picture is off its camera's ratio, its sides being whole pixels."""
CUT_AT_LEAST, CUT_AT_MOST = 1.0, 1.78
"""Long over short edge as seen: a card cut further than to a square is not told from other things."""
LOOKED_AT = 120
"""Of the quads that may be outlines, the best."""
CAMERAS = (4 / 3, 3 / 2, 16 / 9)
"""Pictures of these shapes are a camera's own frame, not a document cut out."""


class How(StrEnum):
    """How a document was found."""

    OUTLINE = "outline"
    WHOLE = "whole"
    """The picture is nothing but the document."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """One outline that may be a document's."""

    quad: Quad
    """In the photograph, clockwise from a corner at which a long edge begins; which side is up is for the text to say."""
    formats: tuple[Format, ...]
    """That its shape allows, the likeliest first; ID-3 and TD2 look the same."""
    how: How
    score: float
    """Log of odds that it is a document's, from its edges alone."""
    tilt: float
    """Degrees between the document's plane and the camera's, for the likeliest focal length."""
    width_px: float
    """The longer of its two long edges in the photograph."""
    edge_cut: bool
    """A corner lies outside the photograph or on its border."""


def find_documents(image: Image) -> tuple[Found, ...]:
    """The outlines in a photograph, (h, w, 3) uint8 RGB: separate documents first, then what lies in or around them.

    An outline inside another may be the document too: a card on a sheet of paper, a page of an open passport.
    """
    size = (image.shape[1], image.shape[0])
    fine = _shrunk(image, FINE)
    coarse = _shrunk(fine, COARSE)
    quads = _quads(coarse)
    picture = prepared(coarse)
    seen = _whole_outlines(quads, picture) or _cut_outlines(quads, picture)
    found = tuple(_found(quad, score, fine, size) for quad, score in seen)
    return _separate_first(found) or _picture_itself(size)


def separate(found: tuple[Found, ...]) -> tuple[Found, ...]:
    """Those that do not lie on a better one: the documents that the picture shows."""
    kept: list[Found] = []
    for one in found:
        if all(overlap(one.quad, other.quad) < APART for other in kept):
            kept.append(one)
    return tuple(kept)


def _shrunk(image: Image, side: int) -> Image:
    """The picture with a long side of so many pixels at most; a thread of pixels stays one."""
    scale = side / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _quads(coarse: Image) -> Quads:
    """Every quad of some size, clockwise, whatever its shape; never the frame of the picture itself."""
    least = LEAST_SHARE * coarse.shape[0] * coarse.shape[1]
    patches = np.array(blobs.quads(coarse, least), np.float64).reshape(-1, 4, 2)
    drawn = lines.quads(np.asarray(cv2.cvtColor(coarse, cv2.COLOR_RGB2GRAY), np.uint8), least)
    quads = np.concatenate([patches, drawn])
    clockwise = np.where(areas(quads)[:, None, None] < 0, quads[:, ::-1], quads)
    frame = at_border(clockwise, coarse.shape[1::-1]).any(axis=2).all(axis=1)
    return np.asarray(clockwise[convex(clockwise) & ~frame], np.float64)


def _whole_outlines(quads: Quads, picture: Picture) -> list[tuple[Quad, float]]:
    """Those of a document's shape, with their scores."""
    badness = fitting(quads, picture.size).min(axis=1)
    kept = quads[np.argsort(badness)[: min(QUADS_AT_MOST, int(np.isfinite(badness).sum()))]]
    return _distinct(kept, scores(signs(kept, picture), areas(kept) / picture.area))


def _cut_outlines(quads: Quads, picture: Picture) -> list[tuple[Quad, float]]:
    """The likeliest that the frame cut one end off: a side along the border, and shorter than a document."""
    corners = at_border(quads, picture.size)
    side = (corners & np.roll(corners, -1, axis=1)).any(axis=2)
    ratios = np.array([_ratio(quad) for quad in quads]).reshape(-1)
    kept = (side.sum(axis=1) == 1) & (ratios >= CUT_AT_LEAST) & (ratios <= CUT_AT_MOST)
    quads, inner = quads[kept][:QUADS_AT_MOST], ~side[kept][:QUADS_AT_MOST]
    return _distinct(quads, scores(signs(quads, picture).of_sides(inner), areas(quads) / picture.area))[:1]


def _ratio(quad: NDArray[np.floating]) -> float:
    """Long over short edge as seen."""
    top, right, bottom, left = edge_lengths(quad)
    across, down = float(top + bottom), float(right + left)
    return max(across, down) / max(min(across, down), 1e-9)


def _distinct(quads: Quads, score: Floats) -> list[tuple[Quad, float]]:
    """The best of every outline that was found several times."""
    kept: list[tuple[Quad, float]] = []
    for at in np.argsort(-score)[:LOOKED_AT]:
        quad = np.asarray(quads[at], np.float32)
        if score[at] < LEAST_SCORE or len(kept) == OUTLINES_AT_MOST:
            break
        if not any(_same(quad, other) for other, _ in kept):
            kept.append((quad, float(score[at])))
    return kept


def _same(one: Quad, other: Quad) -> bool:
    """Two quads of one outline, whichever corner comes first."""
    apart = min(float(np.linalg.norm(np.roll(one, by, axis=0) - other, axis=1).mean()) for by in range(4))
    return apart < SAME * float(edge_lengths(other).max())


def _separate_first(found: tuple[Found, ...]) -> tuple[Found, ...]:
    apart = separate(found)
    return (*apart, *(one for one in found if one not in apart))


def _found(quad: Quad, score: float, fine: Image, size: tuple[int, int]) -> Found:
    """The outline placed exactly, in the pixels of the photograph."""
    to_fine, back = max(fine.shape) / min(COARSE, max(fine.shape)), max(size) / max(fine.shape)
    exact = refined(quad * np.float32(to_fine), fine)
    if not _formats(exact, fine.shape[1::-1]):
        exact = quad * np.float32(to_fine)
    corners = lying(exact * np.float32(back), size)
    lengths = edge_lengths(corners)
    return Found(
        quad=corners,
        formats=_formats(corners, size) or FORMATS,
        how=How.OUTLINE,
        score=score,
        tilt=lean(corners, size),
        width_px=float(max(lengths[0], lengths[2])),
        edge_cut=bool(at_border(corners, size).any()),
    )


def _formats(quad: Quad, size: tuple[int, int]) -> tuple[Format, ...]:
    badness = fitting(quad[None].astype(np.float64), size)[0]
    return tuple(FORMATS[at] for at in np.argsort(badness, stable=True) if np.isfinite(badness[at]))


def _picture_itself(size: tuple[int, int]) -> tuple[Found, ...]:
    """The picture may be nothing but the document, cut out by whoever took it."""
    ratio = max(size) / min(size)
    off = sorted((abs(ratio / shape.ratio - 1), at) for at, shape in enumerate(FORMATS))
    formats = tuple(FORMATS[at] for share, at in off if share <= WHOLE_RATIO)
    if not formats or any(abs(ratio / camera - 1) < CAMERA_RATIO for camera in CAMERAS):
        return ()
    corners = lying(np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32), size)
    return (Found(corners, formats, How.WHOLE, 0.0, 0.0, float(max(size)), edge_cut=False),)
