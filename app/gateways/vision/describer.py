"""Whose face does one photograph show? The handler of a describer process: faces alone, for the command line."""

from app.gateways.vision.decoding import decode
from app.gateways.vision.engines import FaceEngine
from app.gateways.vision.faces import DlibFaces
from app.gateways.vision.frames import Blobs
from app.gateways.vision.messages import Answer, Handler, Ready, Seen, Task
from app.verification.evidence import Measured
from app.verification.examination import FaceEvidence
from app.verification.faces.comparison import to_octets
from app.verification.faces.quality import NO_FACE, face_view


class Describer:
    """Holds the engine; one photograph at a time."""

    def __init__(self, faces: FaceEngine) -> None:
        self._faces = faces

    def handle(self, _task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
        """A photograph in; how it shows the largest face and its descriptor out, as of a proofing without documents."""
        (photograph,) = blobs
        picture = decode(photograph).pixels
        look = self._faces.look(picture)
        view, descriptor = NO_FACE, b""
        if look.largest is not None:
            height, width, _ = picture.shape
            face, frame = look.largest, (width, height)
            view = face_view(faces=look.faces, box=face.box, landmarks=face.landmarks, frame=frame, chip=face.chip)
            descriptor = to_octets(face.descriptor)
        return Seen(Measured((), FaceEvidence(view, NO_FACE, None)), self._faces.model, ""), (descriptor, b"")


def load() -> tuple[Ready, Handler]:
    """The engine with its weights."""
    faces = DlibFaces()
    return Ready((faces.model,)), Describer(faces).handle
