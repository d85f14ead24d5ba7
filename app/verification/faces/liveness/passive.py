"""What do frames betray of themselves? Signs of paper and screens, and a bank's own model: the median of what each frame shows."""

from collections.abc import Callable, Sequence
from statistics import median

from app.verification.faces.liveness.frame import Frame, SeenFace

NONE_SEEN = float("nan")
"""Of no face: beyond any threshold."""


def texture(frames: Sequence[Frame]) -> float:
    """Of the faces' own grain."""
    return _usual(frames, lambda face: face.texture)


def spectrum(frames: Sequence[Frame]) -> float:
    """Of a fine repetition."""
    return _usual(frames, lambda face: face.spectrum)


def edges(frames: Sequence[Frame]) -> float:
    """Of straight sides beside the head."""
    return _usual(frames, lambda face: face.edges)


def rated(frames: Sequence[Frame]) -> float | None:
    """By the bank's model; None where it has none."""
    rates = [frame.view.face.pad for frame in frames if frame.view.face is not None and frame.view.face.pad is not None]
    return median(rates) if rates else None


def _usual(frames: Sequence[Frame], of: Callable[[SeenFace], float]) -> float:
    figures = [of(frame.view.face) for frame in frames if frame.view.face is not None]
    return median(figures) if figures else NONE_SEEN
