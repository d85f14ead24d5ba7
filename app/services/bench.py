"""What follows from a reviewer's vote? Kept with its reason; the second that agrees decides the proofing, in the same unit."""

import json
from dataclasses import dataclass
from datetime import timedelta

from app.core import ids
from app.core.audit import Event
from app.core.audit import Outcome as ActOutcome
from app.core.entropy import Entropy
from app.core.ids import ReviewId, StaffId
from app.core.refusal import NotFound, Refusal
from app.services import first_face
from app.services.callers import StaffCaller
from app.services.compromised_numbers import is_listed
from app.services.examination_document import (
    Document,
    as_now,
    kind_of,
    numbers_beside,
    read_fields,
    unmeasured,
    with_said,
)
from app.services.journal import Act, Detail, Journal
from app.services.judgement import decided, found_by_people, one_is_enough, resting_on, said_of
from app.services.own_cases import OwnCases
from app.services.policies import Policies
from app.services.refused_faces import count_refusals
from app.services.vault import Sealed, Use, Vault
from app.storage.proofings import StoredProofing
from app.storage.reviews import StoredReview, StoredVote
from app.storage.subscribers import AlreadyEnrolled
from app.storage.work import Work
from app.verification.authority import DENIES, NOTHING_SAID, SILENT, Said
from app.verification.controls import kind_by
from app.verification.decision import Decision
from app.verification.documents.mrz.states import SPECIMEN
from app.verification.documents.validity import shanghai_day
from app.verification.examination import Kind
from app.verification.faces.counting import overridden
from app.verification.faces.liveness.judgement import Count
from app.verification.one_document import relied_on, to_be_typed
from app.verification.policy import Policy
from app.verification.presenting import taken
from app.verification.proofing import Proofing
from app.verification.reasons import Outcome
from app.verification.review import Cause, Review, Verdict, Vote, opened
from app.verification.typed import AuthorityDenies, Guardian, Identity, StateUnknown, Typed, completed, guarded, tidy

REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one reviewer found, and why."""

    verdict: Verdict
    reason: str
    typed: Typed
    guardian: Guardian | None = None
    kind: Kind | None = None
    """Of the document in hand; None: whatever the pictures show."""


@dataclass(frozen=True, slots=True)
class Case:
    """A proofing and the round that is under way, both held."""

    stored: StoredProofing
    review: Review
    took_part: frozenset[StaffId]


def kind_in_hand(finding: Finding) -> Kind | None:
    """The kind of document that was typed from, by its number where that tells better (R16)."""
    if finding.kind is None:
        return None
    return kind_by(tidy(finding.typed.number or ""), finding.kind)


class Bench:
    """Where reviewers sit; each of its callers opens the unit of work."""

    def __init__(
        self, journal: Journal, vault: Vault, policies: Policies, entropy: Entropy, *, life: timedelta
    ) -> None:
        self._journal = journal
        self._clock = journal.clock
        self._vault = vault
        self._policies = policies
        self._entropy = entropy
        self._life = life
        self._own_cases = OwnCases(vault)

    async def open_round(self, work: Work, proofing: Proofing, cause: Cause, *, statement: str | None = None) -> Review:
        """A new round of people's judgement."""
        review_id = ReviewId(ids.named("rev", self._entropy.draw(ids.NONCE_BYTES)))
        review = opened(review_id, proofing.id, cause, now=self._clock.now())
        sealed = None
        if statement is not None:
            person = await self._vault.person(work, proofing.person_id)
            sealed = person.seal(Sealed.STATEMENT, review_id, statement.encode())
        await work.reviews.add(review, sealed_statement=sealed)
        return review

    async def held(self, work: Work, review_id: str, caller: StaffCaller) -> tuple[Case, StoredReview]:
        """The case of a review, its proofing locked first as everywhere; raises NotFound, DeclareFirst, OwnCase."""
        found = await work.reviews.find(review_id)
        stored = None if found is None else await work.proofings.lock(found.review.proofing_id)
        held = None if stored is None else await work.reviews.lock(review_id)
        if stored is None or held is None:
            raise NotFound
        return await self.case(work, stored, held.review, caller), held

    async def case(self, work: Work, stored: StoredProofing, review: Review, caller: StaffCaller) -> Case:
        """The case, if it is not the caller's own; two accounts of one reviewer are one person (R113)."""
        own = await self._own_cases.of(work, caller)
        await self._own_cases.refuse(work, own, stored)
        took_part = await work.reviews.took_part(stored.proofing.id, but=review.id)
        voters = took_part | {vote.reviewer_id for vote in review.votes}
        if voters & (await work.reviews.declared_by(tuple(own)) - {caller.staff_id}):
            took_part |= {caller.staff_id}
        return Case(stored, review, took_part)

    async def read(self, work: Work, stored: StoredProofing, caller: StaffCaller) -> Document:
        """What was measured of the applicant's evidence; where nothing was, what its pictures were presented as."""
        if stored.sealed_examination is None:
            return unmeasured(await work.images.kinds(stored.proofing.id))
        person = await self._vault.person(work, stored.proofing.person_id)
        sealed, row = stored.sealed_examination, stored.proofing.id
        opened_document = await person.open(Sealed.EXAMINATION, row, sealed, by=caller.actor(), purpose=REVIEW)
        return as_now(json.loads(opened_document))

    async def unread(self, work: Work, document: Document) -> tuple[str, ...]:
        """The fields that whoever accepts has to type, where they do so by the pictures."""
        policy, today = await self._policies.in_force(work), shanghai_day(self._clock.now())
        sure = policy.thresholds.field_sure.value
        return to_be_typed(read_fields(document), kind=kind_of(document), sure=sure, today=today)

    async def cast(
        self,
        work: Work,
        act: Act,
        case: Case,
        caller: StaffCaller,
        finding: Finding,
        *,
        in_person: bool,
        told: Said = NOTHING_SAID,
    ) -> Review:
        """Give a vote; where it decides, the proofing moves. `told`: the authority's answer to what was typed."""
        act.subject = case.stored.proofing.person_id
        now = self._clock.now()
        case.review.may_vote(caller.staff_id, took_part=case.took_part, in_person=in_person, now=now)
        document = held = with_said(await self.read(work, case.stored, caller), told)
        policy, said, identity, covered = await self._policies.in_force(work), told.answer, None, None
        if finding.verdict is Verdict.ACCEPT:
            document = self._resting_on(document, finding, policy)
            identity = await self._identified(work, caller, document, finding, policy, in_person=in_person)
            said = said_of(document, identity)
            if said in DENIES:
                raise AuthorityDenies
            covered = self._covered(identity, kind_of(document), case.review)
        vote = Vote(caller.staff_id, finding.verdict, covered, in_person, now)
        alone = in_person and await self._one_is_enough(work, policy, case.stored.proofing, identity)
        review = case.review.voted(vote, took_part=case.took_part, alone=alone)
        await self._keep(work, case, vote, finding)
        await self._keep_said(work, case, held, told)
        await work.reviews.save(review)
        over = review.verdict is not None
        await act.record(work, verdict=finding.verdict, in_person=in_person, authority=told.answer, decided=over)
        if over:
            accepted = identity if review.verdict is Verdict.ACCEPT else None
            decision = decided(policy, case.stored.proofing, review, accepted, document, said, now=now)
            await self._settle(work, act, case.stored, decision)
            if accepted is not None:
                found = found_by_people(document, accepted, finding.typed)
                await self._keep_identity(work, case.stored.proofing, found, accepted)
        return review

    async def keep_denial(self, work: Work, act: Act, case: Case, caller: StaffCaller, told: Said) -> Refusal:
        """Keep in the case whom the authority denies, for whoever votes next; the refusal, to be raised once it is kept.

        Else the same would be accepted from afar by two who ask nobody, or here tomorrow while the authority is down. A case that
        was still its applicant's is people's from then on.
        """
        case.review.may_vote(caller.staff_id, took_part=case.took_part, in_person=True, now=self._clock.now())
        await self._keep_said(work, case, with_said(await self.read(work, case.stored, caller), told), told)
        refusal = AuthorityDenies()
        await act.record(work, refusal, authority=told.answer)
        return refusal

    async def _keep_said(self, work: Work, case: Case, document: Document, told: Said) -> None:
        if told.answer not in SILENT:
            await self._seal(work, case.stored.proofing, document, case.stored.number_index)

    def _covered(self, identity: Identity, kind: Kind, review: Review) -> bytes:
        """The keyed hash of what is accepted, as earlier votes on the same have it."""
        given = [vote.identity for vote in review.votes]
        return self._vault.index_among(given, Use.IDENTITY, identity.covered(kind), identity.covered_before(kind))

    async def _one_is_enough(self, work: Work, policy: Policy, proofing: Proofing, identity: Identity | None) -> bool:
        """Not by the reasons alone: whoever comes to the counter without submitting has none, whatever is known of them."""
        if not one_is_enough(policy, proofing) or await work.liveness.attacked(proofing.id):
            return False
        return identity is None or not await is_listed(work, self._vault, identity.number)

    def _resting_on(self, document: Document, finding: Finding, policy: Policy) -> Document:
        """What the case rests on, by what was typed; raises DocumentNotAccepted."""
        if finding.kind is not None:
            taken(finding.kind, policy.documents)
        in_hand = kind_in_hand(finding) or kind_of(document)
        return resting_on(document, finding.typed, in_hand, policy, now=self._clock.now())

    async def _identified(
        self,
        work: Work,
        caller: StaffCaller,
        document: Document,
        finding: Finding,
        policy: Policy,
        *,
        in_person: bool,
    ) -> Identity:
        today = shanghai_day(self._clock.now())
        kind = kind_of(document)
        read, sure = read_fields(document), policy.thresholds.field_sure.value
        clear = relied_on(read, finding.typed, kind=kind, sure=sure, today=today)
        identity = completed(clear, finding.typed, today=today, kind=kind)
        if identity.authority == SPECIMEN and not policy.accepts_specimens:
            raise StateUnknown  # Utopia: no holder has it (R70)
        guarded(identity, finding.guardian, in_person=in_person, today=today)
        numbers = (identity.known_by(kind), *numbers_beside(document))
        self._own_cases.refuse_numbers(await self._own_cases.of(work, caller), numbers)
        if await work.subscribers.has_number(self._own_cases.digests(numbers)):
            raise AlreadyEnrolled
        return identity

    async def _keep(self, work: Work, case: Case, vote: Vote, finding: Finding) -> None:
        vote_id = ids.named("vot", self._entropy.draw(ids.NONCE_BYTES))
        person = await self._vault.person(work, case.stored.proofing.person_id)
        typed: Document = dict(finding.typed.given())
        if finding.guardian is not None:
            typed["guardian"] = {"name": finding.guardian.name, "relation": finding.guardian.relation}
        sealed_typed = None
        if typed:
            sealed_typed = person.seal(Sealed.TYPED, vote_id, json.dumps(typed, ensure_ascii=False).encode())
        sealed_reason = person.seal(Sealed.VOTE_REASON, vote_id, finding.reason.encode())
        await work.reviews.add_vote(case.review.id, StoredVote(vote_id, vote, sealed_reason, sealed_typed))

    async def _settle(self, work: Work, act: Act, stored: StoredProofing, decision: Decision) -> None:
        proofing, now = stored.proofing, decision.decided_at
        before = () if proofing.decision is None else proofing.decision.reasons
        if overridden(before, accepted=decision.outcome is Outcome.ACCEPT):
            override = (Count.HUMAN_OVERRIDE,)
            await count_refusals(work, self._vault, override, proofing.person_id, by=act.actor, at=now)
        settled = proofing.settle(decision, life=self._life, now=now)
        await work.proofings.save(settled)
        detail: dict[str, Detail] = {
            "outcome": decision.outcome,
            "decided_by": decision.decided_by,
            "policy": decision.policy,
            "face_erased": await first_face.settle(work, settled),
        }
        event = Event(
            "proofing.decide", ActOutcome.ALLOWED, act.actor, now, proofing.person_id, proofing.id, None, detail
        )
        await self._journal.note(work, event)

    async def _keep_identity(self, work: Work, proofing: Proofing, document: Document, identity: Identity) -> None:
        """What the account will be opened with, in place of what was measured."""
        index = self._vault.index(Use.RESIDENT_NUMBER, identity.known_by(kind_of(document)))
        await self._seal(work, proofing, document, index)

    async def _seal(self, work: Work, proofing: Proofing, document: Document, number_index: bytes | None) -> None:
        person = await self._vault.person(work, proofing.person_id)
        sealed = person.seal(Sealed.EXAMINATION, proofing.id, json.dumps(document, ensure_ascii=False).encode())
        await work.proofings.keep_examination(proofing.id, sealed, number_index)
