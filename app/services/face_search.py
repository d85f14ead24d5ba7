"""Is this applicant's face enrolled under another number? Searched in the worker's memory alone, where everybody agreed to it.

The database holds ciphertext; a block of one sex and year is unsealed when it is first searched, kept beside the others, and
brought up to date twice a minute: whoever withdraws is forgotten by then, and found by nobody from that moment on.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from app.core.audit import Actor, Event, Outcome
from app.core.ids import FaceId, PersonId
from app.core.refusal import Unavailable
from app.services.enrolled_faces import place_of
from app.services.journal import Detail, Journal
from app.services.vault import PersonVault, Sealed, Use, Vault
from app.storage.work import Work
from app.verification.consents import Purpose, standing
from app.verification.faces.score import UNCALIBRATED
from app.verification.faces.search import Block, Candidate, Limits, block, block_of, blocks_around, nearest
from app.verification.faces.search_scores import Ruler, places, resembling, ruler_of
from app.verification.faces.weighing import UNJUDGED, Judged
from app.verification.proofing import Proofing

SEARCH = "face_search"
BLOCK_LIST = "face_block_list"
LISTED = "listed"
"""The block of those on the block list; every other is named by a sex and a year."""
UP_TO_DATE = timedelta(seconds=25)
"""So that a descriptor whose owner withdrew is out of memory well within a minute, a slow round and its turn included."""
AT_ONCE = 1000
"""Descriptors unsealed between two looks at what else is to be done."""
LOG = structlog.get_logger("face_search")


async def place(work: Work, vault: Vault, person: PersonVault, proofing: Proofing, *, by: Actor) -> None:
    """Let a subscriber's faces be found, or not any more, as they have answered."""
    agreed = standing(Purpose.FACE_SEARCH, await work.consents.of(proofing.id)) is True
    subscriber = await work.subscribers.find(proofing.person_id)
    where = None
    if agreed and subscriber is not None:
        opened = await person.open(
            Sealed.ATTRIBUTES, subscriber.id, subscriber.sealed_attributes, by=by, purpose=SEARCH
        )  # fmt: skip
        read = json.loads(opened)
        where = block_of(read.get("sex", ""), read.get("birth", ""))
    await work.face_blocks.place(proofing.person_id, None if where is None else vault.index(Use.FACE_BLOCK, where))


@dataclass(frozen=True, slots=True)
class Searched:
    """What somebody is searched by."""

    descriptor: bytes
    model: str
    sex: str
    birth: str
    """ISO."""


class FaceSearch:
    """The blocks this process has unsealed."""

    def __init__(self, journal: Journal, vault: Vault, judged: Judged = UNJUDGED) -> None:
        self._journal, self._judged = journal, judged
        self._database = journal.database
        self._vault = vault
        self._blocks: dict[tuple[str, str], Block] = {}
        self._alone = asyncio.Lock()

    async def candidates(
        self, searched: Searched, *, limits: Limits, by: Actor, subject: PersonId
    ) -> tuple[Candidate, ...]:
        """Subscribers who are near and may be found at this moment; the event names them, and why they were sought."""
        names = blocks_around(searched.sex, searched.birth)
        found, told = await self._near(names, searched, limits, by)
        async with self._database.work() as work:
            findable = await work.face_blocks.searched([each.person_id for each in found])
            kept = tuple(each for each in found if each.person_id in findable and each.person_id != subject)
            await self._told(work, "face.search", kept, by=by, subject=subject, **told)
        return kept

    async def listed(
        self, searched: Searched, *, limits: Limits, by: Actor, subject: PersonId
    ) -> tuple[Candidate, ...]:
        """The same of those on the block list, of any sex and age: a false identity changes both."""
        found, told = await self._near((LISTED,), searched, limits, by)
        async with self._database.work() as work:
            there = await work.face_listings.listed([each.person_id for each in found])
            kept = tuple(each for each in found if each.person_id in there and each.person_id != subject)
            await self._told(work, "face.search_listed", kept, by=by, subject=subject, **told)
        return kept

    async def _near(
        self, names: Sequence[str], searched: Searched, limits: Limits, by: Actor
    ) -> tuple[tuple[Candidate, ...], dict[str, Detail]]:
        """Whoever is near, and for the record of how many faces and by what (R92)."""
        ruler = ruler_of(self._judged, searched.model)
        async with self._alone:
            held = [await self._held(name, searched.model, by) for name in names]
            if ruler is None:
                found = await asyncio.to_thread(nearest, searched.descriptor, held, most=limits.distance)
            else:
                found = await asyncio.to_thread(
                    resembling, searched.descriptor, held, ruler, most=limits.strangers
                )  # fmt: skip
        told: dict[str, Detail] = {"searched": sum(len(each.faces) for each in held), "model": searched.model}
        return found, told | _measured(ruler, limits)

    async def _told(
        self, work: Work, action: str, kept: Sequence[Candidate], *, by: Actor, subject: PersonId, **detail: Detail
    ) -> None:
        told = " ".join(f"{each.person_id}:{each.value:.4f}" for each in kept)
        await self._journal.act(action, by, subject=subject).record(work, None, candidates=told, **detail)

    async def follow(self) -> None:
        """Keep what is unsealed up to date for as long as this process lives."""
        while True:
            await asyncio.sleep(UP_TO_DATE.total_seconds())
            try:
                await self.refresh()
            except Unavailable:
                self._blocks.clear()  # what cannot be checked is not kept
                LOG.warning("face_blocks_dropped")

    async def refresh(self) -> None:
        """Forget who has withdrawn, and those of a block nobody stands in any more."""
        async with self._alone:
            for name, model in [*self._blocks]:
                there = await self._there(name, model)
                held = self._blocks[name, model]
                if not there.issuperset(held.faces):
                    self._blocks[name, model] = self._standing(_rows(held, there), model)
                if not self._blocks[name, model].faces:
                    del self._blocks[name, model]

    async def _held(self, name: str, model: str, by: Actor) -> Block:
        """The block, with whoever came since it was unsealed and without whoever went."""
        held = self._blocks.get((name, model), block({}))
        async with self._database.looking() as work:
            # As many as are held are those: one who came while another went is found after the next round.
            if await self._size(work, name) == len(held.faces):
                return held
        there = await self._there(name, model)
        missing = there.difference(held.faces)
        if missing or not there.issuperset(held.faces):
            came = await self._unsealed(name, sorted(missing), model, by)
            held = await asyncio.to_thread(self._standing, {**_rows(held, there), **came}, model)
        if held.faces:
            self._blocks[name, model] = held
        else:
            self._blocks.pop((name, model), None)
        return held

    def _standing(self, descriptors: Mapping[FaceId, tuple[PersonId, bytes]], model: str) -> Block:
        found, ruler = block(descriptors), ruler_of(self._judged, model)
        return found if ruler is None else replace(found, places=places(found, ruler))

    async def _size(self, work: Work, name: str) -> int:
        if name == LISTED:
            return await work.face_listings.size()
        return await work.face_blocks.block_size(self._vault.indexes(Use.FACE_BLOCK, name))

    async def _there(self, name: str, model: str) -> frozenset[FaceId]:
        async with self._database.looking() as work:
            if name == LISTED:
                return await work.face_listings.faces(model)
            return await work.face_blocks.in_block(self._vault.indexes(Use.FACE_BLOCK, name), model)

    async def _unsealed(
        self, name: str, missing: list[FaceId], model: str, by: Actor
    ) -> dict[FaceId, tuple[PersonId, bytes]]:
        """One event for all that are woken together."""
        found: dict[FaceId, tuple[PersonId, bytes]] = {}
        purpose = BLOCK_LIST if name == LISTED else SEARCH
        for start in range(0, len(missing), AT_ONCE):
            async with self._database.work() as work:
                rows = await work.face_blocks.to_search(missing[start : start + AT_ONCE], model)
                detail: dict[str, Detail] = {"what": Sealed.DESCRIPTOR.value, "count": len(rows)}
                now = self._journal.clock.now()
                event = Event("data.unseal", Outcome.ALLOWED, by, now, None, None, purpose, detail)
                await self._journal.note(work, event)
            sealed = [(r.person_id, r.wrapped_key, place_of(r.reference_id, model), r.sealed) for r in rows]
            opened = await asyncio.to_thread(self._vault.open_many, Sealed.DESCRIPTOR, sealed)
            found |= {r.reference_id: (r.person_id, each) for r, each in zip(rows, opened, strict=True)}
        return found


def _rows(held: Block, there: frozenset[FaceId]) -> dict[FaceId, tuple[PersonId, bytes]]:
    rows = zip(held.faces, held.persons, held.descriptors, strict=True)
    return {face: (person, row.tobytes()) for face, person, row in rows if face in there}


def _measured(ruler: Ruler | None, limits: Limits) -> dict[str, Detail]:
    if ruler is None:
        return {"calibration": UNCALIBRATED, "threshold": limits.distance}
    named = " ".join(each.id for each in ruler.calibrations.values())
    return {"calibration": named, "fit": ruler.fit.id if ruler.fit else None, "strangers": limits.strangers}
