"""What do a bank's own models say of faces? Where they are, and of each its points, its descriptor, whether it is really there."""

import dlib
import numpy as np

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import AttackScore
from app.gateways.vision.finding import OVERLAP, area, complex_points, overlap
from app.gateways.vision.own_models.cutting import ARCFACE, Points, aligned, around, outer, whole
from app.gateways.vision.own_models.manifest import ManifestRefused
from app.gateways.vision.own_models.running import NoAnswer, OwnModel
from app.verification.faces.comparison import LONGEST, SHORTEST, Descriptor
from app.verification.faces.five_points import Box

ROW = 5
"""Left, top, right, bottom, how sure."""


class FaceDetector:
    """Faces of a whole picture, as a detector gives them that was exported with its own decoding: rows of a box each.

    Boxes are told as parts of what the model sees; rows that are less sure than the manifest asks, have no inside or lie
    on a surer one are no faces.
    """

    def __init__(self, model: OwnModel) -> None:
        if model.size % ROW:
            raise ManifestRefused(f"{model.manifest.file}: rows of five numbers, it gives {model.size}")
        self._model, self._least = model, model.manifest.output.least or 1.0
        self.model = model.manifest.model

    def boxes(self, image: Pixels) -> list[Box]:
        """In the picture, the largest first; raises NoAnswer."""
        given = self._model.manifest.input
        seen, factor = whole(image, given.side, round(min(max(given.mean, 0), 255)))
        found = self._model.answer(seen).astype(np.float64)
        if found.size % ROW:
            raise NoAnswer
        kept: list[Box] = []
        for left, top, right, bottom, sure in sorted(found.reshape(-1, ROW), key=lambda row: row[-1], reverse=True):
            box = (
                left * given.side * factor,
                top * given.side * factor,
                right * given.side * factor,
                bottom * given.side * factor,
            )
            inside = sure >= self._least and left < right and top < bottom
            if inside and all(overlap(box, other) < OVERLAP for other in kept):
                kept.append(box)
        return sorted(kept, key=area, reverse=True)


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
