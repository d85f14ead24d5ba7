"""Is a case the caller's own? By every number the house knows of them, and every number the case shows (R113)."""

import json
from collections.abc import Iterable

from app.core.audit import Actor, ActorKind
from app.core.ids import PersonId, StaffId
from app.core.refusal import Refusal
from app.services.callers import StaffCaller
from app.services.examination_document import as_now, numbers_seen
from app.services.vault import Sealed, Use, Vault
from app.storage.proofings import StoredProofing
from app.storage.work import Work
from app.verification.review import OwnCase

OWN_CASE = "own_case"
US = Actor(ActorKind.SYSTEM, "bench")


class DeclareFirst(Refusal, code="declare_first"):
    """Whoever decides about people says once which identity number is their own: or nobody could see that a case is theirs."""


class OwnCases:
    """Who the reviewers and officers themselves are."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def of(self, work: Work, caller: StaffCaller) -> frozenset[bytes]:
        """The keyed hashes the caller's own numbers may stand as, under whichever key; raises DeclareFirst.

        Those they declared, and with them every number of an account they have here: a passport declared by nobody is
        theirs where their account holds it.
        """
        declared = await work.reviews.numbers_of(caller.staff_id)
        if not declared:
            raise DeclareFirst
        person = await self._vault.person(work, PersonId(caller.staff_id))
        own = {each.index for each in declared}
        for each in declared:
            if each.sealed is not None:
                number = person.open_verifier(each.id, each.sealed, Sealed.OWN_NUMBER).decode()
                own.update(self._vault.indexes(Use.RESIDENT_NUMBER, number))
        return frozenset(own) | await work.subscribers.numbers_beside(tuple(own))

    async def refuse(self, work: Work, own: frozenset[bytes], stored: StoredProofing) -> None:
        """Raise OwnCase where any number in the case is the caller's; they are looked for before the caller sees any."""
        if stored.number_index in own:
            raise OwnCase
        if stored.sealed_examination is None:
            return
        row, sealed = stored.proofing.id, stored.sealed_examination
        person = await self._vault.person(work, stored.proofing.person_id)
        opened = await person.open(Sealed.EXAMINATION, row, sealed, by=US, purpose=OWN_CASE)
        self.refuse_numbers(own, numbers_seen(as_now(json.loads(opened))))

    async def refuse_account(self, work: Work, caller: StaffCaller, subscriber_id: PersonId) -> None:
        """Raise OwnCase where an account is the caller's, DeclareFirst where nobody could see that it is."""
        if await work.subscribers.is_known_by(subscriber_id, tuple(await self.of(work, caller))):
            raise OwnCase

    async def is_one_person(self, work: Work, caller: StaffCaller, other: StaffId) -> bool:
        """Whether another account of staff is the caller's too: whoever works here twice is one person (R113)."""
        return other in await work.reviews.declared_by(tuple(await self.of(work, caller)))

    def refuse_numbers(self, own: frozenset[bytes], numbers: Iterable[str]) -> None:
        """Raise OwnCase where one of these numbers is the caller's."""
        if not own.isdisjoint(self.digests(numbers)):
            raise OwnCase

    def digests(self, numbers: Iterable[str]) -> tuple[bytes, ...]:
        """The keyed hashes these may stand as, under whichever key."""
        return tuple(digest for number in numbers for digest in self._vault.indexes(Use.RESIDENT_NUMBER, number))
