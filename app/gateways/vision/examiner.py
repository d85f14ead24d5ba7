"""What do the photographs of one proofing show? The handler of an examiner process: card, text, faces, in that order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2

from app.gateways.vision.decoding import Pixels, decode
from app.gateways.vision.engines import FaceEngine, Look, TextReader
from app.gateways.vision.faces import DlibFaces
from app.gateways.vision.frames import Blobs
from app.gateways.vision.messages import Answer, Handler, Ready, Seen, Task
from app.gateways.vision.ocr import RapidReader
from app.gateways.vision.rereading import reread
from app.verification.documents.card_image import find_card, rotated
from app.verification.documents.labels import side_of, upside_down
from app.verification.documents.layout import Box
from app.verification.documents.quality import measure
from app.verification.documents.resident_card import (
    birth_region,
    number_region,
    read_emblem_side,
    read_portrait_side,
    sex_region,
    unconfirmed,
    validity_region,
    with_second_birth,
    with_second_number,
    with_second_sex,
    with_second_validity,
)
from app.verification.examination import (
    CardView,
    EmblemSide,
    FaceComparison,
    FaceDeclined,
    FaceEvidence,
    FaceView,
    Line,
    Measured,
    PortraitSide,
    Side,
)
from app.verification.faces.comparison import distance, to_octets
from app.verification.faces.quality import NO_FACE, face_view

PORTRAIT_REGION = Box(left=600, top=30, right=1000, bottom=500)
"""Of the canvas: the portrait of 26 × 32 mm with a rim on every side, for cards straightened not quite exactly."""
JPEG_QUALITY = 92

S = TypeVar("S", PortraitSide, EmblemSide)


@dataclass(frozen=True, slots=True, eq=False)
class _Card:
    """One photograph of a card, straightened and read; the canvas is None where no card was found."""

    view: CardView
    canvas: Pixels | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Faces:
    evidence: FaceEvidence | FaceDeclined
    descriptor: bytes


class Examiner:
    """Holds the engines; one examination at a time."""

    def __init__(self, reader: TextReader, faces: FaceEngine) -> None:
        self._reader, self._faces = reader, faces

    def handle(self, _task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
        """Two sides and a face in; measures, the portrait's crop and the applicant's descriptor out."""
        portrait_photograph, emblem_photograph, face_photograph = blobs
        card = self._read(decode(portrait_photograph).pixels)
        portrait = self._portrait_side(card)
        emblem = self._emblem_side(self._read(decode(emblem_photograph).pixels))
        crop = _portrait_of(card, portrait.view.seen)
        faces = self._compare(face_photograph, crop)
        seen = Seen(Measured(portrait, emblem, faces.evidence), self._faces.model, self._reader.model)
        return seen, (_jpeg(crop), faces.descriptor, b"")

    def _read(self, photograph: Pixels) -> _Card:
        """The card straightened and its text, the right way up: an outline looks the same turned by 180 degrees."""
        found = find_card(photograph)
        if found is None:
            return _Card(measure(None), None, ())
        view, canvas, lines = measure(found), found.canvas, self._reader.read(found.canvas)
        if side_of(lines) is not None and not upside_down(lines):
            return _Card(view, canvas, lines)
        turned = rotated(canvas)
        turned_lines = self._reader.read(turned)
        return _Card(view, turned, turned_lines) if side_of(turned_lines) else _Card(view, canvas, lines)

    def _portrait_side(self, card: _Card) -> PortraitSide:
        side = read_portrait_side(card.lines, card.view)
        side = self._again(card, side, number_region, with_second_number)
        doubtful = unconfirmed(side)
        if "sex" in doubtful:
            side = self._again(card, side, sex_region, with_second_sex)
        return self._again(card, side, birth_region, with_second_birth) if "birth" in doubtful else side

    def _emblem_side(self, card: _Card) -> EmblemSide:
        side = read_emblem_side(card.lines, card.view)
        return self._again(card, side, validity_region, with_second_validity)

    def _again(
        self, card: _Card, side: S, region: Callable[[Sequence[Line]], Box | None], joined: Callable[[S, str, float], S]
    ) -> S:
        """The side after a second look at one of its regions; a line nobody can find is not confirmed by nothing."""
        box = region(card.lines)
        if box is None or card.canvas is None:
            return side
        text, score = reread(self._reader, card.canvas, box)
        return joined(side, text, score)

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


def _portrait_of(card: _Card, seen: Side | None) -> Pixels | None:
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


def _jpeg(picture: Pixels | None) -> bytes:
    if picture is None:
        return b""
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))[1].tobytes()
