"""What is surer than a face? The numbers a document shows, and the phone the bank holds: each found by its keyed hash."""

import json
from typing import Final

from app.core.audit import Actor
from app.services.vault import PersonVault, Sealed, Use, Vault
from app.storage.work import Work
from app.verification.evidence import Measured
from app.verification.known import NOTHING_KNOWN, Known, known_from
from app.verification.numbers import numbers_shown
from app.verification.proofing import Proofing

EXAMINATION: Final = "examination"


def numbers_of(vault: Vault, measured: Measured) -> list[bytes]:
    """Keyed hashes of every number in the pictures, under whichever key."""
    return [each for number in numbers_shown(measured) for each in vault.indexes(Use.RESIDENT_NUMBER, number)]


async def known_before(work: Work, person: PersonVault, proofing: Proofing, *, by: Actor) -> Known:
    """What the bank held before, as it was told when the proofing was opened."""
    stored = await work.proofings.find(proofing.id)
    if stored is None or stored.sealed_known is None:
        return NOTHING_KNOWN
    kept = await person.open(Sealed.KNOWN, proofing.id, stored.sealed_known, by=by, purpose=EXAMINATION)
    return known_from(json.loads(kept))


async def phone_enrolled(work: Work, vault: Vault, known: Known) -> bool:
    """Whether the phone the bank holds is a subscriber's."""
    if known.phone is None:
        return False
    return await work.subscribers.has_address(vault.indexes(Use.ADDRESS, known.phone))
