"""Whose face is it, how well is it shown, and is somebody there? The handler of a looker process; nothing of documents."""

import json

from app.gateways.vision.engines import FaceEngine
from app.gateways.vision.face_choice import FaceChoice
from app.gateways.vision.face_engines import chosen, filming
from app.gateways.vision.frame_reading import FrameEngine, read_frame
from app.gateways.vision.frames import NO_BLOBS, Blobs
from app.gateways.vision.messages import Answer, Handler, Looked, Ready, Task, Watched
from app.gateways.vision.photographs import sight
from app.verification.faces.comparison import to_octets


class Looker:
    """Holds the engines; one photograph, or one frame of a film, at a time."""

    def __init__(self, faces: FaceEngine, films: FrameEngine) -> None:
        self._faces, self._films = faces, films

    def handle(self, task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
        """A photograph in: how it shows its largest face, and that face's descriptor out; of a frame, its measures."""
        return self._watched(*blobs) if task is Task.WATCH else self._looked(*blobs)

    def _looked(self, photograph: bytes) -> tuple[Answer, Blobs]:
        sighted = sight(self._faces, photograph)
        face = sighted.look.largest
        return Looked(sighted.shown, self._faces.model), (b"" if face is None else to_octets(face.descriptor),)

    def _watched(self, jpeg: bytes, asked: bytes) -> tuple[Answer, Blobs]:
        near, wants_descriptor = json.loads(asked)
        place = None if near is None else (near[0], near[1], near[2], near[3])
        view = read_frame(self._films, jpeg, near=place, wants_descriptor=bool(wants_descriptor))
        return Watched(view), NO_BLOBS


def load(choice: FaceChoice) -> tuple[Ready, Handler]:
    """The engines with their weights."""
    faces = chosen(choice)
    return Ready((faces.model,)), Looker(faces, filming(choice)).handle
