"""What must the first face enrolled later resemble? The face shown at the proofing, or the portrait that the account rests on."""

import json
from dataclasses import dataclass

from app.core.audit import Actor
from app.core.ids import ImageId
from app.gateways.vision import LookedAt
from app.services.examination_document import Document, as_now, kind_of, raw_of, values
from app.services.vault import PersonVault, Sealed
from app.storage.work import Work
from app.verification.consents import Purpose, standing
from app.verification.decision import DecidedBy
from app.verification.evidence import SIDES, primary
from app.verification.examination import Kind
from app.verification.faces.weighing import DOC_SELFIE, SELFIE_SELFIE
from app.verification.findings.face_gate import near
from app.verification.notices import may_liken_to_document
from app.verification.proofing import ImageKind, Proofing
from app.verification.thresholds import Thresholds

ENROLMENT = "face_enrolment"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A picture that a first face must resemble, and what such a comparison is of."""

    image_id: ImageId
    shows: ImageKind
    kind: str


@dataclass(frozen=True, slots=True)
class Anchors:
    """The pictures in a case that may be its person, the likest first; none: no picture of either was kept."""

    pictures: tuple[Anchor, ...]
    vouched: bool
    """Whether they are of the document that the account rests on, and so of its holder."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Descriptors of the person, and of what they are; an empty one: nobody is like that."""

    descriptors: tuple[bytes, ...] = ()
    kind: str = SELFIE_SELFIE

    def and_taken(self, descriptor: bytes) -> "Known":
        """Beside a photograph that is like them; a printed portrait, small and old, has then said what it can."""
        return Known((*(() if self.kind == DOC_SELFIE else self.descriptors), descriptor))


NOBODY = Known((b"",))
"""Nothing that was photographed says who the account's holder is."""


@dataclass(frozen=True, slots=True, eq=False)
class Likened:
    """What a first face is likened to, as it was looked at, and from which pictures that was chosen."""

    pictures: tuple[Anchor, ...]
    known: Known
    models: frozenset[str] = frozenset()


async def anchors(work: Work, person: PersonVault, proofing: Proofing, *, by: Actor) -> Anchors:
    """What a first face enrolled later is likened to, by whoever agreed to that; raises ConsentNeeded."""
    found = await pictures(work, proofing)
    stored = await work.proofings.find(proofing.id) if found else None
    if stored is None or stored.sealed_examination is None:
        return Anchors(found, vouched=False)
    opened = await person.open(Sealed.EXAMINATION, proofing.id, stored.sealed_examination, by=by, purpose=ENROLMENT)
    return Anchors(found, vouched=await vouched(work, proofing, as_now(json.loads(opened))))


async def pictures(work: Work, proofing: Proofing) -> tuple[Anchor, ...]:
    """The face shown at the proofing, then the portrait on the document; raises ConsentNeeded where that was not agreed to."""
    consents = await work.consents.of(proofing.id)
    wanted = [(ImageKind.FACE, SELFIE_SELFIE)] if standing(Purpose.FACE, consents) is True else []
    kind = primary(await _photographed(work, proofing))
    if kind is not None:
        may_liken_to_document(consents)
        wanted.append((ImageKind.showing(kind, SIDES[kind][0]), DOC_SELFIE))
    found = [(await work.images.one(proofing.id, shows), shows, of) for shows, of in wanted]
    return tuple(Anchor(image.id, shows, of) for image, shows, of in found if image is not None)


async def vouched(work: Work, proofing: Proofing, document: Document) -> bool:
    """Whether the account rests on the document in the pictures; where people had another in hand, its holder is another."""
    if document.get("apart") or primary(await _photographed(work, proofing)) is not kind_of(document):
        return False
    attended = proofing.decision is not None and proofing.decision.decided_by is DecidedBy.COUNTER
    # Of pictures that nothing was read of nobody at the counter said that they are of what was in hand.
    return not attended or any(raw_of(document, name) for name in values(document))


def likened(anchor: Anchor, seen: LookedAt, limits: Thresholds) -> Known | None:
    """The person, where one face is seen there and no other beside it; of two, nobody can say which is theirs."""
    if near(seen.shown, limits) != 1 or not seen.descriptor:
        return None
    return Known((seen.descriptor,), anchor.kind)


async def _photographed(work: Work, proofing: Proofing) -> list[Kind]:
    return [page[0] for name in await work.images.kinds(proofing.id) if (page := ImageKind(name).page)]
