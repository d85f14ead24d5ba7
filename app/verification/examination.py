"""What was measured? The facts of one examination, as frozen values; nothing here judges.

Every fact is a required field: an examination with a missing finding cannot be built. Ethnicity is read for the
cross-check alone and has no field here, so it can be neither stored nor emitted.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.verification.faces.score import UNWEIGHED, Uncalibrated, Weighed
from app.verification.reasons import Point, Polygon, ReasonCode

__all__ = ["Point", "Polygon"]


class Kind(StrEnum):
    """The kinds of document that are read."""

    RESIDENT_CARD = "resident_card"
    RESIDENCE_PERMIT = "residence_permit"
    """Of Hong Kong, Macao and Taiwan residents (R16)."""
    PERMANENT_RESIDENT_CARD = "permanent_resident_card"
    """Of foreigners, editions of 2017 and 2023 (R18, R19)."""
    TEMPORARY_CARD = "temporary_card"
    DRIVING_LICENCE = "driving_licence"
    PASSPORT = "passport"
    """TD3."""
    IDENTITY_CARD = "identity_card"
    """TD1 or TD2 of any state."""
    VISA = "visa"
    """MRV-A or MRV-B."""


class Side(StrEnum):
    """The sides and pages of documents."""

    PORTRAIT = "portrait"
    """Of a resident card and its likes, named as R26 says: the law's front is the emblem side."""
    EMBLEM = "emblem"
    FRONT = "front"
    BACK = "back"
    MAIN = "main"
    """Of a driving licence."""
    DUPLICATE = "duplicate"
    """The licence's 副页."""
    DATA_PAGE = "data_page"
    """Of a passport, or a visa."""


class Source(StrEnum):
    """Who read a field."""

    OCR = "ocr"
    APPLICANT = "applicant"
    CLERK = "clerk"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text as the OCR engine saw it, its corners in pixels, clockwise from the top left."""

    text: str
    score: float
    box: tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute read from a document: as seen, as understood (None: not understood), how surely, by whom."""

    raw: str
    value: str | None
    confidence: float
    """0 to 1: OCR score, lowered by every disagreement with a rule or a second reading."""
    source: Source = Source.OCR


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure taken of a picture, named for what it may lead to; whether it does is policy's to say."""

    code: ReasonCode
    score: float
    """In the unit its threshold has."""
    where: Polygon | None = None
    """On the canvas as it is taken, in the photograph once the reader has placed it; None: of the whole picture."""
    field: str | None = None
    """The field it is of, where it is of one."""


@dataclass(frozen=True, slots=True)
class CardView:
    """How one photograph shows a card; blur, glare and light measured on the fixed canvas."""

    found: bool
    """A card outline was found and rectified, or text anchors placed it; False: not a card."""
    kind: Kind | None
    """The kind of document its text is of."""
    seen: Side | None
    """The side its text belongs to."""
    blur: float
    """Variance of the Laplacian over the text area, grey levels squared; low is blurred."""
    glare: float
    """Share of the card that is saturated and colourless, 0 to 1."""
    brightness: float
    """Mean grey level of the card, 0 to 255."""
    width_px: float
    """Length of the card's long edge in the photograph."""
    edge_cut: bool
    """A corner lies outside the photograph or on its border."""
    specimen: bool
    """The mark 样本 or SPECIMEN is on it."""
    measures: tuple[Measure, ...] = ()
    """What else was measured: of single fields, and of signs that this is no original."""


NO_CARD = CardView(
    found=False, kind=None, seen=None, blur=0.0, glare=0.0, brightness=0.0, width_px=0.0, edge_cut=False, specimen=False
)
"""The view of a photograph in which no card was found."""


@dataclass(frozen=True, slots=True)
class PortraitSide:
    """The side with the portrait: what it prints (R25), and whether its ethnicity is one the state lists (R37)."""

    view: CardView
    name: Field
    sex: Field
    """Value: 男 or 女."""
    birth: Field
    """Value: ISO date."""
    address: Field
    number: Field
    """Value: 18 characters, only where pattern and check character hold."""
    ethnicity_listed: bool | None
    """None: not read."""
    permit_layout: bool
    """It has the rows of the residence permit for Hong Kong, Macao and Taiwan residents (R17)."""


@dataclass(frozen=True, slots=True)
class EmblemSide:
    """The side with the emblem: who issued it and how long it is valid."""

    view: CardView
    authority: Field
    valid_from: Field
    """Value: ISO date."""
    valid_to: Field
    """Value: ISO date, or `long_term` for 长期 (R33)."""


@dataclass(frozen=True, slots=True)
class FaceView:
    """How one photograph shows a face; all figures of the largest face found, zero where there is none."""

    faces: int
    eye_distance_px: float
    box_share: float
    """Face box over frame, 0 to 1."""
    blur: float
    """Variance of the Laplacian over the face chip of 150 × 150 px."""
    brightness: float
    """Mean grey level of the chip, 0 to 255."""
    turn: float
    """Nose off the middle between the eyes over the distance of the eyes, signed; 0 looks straight."""


@dataclass(frozen=True, slots=True)
class ShownFace:
    """How one photograph shows a face that is to be compared; all measures of its largest face."""

    view: FaceView
    """`faces` counts the largest alone: 1, or 0 where there is none."""
    beside: tuple[float, ...]
    """Every other face's area over the largest's: on the wall, in the street, or somebody who looks on."""
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class FaceComparison:
    """One comparison score; it never travels without its model (R92)."""

    distance: float
    """Euclidean distance of two (128,) descriptors; 0 is the same picture."""
    model: str
    """`name@version` of the network."""
    worth: Weighed | Uncalibrated = UNWEIGHED
    """What the bank's own calibration makes of it, which then decides; or why nothing does, and the distance is gone by."""


@dataclass(frozen=True, slots=True)
class FaceEvidence:
    """The applicant's photograph beside the portrait on the card."""

    applicant: ShownFace
    portrait: FaceView
    comparison: FaceComparison | None
    """None: one of the two pictures shows no face to compare."""


class FaceDeclined(StrEnum):
    """Why there is no face evidence, though nothing went wrong (R98)."""

    CONSENT_REFUSED = "consent_refused"
