"""What does an auditor read to verify the log? Events, leaves and heads of one moment, in the order of the log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from psycopg import AsyncConnection, IsolationLevel, OperationalError
from sqlalchemy import BigInteger, bindparam, exists, func, select

from app.audit.entry import Entry
from app.audit.head import SignedHead
from app.audit.verification import Leaf, Place
from app.core.refusal import Unavailable
from app.core.secret import Secret
from app.storage.audit_entries import EVENT, entry_of, signed_of
from app.storage.audit_log import LAST, SPAN
from app.storage.statement import Row, Statement
from app.storage.tables import audit_events, audit_heads, audit_leaves

CONNECT_SECONDS: Final = 5
HEADS_AT_ONCE: Final = 1000
STRAYS_AT_MOST: Final = 1000

HEADS = Statement(
    select(audit_heads)
    .where(audit_heads.c.number > bindparam("after", type_=BigInteger))
    .order_by(audit_heads.c.number)
    .limit(HEADS_AT_ONCE)
)
HOME = audit_leaves.alias("home")
LEAVES = Statement(
    select(
        audit_leaves.c.leaf_index,
        audit_leaves.c.sequence.label("leaf_sequence"),
        audit_leaves.c.event,
        audit_leaves.c.leaf_hash,
        HOME.c.sequence.label("home_sequence"),
        HOME.c.leaf_hash.label("home_hash"),
        *EVENT,
    )
    .select_from(
        audit_leaves.outerjoin(audit_events, audit_events.c.sequence == audit_leaves.c.sequence).outerjoin(
            HOME, HOME.c.event == audit_events.c.id
        )
    )
    .where(
        audit_leaves.c.leaf_index >= bindparam("start", type_=BigInteger),
        audit_leaves.c.leaf_index < bindparam("end", type_=BigInteger),
    )
    .order_by(audit_leaves.c.leaf_index)
)
NEVER_APPENDED = Statement(
    select(*EVENT)
    .where(~exists().where(audit_leaves.c.sequence == audit_events.c.sequence))
    .order_by(audit_events.c.sequence)
    .limit(STRAYS_AT_MOST)
)
BEYOND = Statement(
    select(func.count().label("count")).select_from(audit_leaves).where(audit_leaves.c.leaf_index >= bindparam("size"))
)
LEAF = Statement(select(audit_leaves.c.leaf_index).where(audit_leaves.c.event == bindparam("event")))
COVERING = Statement(
    select(audit_heads).where(audit_heads.c.size > bindparam("index")).order_by(audit_heads.c.size).limit(1)
)
BEFORE = Statement(select(audit_heads).where(audit_heads.c.number == bindparam("number")))


class AuditTrail:
    """The log as it stood when it was opened."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def last(self) -> SignedHead | None:
        """The newest head; None: the log is not begun."""
        row = await LAST.row(self._connection)
        return None if row is None else signed_of(row)

    async def heads(self) -> AsyncIterator[SignedHead]:
        """Every head, in order."""
        after = 0
        while rows := await HEADS.rows(self._connection, after=after):
            for row in rows:
                yield signed_of(row)
            after = rows[-1]["number"]

    async def leaves(self, start: int, end: int) -> tuple[Leaf, ...]:
        """The leaves of these places that are there, each with the event found at its sequence."""
        return tuple(_leaf(row) for row in await LEAVES.rows(self._connection, start=start, end=end))

    async def never_appended(self) -> list[Entry]:
        """Events without a leaf, the first thousand: those that wait, and those that were slipped in."""
        return [entry_of(row) for row in await NEVER_APPENDED.rows(self._connection)]

    async def beyond(self, size: int) -> int:
        """How many leaves stand at or after this place."""
        return int((await BEYOND.rows(self._connection, size=size))[0]["count"])

    async def ceiling(self) -> int:
        """The first unit of work that has not begun."""
        return int((await SPAN.rows(self._connection))[0]["ceiling"])

    async def batch_of(self, event: str) -> tuple[int, SignedHead, SignedHead | None] | None:
        """Place of an event in the log, the head of its batch, and the head before that; None: not appended."""
        place = await LEAF.row(self._connection, event=event)
        if place is None:
            return None
        covering = await COVERING.row(self._connection, index=place["leaf_index"])
        if covering is None:
            return None
        before = await BEFORE.row(self._connection, number=covering["number"] - 1)
        return place["leaf_index"], signed_of(covering), None if before is None else signed_of(before)


def _leaf(row: Row) -> Leaf:
    entry = None if row["id"] is None else entry_of(row)
    home = None if row["home_hash"] is None else Place(row["home_sequence"], row["home_hash"])
    return Leaf(row["leaf_index"], row["leaf_sequence"], row["event"], row["leaf_hash"], entry, home)


@asynccontextmanager
async def opened(url: Secret[str]) -> AsyncIterator[AuditTrail]:
    """The trail as the auditor's role reads it, all of one moment; raises Unavailable."""
    try:
        async with await AsyncConnection.connect(url.reveal(), connect_timeout=CONNECT_SECONDS) as connection:
            await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
            await connection.set_read_only(True)
            yield AuditTrail(connection)
    except OperationalError as error:
        raise Unavailable(retry_after_seconds=5) from error
