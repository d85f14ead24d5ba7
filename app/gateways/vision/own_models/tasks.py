"""What do a bank's own models say of faces? Where they are, and of each its points, descriptor, and whether it is there."""

from typing import Final

import dlib
import numpy as np
from numpy.typing import NDArray

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import AttackScore
from app.gateways.vision.finding import OVERLAP, area, complex_points, overlap
from app.gateways.vision.own_models.cutting import ARCFACE, Points, aligned, around, outer, whole
from app.gateways.vision.own_models.manifest import ManifestRefused
from app.gateways.vision.own_models.running import NoAnswer, OwnModel
from app.verification.faces.comparison import LONGEST, SHORTEST, Descriptor
from app.verification.faces.five_points import Box

ROW: Final = 5
"""Left, top, right, bottom, how sure."""
MOST_ROWS: Final = 300
"""Of which it is sure: a crowd has fewer, and each is held against the others."""


class FaceDetector:
    """Faces of a whole picture, as a detector gives them that was exported with its own decoding: rows of a box each.

    Boxes are told as parts of what the model sees. Rows that are less sure than the manifest asks, have no inside, have
    their middle outside the picture or lie on a surer one are no faces.
    """

    def __init__(self, model: OwnModel) -> None:
        if model.columns != ROW:
            raise ManifestRefused(f"{model.manifest.file}: rows of five numbers, it gives rows of {model.columns}")
        self._model, self._least = model, model.manifest.output.least or 1.0
        self.model = model.manifest.model

    def boxes(self, image: Pixels) -> list[Box]:
        """In the picture, the largest first; raises NoAnswer."""
        side, mean = self._model.manifest.input.side, self._model.manifest.input.mean
        seen, factor = whole(image, side, round(min(max(mean, 0), 255)))
        rows = self._model.table(seen).astype(np.float64)
        if rows.shape[1] != ROW:
            raise NoAnswer
        sure = sorted(rows[rows[:, -1] >= self._least], key=lambda row: row[-1], reverse=True)
        if len(sure) > MOST_ROWS:
            raise NoAnswer
        kept: list[Box] = []
        for row in sure:
            box = _inside(row[:4] * side * factor, image)
            if box is not None and all(overlap(box, other) < OVERLAP for other in kept):
                kept.append(box)
        return sorted(kept, key=area, reverse=True)


def _inside(edges: NDArray[np.float64], image: Pixels) -> Box | None:
    """The box, no further beyond the picture than that is large; None: it has no inside, or its middle is not in the picture."""
    high, wide, _ = image.shape
    left, top, right, bottom = (float(edge) for edge in edges)
    if not (left < right and top < bottom and 0 <= left + right <= 2 * wide and 0 <= top + bottom <= 2 * high):
        return None
    return max(left, -wide), max(top, -high), min(right, 2 * wide), min(bottom, 2 * high)


class Landmarker:
    """Five points, from the face's box and some of what is around it."""

    def __init__(self, model: OwnModel) -> None:
        if model.size != 2 * len(ARCFACE):
            raise ManifestRefused(f"{model.manifest.file}: five points are ten numbers, it gives {model.size}")
        self._model, self._crop = model, model.manifest.alignment.crop or 1.0
        self.model = model.manifest.model

    def points(self, image: Pixels, box: Box) -> Points:
        """In the picture, in ArcFace's order; the model tells them as parts of what it sees, x before y."""
        found = self._model.answer(around(image, box, self._crop, self._model.manifest.input.side)).astype(np.float64)
        left, top, right, bottom = outer(image, box, self._crop)
        return np.asarray(left + found[0::2] * (right - left) + 1j * (top + found[1::2] * (bottom - top)))


class Embedder:
    """A describer of ArcFace's or SFace's shape; one crop."""

    def __init__(self, model: OwnModel, landmarker: Landmarker | None) -> None:
        if not SHORTEST <= model.size <= LONGEST:
            raise ManifestRefused(f"{model.manifest.file}: a descriptor of {model.size} numbers")
        self._model, self._landmarker = model, landmarker
        self._unit = model.manifest.output.metric == "cosine"
        self.model = model.manifest.model if landmarker is None else f"{model.manifest.model}+{landmarker.model}"

    def describe(self, image: Pixels, shape: dlib.full_object_detection, _chip: Pixels) -> Descriptor:
        """(size,), one long where the metric is the cosine; raises NoAnswer."""
        if self._landmarker is None:
            points = _eyes_and_lip(shape)
        else:
            box = shape.rect
            points = self._landmarker.points(image, (box.left(), box.top(), box.right(), box.bottom()))
        found = self._model.answer(aligned(image, points, self._model.manifest.input.side))
        if not self._unit:
            return found
        length = float(np.linalg.norm(found))
        if length == 0:
            raise NoAnswer
        return np.asarray(found / length, np.float32)


class AttackDetector:
    """A model of MiniFASNet's shape."""

    def __init__(self, model: OwnModel) -> None:
        self._real, self._crop = model.manifest.output.real or 0, model.manifest.alignment.crop or 1.0
        if not self._real < model.size >= 2:
            raise ManifestRefused(
                f"{model.manifest.file}: has {model.size} classes, and none of the number {self._real}"
            )
        self._model = model
        self.model = model.manifest.model

    def score(self, image: Pixels, box: Box) -> AttackScore:
        """How sure the model is that the face is really there; raises NoAnswer."""
        found = self._model.answer(around(image, box, self._crop, self._model.manifest.input.side)).astype(np.float64)
        odds = np.exp(found - found.max())
        return AttackScore(self.model, float(odds[self._real] / odds.sum()))


def _eyes_and_lip(shape: dlib.full_object_detection) -> Points:
    """Left eye, right eye as the picture has them, and the nose."""
    right_outer, right_inner, left_outer, left_inner, nose = complex_points(shape)
    return np.array([(left_outer + left_inner) / 2, (right_outer + right_inner) / 2, nose])
