"""What do a bank's own models say of one face? Its descriptor, whether it is really there, where its points are."""

import dlib
import numpy as np

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import AttackScore
from app.gateways.vision.finding import complex_points
from app.gateways.vision.own_models.cutting import ARCFACE, Points, aligned, around, outer
from app.gateways.vision.own_models.manifest import ManifestRefused
from app.gateways.vision.own_models.running import NoAnswer, OwnModel
from app.verification.faces.comparison import LONGEST, SHORTEST, Descriptor
from app.verification.faces.five_points import Box


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
