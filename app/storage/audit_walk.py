"""How is the whole log read to be judged? By the auditor's role, in one snapshot, a batch at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from psycopg import AsyncConnection, DataError, IsolationLevel, OperationalError
from sqlalchemy import BigInteger, and_, bindparam, exists, func, select

from app.audit.entry import Entry
from app.audit.head import SignedHead
from app.audit.verification import Leaf, Place
from app.core.refusal import Unavailable
from app.core.secret import Secret
from app.storage.audit_entries import EVENT, entry_of, signed_of
from app.storage.audit_log import CONNECT_SECONDS, HASHES, SPAN
from app.storage.statement import Row, Statement
from app.storage.tables import audit_events, audit_heads, audit_leaves

AT_ONCE: Final = 500
"""Heads, or events, of one reading."""

LEAVES, EVENTS, HOME = audit_leaves.c, audit_events.c, audit_leaves.alias("home")
SIZES = Statement(
    select(
        select(func.coalesce(func.max(audit_heads.c.number), 0)).scalar_subquery().label("newest"),
        select(func.count()).select_from(audit_leaves).scalar_subquery().label("leaves"),
    )
)
SOME_HEADS = Statement(
    select(audit_heads)
    .where(audit_heads.c.number > bindparam("after", type_=BigInteger))
    .order_by(audit_heads.c.number)
    .limit(AT_ONCE)
)
SOME_LEAVES = Statement(
    select(
        LEAVES.leaf_index,
        LEAVES.sequence.label("leaf_sequence"),
        LEAVES.event,
        LEAVES.leaf_hash,
        HOME.c.sequence.label("home_sequence"),
        HOME.c.leaf_hash.label("home_hash"),
        *EVENT,
    )
    .select_from(
        audit_leaves.outerjoin(audit_events, EVENTS.sequence == LEAVES.sequence).outerjoin(
            HOME, and_(HOME.c.event == EVENTS.id, HOME.c.sequence != LEAVES.sequence)
        )
    )
    .where(LEAVES.leaf_index >= bindparam("start"), LEAVES.leaf_index < bindparam("end"))
    .order_by(LEAVES.leaf_index)
)
STRAYS = Statement(
    select(*EVENT)
    .where(
        EVENTS.sequence > bindparam("after", type_=BigInteger),
        # A leaf that no head counts would be an easy way to pass for appended.
        ~exists().where(
            LEAVES.sequence == EVENTS.sequence,
            LEAVES.leaf_index >= 0,
            LEAVES.leaf_index < bindparam("size", type_=BigInteger),
        ),
    )
    .order_by(EVENTS.sequence)
    .limit(AT_ONCE)
)
FOUND = Statement(select(audit_leaves).where(LEAVES.event == bindparam("event")))
HEAD_OVER = Statement(
    select(audit_heads)
    .where(audit_heads.c.size > bindparam("index", type_=BigInteger))
    .order_by(audit_heads.c.size)
    .limit(1)
)
HEAD = Statement(select(audit_heads).where(audit_heads.c.number == bindparam("number")))
LOWEST: Final = -(2**63)


class Unreadable(Exception):
    """A row holds what we never write and cannot read, a time at infinity say: somebody else wrote it."""


@dataclass(frozen=True, slots=True)
class Stood:
    """What proves one event: its leaf, the head that first covered it, the head before, and that batch's leaves."""

    leaf: Leaf
    signed: SignedHead
    before: SignedHead | None
    hashes: tuple[bytes, ...]


class AuditWalk:
    """The log as it stood at one moment."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def sizes(self) -> tuple[int, int]:
        """The newest batch's number, 0 for none, and how many leaves there are."""
        row = await SIZES.row(self._connection)
        if row is None:
            raise AssertionError("a row without a table is always there")
        return row["newest"], row["leaves"]

    async def heads(self) -> AsyncIterator[tuple[int, SignedHead | None]]:
        """Every stored head by its number, in order; numbers may be missing. None: what is there is no head."""
        after = LOWEST
        while rows := await SOME_HEADS.rows(self._connection, after=after):
            for row in rows:
                yield row["number"], _signed(row)
            after = rows[-1]["number"]

    async def leaves(self, start: int, end: int) -> tuple[Leaf, ...]:
        """The leaves of one batch, with the events at their places now."""
        rows = await SOME_LEAVES.rows(self._connection, start=start, end=end)
        return tuple(map(_leaf, rows))

    async def ceiling(self) -> int:
        """No unit of work with this number or a higher one had begun."""
        span = await SPAN.row(self._connection)
        if span is None:
            raise AssertionError("a row without a table is always there")
        return int(span["ceiling"])

    async def strays(self, size: int) -> AsyncIterator[Entry]:
        """Every event that has no leaf in a tree of this size."""
        after = LOWEST
        while rows := await STRAYS.rows(self._connection, after=after, size=size):
            for row in rows:
                yield entry_of(row)
            after = rows[-1]["sequence"]

    async def stood(self, event: str) -> Stood | None:
        """What proves an event; None: it has no leaf under a head."""
        found = await FOUND.row(self._connection, event=event)
        if found is None:
            return None
        head = await HEAD_OVER.row(self._connection, index=found["leaf_index"])
        if head is None:
            return None
        before = await HEAD.row(self._connection, number=head["number"] - 1)
        start = 0 if before is None else before["size"]
        hashes = await HASHES.rows(self._connection, start=start, end=head["size"])
        (leaf, *_) = await self.leaves(found["leaf_index"], found["leaf_index"] + 1)
        earlier = None if before is None else signed_of(before)
        return Stood(leaf, signed_of(head), earlier, tuple(row["leaf_hash"] for row in hashes))


def _signed(row: Row) -> SignedHead | None:
    try:
        return signed_of(row)
    except ValueError:  # no such hashing
        return None


def _leaf(row: Row) -> Leaf:
    home = None if row["home_sequence"] is None else Place(row["home_sequence"], row["home_hash"])
    entry = None if row["id"] is None else entry_of(row)
    return Leaf(row["leaf_index"], row["leaf_sequence"], row["event"], row["leaf_hash"], entry, home)


@asynccontextmanager
async def walking(url: Secret[str]) -> AsyncIterator[AuditWalk]:
    """The log in one snapshot: what is appended meanwhile does not disturb; raises Unavailable or Unreadable."""
    try:
        async with await AsyncConnection.connect(url.reveal(), connect_timeout=CONNECT_SECONDS) as connection:
            await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
            await connection.set_read_only(True)
            yield AuditWalk(connection)
    except DataError as error:
        raise Unreadable(str(error)) from error
    except OperationalError as error:
        raise Unavailable(retry_after_seconds=1) from error
