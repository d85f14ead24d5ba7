"""What was presented, and what was measured of it? Everything a decision rests on, as frozen values; nothing here judges.

Every fact is a required field: an examination with a missing finding cannot be built.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from app.verification.authority import AuthorityAnswer
from app.verification.documents.reading import Reading
from app.verification.examination import FaceDeclined, FaceEvidence, Kind, Side
from app.verification.faces.liveness.judgement import Judgement
from app.verification.known import Known

SIDES: Final[Mapping[Kind, tuple[Side, ...]]] = {
    Kind.RESIDENT_CARD: (Side.PORTRAIT, Side.EMBLEM),
    Kind.RESIDENCE_PERMIT: (Side.PORTRAIT, Side.EMBLEM),
    Kind.PERMANENT_RESIDENT_CARD: (Side.FRONT, Side.BACK),
    Kind.PASSPORT: (Side.DATA_PAGE,),
    Kind.IDENTITY_CARD: (Side.FRONT, Side.BACK),
    Kind.TEMPORARY_CARD: (Side.PORTRAIT,),
    Kind.DRIVING_LICENCE: (Side.MAIN, Side.DUPLICATE),
    Kind.VISA: (Side.DATA_PAGE,),
}
"""What may be presented of each kind, that with the portrait first."""
OPTIONAL: Final = frozenset({(Kind.DRIVING_LICENCE, Side.DUPLICATE)})
SECONDARY: Final = frozenset({Kind.DRIVING_LICENCE, Kind.VISA})
"""Evidence that supports another kind's and never stands for it (R53); a visa says who may enter, not who somebody is."""


@dataclass(frozen=True, slots=True)
class Presented:
    """One picture of a document: what it was presented as, and what was read from it."""

    kind: Kind
    side: Side
    reading: Reading

    @property
    def as_presented(self) -> bool:
        """The picture shows what it was presented as: what stands on any other page is of another side, or another person."""
        return (self.reading.kind, self.reading.side) == (self.kind, self.side)

    @property
    def silent(self) -> bool:
        """A side without a zone of a card that has one on the other says nothing, and is not another document's (TD1, TD2)."""
        return self.kind is Kind.IDENTITY_CARD and self.reading.kind is None and self.reading.view.found


@dataclass(frozen=True, slots=True)
class Measured:
    """What the vision pool hands back: everything that needs pixels."""

    pages: tuple[Presented, ...]
    face: FaceEvidence | FaceDeclined

    def of(self, kind: Kind) -> dict[Side, Reading]:
        """The pages presented as this kind's."""
        return {each.side: each.reading for each in self.pages if each.kind is kind}

    def showing(self, kind: Kind) -> dict[Side, Reading]:
        """Of these, the pages that show what they were presented as."""
        return {each.side: each.reading for each in self.pages if each.kind is kind and each.as_presented}

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds presented, each once, in the order of SIDES."""
        held = {each.kind for each in self.pages}
        return tuple(kind for kind in SIDES if kind in held)


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything a decision rests on: what was measured, and what we already know."""

    measured: Measured
    capture_gaps_seconds: Mapping[Kind, float]
    """Between the sides of each kind to arrive since both were asked for (R43)."""
    already_enrolled: bool
    """The number on the document belongs to a subscriber already."""
    authority: AuthorityAnswer
    """Of the number and the name that were read (R45)."""
    known: Known
    """What the bank held before."""
    software: Mapping[tuple[Kind, Side], str]
    """What a picture's file says it was made with."""
    image_seen_before: bool
    """One of the pictures, octet for octet, was sent in another person's proofing."""
    liveness: Judgement | None
    """Of the try that the applicant's picture was chosen from; None: the picture was uploaded, or there is none."""
    failed_tries: tuple[Judgement, ...]
    """What else was tried in this proofing and did not succeed."""
    portraits_apart: Mapping[tuple[Kind, Side], int]
    """Bits in which a page's portrait differs from the nearest that was sent for somebody else; only where one may be near."""
    numbers_listed: tuple[tuple[Kind, Side], ...]
    """Pages with a number that the bank knows to be misused."""
    phone_enrolled: bool
    """The phone that the bank holds is a subscriber's."""
    face_candidates: int
    """Subscribers whose faces are near the applicant's; 0 also where nobody may search."""
    face_listed: int
    """The same of those on the block list."""
    typed: Mapping[str, str]
    """What the applicant typed, by `field_named`; it stands beside what was read and never for it (R40)."""


def field_named(kind: str, side: str, name: str) -> str:
    """A field as it is asked for: `resident-card/portrait/name`."""
    return f"{kind}/{side}".replace("_", "-") + f"/{name}"


def primary(kinds: Collection[Kind]) -> Kind | None:
    """The kind an identity rests on: the first that is not secondary; None: no account is opened on what is there (R53)."""
    return next((kind for kind in SIDES if kind in kinds and kind not in SECONDARY), None)
