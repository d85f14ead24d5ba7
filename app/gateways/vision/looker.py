"""Whose face is it, and how well is it shown? The handler of a looker process: one photograph, one face, nothing of documents."""

from app.gateways.vision.decoding import decode
from app.gateways.vision.engines import FaceEngine
from app.gateways.vision.faces import DlibFaces
from app.gateways.vision.frames import Blobs
from app.gateways.vision.messages import Answer, Handler, Looked, Ready, Task
from app.verification.examination import ShownFace
from app.verification.faces.comparison import to_octets
from app.verification.faces.quality import NO_FACE
from app.verification.faces.shown import shown_face


class Looker:
    """Holds the face engine; one photograph at a time."""

    def __init__(self, faces: FaceEngine) -> None:
        self._faces = faces

    def handle(self, _task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
        """One photograph in; how it shows its largest face, and that face's descriptor out."""
        picture = decode(blobs[0]).pixels
        look = self._faces.look(picture)
        face = look.largest
        if face is None:
            return Looked(ShownFace(NO_FACE, (), ()), self._faces.model), (b"",)
        shown = shown_face(boxes=look.boxes, landmarks=face.landmarks, chip=face.chip, picture=picture)
        return Looked(shown, self._faces.model), (to_octets(face.descriptor),)


def load() -> tuple[Ready, Handler]:
    """The face engine with its weights."""
    faces = DlibFaces()
    return Ready((faces.model,)), Looker(faces).handle
