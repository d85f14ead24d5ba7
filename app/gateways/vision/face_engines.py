"""How does a chosen face engine come into being? With its weights; raises where they are not what they should be."""

from typing import assert_never

from app.gateways.vision.engines import FaceEngine
from app.gateways.vision.face_choice import EngineName, FaceChoice
from app.gateways.vision.face_network.describing import WEIGHTS, FaceNetwork, NetworkDescriber
from app.gateways.vision.faces import DlibFaces, Faces
from app.gateways.vision.finding import FaceFinder, weights_folder


def chosen(choice: FaceChoice) -> FaceEngine:
    """The engine."""
    match choice.engine:
        case EngineName.DLIB:
            return DlibFaces()
        case EngineName.ONNX:
            network = FaceNetwork(weights_folder() / WEIGHTS)
            return Faces(FaceFinder(), NetworkDescriber(network, choice.crops))
        case _:
            assert_never(choice.engine)
