"""Do two people agree? One review: claimed, voted on blind by different reviewers, a third deciding a disagreement.

R113: maker and checker are told apart by person, never by role. A vote is about one identity: two who accept different
numbers or names do not agree, and another looks until two do.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.ids import ProofingId, ReviewId, StaffId
from app.core.refusal import Refusal

CLAIM_LIFE = timedelta(minutes=30)
"""Long enough for one case; whoever goes home does not keep it."""
ANSWERED_WITHIN = timedelta(days=15)
"""R105, AML law 2024 Art. 39, for appeals; whoever was merely referred waits no longer."""


class ReviewClosed(Refusal, code="review_closed"):
    """It was decided, or the applicant took everything back."""


class ClaimedByAnother(Refusal, code="claimed_by_another"):
    """Another reviewer is looking at it."""


class ClaimFirst(Refusal, code="claim_first"):
    """The case is shown to whoever claimed it or has voted, and voted on by whoever claimed it."""


class AlreadyVoted(Refusal, code="already_voted"):
    """One person, one vote."""


class TookPart(Refusal, code="took_part"):
    """The reviewer took part in this case before: another person has to look."""


class OwnCase(Refusal, code="own_case"):
    """The reviewer is the applicant."""


class Verdict(StrEnum):
    """What one reviewer finds."""

    ACCEPT = "accept"
    REJECT = "reject"


class Cause(StrEnum):
    """Why people look."""

    REFERRAL = "referral"  # the policy could not decide
    APPEAL = "appeal"  # the applicant asked for people after an automatic rejection (R102)
    COUNTER = "counter"  # the applicant came to a branch straight away (R98)


class Phase(StrEnum):
    """Where a review stands; says nothing of what anybody found."""

    OPEN = "open"
    CLAIMED = "claimed"
    VOTED = "voted"
    CONTESTED = "contested"
    DECIDED = "decided"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Vote:
    """One reviewer's finding."""

    reviewer_id: StaffId
    verdict: Verdict
    identity: bytes | None
    """Keyed hash of the identity accepted; None for a rejection."""
    in_person: bool
    """The reviewer had the person and the document before them."""
    at: datetime

    def agrees(self, other: "Vote") -> bool:
        """The same verdict on the same identity."""
        return (self.verdict, self.identity) == (other.verdict, other.identity)


@dataclass(frozen=True, slots=True)
class Claim:
    """One reviewer looks; for so long nobody else need to."""

    reviewer_id: StaffId
    until: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """One round of people's judgement on a proofing."""

    id: ReviewId
    proofing_id: ProofingId
    cause: Cause
    opened_at: datetime
    due_at: datetime
    votes: tuple[Vote, ...] = ()
    claim: Claim | None = None
    verdict: Verdict | None = None
    closed_at: datetime | None = None

    def phase(self, now: datetime) -> Phase:
        """Where it stands at this moment."""
        if self.closed_at is not None:
            return Phase.CLOSED if self.verdict is None else Phase.DECIDED
        if self.claim_of(now) is not None:
            return Phase.CLAIMED
        return (Phase.OPEN, Phase.VOTED, Phase.CONTESTED)[min(len(self.votes), 2)]

    def claim_of(self, now: datetime) -> StaffId | None:
        """Who is looking at it."""
        return self.claim.reviewer_id if self.claim is not None and now < self.claim.until else None

    def overdue(self, now: datetime) -> bool:
        """The day of the answer has passed without one."""
        return self.closed_at is None and now > self.due_at

    def claimed(self, reviewer_id: StaffId, *, took_part: Collection[StaffId], now: datetime) -> "Review":
        """Held by this reviewer for a while; `took_part` names whoever decided in earlier rounds of the case."""
        self._may_decide(reviewer_id, took_part)
        if self.claim_of(now) not in {None, reviewer_id}:
            raise ClaimedByAnother
        return replace(self, claim=Claim(reviewer_id, now + CLAIM_LIFE))

    def may_look(self, reviewer_id: StaffId, *, now: datetime) -> None:
        """Raise ClaimFirst unless the case is this reviewer's to see: pictures are for whoever needs them."""
        if self.claim_of(now) != reviewer_id and not self.has_voted(reviewer_id):
            raise ClaimFirst

    def may_vote(self, reviewer_id: StaffId, *, took_part: Collection[StaffId], in_person: bool, now: datetime) -> None:
        """Raise the refusal that says why not.

        A remote vote needs the claim; whoever has the person before them at the counter need not wait for it.
        """
        self._may_decide(reviewer_id, took_part)
        if not in_person and self.claim_of(now) != reviewer_id:
            raise ClaimFirst

    def voted(self, vote: Vote, *, took_part: Collection[StaffId], alone: bool) -> "Review":
        """With this vote, decided where two agree; `alone`: this one vote is enough."""
        self.may_vote(vote.reviewer_id, took_part=took_part, in_person=vote.in_person, now=vote.at)
        votes = (*self.votes, vote)
        verdict = _settled(votes, alone=alone)
        claim = None if verdict or self.claim_of(vote.at) == vote.reviewer_id else self.claim
        return replace(self, votes=votes, claim=claim, verdict=verdict, closed_at=vote.at if verdict else None)

    def closed(self, *, now: datetime) -> "Review":
        """Nobody has to look any more."""
        return self if self.closed_at else replace(self, closed_at=now, claim=None)

    def has_voted(self, reviewer_id: StaffId) -> bool:
        """Whether this reviewer has given their vote."""
        return any(vote.reviewer_id == reviewer_id for vote in self.votes)

    def visible_votes(self, reviewer_id: StaffId) -> tuple[Vote, ...]:
        """All of them to whoever has voted, none to others: a finding is not to be copied (R113)."""
        return self.votes if self.has_voted(reviewer_id) else ()

    @property
    def in_person(self) -> bool:
        """Somebody who agrees with the verdict had the person before them."""
        return self.verdict is not None and any(each.in_person and each.agrees(self.votes[-1]) for each in self.votes)

    def _may_decide(self, reviewer_id: StaffId, took_part: Collection[StaffId]) -> None:
        if self.closed_at is not None:
            raise ReviewClosed
        if self.has_voted(reviewer_id):
            raise AlreadyVoted
        if reviewer_id in took_part:
            raise TookPart


def opened(review_id: ReviewId, proofing_id: ProofingId, cause: Cause, *, now: datetime) -> Review:
    """A review nobody has looked at."""
    return Review(review_id, proofing_id, cause, opened_at=now, due_at=now + ANSWERED_WITHIN)


def _settled(votes: tuple[Vote, ...], *, alone: bool) -> Verdict | None:
    """What two agree on, or one alone. Where no two do another person looks: a slip of the pen rejects nobody for good."""
    newest = votes[-1]
    if alone and len(votes) == 1:
        return newest.verdict
    return newest.verdict if any(newest.agrees(earlier) for earlier in votes[:-1]) else None
