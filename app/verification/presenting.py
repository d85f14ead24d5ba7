"""What may an applicant present, of which documents, and what of it is still missing?"""

from collections.abc import Collection
from typing import Final

from app.core.refusal import Refusal
from app.verification.consents import Consent, ConsentNeeded, Purpose, standing
from app.verification.evidence import OPTIONAL, SIDES, primary
from app.verification.examination import Kind
from app.verification.proofing import ImageKind

MOST_KINDS: Final = 3
"""Two suffice at every level (SP 800-63A-4 §4.2.2, §4.3.2); each more is seconds of a processor that others wait for."""


class DocumentNotAccepted(Refusal, code="document_not_accepted"):
    """The policy takes no document of this kind here (R42). Facts: accepted, comma-separated."""


class TooManyDocuments(Refusal, code="too_many_documents"):
    """One more kind of document than a proofing takes. Facts: most."""


class LivenessNeeded(Refusal, code="liveness_needed"):
    """The policy takes no uploaded face: the picture is chosen from a liveness challenge (R81, R82)."""


def may_upload(kind: ImageKind, *, requires_liveness: bool) -> None:
    """Raise LivenessNeeded where a picture of a face would come from anywhere."""
    if kind is ImageKind.FACE and requires_liveness:
        raise LivenessNeeded


def may_present(kind: ImageKind, consents: Collection[Consent]) -> None:
    """Raise ConsentNeeded where the picture's purpose has no standing answer (R95, R96)."""
    if standing(Purpose.IDENTITY, consents) is not True:
        raise ConsentNeeded(purpose=Purpose.IDENTITY.value)
    if kind is ImageKind.FACE and standing(Purpose.FACE, consents) is not True:
        raise ConsentNeeded(purpose=Purpose.FACE.value)


def accepted(kind: ImageKind, documents: Collection[Kind]) -> None:
    """Raise DocumentNotAccepted where the picture is of a document that is none of these kinds."""
    if kind.page is not None:
        taken(kind.page[0], documents)


def taken(kind: Kind, documents: Collection[Kind]) -> None:
    """Raise DocumentNotAccepted where a document of this kind is not."""
    if kind not in documents:
        raise DocumentNotAccepted(accepted=", ".join(documents))


def room_for(kind: ImageKind, held: Collection[str]) -> None:
    """Raise TooManyDocuments where the picture begins one kind more than are examined together."""
    begun = {page[0] for each in (*held, kind) if (page := ImageKind(each).page) is not None}
    if len(begun) > MOST_KINDS:
        raise TooManyDocuments(most=MOST_KINDS)


def still_needed(consents: Collection[Consent], kinds: Collection[ImageKind]) -> tuple[str, ...]:
    """What the applicant has yet to give before the submission, in the order to ask for it.

    Every side of each document begun; where none is begun that an account may be opened on, the resident card's. A
    refused face consent needs no face: the case goes to a person at the branch instead of to a wall (R98).
    """
    face = standing(Purpose.FACE, consents)
    begun = {each.page[0] for each in kinds if each.page is not None}
    asked = begun if primary(begun) else begun | {Kind.RESIDENT_CARD}
    pages = [(kind, side) for kind in SIDES if kind in asked for side in SIDES[kind] if (kind, side) not in OPTIONAL]
    wanted = [
        ("consent:identity_verification", standing(Purpose.IDENTITY, consents) is not True),
        ("consent:face_comparison", face is None),
        *((shown.value, shown not in kinds) for shown in (ImageKind.showing(*page) for page in pages)),
        (ImageKind.FACE.value, face is not False and ImageKind.FACE not in kinds),
    ]
    return tuple(name for name, missing in wanted if missing)
