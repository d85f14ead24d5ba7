"""How is somebody proofed who stands at the counter, or appeals? People decide, and the policy says how many (R98, R102)."""

from app.core.ids import ProofingId
from app.core.refusal import NotFound, Refusal
from app.gateways.authority import Authority
from app.services.asking import asked
from app.services.bench import Bench, Finding, kind_in_hand
from app.services.callers import ApplicantCaller, StaffCaller
from app.services.journal import Journal
from app.services.proofing_view import ProofingView, opened_by, viewed
from app.services.reviews import Queued
from app.services.vault import Vault
from app.storage.proofings import StoredProofing
from app.storage.work import Work
from app.verification.authority import DENIES, NOTHING_SAID, Said
from app.verification.consents import Consent, ConsentNeeded, Purpose, standing
from app.verification.documents.validity import shanghai_day
from app.verification.examination import Kind
from app.verification.holder import MACHINE_READ
from app.verification.proofing import Move, State
from app.verification.review import Cause, Review, Verdict
from app.verification.typed import sound, tidy


class Counter:
    """The ways to people."""

    def __init__(self, journal: Journal, vault: Vault, bench: Bench, authority: Authority) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._bench = bench
        self._authority = authority

    async def compare(self, caller: StaffCaller, proofing_id: str, finding: Finding) -> Queued:
        """Write down what a reviewer found who compared the person with their document.

        Whoever was referred, and whoever comes to the counter straight away: without a face, with a guardian.
        """
        async with self._journal.act("proofing.compare_in_person", caller.actor(), object_id=proofing_id) as act:
            told = await self._asked(proofing_id, finding)
            async with self._database.work() as work:
                stored = await work.proofings.lock(proofing_id)
                if stored is None:
                    raise NotFound
                act.subject = stored.proofing.person_id
                stored, review = await self._under_way(work, stored)
                case = await self._bench.case(work, stored, review, caller)
                if told.answer not in DENIES:
                    review = await self._bench.cast(work, act, case, caller, finding, in_person=True, told=told)
                    return Queued(review, self._clock.now())
                refusal = await self._bench.keep_denial(work, act, case, caller, told)
            raise refusal

    async def appeal(self, caller: ApplicantCaller, proofing_id: str, statement: str) -> ProofingView:
        """Ask people to decide instead of the policy; the answer is due in fifteen days (R105)."""
        async with self._journal.act("proofing.appeal", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = opened_by(caller, await work.proofings.lock(proofing_id), self._vault)
                act.subject = stored.proofing.person_id
                now = self._clock.now()
                proofing = stored.proofing.appeal(now=now)
                review = await self._bench.open_round(work, proofing, Cause.APPEAL, statement=statement)
                await work.proofings.save(proofing)
                await act.record(work, due_at=review.due_at.isoformat())
                return await viewed(work, proofing, now)

    async def _asked(self, proofing_id: str, finding: Finding) -> Said:
        """What the authority says of what was typed, where somebody is to be accepted; in no unit of work.

        Whoever never had a picture taken was asked about by nobody, and would be worth less for refusing (R98).
        """
        said = {name: tidy(text) for name, text in finding.typed.given().items()}
        kind = kind_in_hand(finding) or Kind.RESIDENT_CARD
        needed = {"number", "name", *(("authority",) if kind in MACHINE_READ else ())}
        if finding.verdict is not Verdict.ACCEPT or not said.keys() >= needed:
            return NOTHING_SAID
        async with self._database.work() as work:
            if await work.proofings.find(proofing_id) is None:
                raise NotFound
        try:
            known = sound(said, kind, today=shanghai_day(self._clock.now()))
        except Refusal:
            return NOTHING_SAID  # it is refused as what it is
        return await asked(self._authority, kind, known)

    async def _under_way(self, work: Work, stored: StoredProofing) -> tuple[StoredProofing, Review]:
        """The round that is open, or the one that begins because somebody came in."""
        proofing = stored.proofing
        if proofing.state is State.REFERRED:
            found = await work.reviews.open_of(proofing.id)
            if found is None:
                raise LookupError(f"{proofing.id} was referred to nobody")
            return stored, found.review
        moved = proofing.move(Move.COME_IN, now=self._clock.now())
        _must_know(await work.consents.of(ProofingId(proofing.id)))
        await work.proofings.save(moved)
        await work.proofings.forget_examination(moved.id)  # of pictures that may have been replaced since
        held = await work.proofings.lock(proofing.id)
        if held is None:
            raise NotFound
        return held, await self._bench.open_round(work, moved, Cause.COUNTER)


def _must_know(consents: tuple[Consent, ...]) -> None:
    """Whoever comes to the counter has been told what is kept of them, as everybody else (R96)."""
    if standing(Purpose.IDENTITY, consents) is not True:
        raise ConsentNeeded(purpose=Purpose.IDENTITY.value)
