"""Who is refused for their face, and how often? Counted for the person, the page's session and the network (R91).

By keyed hash, in the unit of work that refuses; what staff see of it are numbers without anybody's name.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from itertools import product

from app.core.audit import Actor, ActorKind
from app.core.ids import PersonId
from app.mfa.guessing import network_of
from app.services.vault import Use, Vault
from app.storage.face_counts import REACHED, Counted
from app.storage.work import Work
from app.verification.faces.liveness.judgement import Count


class Carrier(StrEnum):
    """What a refusal is counted on."""

    PERSON = "person"
    DEVICE = "device"
    """The session of the capture page, whose cookie one browser holds: we mark no device beyond that (R95)."""
    NETWORK = "network"


async def count_refusals(
    work: Work, vault: Vault, counts: Iterable[Count], person_id: PersonId, *, by: Actor, at: datetime
) -> None:
    """Count each once, on all that is known of who was refused; staff and our own work have no network of theirs."""
    carriers = {Carrier.PERSON: str(person_id)}
    if by.kind is ActorKind.APPLICANT:
        carriers[Carrier.NETWORK] = network_of(by.network)
        if by.id is not None:
            carriers[Carrier.DEVICE] = by.id
    hashed = {each.value: vault.index(Use.FACE_REFUSAL, f"{each}/{value}") for each, value in carriers.items()}
    for count in sorted(set(counts)):
        await work.face_counts.add(hashed, count.value, at)


async def refused_since(work: Work, then: datetime) -> tuple[Counted, ...]:
    """Every counter on every carrier, noughts too: an alarm cannot compare with what is not there."""
    found = {(each.counted_on, each.counter): each for each in await work.face_counts.lately(then)}
    none = dict.fromkeys(REACHED, 0)
    return tuple(
        found.get((carrier.value, counter.value), Counted(carrier.value, counter.value, 0, none))
        for carrier, counter in product(Carrier, Count)
    )
