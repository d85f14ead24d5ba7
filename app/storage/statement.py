"""How is SQL written here? In SQLAlchemy Core, compiled once at import, run by psycopg as a prepared statement."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

import orjson
from psycopg import AsyncConnection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from sqlalchemy import ClauseElement, bindparam
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

Row = dict[str, Any]
DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


class Statement:
    """One compiled statement: `await STATEMENT.one(connection, id=…)`."""

    def __init__(self, clause: ClauseElement) -> None:
        compiled = clause.compile(dialect=DIALECT)
        self.sql = str(compiled)
        self._constants: Mapping[str, Any] = {k: v for k, v in compiled.params.items() if v is not None}
        binds = compiled.binds  # type: ignore[attr-defined]  # SQLCompiler has it; Compiled's stub does not
        self._json = frozenset(name for name, bind in binds.items() if isinstance(bind.type, JSONB))

    async def run(self, connection: AsyncConnection[Any], **given: object) -> int:
        """Execute; the number of rows touched."""
        cursor = await connection.execute(self.sql, self._bound(given), prepare=True)
        return cursor.rowcount

    async def rows(self, connection: AsyncConnection[Any], **given: object) -> list[Row]:
        """Execute; every row."""
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(self.sql, self._bound(given), prepare=True)
        return await cursor.fetchall()

    async def pieces(self, connection: AsyncConnection[Any], size: int, **given: object) -> AsyncGenerator[list[Row]]:
        """Execute within a transaction; every row, so many at a time, all as they were when the first was read."""
        async with connection.cursor(name="pieces", row_factory=dict_row) as cursor:
            await cursor.execute(self.sql, self._bound(given))
            while rows := await cursor.fetchmany(size):
                yield rows

    async def row(self, connection: AsyncConnection[Any], **given: object) -> Row | None:
        """Execute; the only row, or None."""
        cursor = connection.cursor(row_factory=dict_row)
        await cursor.execute(self.sql, self._bound(given), prepare=True)
        return await cursor.fetchone()

    def _bound(self, given: Mapping[str, object]) -> dict[str, object]:
        bound = {**self._constants, **given}
        for name in self._json & bound.keys():
            bound[name] = None if bound[name] is None else Jsonb(bound[name], orjson.dumps)
        return bound


def every(table: Any, *names: str) -> dict[str, Any]:
    """A bind parameter for each named column (all without names): the `values()` of an insert or update."""
    return {column.name: bindparam(column.name) for column in table.columns if not names or column.name in names}
