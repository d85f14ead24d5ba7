"""What do the photographs of one proofing show? The handler of an examiner process: card, text, faces, in that order."""

from dataclasses import dataclass

from app.gateways.vision.cards import Card, CardReader, jpeg
from app.gateways.vision.decoding import Pixels, decode
from app.gateways.vision.engines import FaceEngine, Look, TextReader
from app.gateways.vision.faces import DlibFaces
from app.gateways.vision.frames import Blobs
from app.gateways.vision.messages import Answer, Handler, Ready, Seen, Task
from app.gateways.vision.ocr import RapidReader
from app.verification.documents.layout import Box
from app.verification.examination import FaceComparison, FaceDeclined, FaceEvidence, FaceView, Measured, Side
from app.verification.faces.comparison import distance, to_octets
from app.verification.faces.quality import NO_FACE, face_view

PORTRAIT_REGION = Box(left=600, top=30, right=1000, bottom=500)
"""Of the canvas: the portrait of 26 × 32 mm with a rim on every side, for cards straightened not quite exactly."""


@dataclass(frozen=True, slots=True, eq=False)
class _Faces:
    evidence: FaceEvidence | FaceDeclined
    descriptor: bytes


class Examiner:
    """Holds the engines; one examination at a time."""

    def __init__(self, reader: TextReader, faces: FaceEngine) -> None:
        self._cards, self._faces = CardReader(reader), faces

    def handle(self, _task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
        """Two sides and a face in; measures, the portrait's crop and the applicant's descriptor out."""
        portrait_photograph, emblem_photograph, face_photograph = blobs
        card = self._cards.read(decode(portrait_photograph).pixels)
        portrait = self._cards.portrait_side(card)
        emblem = self._cards.emblem_side(self._cards.read(decode(emblem_photograph).pixels))
        crop = _portrait_of(card, portrait.view.seen)
        faces = self._compare(face_photograph, crop)
        seen = Seen(Measured(portrait, emblem, faces.evidence), self._faces.model, self._cards.model)
        return seen, (jpeg(crop), faces.descriptor, b"")

    def _compare(self, photograph: bytes, crop: Pixels | None) -> _Faces:
        """Nobody's face is looked at, not even the one on the card, where the applicant did not agree to it (R98)."""
        if not photograph:
            return _Faces(FaceDeclined.CONSENT_REFUSED, b"")
        picture = decode(photograph).pixels
        applicant = self._faces.look(picture)
        printed = self._faces.look(crop) if crop is not None else Look(0, None)
        comparison = None
        if applicant.largest and printed.largest:
            apart = distance(applicant.largest.descriptor, printed.largest.descriptor)
            comparison = FaceComparison(apart, self._faces.model)
        views = _view(applicant, picture), NO_FACE if crop is None else _view(printed, crop)
        descriptor = to_octets(applicant.largest.descriptor) if applicant.largest else b""
        return _Faces(FaceEvidence(*views, comparison), descriptor)


def load() -> tuple[Ready, Handler]:
    """Both engines with their weights."""
    reader, faces = RapidReader(), DlibFaces()
    return Ready((faces.model, reader.model)), Examiner(reader, faces).handle


def _portrait_of(card: Card, seen: Side | None) -> Pixels | None:
    if card.canvas is None or seen is Side.EMBLEM:
        return None
    region = PORTRAIT_REGION
    return card.canvas[int(region.top) : int(region.bottom), int(region.left) : int(region.right)]


def _view(look: Look, picture: Pixels) -> FaceView:
    if look.largest is None:
        return NO_FACE
    height, width, _ = picture.shape
    face = look.largest
    return face_view(
        faces=look.faces, box=face.box, landmarks=face.landmarks, frame=(width, height), chip=face.chip
    )  # fmt: skip
