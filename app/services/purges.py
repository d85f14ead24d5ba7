"""What may we no longer keep? Pictures and data of those who never finished, and what has lost its use."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from app.core.audit import Actor, ActorKind
from app.core.ids import ProofingId
from app.services import first_face
from app.services.journal import Journal
from app.storage.leftovers import BATCH
from app.verification.proofing import Move, Proofing, State

US = Actor(ActorKind.SYSTEM, "worker")
KEPT_PAST_ITS_END: Final[Mapping[str, timedelta]] = {
    "idempotency_keys": timedelta(),
    "revoked_tokens": timedelta(),
    # A code that is brought again ends the session it began (A79), for as long as a stolen one may turn up.
    "authorization_codes": timedelta(days=1),
    "logins": timedelta(days=1),
    "staff_sign_ins": timedelta(days=1),
    "staff_sessions": timedelta(days=1),
    # Twice the longest window (A20) and block.
    "sendings": timedelta(days=2),
    # A20's hundred failures in a row are counted over this time, not over one day.
    "guesses": timedelta(days=365),
    "few_guesses": timedelta(days=30),
    "captures": timedelta(days=1),
    # The figures are of one day.
    "face_counts": timedelta(days=2),
    "known_devices": timedelta(days=1),
}
"""How long rows rest after their time is over."""

FACE_REJECTED: Final = timedelta(days=15)
"""How long people can still look at the face of whoever the policy turned away, should they be asked (R102): as long as they
have to answer (R105). An appeal that comes later is judged by the document, or at the counter (R110)."""


class Purges:
    """Taking away, again and again; each round does what there is."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock

    async def abandoned(self) -> int:
        """End every proofing whose applicant ran out of time, and forget what it held; how many."""
        ended = 0
        while await self._end_one():
            ended += 1
        return ended

    async def _end_one(self) -> bool:
        """One case, one unit: a worker that dies leaves whole cases behind."""
        async with self._database.work() as work:
            now = self._clock.now()
            proofing_id = await work.leftovers.abandoned(now)
            stored = None if proofing_id is None else await work.proofings.lock(proofing_id)
            if stored is None:
                return False
            proofing = stored.proofing.move(Move.EXPIRE, now=now)
            await work.images.remove_all(proofing.id)
            await work.proofings.save(proofing)
            await work.leftovers.forget(proofing.id, proofing.person_id)
            act = self._journal.act("proofing.purge", US, subject=proofing.person_id, object_id=proofing.id)
            await act.record(work, state=stored.proofing.state)
        return True

    async def faces(self) -> int:
        """Let every face go that nobody will compare any more, however long ago that was decided; how many.

        A case that fails keeps no other's; raises an ExceptionGroup of what failed once all have had their turn.
        """
        before, after = self._clock.now() - FACE_REJECTED, ""
        gone, failed = 0, []
        while True:
            async with self._database.work() as work:
                found = await work.leftovers.faces_unused(after, before)
            if not found:
                break
            after = found[-1]
            for each in found:
                try:
                    gone += await self._let_face_go(each, before)
                except Exception as fault:  # noqa: BLE001  whatever it is of this one case, it is raised after the others
                    failed.append(fault)
        if failed:
            raise ExceptionGroup("faces that were not let go", failed)
        return gone

    async def _let_face_go(self, proofing_id: ProofingId, before: datetime) -> bool:
        async with self._database.work() as work:
            stored = await work.proofings.lock(proofing_id)
            if stored is None:
                return False
            proofing = stored.proofing  # appealed meanwhile, or agreed to: it stays
            overdue = proofing.state is State.REJECTED and _decided_until(proofing, before)
            erased = await (first_face.forget if overdue else first_face.settle)(work, proofing)
            if erased:
                act = self._journal.act("proofing.purge_face", US, subject=proofing.person_id, object_id=proofing.id)
                await act.record(work, face_erased=True)
        return erased

    async def outdated(self) -> dict[str, int]:
        """Take away every row that has lost its use; how many of each table."""
        taken = {what: await self._take(what, kept) for what, kept in KEPT_PAST_ITS_END.items()}
        if any(taken.values()):
            async with self._journal.act("data.purge", US) as act, self._database.work() as work:
                await act.record(work, None, **taken)
        return taken

    async def _take(self, what: str, kept: timedelta) -> int:
        taken = 0
        while True:
            async with self._database.work() as work:
                batch = await work.leftovers.take_away(what, self._clock.now() - kept)
            taken += batch
            if batch < BATCH:
                return taken


def _decided_until(proofing: Proofing, moment: datetime) -> bool:
    return proofing.decision is not None and proofing.decision.decided_at <= moment
