"""How are there enough customers to learn from? Put beside those who walked, with consents and sealed faces as theirs."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.core.acr import Ial
from app.core.ids import ClientId, FaceId, PersonId, ProofingId
from app.services.enrolled_faces import place_of
from app.services.vault import Sealed
from app.storage.faces import SealedFace
from app.storage.gallery import NEEDED
from app.storage.subscribers import AccountState, Alias, AlsoKnown, Subscriber
from app.storage.work import Work
from app.verification.consents import Consent, Purpose
from app.verification.faces.comparison import to_octets
from app.verification.faces.reference import Reference, Source
from app.verification.proofing import Proofing, State
from tests.flows.conftest import START, Bank
from tests.flows.facing import MODEL

Rows = npt.NDArray[np.float32]


async def customer(
    bank: Bank, faces: Rows | Sequence[Rows], *, agreed: Sequence[Purpose] = NEEDED, model: str = MODEL
) -> Proofing:
    """One customer with these descriptors, the first in slot 1."""
    async with bank.ground.database.work() as work:
        person_id = await bank.ground.vault.new_person(work)
        facts = (person_id, ClientId(bank.clients["kiosk"].id), State.ENROLLED, "en", None, START, START, START)
        proofing = Proofing(ProofingId(f"prf_{person_id}"), *facts)
        await _account(work, proofing)
        for purpose in agreed:
            await work.consents.add(proofing, Consent(purpose, True, "v", "0" * 64, "en", "web", START))
        person = await bank.ground.vault.person(work, person_id)
        for slot, row in enumerate(faces, 1):
            face_id = FaceId(f"fac_{person_id}_{slot}")
            reference = Reference(face_id, person_id, slot, Source.ENROLMENT, {}, START, (model,))
            sealed = person.seal(Sealed.DESCRIPTOR, place_of(face_id, model), to_octets(row))
            await work.faces.put(SealedFace(reference, b"picture", model, sealed))
    return proofing


async def answered(bank: Bank, proofing: Proofing, purpose: Purpose, *, given: bool) -> None:
    """They consent, or take their consent back."""
    async with bank.ground.database.work() as work:
        await work.consents.add(proofing, Consent(purpose, given, "v", "0" * 64, "en", "web", bank.clock.now()))


async def _account(work: Work, proofing: Proofing) -> None:
    person_id = PersonId(proofing.person_id)
    unique = person_id.encode()
    await work.proofings.add(proofing, unique, None)
    subscriber = Subscriber(person_id, proofing.id, None, AccountState.ACTIVE, Ial.NONE, "en", b"sealed", unique, START)
    alias = Alias("phone", unique, person_id, b"sealed", START)
    await work.subscribers.add(subscriber, alias, AlsoKnown((unique,), (unique,), (unique,), frozenset((unique,))))
