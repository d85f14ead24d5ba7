"""How does the audit's log grow? By a role that may read events and append to the log, one process at a time."""

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection, OperationalError
from sqlalchemy import BigInteger, LargeBinary, Text, bindparam, column, exists, func, insert, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.audit.entry import Entry
from app.audit.head import Handed, SignedHead
from app.audit.tree import Edge, Growth
from app.core.refusal import Unavailable
from app.core.secret import Secret
from app.storage.audit_entries import EVENT, columns_of, entry_of, signed_of
from app.storage.statement import Statement, every
from app.storage.tables import audit_events, audit_heads, audit_leaves, audit_witnessed

MOST: Final = 5000
"""Events of one batch."""
PIECE: Final = 32
"""Events read and leaves written at a time: whoever waits for the core that we use waits for no more than these."""
HASHES_AT_ONCE: Final = 200
HANDED_AT_ONCE: Final = 50
LOCK: Final = 0x68756675_6C6F67  # "hufulog"
LARGEST: Final = 2**63 - 1
CONNECT_SECONDS: Final = 5

HEADS = audit_heads.c
LAST = Statement(select(audit_heads).order_by(HEADS.number.desc()).limit(1))
SPAN = Statement(
    select(
        literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint").label("horizon"),
        literal_column("pg_snapshot_xmax(pg_current_snapshot())::text::bigint").label("ceiling"),
    )
)
UNAPPENDED = Statement(
    select(*EVENT)
    .where(
        audit_events.c.unit >= bindparam("since", type_=BigInteger),
        audit_events.c.unit < bindparam("ceiling", type_=BigInteger),
        ~exists().where(audit_leaves.c.sequence == audit_events.c.sequence),
    )
    .order_by(audit_events.c.unit, audit_events.c.sequence)  # the index's own order: no plan walks the whole record
    .limit(bindparam("most"))
)
GIVEN = (
    func.unnest(
        bindparam("indexes", type_=ARRAY(BigInteger)),
        bindparam("sequences", type_=ARRAY(BigInteger)),
        bindparam("events", type_=ARRAY(Text)),
        bindparam("hashes", type_=ARRAY(LargeBinary)),
    )
    .table_valued(column("leaf_index"), column("sequence"), column("event"), column("leaf_hash"))
    .render_derived(name="given")
)
ADD_LEAVES = Statement(
    insert(audit_leaves).from_select(
        ["leaf_index", "sequence", "event", "leaf_hash"],
        select(GIVEN.c.leaf_index, GIVEN.c.sequence, GIVEN.c.event, GIVEN.c.leaf_hash),
    )
)
ADD_HEAD = Statement(insert(audit_heads).values(every(audit_heads)))
SEEN = Statement(
    select(func.coalesce(func.max(audit_witnessed.c.number), 0).label("number")).where(
        audit_witnessed.c.witness == bindparam("witness")
    )
)
NEXT = Statement(
    select(audit_heads)
    .where(HEADS.number >= bindparam("number", type_=BigInteger))
    .order_by(HEADS.number)
    .limit(HANDED_AT_ONCE + 1)
)
HASHES = Statement(
    select(audit_leaves.c.leaf_hash)
    .where(audit_leaves.c.leaf_index >= bindparam("start"), audit_leaves.c.leaf_index < bindparam("end"))
    .order_by(audit_leaves.c.leaf_index)
)
WITNESSED = Statement(insert(audit_witnessed).values(every(audit_witnessed)))


ConnectionLost = OperationalError
"""What any statement raises whose connection was lost; for those who go on by beginning again."""


class NotLeading(Exception):
    """Another process appends; this one stands by."""


@dataclass(frozen=True, slots=True)
class Unappended:
    """What the next batch is made of, in the order of its leaves."""

    entries: tuple[Entry, ...]
    horizon: int
    ceiling: int


class AuditLog:
    """The log over one connection."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[None]:
        """One commit: leaves and their head, or neither."""
        async with self._connection.transaction():
            yield

    async def last(self) -> SignedHead | None:
        """The newest head; None: the log is not begun."""
        row = await LAST.row(self._connection)
        return None if row is None else signed_of(row)

    async def unappended(self, last: SignedHead | None, *, most: int = MOST) -> Unappended:
        """Every event that can be seen and has no leaf, up to so many.

        Units of work older than the last horizon were over by then, and what they wrote was appended. One that commits
        after younger ones is simply in a later batch. The horizon is asked first: what is seen later is no less.
        """
        span = await SPAN.row(self._connection)
        if span is None:
            raise AssertionError("a row without a table is always there")
        since, horizon, ceiling = 0 if last is None else last.head.horizon, span["horizon"], span["ceiling"]
        if since > ceiling:  # restored into another cluster, which numbers its units of work anew
            # First what came along and waited: its numbers are none of this cluster's.
            if found := await self._waiting(since=ceiling, ceiling=LARGEST, most=most):
                return Unappended(found, since if len(found) == most else 0, ceiling)
            since = 0
        found = await self._waiting(since=since, ceiling=ceiling, most=most)
        if len(found) == most:
            horizon = min(horizon, max(each.unit for each in found))  # the rest of this unit of work may still wait
        return Unappended(found, horizon, ceiling)

    async def _waiting(self, *, since: int, ceiling: int, most: int) -> tuple[Entry, ...]:
        """The events of these units of work that have no leaf, in the order of their leaves."""
        found: list[Entry] = []
        pieces = UNAPPENDED.pieces(self._connection, PIECE, since=since, ceiling=ceiling, most=most)
        async with aclosing(pieces):
            async for rows in pieces:
                found += map(entry_of, rows)
        return tuple(sorted(found, key=lambda each: each.sequence))

    async def append(self, signed: SignedHead, entries: Sequence[Entry], hashes: Sequence[bytes]) -> None:
        """Write the leaves and their head; two who append at once end with one of them."""
        start = signed.head.size - len(entries)
        for begin in range(0, len(entries), PIECE):
            piece = entries[begin : begin + PIECE]
            await ADD_LEAVES.run(
                self._connection,
                indexes=list(range(start + begin, start + begin + len(piece))),
                sequences=[each.sequence for each in piece],
                events=[each.id for each in piece],
                hashes=list(hashes[begin : begin + PIECE]),
            )
        await ADD_HEAD.run(self._connection, **columns_of(signed))

    async def unwitnessed(self, witness: str) -> list[Handed]:
        """The next heads this witness has not taken, each with the proof that it continues the one before."""
        seen = (await SEEN.rows(self._connection, witness=witness))[0]["number"]
        rows = await NEXT.rows(self._connection, number=seen)
        heads = [signed_of(row) for row in rows]
        before = heads[0].edge if heads and heads[0].head.number == seen else None
        handed = []
        for signed in (each for each in heads if each.head.number > seen):
            edge = before or Edge(signed.head.hashing)
            growth = Growth(edge, await self._hashes(edge.size, signed.head.size))
            handed.append(Handed(signed, growth.consistency()))
            before = signed.edge
        return handed

    async def _hashes(self, start: int, end: int) -> list[bytes]:
        """Of the leaves from one to before the other."""
        found: list[bytes] = []
        pieces = HASHES.pieces(self._connection, HASHES_AT_ONCE, start=start, end=end)
        async with self.unit(), aclosing(pieces):
            async for rows in pieces:
                found += (row["leaf_hash"] for row in rows)
        return found

    async def witnessed(self, witness: str, number: int, at: datetime) -> None:
        """Note that the witness took it."""
        await WITNESSED.run(self._connection, witness=witness, number=number, at=at)


@asynccontextmanager
async def opened(url: Secret[str]) -> AsyncIterator[AuditLog]:
    """The log over a connection of its own; raises Unavailable."""
    try:
        async with await AsyncConnection.connect(
            url.reveal(), autocommit=True, connect_timeout=CONNECT_SECONDS
        ) as connection:
            yield AuditLog(connection)
    except OperationalError as error:
        raise Unavailable(retry_after_seconds=1) from error


@asynccontextmanager
async def leading(url: Secret[str]) -> AsyncIterator[AuditLog]:
    """The same for the one process that appends, for as long as the connection lasts; raises NotLeading."""
    async with opened(url) as log:
        cursor = await log._connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])  # noqa: SLF001
        row = await cursor.fetchone()
        if row is None or not row[0]:
            raise NotLeading
        yield log
