"""What do the enrolled faces teach of the population they are of? A fit, and nothing of anybody by themselves.

Read where an impact assessment is on record and each person agreed to this use apart from every other (R95, R97, R101).
Descriptors are unsealed in this process's memory, one of each person; what comes of them are moments of many.
"""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Final

from app.core.audit import Actor, ActorKind, Event, Outcome
from app.core.ids import PersonId
from app.services.enrolled_faces import place_of
from app.services.journal import Detail, Journal
from app.services.policies import Policies
from app.services.vault import Sealed, Vault
from app.storage.work import Work
from app.verification.faces.comparison import from_octets
from app.verification.faces.fit import Fit
from app.verification.faces.learning import TooFewPeople, learned_of_persons
from app.verification.policy import Assessed

LEARNING: Final = "face_fit"
US: Final = Actor(ActorKind.SYSTEM, "hufu faces fit")
MOST_PEOPLE: Final = 5_000
"""A fit of these refuses hardly fewer than one of 1,000, 9 % for 10 (`learning.LEAST_PEOPLE`): whose face is not needed is not unsealed
(PIPL Art. 6).

The first by id, which is drawn by lot."""
LEAST_ENROLLED: Final = 200
"""People, as the notice says to whom their consent is asked (`notices`): of fewer a figure might tell of one of them."""
AT_ONCE: Final = 1_000
"""Descriptors unsealed in one unit of work."""


class NotAssessed(Exception):
    """The policy in force names no impact assessment for learning from enrolled faces: it is off (R101)."""

    def __init__(self, policy: str) -> None:
        super().__init__(
            f"policy {policy} names no impact assessment for {Assessed.FIT_ON_GALLERY.value}: enrolled faces are not learned from"
        )


class GalleryFit:
    """Learns from the enrolled faces."""

    def __init__(self, journal: Journal, vault: Vault, policies: Policies, model: str) -> None:
        """`model`: whose descriptors are read, as `name@version`."""
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._policies = policies
        self._model = model

    async def learn(self, population: str, made_on: date, *, least: int = LEAST_ENROLLED) -> Fit:
        """The fit; raises NotAssessed, TooFewPeople. Each outcome is an event, which names nobody."""
        try:
            await self._refuse_unassessed()
            found = await self._agreeing(await self._unsealed())
            rows = [[from_octets(each)] for each in found.values()]
            fit = await asyncio.to_thread(
                learned_of_persons, rows, model=self._model, population=population, made_on=made_on, least=least
            )
        except NotAssessed:
            await self._refused("not_assessed")
            raise
        except TooFewPeople as few:
            await self._refused("too_few_people", people=few.people)
            raise
        async with self._database.work() as work:
            told = {"model": fit.model, "fit": fit.id, "policy": (await self._policies.asked_for(work)).version}
            await self._journal.act("face.fit", US).record(work, None, people=fit.people, **told)
        return fit

    async def _refuse_unassessed(self) -> None:
        async with self._database.work() as work:
            policy = await self._policies.asked_for(work)
        if not policy.may(Assessed.FIT_ON_GALLERY):
            raise NotAssessed(policy.version)

    async def _unsealed(self) -> dict[PersonId, bytes]:
        """One descriptor of each person; a person counts once, however many photographs are enrolled."""
        found: dict[PersonId, bytes] = {}
        after = ""
        while len(found) < MOST_PEOPLE:
            async with self._database.work() as work:
                opened = await self._opened(work, after)
            if not opened:
                break
            found |= opened
            after = [*opened][-1]  # in the database's order, which need not be ours: or some would be unsealed again
        return found

    async def _opened(self, work: Work, after: str) -> dict[PersonId, bytes]:
        """The next of them; one event for all that are woken together."""
        rows = await work.gallery.next(self._model, after, AT_ONCE)
        if not rows:
            return {}
        detail: dict[str, Detail] = {"what": Sealed.DESCRIPTOR.value, "count": len(rows)}
        now = self._clock.now()
        await self._journal.note(work, Event("data.unseal", Outcome.ALLOWED, US, now, None, None, LEARNING, detail))
        sealed = [(r.person_id, r.wrapped_key, place_of(r.reference_id, self._model), r.sealed) for r in rows]
        opened = await asyncio.to_thread(self._vault.open_many, Sealed.DESCRIPTOR, sealed)
        return {row.person_id: each for row, each in zip(rows, opened, strict=True)}

    async def _agreeing(self, found: Mapping[PersonId, bytes]) -> dict[PersonId, bytes]:
        """Without those who withdrew while the others were being unsealed."""
        async with self._database.looking() as work:
            still = await work.gallery.still([*found])
        return {person: each for person, each in found.items() if person in still}

    async def _refused(self, why: str, **detail: int) -> None:
        now = self._clock.now()
        await self._journal.note_alone(
            Event("face.fit", Outcome.REFUSED, US, now, None, None, why, {"model": self._model, **detail})
        )
