"""How does a chosen face engine come into being? With its weights; raises where they are not what they should be."""

from pathlib import Path

import numpy as np

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import FaceEngine
from app.gateways.vision.face_choice import EngineName, FaceChoice
from app.gateways.vision.face_network.describing import WEIGHTS, FaceNetwork, NetworkDescriber
from app.gateways.vision.faces import Describer, DlibFaces, Faces
from app.gateways.vision.finding import FaceFinder, weights_folder
from app.gateways.vision.frame_reading import FrameEngine
from app.gateways.vision.own_models.manifest import Task, opened_all
from app.gateways.vision.own_models.running import OwnModel
from app.gateways.vision.own_models.tasks import AttackDetector, Embedder, FaceDetector, Landmarker
from app.verification.faces.five_points import Box


def chosen(choice: FaceChoice) -> FaceEngine:
    """The engine; raises ManifestRefused, NotTheNetwork."""
    if choice.engine is EngineName.DLIB:
        return DlibFaces()
    models = opened_all(map(Path, choice.manifests), production=choice.production)
    by_task = {task: [OwnModel(each) for each in models if each.manifest.task is task] for task in Task}
    landmarker = next(map(Landmarker, by_task[Task.LANDMARK]), None)
    embedders: list[Describer] = [Embedder(each, landmarker) for each in by_task[Task.EMBED]]
    describer = embedders[0] if embedders else _ours(choice.crops)
    finder = FaceFinder(next(map(FaceDetector, by_task[Task.DETECT]), None))
    return Faces(finder, describer, [AttackDetector(each) for each in by_task[Task.PAD]])


def filming(choice: FaceChoice) -> FrameEngine:
    """What reads the frames of a film: descriptors of one crop, for they are compared with each other alone.

    Raises ManifestRefused, NotTheNetwork.
    """
    network = FaceNetwork(weights_folder() / WEIGHTS)
    models = opened_all(map(Path, choice.manifests), production=choice.production)
    pads = [AttackDetector(OwnModel(each)) for each in models if each.manifest.task is Task.PAD]

    def described(chip: Pixels) -> tuple[float, ...]:
        return tuple(map(float, network.describe(chip[np.newaxis])[0]))

    def rated(picture: Pixels, box: Box) -> float:
        return min(pad.score(picture, box).bona_fide for pad in pads)

    return FrameEngine(described, rated if pads else None)


def _ours(crops: int) -> Describer:
    return NetworkDescriber(FaceNetwork(weights_folder() / WEIGHTS), crops)
