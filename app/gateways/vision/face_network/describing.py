"""Whose face is on this chip, in 128 numbers? dlib's weights on onnxruntime, without dlib's network."""

import hashlib
from pathlib import Path
from typing import Final

import dlib
import numpy as np
from numpy.typing import NDArray

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.face_network.crops import CROPS, MARGIN, WIDER, crops_of
from app.gateways.vision.face_network.graph import onnx_of
from app.gateways.vision.face_network.serialised import NotTheNetwork
from app.gateways.vision.face_network.session import session_of
from app.gateways.vision.face_network.weights import network
from app.gateways.vision.finding import MEAN_POINTS, PASSES
from app.verification.faces.comparison import Descriptor

WEIGHTS: Final = "dlib_face_recognition_resnet_model_v1.dat"
SHA256: Final = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
"""Of the file in face_recognition_models 0.3.0, the same that dlib.net offers."""


class FaceNetwork:
    """Holds the session; loaded in a fifth of a second."""

    def __init__(self, weights: Path) -> None:
        octets = weights.read_bytes()
        if hashlib.sha256(octets).hexdigest() != SHA256:
            raise NotTheNetwork
        self._session = session_of(onnx_of(network(octets)))

    def describe(self, chips: Pixels) -> NDArray[np.float32]:
        """Of chips (n, 150, 150, 3) RGB the descriptors (n, 128), each within 1e-5 of what dlib finds."""
        (found,) = self._session.run(None, {"chips": chips})
        return np.asarray(found, np.float32)


class NetworkDescriber:
    """A face's descriptor is the mean over its fixed crops, all in one batch."""

    def __init__(self, network_: FaceNetwork, crops: int) -> None:
        if not 1 <= crops <= len(CROPS):
            raise ValueError(f"1 to {len(CROPS)} crops")
        self._network, self._crops = network_, crops
        self.model = f"dlib_resnet_v1_onnx_{crops}_crops@{SHA256[:12]}.{_recipe(crops)}"

    def describe(self, image: Pixels, shape: dlib.full_object_detection, chip: Pixels) -> Descriptor:
        """(128,), of a face with these points."""
        found = self._network.describe(crops_of(image, shape, chip, self._crops))
        return np.asarray(found.mean(axis=0), np.float32)


def _recipe(crops: int) -> str:
    """Changes with whatever is done before and after the network: such descriptors must not meet the earlier ones."""
    done = (CROPS[:crops], MARGIN, WIDER, PASSES, MEAN_POINTS.tolist())
    return hashlib.sha256(repr(done).encode()).hexdigest()[:8]
