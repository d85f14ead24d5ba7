"""Whose face is it? A finder of faces and what describes them: dlib's own network, the same on onnxruntime, or a bank's."""

from collections.abc import Sequence
from typing import Final, Protocol

import dlib
import numpy as np

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import AttackScore, Face, Look, version_of
from app.gateways.vision.finding import FaceFinder, five_points, weights_folder
from app.gateways.vision.scaling import shrunk
from app.verification.faces.comparison import Descriptor
from app.verification.faces.five_points import Box

DETECTION_LONG_SIDE: Final = 800
"""Of the picture the reference's detector sees; a face of 80 px in it is found at once, of 40 px after doubling."""
CHIP_SIDE: Final = 150
CHIP_PADDING: Final = 0.25
"""What the network was trained on: `compute_face_descriptor` cuts the same chip."""


class Describer(Protocol):
    """Turns one face into numbers."""

    model: str
    """`name@version` of the network and of all that is done before and after it."""

    def describe(self, image: Pixels, shape: dlib.full_object_detection, chip: Pixels) -> Descriptor:
        """Of the face with these points in a contiguous picture; `chip` is dlib's."""
        ...


class Detector(Protocol):
    """Tells whether a face is really there."""

    def score(self, image: Pixels, box: Box) -> AttackScore:
        """Of the face in this box."""
        ...


class Faces:
    """Faces found on a small picture, placed by their points, cut from the large one."""

    def __init__(self, finder: FaceFinder, describer: Describer, detectors: Sequence[Detector] = ()) -> None:
        self._finder, self._describer, self._detectors = finder, describer, detectors
        # The finder's first: what was measured of dlib's distances was measured with faces that dlib found.
        self.model = describer.model if finder.model is None else f"{finder.model}+{describer.model}"

    def look(self, image: Pixels) -> Look:
        """Every face's box, and the largest face."""
        whole = np.ascontiguousarray(image)  # dlib takes no views
        boxes = self._finder.boxes(whole)
        return Look(tuple(boxes), self.at(whole, boxes[0]) if boxes else None)

    def at(self, image: Pixels, box: Box) -> Face:
        """The face about a known box of a contiguous picture."""
        shape = self._finder.points(image, box)
        chip = dlib_chip(image, shape)
        attacks = tuple(each.score(image, box) for each in self._detectors)
        return Face(box, five_points(shape), chip, self._describer.describe(image, shape, chip), attacks)


class DlibFaces:
    """The reference: dlib's detector, points and network as they are, a face's box as it was found."""

    def __init__(self) -> None:
        network = weights_folder() / "dlib_face_recognition_resnet_model_v1.dat"
        self._detector = dlib.get_frontal_face_detector()
        self._points = dlib.shape_predictor(str(weights_folder() / "shape_predictor_5_face_landmarks.dat"))
        self._network = dlib.face_recognition_model_v1(str(network))
        self.model = version_of(network)

    def look(self, image: Pixels) -> Look:
        """Detected small, aligned and described at full size."""
        whole = np.ascontiguousarray(image)
        small, factor = shrunk(whole, DETECTION_LONG_SIDE)
        boxes = self._detector(small, 0) or self._detector(small, 1)
        found = [
            (
                round(box.left() * factor),
                round(box.top() * factor),
                round(box.right() * factor),
                round(box.bottom() * factor),
            )
            for box in sorted(boxes, key=lambda box: box.area(), reverse=True)
        ]
        return Look(tuple(found), self.at(whole, found[0]) if found else None)

    def at(self, image: Pixels, box: tuple[int, int, int, int]) -> Face:
        """The face in a known box of a contiguous picture."""
        shape = self._points(image, dlib.rectangle(*box))
        chip = dlib_chip(image, shape)
        descriptor = np.array(self._network.compute_face_descriptor(chip), dtype=np.float32)
        return Face(box, five_points(shape), chip, descriptor)


def dlib_chip(image: Pixels, shape: dlib.full_object_detection) -> Pixels:
    """(150, 150, 3), the very pixels dlib's network sees."""
    return np.asarray(dlib.get_face_chip(image, shape, size=CHIP_SIDE, padding=CHIP_PADDING), np.uint8)
