"""How does the face that was accepted at the proofing become the first one enrolled? Kept beside the case until then.

Only where the applicant agreed to that, apart from everything else they were asked (R96, R97); for whoever did not, nothing
is kept, nothing is enrolled, and nothing else is different.
"""

import json
from base64 import b64decode, b64encode
from datetime import datetime

from app.core.audit import Actor
from app.core.ids import FaceId
from app.gateways.vision import Examined
from app.services.enrolled_faces import place_of, quality_of
from app.services.journal import Detail
from app.services.liveness_tries import give_up
from app.services.vault import PersonVault, Sealed, Vault
from app.storage.faces import SealedFace
from app.storage.work import Work
from app.verification.consents import Purpose, standing
from app.verification.examination import FaceEvidence
from app.verification.faces.reference import Reference, Source
from app.verification.findings.face_gate import near
from app.verification.policy import Policy
from app.verification.proofing import ACCEPTED, ImageKind, Proofing
from app.verification.thresholds import Thresholds

SLOT = 1
ENROLMENT = "face_enrolment"


async def keep(
    work: Work, person: PersonVault, proofing: Proofing, examined: Examined | None, limits: Thresholds
) -> None:
    """Keep what was made of the applicant's face, sealed; of none, of several and without consent: nothing."""
    sealed = None
    if examined is not None and examined.descriptor and await _agreed(work, proofing):
        face = examined.measured.face
        if isinstance(face, FaceEvidence) and near(face.applicant, limits) == 1:
            made = {"model": examined.face_model, "descriptor": b64encode(examined.descriptor).decode()}
            quality = quality_of(face.applicant)
            sealed = person.seal(Sealed.FACE, proofing.id, json.dumps(made | {"quality": dict(quality)}).encode())
    await work.proofings.keep_face(proofing.id, sealed)


async def enrol(work: Work, person: PersonVault, proofing: Proofing, face_id: FaceId, *, by: Actor) -> Reference | None:
    """Enrol it, in the unit in which its subscriber is; None: there is none, or consent has gone."""
    kept, image = await work.proofings.face(proofing.id), await work.images.one(proofing.id, ImageKind.FACE)
    if kept is None or image is None or not await _agreed(work, proofing):
        return None
    opened = await person.open(Sealed.FACE, proofing.id, kept, by=by, purpose=ENROLMENT)
    octets = await person.open(Sealed.IMAGE, image.id, image.sealed, by=by, purpose=ENROLMENT)
    made = json.loads(opened)
    quality, model = made["quality"], made["model"]
    reference = Reference(face_id, proofing.person_id, SLOT, Source.PROOFING, quality, image.at, (model,))
    await work.faces.put(
        SealedFace(
            reference,
            person.seal(Sealed.REFERENCE, face_id, octets),
            model,
            person.seal(Sealed.DESCRIPTOR, place_of(face_id, model), b64decode(made["descriptor"])),
        )
    )
    await work.proofings.keep_face(proofing.id, None)
    return reference


async def settle(work: Work, proofing: Proofing) -> bool:
    """Let the face shown at the proofing go once nobody will compare it any more; whether there was one (R110).

    That of an accepted applicant who agreed to be known again by it is what later photographs are likened to.
    """
    consents = await work.consents.of(proofing.id)
    serves = proofing.state in ACCEPTED and standing(Purpose.FACE_ENROLMENT, consents) is True
    return proofing.is_settled and not serves and await forget(work, proofing)


async def forget(work: Work, proofing: Proofing) -> bool:
    """Delete its picture and what was made of it; whether there was a picture."""
    await work.proofings.keep_face(proofing.id, None)
    return await work.images.remove(proofing.id, ImageKind.FACE)


async def withdraw(
    work: Work, vault: Vault, proofing: Proofing, purpose: Purpose, policy: Policy, *, by: Actor, at: datetime
) -> dict[str, Detail]:
    """Follow a no to this purpose, wherever it was said: nobody looks any further, and what it covered goes (R97, R109).

    What was made of earlier tries before the camera stays: an attack is not undone by withdrawing (R113).
    """
    if purpose is Purpose.FACE:
        await give_up(work, vault, proofing, policy, by=by, at=at)
    return await let_go(work, proofing, purpose)


async def let_go(work: Work, proofing: Proofing, purpose: Purpose) -> dict[str, Detail]:
    """Take away what this consent no longer covers, in the unit its withdrawal is written in; what went, for its event (R109)."""
    if purpose is Purpose.FACE_SEARCH:
        await work.face_blocks.place(proofing.person_id, None)
        return {"faces_erased": 0}
    if purpose is Purpose.FACE_FIT:  # nothing is held for it: the next fit asks whose faces it may read
        return {"faces_erased": 0}
    # With the faces, too: or one enrolled anew would stand there by an old decision.
    unlisted = await work.face_listings.end(proofing.person_id)
    if purpose is Purpose.FACE_BLOCK_LIST:
        return {"faces_erased": 0, "listing_ended": unlisted}
    await work.proofings.keep_face(proofing.id, None)
    await (forget if purpose is Purpose.FACE else settle)(work, proofing)
    return {"faces_erased": await work.faces.forget(proofing.person_id), "listing_ended": unlisted}


async def _agreed(work: Work, proofing: Proofing) -> bool:
    consents = await work.consents.of(proofing.id)
    return all(standing(purpose, consents) is True for purpose in (Purpose.FACE, Purpose.FACE_ENROLMENT))
