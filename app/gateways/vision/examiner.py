"""What do the photographs of one proofing show? The handler of an examiner process: documents, text, faces, in that order."""

from dataclasses import dataclass

from app.gateways.vision.cards import LEFT, CardReader
from app.gateways.vision.crops import crops_of
from app.gateways.vision.decoding import Pixels, decode
from app.gateways.vision.engines import FaceEngine
from app.gateways.vision.face_choice import FaceChoice
from app.gateways.vision.face_engines import chosen
from app.gateways.vision.frames import Blobs
from app.gateways.vision.messages import Answer, Handler, Ready, Seen, Task, page_names
from app.gateways.vision.ocr import RapidReader
from app.gateways.vision.packing import packed
from app.gateways.vision.page_time import PAGES_SECONDS, in_time, shares
from app.gateways.vision.photographs import Sighted, sight
from app.gateways.vision.reader import day_in_china
from app.verification.documents.authenticity.likeness import perceptual_hash, portrait_on
from app.verification.documents.layout import Box
from app.verification.documents.reading import Reading
from app.verification.evidence import SIDES, Measured, Presented, primary
from app.verification.examination import FaceComparison, FaceDeclined, FaceEvidence, FaceView, Kind, Side
from app.verification.faces.comparison import distance, to_octets
from app.verification.faces.quality import NO_FACE, face_view

PORTRAIT_REGION = Box(left=600, top=30, right=1000, bottom=500)
"""Of the canvas: the portrait of 26 × 32 mm with a rim on every side, for cards straightened not quite exactly."""
LIKE_RESIDENT_CARDS = frozenset({Kind.RESIDENT_CARD, Kind.RESIDENCE_PERMIT, Kind.TEMPORARY_CARD})


@dataclass(frozen=True, slots=True, eq=False)
class _Faces:
    evidence: FaceEvidence | FaceDeclined
    descriptor: bytes
    portrait: bytes
    """The descriptor of the printed one: a score is made of both where the bank's fit is, which no process is told."""


class Examiner:
    """Holds the engines; one examination at a time."""

    def __init__(self, cards: CardReader, faces: FaceEngine, *, pages_seconds: float = PAGES_SECONDS) -> None:
        self._cards, self._faces, self._pages_seconds = cards, faces, pages_seconds

    def handle(self, _task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
        """A face or nothing, the names of the pages and their pictures in; measures, both descriptors, unclear fields, hashes out."""
        face_photograph, names, *pictures = blobs
        wanted, pages, crop = page_names(names), [], None
        unclear: dict[str, bytes] = {}
        likenesses: dict[str, bytes] = {}
        rests_on = primary([kind for kind, _ in wanted])
        parts = shares(len(wanted), of_seconds=self._pages_seconds)
        for (kind, side), picture, seconds in zip(wanted, pictures, parts, strict=True):
            reading, canvas = self._read(picture, (kind, side), seconds)
            pages.append(page := Presented(kind, side, reading))
            unclear |= {f"{kind}/{side}/{name}": found for name, found in crops_of(reading, canvas).items()}
            likeness = None if canvas is None else _likeness(page, canvas)
            if likeness is not None:
                likenesses[f"{kind}/{side}"] = likeness
            if canvas is not None and kind is rests_on and side is SIDES[kind][0] and _shows(page):
                crop = _portrait_of(canvas, kind)
        faces = self._compare(face_photograph, crop)
        overdue = sum(page.reading is LEFT for page in pages)
        seen = Seen(Measured(tuple(pages), faces.evidence), self._faces.model, self._cards.model, overdue)
        return seen, (faces.descriptor, faces.portrait, packed(unclear), packed(likenesses))

    def _read(self, picture: bytes, wanted: tuple[Kind, Side], seconds: float) -> tuple[Reading, Pixels | None]:
        """One page; raises Starved."""
        return in_time(lambda: self._cards.read(decode(picture).pixels, wanted), seconds) or (LEFT, None)

    def _compare(self, photograph: bytes, crop: Pixels | None) -> _Faces:
        """Nobody's face is looked at, not even the one on the card, where the applicant did not agree to it (R98)."""
        if not photograph:
            return _Faces(FaceDeclined.CONSENT_REFUSED, b"", b"")
        applicant = sight(self._faces, photograph)
        printed = None if crop is None else Sighted.of(self._faces, crop)
        comparison, own, other = None, applicant.look.largest, printed.look.largest if printed else None
        if own and other:
            comparison = FaceComparison(distance(own.descriptor, other.descriptor), self._faces.model)
        evidence = FaceEvidence(applicant.shown, _view(printed), comparison)
        return _Faces(evidence, *(to_octets(each.descriptor) if each else b"" for each in (own, other)))


def load(choice: FaceChoice) -> tuple[Ready, Handler]:
    """Both engines with their weights."""
    reader, faces = RapidReader(), chosen(choice)
    return Ready((faces.model, reader.model)), Examiner(CardReader(reader, day_in_china), faces).handle


def _shows(page: Presented) -> bool:
    """The page is what it was presented as; a state's card may say nothing on the side with the portrait (TD1)."""
    return page.silent or page.as_presented


def _likeness(page: Presented, canvas: Pixels) -> bytes | None:
    """The hash of the portrait, where the page has one and its kind always has it in one place, on whichever canvas."""
    box = portrait_on(page.kind, page.side, (canvas.shape[1], canvas.shape[0]))
    return perceptual_hash(canvas, box) if box is not None and _shows(page) else None


def _portrait_of(canvas: Pixels, kind: Kind) -> Pixels:
    """Where the portrait stands; where a kind puts it differently from state to state, the whole page is looked at."""
    if kind not in LIKE_RESIDENT_CARDS:
        return canvas
    region = PORTRAIT_REGION
    return canvas[int(region.top) : int(region.bottom), int(region.left) : int(region.right)]


def _view(seen: Sighted | None) -> FaceView:
    face = None if seen is None else seen.look.largest
    if seen is None or face is None:
        return NO_FACE
    return face_view(
        faces=seen.look.faces, box=face.box, landmarks=face.landmarks, frame=seen.frame, chip=face.chip
    )  # fmt: skip
