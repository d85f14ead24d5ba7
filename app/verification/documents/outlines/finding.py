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
    RATIO_RECTIFIED,
    Corners,
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
"""Long side, in pixels, of the picture that edges are placed in, at least, and of the one that outlines are searched in.

The photograph is halved as often as the first allows: OpenCV averages whole pixels four times as fast as parts of them.
"""
LEAST_SHARE = 0.04
"""Of the photograph that a document fills: of 12 megapixels so little is still a long edge of 880."""
LEAST_SCORE = -0.5
"""Log of odds; 97 of 100 documents drawn had more, seeds 300 to 309."""
SURE_SCORE = 2.5
"""From which nothing is searched by lines any more; nothing else drawn had more than 1.0, on the same seeds."""
BESIDE_SCORE, BESIDE_SHARE = 2.5, 0.4
"""How much lower the score and smaller the area of a second document may be than of the first."""
QUADS_AT_MOST = 300
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

    @property
    def area(self) -> float:
        """In pixels."""
        return float(areas(self.quad[None].astype(np.float64))[0])


def find_documents(image: Image) -> tuple[Found, ...]:
    """The outlines in a photograph, (h, w, 3) uint8 RGB: separate documents first, then what lies in or around them.

    An outline inside another may be the document too: a card on a sheet of paper, a page of an open passport.
    """
    size = (image.shape[1], image.shape[0])
    fine = _shrunk(image, max(size) >> max(0, (max(size) // FINE).bit_length() - 1))
    coarse = _shrunk(fine, COARSE)
    picture = prepared(coarse)
    quads = _by_patches(coarse)
    seen = _whole_outlines(quads, picture)
    if not seen or seen[0][1] < SURE_SCORE:
        quads = np.concatenate([quads, _by_lines(coarse)])
        seen = _whole_outlines(quads, picture) or _cut_outlines(quads, picture)
    found = tuple(_found(quad, score, picture.size, fine, size) for quad, score in seen)
    itself = _picture_itself(size) if not found or found[0].score < SURE_SCORE else ()
    return _separate_first(found, itself)


def separate(found: tuple[Found, ...]) -> tuple[Found, ...]:
    """The documents that the picture shows: the best outline, and others beside it that are nearly as good."""
    kept: list[Found] = list(found[:1])
    for one in found[1:]:
        alike = one.score >= kept[0].score - BESIDE_SCORE and one.area >= BESIDE_SHARE * kept[0].area
        if alike and all(overlap(one.quad, other.quad) < APART for other in kept):
            kept.append(one)
    return tuple(kept)


def _shrunk(image: Image, side: int) -> Image:
    """The picture with a long side of so many pixels at most; a thread of pixels stays one."""
    scale = side / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _by_patches(coarse: Image) -> Quads:
    """Every quad of some size that a mask shows, whatever its shape."""
    return _inner(np.array(blobs.quads(coarse, _least(coarse)), np.float64).reshape(-1, 4, 2), coarse)


def _by_lines(coarse: Image) -> Quads:
    grey = np.asarray(cv2.cvtColor(coarse, cv2.COLOR_RGB2GRAY), np.uint8)
    return _inner(lines.quads(grey, _least(coarse)), coarse)


def _least(coarse: Image) -> float:
    return float(LEAST_SHARE * coarse.shape[0] * coarse.shape[1])


def _inner(quads: Quads, coarse: Image) -> Quads:
    """Convex and clockwise; never the frame of the picture itself."""
    clockwise = np.where(areas(quads)[:, None, None] < 0, quads[:, ::-1], quads)
    touching = np.asarray(at_border(clockwise, (coarse.shape[1], coarse.shape[0])).any(axis=2), np.bool_)
    return np.asarray(clockwise[convex(clockwise) & ~touching.all(axis=1)], np.float64)


def _whole_outlines(quads: Quads, picture: Picture) -> list[tuple[Quad, float]]:
    """Those of a document's shape, with their scores."""
    quads = quads[~_border_sides(quads, picture.size).any(axis=1)]
    badness = fitting(quads, picture.size).min(axis=1)
    kept = quads[np.argsort(badness)[: min(QUADS_AT_MOST, int(np.isfinite(badness).sum()))]]
    return _distinct(kept, scores(signs(kept, picture), areas(kept) / picture.area))


def _cut_outlines(quads: Quads, picture: Picture) -> list[tuple[Quad, float]]:
    """The likeliest that the frame cut one end off: a side along the border, and shorter than a document."""
    side = _border_sides(quads, picture.size)
    ratios = np.array([_ratio(quad) for quad in quads]).reshape(-1)
    kept = (side.sum(axis=1) == 1) & (ratios >= CUT_AT_LEAST) & (ratios <= CUT_AT_MOST)
    quads, inner = quads[kept][:QUADS_AT_MOST], ~side[kept][:QUADS_AT_MOST]
    return _distinct(quads, scores(signs(quads, picture).of_sides(inner), areas(quads) / picture.area))[:1]


def _border_sides(quads: Corners, size: tuple[int, int]) -> NDArray[np.bool_]:
    """(…, 4): whether each edge runs along a border of the photograph."""
    corners = at_border(quads, size)
    return np.asarray((corners & np.roll(corners, -1, axis=-2)).any(axis=-1), np.bool_)


def _ratio(quad: Corners) -> float:
    """Long over short edge as seen."""
    top, right, bottom, left = edge_lengths(quad)
    across, down = float(top + bottom), float(right + left)
    return float(max(across, down) / max(min(across, down), 1e-9))


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


def _separate_first(found: tuple[Found, ...], itself: tuple[Found, ...]) -> tuple[Found, ...]:
    """A document cut out by hand has its portrait for an outline, so the picture itself comes before what lies in others."""
    apart = separate(found)
    return (*apart, *itself, *(one for one in found if one not in apart))


def _enlarged(quad: Quad, shown: tuple[int, int], size: tuple[int, int]) -> Quad:
    """A quad of a shrunk picture in the larger one; a pixel's place is its middle."""
    return np.asarray((quad + 0.5) * (np.array(size) / np.array(shown)) - 0.5, np.float32)


def _found(quad: Quad, score: float, coarse_size: tuple[int, int], fine: Image, size: tuple[int, int]) -> Found:
    """The outline placed exactly, in the pixels of the photograph."""
    fine_size = (fine.shape[1], fine.shape[0])
    rough = _enlarged(quad, coarse_size, fine_size)
    exact = refined(rough, fine, _border_sides(rough, fine_size))
    if not _formats(exact, fine_size):
        exact = rough
    corners = lying(_enlarged(exact, fine_size, size), size)
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
    """Those that fit, the likeliest first; of what the frame cut shorter, every one that is no shorter."""
    if _border_sides(quad, size).any():
        return tuple(shape for shape in FORMATS if shape.ratio * (1 + RATIO_RECTIFIED) >= _ratio(quad)) or FORMATS
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
