"""What follows from a reviewer's vote? Kept with its reason; the second that agrees decides the proofing, in the same unit."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core import ids
from app.core.audit import Event
from app.core.audit import Outcome as ActOutcome
from app.core.entropy import Entropy
from app.core.ids import PersonId, ReviewId, StaffId
from app.core.refusal import NotFound, Refusal
from app.services.callers import StaffCaller
from app.services.examination_document import SURE, Document, as_now, kind_of, values, with_typed
from app.services.journal import Act, Journal
from app.services.policies import Policies
from app.services.vault import Sealed, Use, Vault
from app.storage.proofings import StoredProofing
from app.storage.reviews import StoredReview, StoredVote
from app.storage.subscribers import AlreadyEnrolled
from app.storage.work import Work
from app.verification.assurance import NOTHING, Assurance, assured
from app.verification.authority import DENIES, AuthorityAnswer, standing_answer
from app.verification.controls import controls_of_people, kind_by
from app.verification.decision import DecidedBy, Decision
from app.verification.documents.validity import shanghai_day
from app.verification.examination import Field, Kind, Source
from app.verification.holder import number_indexed
from app.verification.policy import Policy
from app.verification.proofing import Proofing
from app.verification.reasons import Kind as Curable
from app.verification.reasons import Outcome
from app.verification.review import Cause, OwnCase, Review, Verdict, Vote, opened
from app.verification.typed import AuthorityDenies, Guardian, Identity, Typed, completed, guarded

REVIEW = "review"


class DeclareFirst(Refusal, code="declare_first"):
    """A reviewer says once which identity number is their own: or nobody could see that a case is theirs."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one reviewer found, and why."""

    verdict: Verdict
    reason: str
    typed: Typed
    guardian: Guardian | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A proofing and the round that is under way, both held."""

    stored: StoredProofing
    review: Review
    took_part: frozenset[StaffId]


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
        own = await self._own_number(work, caller)
        if stored.number_index in own:
            raise OwnCase
        took_part = await work.reviews.took_part(stored.proofing.id, but=review.id)
        voters = took_part | {vote.reviewer_id for vote in review.votes}
        if voters & (await work.reviews.declared_by(own) - {caller.staff_id}):
            took_part |= {caller.staff_id}
        return Case(stored, review, took_part)

    async def _own_number(self, work: Work, caller: StaffCaller) -> tuple[bytes, ...]:
        """The keyed hashes the caller's own number may stand as, under whichever key; raises DeclareFirst."""
        declared = await work.reviews.number_of(caller.staff_id)
        if declared is None:
            raise DeclareFirst
        if declared.sealed is None:
            return (declared.index,)
        person = await self._vault.person(work, PersonId(caller.staff_id))
        number = person.open_verifier(caller.staff_id, declared.sealed, Sealed.OWN_NUMBER).decode()
        return self._vault.indexes(Use.RESIDENT_NUMBER, number)

    async def read(self, work: Work, stored: StoredProofing, caller: StaffCaller) -> Document:
        """What was measured of the applicant's evidence; {} where nothing was."""
        if stored.sealed_examination is None:
            return {}
        person = await self._vault.person(work, stored.proofing.person_id)
        sealed, row = stored.sealed_examination, stored.proofing.id
        opened_document = await person.open(Sealed.EXAMINATION, row, sealed, by=caller.actor(), purpose=REVIEW)
        return as_now(json.loads(opened_document))

    async def cast(
        self,
        work: Work,
        act: Act,
        case: Case,
        caller: StaffCaller,
        finding: Finding,
        *,
        in_person: bool,
        answer: AuthorityAnswer = AuthorityAnswer.UNASKED,
    ) -> Review:
        """Give a vote; where it decides, the proofing moves. `answer`: the authority's, to what was typed."""
        act.subject = case.stored.proofing.person_id
        now = self._clock.now()
        case.review.may_vote(caller.staff_id, took_part=case.took_part, in_person=in_person, now=now)
        document = await self.read(work, case.stored, caller)
        identity, said = None, answer
        if finding.verdict is Verdict.ACCEPT:
            identity = await self._identified(work, caller, document, finding, in_person=in_person)
            said = _said(document, identity, answer)
            if said in DENIES:
                raise AuthorityDenies
        covered = None
        if identity is not None:
            given = [vote.identity for vote in case.review.votes]
            covered = self._vault.index_among(given, Use.IDENTITY, identity.covered())
        vote = Vote(caller.staff_id, finding.verdict, covered, in_person, now)
        policy = await self._policies.in_force(work)
        alone = in_person and _one_is_enough(policy, case.stored.proofing)
        review = case.review.voted(vote, took_part=case.took_part, alone=alone)
        await self._keep(work, case, vote, finding)
        await work.reviews.save(review)
        await act.record(
            work, verdict=finding.verdict, in_person=in_person, authority=answer, decided=review.verdict is not None
        )
        if review.verdict is not None:
            accepted = identity if review.verdict is Verdict.ACCEPT else None
            decision = _decision(policy, case.stored.proofing, review, accepted, kind_of(document), said, now=now)
            await self._settle(work, act, case.stored, decision)
            if accepted is not None:
                found = found_by_people(document, accepted, finding.typed)
                await self._keep_identity(work, case.stored.proofing, found, accepted)
        return review

    async def _identified(
        self, work: Work, caller: StaffCaller, document: Document, finding: Finding, *, in_person: bool
    ) -> Identity:
        today = shanghai_day(self._clock.now())
        kind = kind_of(document)
        identity = completed(values(document), finding.typed, today=today, kind=kind)
        guarded(identity, finding.guardian, in_person=in_person, today=today)
        known_by = number_indexed(kind, identity.attributes()) or identity.number
        indexes = self._vault.indexes(Use.RESIDENT_NUMBER, known_by)
        if not set(indexes).isdisjoint(await self._own_number(work, caller)):
            raise OwnCase
        if await work.subscribers.has_number(indexes):
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
        await work.proofings.save(proofing.settle(decision, life=self._life, now=now))
        detail = {"outcome": decision.outcome, "decided_by": decision.decided_by, "policy": decision.policy}
        event = Event(
            "proofing.decide", ActOutcome.ALLOWED, act.actor, now, proofing.person_id, proofing.id, None, detail
        )
        await self._journal.note(work, event)

    async def _keep_identity(self, work: Work, proofing: Proofing, document: Document, identity: Identity) -> None:
        """What the account will be opened with, in place of what was measured."""
        person = await self._vault.person(work, proofing.person_id)
        sealed = person.seal(Sealed.EXAMINATION, proofing.id, json.dumps(document, ensure_ascii=False).encode())
        known_by = number_indexed(kind_of(document), identity.attributes()) or identity.number
        index = self._vault.index(Use.RESIDENT_NUMBER, known_by)
        await work.proofings.keep_examination(proofing.id, sealed, index)


def _one_is_enough(policy: Policy, proofing: Proofing) -> bool:
    """R113: what speaks of fraud is never one person's to wave through."""
    reasons = () if proofing.decision is None else proofing.decision.reasons
    return not policy.in_person_second_person and not any(each.kind is Curable.FINAL for each in reasons)


def _said(document: Document, identity: Identity, answer: AuthorityAnswer) -> AuthorityAnswer:
    """The authority's last word about this identity: at the counter, or when the pictures were examined."""
    read = values(document)
    as_asked = (read.get("number"), read.get("name")) == (identity.number, identity.name)
    before = AuthorityAnswer(document.get("authority_answer", AuthorityAnswer.UNASKED))
    return standing_answer(before, answer, as_asked=as_asked)


def _worth(
    before: Assurance, identity: Identity | None, kind: Kind, said: AuthorityAnswer, *, in_person: bool
) -> Assurance:
    """The level that follows where people accepted this identity; of nobody where they accepted none."""
    if identity is None:
        return before.of_nobody()
    in_hand = (kind_by(identity.number, kind),) if in_person else ()
    return assured(before.evidence or in_hand, controls_of_people(before.passed, said, in_person=in_person))


def _decision(
    policy: Policy,
    proofing: Proofing,
    review: Review,
    accepted: Identity | None,
    kind: Kind,
    said: AuthorityAnswer,
    *,
    now: datetime,
) -> Decision:
    """What people decided, with the reasons and figures they had before them."""
    before = proofing.decision
    worth = NOTHING if before is None else before.assurance
    return Decision(
        outcome=Outcome.REJECT if accepted is None else Outcome.ACCEPT,
        reasons=() if before is None else before.reasons,
        policy=policy.version,
        assurance=_worth(worth, accepted, kind, said, in_person=review.in_person).capped(policy.ial_at_most),
        decided_at=now,
        facts={} if before is None else before.facts,
        decided_by=DecidedBy.COUNTER if review.in_person else DecidedBy.REVIEW,
    )


def found_by_people(document: Document, identity: Identity, typed: Typed) -> Document:
    """The examination with what people found in place of what was read or the applicant typed; that stays beside it."""
    document = {**document, "kind": kind_of(document)}
    for name, found in identity.attributes().items():
        before = document.get("fields", {}).get(name)
        as_read = before is not None and before["value"] == found and before["source"] != Source.APPLICANT
        if found and not as_read:
            document = with_typed(document, name, Field(typed.given().get(name, found), found, SURE, Source.CLERK))
    return document
