"""Whose enrolled faces may be touched, and what did a model make of them? What enrolling and comparing have in common."""

from collections.abc import Mapping
from dataclasses import asdict

from app.core.audit import Actor
from app.core.ids import FaceId, PersonId
from app.core.refusal import NotFound, Unavailable
from app.gateways.vision import LookedAt, Vision, VisionFailed
from app.services.vault import PersonVault, Sealed
from app.storage.subscribers import AccountState, Subscriber
from app.storage.work import Work
from app.verification.consents import may_know_again
from app.verification.examination import ShownFace
from app.verification.faces.reference import FaceModelOutdated, NoFaceEnrolled, Quality
from app.verification.proofing import Proofing

RETRY_AFTER_SECONDS = 5


async def subscribed(work: Work, subscriber_id: str) -> Subscriber:
    """The account, if there is one that may be used; raises NotFound."""
    found = await work.subscribers.find(PersonId(subscriber_id))
    if found is None or found.state is not AccountState.ACTIVE:
        raise NotFound
    return found


async def held(work: Work, subscriber_id: str) -> Proofing:
    """The subscriber's case, its row held until this unit ends: consent cannot go, nor a face, while it is compared."""
    subscriber = await subscribed(work, subscriber_id)
    stored = await work.proofings.lock(subscriber.proofing_id)
    if stored is None:
        raise NotFound
    return stored.proofing


async def agreed(work: Work, subscriber_id: str) -> Proofing:
    """The same of who agreed to be known again by their face; raises ConsentNeeded."""
    proofing = await held(work, subscriber_id)
    may_know_again(await work.consents.of(proofing.id))
    return proofing


async def look(vision: Vision, octets: bytes) -> LookedAt:
    """One photograph; raises the refusals of `verification.picture`, Unavailable."""
    try:
        return await vision.look(octets)
    except VisionFailed as failed:
        raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS) from failed


async def described(
    work: Work, person: PersonVault, person_id: PersonId, model: str, *, by: Actor, purpose: str
) -> Mapping[FaceId, bytes]:
    """What this model made of each enrolled photograph; raises NoFaceEnrolled, FaceModelOutdated."""
    rows = await work.faces.descriptors(person_id, model)
    if not rows:
        raise FaceModelOutdated if await work.faces.of(person_id) else NoFaceEnrolled
    return {
        row.reference_id: await person.open(
            Sealed.DESCRIPTOR, place_of(row.reference_id, model), row.sealed, by=by, purpose=purpose
        )
        for row in rows
    }


def place_of(reference_id: FaceId, model: str) -> str:
    """What a descriptor is bound to: a photograph and a model."""
    return f"{reference_id}/{model}"


def quality_of(shown: ShownFace) -> Quality:
    """The figures that are kept of it."""
    return {name: value for name, value in asdict(shown.view).items() if name != "faces"}
