"""How do people decide what was referred? List, claim, look, vote; every look at personal data is an event."""

from dataclasses import dataclass, field
from datetime import date, datetime

from app.core.ids import PersonId
from app.core.paging import Page, Wanted
from app.core.refusal import NotFound, Refusal
from app.services.bench import REVIEW, Bench, Case, Finding
from app.services.callers import StaffCaller
from app.services.examination_document import Document
from app.services.journal import Journal
from app.services.vault import PersonVault, Sealed, Use, Vault
from app.storage.reviews import OwnNumber, StoredReview, StoredVote
from app.storage.work import Work
from app.verification.documents.validity import shanghai_day
from app.verification.examination import Kind
from app.verification.holder import NUMBERED_FOR_LIFE, number_indexed
from app.verification.proofing import Proofing
from app.verification.review import Review, Vote
from app.verification.typed import sound


class AlreadyDeclared(Refusal, code="already_declared"):
    """A reviewer's own number is written down once, and not rewritten by themselves."""


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """A document of a reviewer's own."""

    kind: Kind
    number: str = field(repr=False)
    issuing_state: str | None = None

    def known_by(self, *, today: date) -> str:
        """What their own case would be known by; raises a NumberRefusal or StateUnknown."""
        said = sound({"number": self.number, "authority": self.issuing_state or ""}, self.kind, today=today)
        return number_indexed(self.kind, said) or said["number"]


@dataclass(frozen=True, slots=True)
class Queued:
    """A review as it stands in the list, at this moment."""

    review: Review
    at: datetime


@dataclass(frozen=True, slots=True)
class GivenVote:
    """A vote as those may read it who have voted themselves."""

    vote: Vote
    reason: str | None
    """None: gone, with the case of who took it back."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything a reviewer needs to decide."""

    review: Review
    at: datetime
    proofing: Proofing
    document: Document
    unread: tuple[str, ...]
    """The fields that whoever accepts has to type."""
    statement: str | None
    kinds: tuple[str, ...]
    votes: tuple[GivenVote, ...]
    attacked: bool
    """A try before the camera was taken for an attack, whether or not its face was withdrawn since."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture in clear, for one view."""

    format: str
    octets: bytes


class Reviews:
    """The reviewers' desk."""

    def __init__(self, journal: Journal, vault: Vault, bench: Bench) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._bench = bench

    async def declare(self, caller: StaffCaller, own: OwnDocument) -> None:
        """Write down, as a keyed hash, the number of a document of the reviewer's own; each once, none taken back."""
        async with self._journal.act("reviewer.declare", caller.actor(), object_id=caller.staff_id) as act:
            now = self._clock.now()
            known_by = own.known_by(today=shanghai_day(now))
            indexes = self._vault.indexes(Use.RESIDENT_NUMBER, known_by)
            async with self._database.work() as work:
                held = await work.reviews.numbers_of(caller.staff_id)
                person = await self._vault.person(work, PersonId(caller.staff_id))
                # Passports are renewed, and are several; a number for life takes the place of none (R2).
                row = caller.staff_id if own.kind in NUMBERED_FOR_LIFE else f"{caller.staff_id}/{len(held)}"
                sealed = person.seal(Sealed.OWN_NUMBER, row, known_by.encode())
                told = any(each.index in indexes for each in held)
                if told or not await work.reviews.declare(caller.staff_id, OwnNumber(row, indexes[0], sealed), now):
                    raise AlreadyDeclared
                await act.record(work, kind=own.kind)

    async def queue(self, caller: StaffCaller, wanted: Wanted) -> Page[Queued]:
        """Open reviews, what is due first."""
        async with self._journal.act("review.list", caller.actor()) as act:
            async with self._database.work() as work:
                found = await work.reviews.queue(wanted)
                await act.record(work, count=len(found.items))
        now = self._clock.now()
        return Page(tuple(Queued(each.review, now) for each in found.items), found.next)

    async def claim(self, caller: StaffCaller, review_id: str) -> Queued:
        """Take one to look at; two who claim at once do not both get it."""
        async with self._journal.act("review.claim", caller.actor(), object_id=review_id) as act:
            async with self._database.work() as work:
                case, _ = await self._bench.held(work, review_id, caller)
                act.subject = case.stored.proofing.person_id
                now = self._clock.now()
                review = case.review.claimed(caller.staff_id, took_part=case.took_part, now=now)
                await work.reviews.save(review)
                await act.record(work)
        return Queued(review, now)

    async def read(self, caller: StaffCaller, review_id: str) -> CaseView:
        """The case, to whoever claimed it or has voted: fields and findings, and others' votes only after one's own."""
        async with self._journal.act("review.read", caller.actor(), object_id=review_id) as act:
            async with self._database.work() as work:
                case, held = await self._looked_at(work, caller, review_id)
                proofing = case.stored.proofing
                act.subject = proofing.person_id
                person = await self._vault.person(work, proofing.person_id)
                document = await self._bench.read(work, case.stored, caller)
                view = CaseView(
                    review=case.review,
                    at=self._clock.now(),
                    proofing=proofing,
                    document=document,
                    unread=await self._bench.unread(work, document),
                    statement=await _statement(person, held, caller),
                    kinds=await work.images.kinds(proofing.id),
                    votes=await _given(person, held, caller),
                    attacked=await work.liveness.attacked(proofing.id),
                )
                await act.record(work)
                return view

    async def picture(self, caller: StaffCaller, review_id: str, kind: str) -> Picture:
        """One picture, unsealed for this view alone."""
        async with self._journal.act("review.picture", caller.actor(), object_id=review_id) as act:
            async with self._database.work() as work:
                case, _ = await self._looked_at(work, caller, review_id)
                proofing = case.stored.proofing
                act.subject = proofing.person_id
                found = {image.kind: image for image in await work.images.of(proofing.id)}.get(kind)
                if found is None:
                    raise NotFound
                person = await self._vault.person(work, proofing.person_id)
                octets = await person.open(Sealed.IMAGE, found.id, found.sealed, by=act.actor, purpose=REVIEW)
                await act.record(work, kind=kind)
                return Picture(found.format, octets)

    async def vote(self, caller: StaffCaller, review_id: str, finding: Finding) -> Queued:
        """Give one's finding; the second that agrees decides."""
        async with self._journal.act("review.vote", caller.actor(), object_id=review_id) as act:
            async with self._database.work() as work:
                case, _ = await self._bench.held(work, review_id, caller)
                review = await self._bench.cast(work, act, case, caller, finding, in_person=False)
                return Queued(review, self._clock.now())

    async def _looked_at(self, work: Work, caller: StaffCaller, review_id: str) -> tuple[Case, StoredReview]:
        case, held = await self._bench.held(work, review_id, caller)
        case.review.may_look(caller.staff_id, now=self._clock.now())
        return case, held


async def _statement(person: PersonVault, held: StoredReview, caller: StaffCaller) -> str | None:
    if held.sealed_statement is None:
        return None
    row, sealed = held.review.id, held.sealed_statement
    return (await person.open(Sealed.STATEMENT, row, sealed, by=caller.actor(), purpose=REVIEW)).decode()


async def _given(person: PersonVault, held: StoredReview, caller: StaffCaller) -> tuple[GivenVote, ...]:
    visible = held.review.visible_votes(caller.staff_id)
    return tuple(
        [GivenVote(each.vote, await _reason(person, each, caller)) for each in held.votes if each.vote in visible]
    )


async def _reason(person: PersonVault, stored: StoredVote, caller: StaffCaller) -> str | None:
    if stored.sealed_reason is None:
        return None
    opened = await person.open(Sealed.VOTE_REASON, stored.id, stored.sealed_reason, by=caller.actor(), purpose=REVIEW)
    return opened.decode()
