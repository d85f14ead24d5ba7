"""How far is the sandbox's clock ahead of the machine's? One row, which every process reads."""

from datetime import timedelta
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, select, update

from app.storage.statement import Statement
from app.storage.tables import sandbox_clock

AHEAD = sandbox_clock.c.ahead_seconds
READ = Statement(select(AHEAD))
ADVANCE = Statement(
    update(sandbox_clock)
    .where(AHEAD + bindparam("by") <= bindparam("most"))
    .values(ahead_seconds=AHEAD + bindparam("by"))
    .returning(AHEAD)
)


class SandboxClockRow:
    """The row."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def ahead(self) -> timedelta:
        """How far it is ahead."""
        row = await READ.row(self._connection)
        return timedelta(seconds=0 if row is None else row["ahead_seconds"])

    async def advance(self, by: timedelta, *, most: timedelta) -> bool:
        """Move it on; whether that leaves it at most so far ahead, for else it stays. Two who move it both do."""
        seconds = {"by": int(by.total_seconds()), "most": int(most.total_seconds())}
        return await ADVANCE.row(self._connection, **seconds) is not None
