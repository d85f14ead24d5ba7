"""Is it one face, of one person, in one unbroken film? Figures only; the policy says what is too much."""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from app.verification.faces.five_points import Box
from app.verification.faces.liveness.frame import Frame, SeenFace

TENTH_MS: Final = 100
"""Frames come ten times a second, or less often: what comes less often may have moved further."""
NOTHING_ALIKE: Final = 255.0
"""Grey levels: of fewer than two frames none repeats another."""


def faceless_ms(frames: Sequence[Frame]) -> int:
    """The longest time from a frame with a face to the next one, where there were frames without between them."""
    longest, last, missed = 0, None, False
    for frame in frames:
        if frame.view.face is None:
            missed = True
            continue
        if missed:
            longest = max(longest, frame.client_ms - (frames[0] if last is None else last).client_ms)
        last, missed = frame, False
    if missed:
        longest = max(longest, frames[-1].client_ms - (frames[0] if last is None else last).client_ms)
    return longest


def other_faces(frames: Sequence[Frame]) -> int:
    """In how many frames somebody else is seen too."""
    return sum(frame.view.faces > 1 for frame in frames)


def gap_ms(frames: Sequence[Frame]) -> int:
    """The longest time between two frames."""
    return max((after.client_ms - before.client_ms for before, after in itertools.pairwise(frames)), default=0)


def clocks_apart_ms(frames: Sequence[Frame]) -> int:
    """By how much page and server disagree about how time went: a page may say that its frames came evenly."""
    apart = [frame.server_ms - frame.client_ms for frame in frames]
    return max(apart, default=0) - min(apart, default=0)


def overlap(frames: Sequence[Frame], *, within_ms: float) -> float:
    """The least overlap of two boxes that follow each other so soon, intersection over union; 1 of fewer than two.

    Where a head went in a longer time nobody saw: that is a gap, which is not accepted either (R89).
    """
    return min((_shared(before.box, after.box) for before, after in _following(frames, within_ms)), default=1.0)


def growth(frames: Sequence[Frame]) -> float:
    """The largest factor by which a box grows or shrinks from one frame to the next, or in a tenth of a second if that is less."""
    seen = [(frame.client_ms, _width(frame.view.face.box)) for frame in frames if frame.view.face is not None]
    factors = (
        (max(before, after) / max(min(before, after), 1e-9)) ** (TENTH_MS / max(TENTH_MS, then - now))
        for (now, before), (then, after) in itertools.pairwise(seen)
    )
    return max(factors, default=1.0)


def repeated(frames: Sequence[Frame]) -> int:
    """How many frames are another's very bytes."""
    return len(frames) - len({frame.view.sha256 for frame in frames})


def least_difference(frames: Sequence[Frame]) -> float:
    """Grey levels between the two frames most alike, wherever they stand: a camera's noise is never twice the same."""
    sketches = np.array([frame.view.sketch for frame in frames], dtype=np.float64)
    if len(frames) < 2 or sketches.ndim != 2 or sketches.shape[1] == 0:
        return NOTHING_ALIKE
    squares = (sketches**2).sum(axis=1)
    apart = squares[:, None] + squares[None, :] - 2 * sketches @ sketches.T
    apart[np.diag_indices(len(frames))] = np.inf
    return float(np.sqrt(max(apart.min(), 0.0) / sketches.shape[1]))


def described(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """The frames whose face was described."""
    return tuple(frame for frame in frames if frame.view.face is not None and frame.view.face.descriptor is not None)


def descriptors_apart(frames: Sequence[Frame]) -> float:
    """The largest distance between two of the described faces; 0 of fewer than two."""
    vectors = _vectors(frames)
    if len(vectors) < 2:
        return 0.0
    return float(np.linalg.norm(vectors[:, None, :] - vectors[None, :, :], axis=2).max())


def moving_apart(resting: Sequence[Frame], moving: Sequence[Frame]) -> float:
    """The largest distance of a face described while it moved from the mean of those at rest; 0 where nothing moved.

    A turned head lies further from its own than one at rest does. No number where none was described at rest.
    """
    own, turned = _vectors(resting), _vectors(moving)
    if not len(turned):
        return 0.0
    return float(np.linalg.norm(turned - own.mean(axis=0), axis=1).max()) if len(own) else math.nan


def _vectors(frames: Sequence[Frame]) -> npt.NDArray[np.float64]:
    return np.array([frame.view.face.descriptor for frame in described(frames) if frame.view.face], np.float64)


def _following(frames: Sequence[Frame], within_ms: float) -> Iterator[tuple[SeenFace, SeenFace]]:
    seen = [(frame.client_ms, frame.view.face) for frame in frames if frame.view.face is not None]
    return ((before, after) for (then, before), (now, after) in itertools.pairwise(seen) if now - then <= within_ms)


def _shared(first: Box, second: Box) -> float:
    wide = min(first[2], second[2]) - max(first[0], second[0])
    high = min(first[3], second[3]) - max(first[1], second[1])
    both = max(0.0, wide) * max(0.0, high)
    return both / (_area(first) + _area(second) - both)


def _area(box: Box) -> float:
    return max(_width(box), 1e-9) * max(box[3] - box[1], 1e-9)


def _width(box: Box) -> float:
    return box[2] - box[0]
