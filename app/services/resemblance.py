"""Whom does the applicant resemble? Asked where the purpose was assessed and they agreed, after what is surer than a face."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from app.core.audit import Actor
from app.core.ids import PersonId
from app.gateways.vision import Examined
from app.services.face_search import FaceSearch, Searched
from app.services.known_before import known_before, numbers_of, phone_enrolled
from app.services.vault import Vault
from app.storage.work import Database, Work
from app.verification.consents import Consent, Purpose, standing
from app.verification.faces.search import Candidate, Limits
from app.verification.findings.faces import candidate_distance
from app.verification.holder import holder
from app.verification.policy import Assessed, Policy
from app.verification.proofing import Proofing


@dataclass(frozen=True, slots=True)
class Resembled:
    """Which subscribers look like the applicant."""

    enrolled: int = 0
    """How many of those who may be found."""
    listed: tuple[PersonId, ...] = ()
    """Who of those on the block list; asked again at the decision, for a listing may have ended by then."""

    def agreed_to(self, consents: Collection[Consent]) -> "Resembled":
        """What may be judged of it as the applicant's consents stand now: they may have gone since it was searched (R97)."""
        found = self if _agreed(Purpose.FACE_SEARCH, consents) else replace(self, enrolled=0)
        return found if _agreed(Purpose.FACE_BLOCK_LIST, consents) else replace(found, listed=())


NOBODY: Final = Resembled()


class Resemblance:
    """Looks for the applicant's face among others'."""

    def __init__(self, database: Database, vault: Vault, search: FaceSearch) -> None:
        self._database = database
        self._vault = vault
        self.search = search

    async def of(self, proofing: Proofing, examined: Examined, policy: Policy, *, by: Actor) -> Resembled:
        """Whoever is found is for a person to look at; nobody is searched for who did not agree to just that."""
        if not examined.descriptor:
            return NOBODY
        async with self._database.work() as work:
            consents = await work.consents.of(proofing.id)
            known = await self._known_surely(work, proofing, examined, by)
        read = {name: field.value or "" for name, field in holder(examined.measured).items()}
        asked = Searched(examined.descriptor, examined.face_model, read.get("sex", ""), read.get("birth", ""))
        thresholds, subject = policy.thresholds, proofing.person_id
        most = candidate_distance(examined.face_model, thresholds)
        limits = Limits(most, thresholds.face_candidate_strangers_most.value)
        enrolled = 0
        listed: tuple[Candidate, ...] = ()
        if not known and policy.may(Assessed.FACE_SEARCH) and _agreed(Purpose.FACE_SEARCH, consents):
            enrolled = len(await self.search.candidates(asked, limits=limits, by=by, subject=subject))
        # Whether somebody is listed is another question than whether they have an account.
        if policy.may(Assessed.BLOCK_LIST) and _agreed(Purpose.FACE_BLOCK_LIST, consents):
            listed = await self.search.listed(asked, limits=limits, by=by, subject=subject)
        return Resembled(enrolled, tuple(each.person_id for each in listed))

    async def _known_surely(self, work: Work, proofing: Proofing, examined: Examined, by: Actor) -> bool:
        """Numbers and the phone are compared first: whoever is known by one need not be searched for by their face."""
        if await work.subscribers.has_number(numbers_of(self._vault, examined.measured)):
            return True
        known = await known_before(work, await self._vault.person(work, proofing.person_id), proofing, by=by)
        return await phone_enrolled(work, self._vault, known)


def _agreed(purpose: Purpose, consents: Collection[Consent]) -> bool:
    return all(standing(each, consents) is True for each in (Purpose.FACE, purpose))
