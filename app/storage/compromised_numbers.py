"""Which numbers stand on the bank's list of misused ones? Rows of keyed hashes, changed by one writer at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection
from sqlalchemy import ARRAY, LargeBinary, Text, any_, bindparam, column, delete, func, insert, select, update

from app.storage.statement import Statement
from app.storage.tables import compromised_numbers
from app.storage.tables.shape import MOMENT

BYTES = ARRAY(LargeBinary)
CHANGING: Final = 2
"""The advisory lock of whoever changes the list, beside that of whoever changes the keys."""
ALONE = Statement(select(func.pg_advisory_xact_lock(0x68756675, CHANGING)))
THESE = compromised_numbers.c.number_index == any_(bindparam("indexes", type_=BYTES))
AMONG = Statement(select(compromised_numbers.c.number_index).where(THESE))
ADD = Statement(
    insert(compromised_numbers).from_select(
        ["number_index", "listed_at", "listed_by"],
        select(
            func.unnest(bindparam("indexes", type_=BYTES)),
            bindparam("at", type_=MOMENT),
            bindparam("by", type_=Text),
        ),
    )
)
PAIRS = (
    func.unnest(bindparam("olds", type_=BYTES), bindparam("news", type_=BYTES))
    .table_valued(column("old", LargeBinary), column("new", LargeBinary))
    .render_derived(name="pairs")
)
RENEW = Statement(
    update(compromised_numbers)
    .where(compromised_numbers.c.number_index == PAIRS.c.old)
    .values(number_index=PAIRS.c.new)
)
REMOVE = Statement(delete(compromised_numbers).where(THESE))


class CompromisedNumbers:
    """The list."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def alone(self) -> None:
        """Be the only one that changes it, until this unit ends: under two keys the primary key sees two numbers."""
        await ALONE.row(self._connection)

    async def among(self, indexes: Sequence[bytes]) -> frozenset[bytes]:
        """Which of these stand on it."""
        rows = await AMONG.rows(self._connection, indexes=list(indexes))
        return frozenset(bytes(row["number_index"]) for row in rows)

    async def add(self, indexes: Sequence[bytes], *, at: datetime, by: str) -> None:
        """Put these on it, none of which stands there."""
        await ADD.run(self._connection, indexes=list(indexes), at=at, by=by)

    async def renew(self, made: Mapping[bytes, bytes]) -> None:
        """Let a number stand under a newer key, by its older digest; when and by whom it was listed stays."""
        await RENEW.run(self._connection, olds=list(made), news=list(made.values()))

    async def remove(self, indexes: Sequence[bytes]) -> None:
        """Take these off."""
        await REMOVE.run(self._connection, indexes=list(indexes))
