"""Is it one face, of one person, in one unbroken film? Figures only; the policy says what is too much."""

import itertools
import math
from collections.abc import Container, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from app.verification.faces.five_points import Box
from app.verification.faces.liveness.frame import Frame, SeenFace

TENTH_MS: Final = 100
"""Frames come ten times a second, or less often: what comes less often may have moved further."""
BRISK_MS: Final = 200
"""Of one movement: by then it slows down."""
NOTHING_ALIKE: Final = 255.0
"""Grey levels: of fewer than two frames none repeats another."""
Runs = Sequence[Sequence[Frame]]
"""All frames of a film, one after the other; those of one run show the same picture."""


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

    Of those further apart than a tenth of a second, what is left in one (as of `growth`): a brisk head goes on meanwhile, but
    no further than in BRISK_MS, or a pause before each cut would make another film's head next to this one's.
    Where a head went in a longer time nobody saw: that is a gap, which is not accepted either (R89).
    """
    return min(
        (
            _shared(one.box, other.box) ** _in_a_tenth(min(apart_ms, BRISK_MS))
            for one, other, apart_ms in _following(frames, within_ms)
        ),
        default=1.0,
    )


def growth(frames: Sequence[Frame], to: Container[int]) -> float:
    """The largest factor by which a box grows or shrinks from one frame to the next, or in a tenth of a second if that is less.

    `to`: numbers of the frames that are held against the one before them.
    """
    seen = [(frame, _width(frame.view.face.box)) for frame in frames if frame.view.face is not None]
    factors = (
        (max(before, after) / max(min(before, after), 1e-9)) ** _in_a_tenth(then.client_ms - now.client_ms)
        for (now, before), (then, after) in itertools.pairwise(seen)
        if then.sequence in to
    )
    return max(factors, default=1.0)


def runs(frames: Sequence[Frame], *, alike: float, most: float) -> Runs:
    """Each frame with those that follow it and differ from the one before by less than `alike` grey levels, or not at all.

    A camera slower than whoever asks it gives one picture twice. After more than `most` of these it stands still: each of
    so long a run is by itself.
    """
    found: list[list[Frame]] = []
    for frame in frames:
        if found and _are_alike(found[-1][-1], frame, alike):
            found[-1].append(frame)
        else:
            found.append([frame])
    return tuple(part for run in found for part in ([run] if len(run) <= 1 + most else [[frame] for frame in run]))


def stalled(found: Runs) -> int:
    """How many frames show nothing new since the one before."""
    return sum(len(run) - 1 for run in found)


def repeated(found: Runs) -> int:
    """How many frames are the very bytes of one in another run."""
    own = [{frame.view.sha256 for frame in run} for run in found]
    return sum(len(each) for each in own) - len(set().union(*own))


def least_difference(found: Runs) -> float:
    """Grey levels between the two frames of different runs most alike: a camera's noise is never twice the same."""
    sketches = np.array([frame.view.sketch for run in found for frame in run], dtype=np.float64)
    if len(found) < 2 or sketches.ndim != 2 or sketches.shape[1] == 0:
        return NOTHING_ALIKE
    squares = (sketches**2).sum(axis=1)
    apart = squares[:, None] + squares[None, :] - 2 * sketches @ sketches.T
    own = np.repeat(np.arange(len(found)), [len(run) for run in found])
    apart[own[:, None] == own[None, :]] = np.inf
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


def _are_alike(one: Frame, other: Frame, levels: float) -> bool:
    if one.view.sha256 == other.view.sha256:
        return True
    apart = np.subtract(one.view.sketch, other.view.sketch)
    return bool(apart.size) and float(np.sqrt((apart**2).mean())) < levels


def _vectors(frames: Sequence[Frame]) -> npt.NDArray[np.float64]:
    return np.array([frame.view.face.descriptor for frame in described(frames) if frame.view.face], np.float64)


def _in_a_tenth(ms: int) -> float:
    """The power that leaves of a factor over so long a time what it is in a tenth of a second."""
    return TENTH_MS / max(TENTH_MS, ms)


def _following(frames: Sequence[Frame], within_ms: float) -> Iterator[tuple[SeenFace, SeenFace, int]]:
    """Two faces, and the milliseconds between them."""
    seen = [(frame.client_ms, frame.view.face) for frame in frames if frame.view.face is not None]
    pairs = ((before, after, now - then) for (then, before), (now, after) in itertools.pairwise(seen))
    return (pair for pair in pairs if pair[2] <= within_ms)


def _shared(first: Box, second: Box) -> float:
    wide = min(first[2], second[2]) - max(first[0], second[0])
    high = min(first[3], second[3]) - max(first[1], second[1])
    both = max(0.0, wide) * max(0.0, high)
    return both / (_area(first) + _area(second) - both)


def _area(box: Box) -> float:
    return max(_width(box), 1e-9) * max(box[3] - box[1], 1e-9)


def _width(box: Box) -> float:
    return box[2] - box[0]
