"""Where do reviews rest? One row a round, one row a vote; reasons and typed fields sealed beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from sqlalchemy import ARRAY, LargeBinary, Text, any_, bindparam, insert, select, tuple_, update

from app.core.ids import ProofingId, ReviewId, StaffId
from app.core.paging import BEFORE_ALL, Mark, Page, Wanted, page
from app.storage.statement import Row, Statement, every
from app.storage.tables import reviewers, reviews, votes
from app.storage.tables.shape import MOMENT
from app.verification.review import AlreadyVoted, Cause, Claim, Review, Verdict, Vote

INSERT = Statement(insert(reviews).values(every(reviews)))
SELECT = Statement(select(reviews).where(reviews.c.id == bindparam("id")))
OPEN_OF = select(reviews).where(reviews.c.proofing_id == bindparam("proofing_id"), reviews.c.closed_at.is_(None))
FIND_OPEN = Statement(OPEN_OF)
LOCK = Statement(select(reviews).where(reviews.c.id == bindparam("id")).with_for_update())
SAVE = Statement(
    update(reviews)
    .where(reviews.c.id == bindparam("this"))
    .values(every(reviews, "claimed_by", "claimed_until", "verdict", "closed_at"))
)
QUEUE = Statement(
    select(reviews)
    .where(
        reviews.c.closed_at.is_(None),
        tuple_(reviews.c.due_at, reviews.c.id) > tuple_(bindparam("at", type_=MOMENT), bindparam("id", type_=Text())),
    )
    .order_by(reviews.c.due_at, reviews.c.id)
    .limit(bindparam("reach"))
)
ADD_VOTE = Statement(insert(votes).values(every(votes)))
VOTES = Statement(select(votes).where(votes.c.review_id == bindparam("review_id")).order_by(votes.c.at, votes.c.id))
TOOK_PART = Statement(
    select(votes.c.reviewer_id)
    .distinct()
    .join(reviews, reviews.c.id == votes.c.review_id)
    .where(reviews.c.proofing_id == bindparam("proofing_id"), reviews.c.id != bindparam("but"))
)
DECLARE = Statement(insert(reviewers).values(every(reviewers)))
DECLARED = Statement(select(reviewers).where(reviewers.c.staff_id == bindparam("staff_id")))
DECLARED_BY = Statement(
    select(reviewers.c.staff_id).where(reviewers.c.number_index == any_(bindparam("indexes", type_=ARRAY(LargeBinary))))
)


@dataclass(frozen=True, slots=True)
class StoredVote:
    """A vote and what stands sealed beside it."""

    id: str
    vote: Vote
    sealed_reason: bytes | None
    """None: gone, as what was typed, with the case of somebody who took it back or never finished."""
    sealed_typed: bytes | None


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """Which identity number a reviewer said is theirs."""

    id: str
    """What the number is sealed for; the staff's own id for the one that is for life."""
    index: bytes
    sealed: bytes | None
    """None where it was declared before numbers were sealed: it is then known under one key alone."""


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A review, its votes, and the appellant's sealed statement."""

    review: Review
    votes: tuple[StoredVote, ...]
    sealed_statement: bytes | None


class Reviews:
    """People's judgement on proofings."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, review: Review, *, sealed_statement: bytes | None = None) -> None:
        """A new round."""
        await INSERT.run(
            self._connection,
            id=review.id,
            proofing_id=review.proofing_id,
            cause=review.cause,
            opened_at=review.opened_at,
            due_at=review.due_at,
            claimed_by=None,
            claimed_until=None,
            verdict=None,
            closed_at=None,
            sealed_statement=sealed_statement,
        )

    async def find(self, review_id: str) -> StoredReview | None:
        """The review as it is now."""
        return await self._with_votes(await SELECT.row(self._connection, id=review_id))

    async def lock(self, review_id: str) -> StoredReview | None:
        """The review, held until this unit ends; whoever holds its proofing too has taken that first."""
        return await self._with_votes(await LOCK.row(self._connection, id=review_id))

    async def open_of(self, proofing_id: ProofingId) -> StoredReview | None:
        """The round that is under way."""
        return await self._with_votes(await FIND_OPEN.row(self._connection, proofing_id=proofing_id))

    async def queue(self, wanted: Wanted) -> Page[StoredReview]:
        """Open ones, what is due first."""
        after = wanted.after or BEFORE_ALL
        rows = await QUEUE.rows(self._connection, at=after.at, id=after.id, reach=wanted.reach)
        found = [_stored(row, await self._votes(row["id"])) for row in rows]
        return page(found, wanted, lambda each: Mark(each.review.due_at, each.review.id))

    async def save(self, review: Review) -> None:
        """Write the claim and the verdict back; votes are added, never changed."""
        await SAVE.run(
            self._connection,
            this=review.id,
            claimed_by=review.claim.reviewer_id if review.claim else None,
            claimed_until=review.claim.until if review.claim else None,
            verdict=review.verdict,
            closed_at=review.closed_at,
        )

    async def add_vote(self, review_id: ReviewId, stored: StoredVote) -> None:
        """One more; raises AlreadyVoted where this reviewer's is there."""
        vote = stored.vote
        try:
            await ADD_VOTE.run(
                self._connection,
                id=stored.id,
                review_id=review_id,
                reviewer_id=vote.reviewer_id,
                verdict=vote.verdict,
                identity_index=vote.identity,
                in_person=vote.in_person,
                sealed_reason=stored.sealed_reason,
                sealed_typed=stored.sealed_typed,
                at=vote.at,
            )
        except UniqueViolation:
            raise AlreadyVoted from None

    async def took_part(self, proofing_id: ProofingId, *, but: ReviewId) -> frozenset[StaffId]:
        """Whoever voted in another round of this proofing."""
        rows = await TOOK_PART.rows(self._connection, proofing_id=proofing_id, but=but)
        return frozenset(StaffId(row["reviewer_id"]) for row in rows)

    async def declare(self, staff_id: StaffId, own: OwnNumber, now: datetime) -> bool:
        """Write down a number that a reviewer has; False where one was written down in its place before."""
        given = {"id": own.id, "number_index": own.index, "sealed_number": own.sealed}
        try:
            await DECLARE.run(self._connection, staff_id=staff_id, declared_at=now, **given)
        except UniqueViolation:
            return False
        return True

    async def numbers_of(self, staff_id: StaffId) -> tuple[OwnNumber, ...]:
        """A reviewer's own numbers, hashed and sealed."""
        rows = await DECLARED.rows(self._connection, staff_id=staff_id)
        return tuple(OwnNumber(row["id"], row["number_index"], row["sealed_number"]) for row in rows)

    async def declared_by(self, indexes: Sequence[bytes]) -> frozenset[StaffId]:
        """Whoever declared a number with one of these keyed hashes: more than one is one person with several accounts."""
        rows = await DECLARED_BY.rows(self._connection, indexes=list(indexes))
        return frozenset(StaffId(row["staff_id"]) for row in rows)

    async def _with_votes(self, row: Row | None) -> StoredReview | None:
        return None if row is None else _stored(row, await self._votes(row["id"]))

    async def _votes(self, review_id: str) -> list[Row]:
        return await VOTES.rows(self._connection, review_id=review_id)


def _stored(row: Row, found: Sequence[Row]) -> StoredReview:
    given = tuple(_vote(each) for each in found)
    claim = Claim(StaffId(row["claimed_by"]), row["claimed_until"]) if row["claimed_by"] else None
    review = Review(
        id=ReviewId(row["id"]),
        proofing_id=ProofingId(row["proofing_id"]),
        cause=Cause(row["cause"]),
        opened_at=row["opened_at"],
        due_at=row["due_at"],
        votes=tuple(each.vote for each in given),
        claim=claim,
        verdict=None if row["verdict"] is None else Verdict(row["verdict"]),
        closed_at=row["closed_at"],
    )
    return StoredReview(review, given, row["sealed_statement"])


def _vote(row: Row) -> StoredVote:
    vote = Vote(
        StaffId(row["reviewer_id"]), Verdict(row["verdict"]), row["identity_index"], row["in_person"], row["at"]
    )
    return StoredVote(row["id"], vote, row["sealed_reason"], row["sealed_typed"])
