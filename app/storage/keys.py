"""Which keys does the house hold? Wrapped ones; the application's role reads them, only the owner adds."""

from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.core.environment import Environment
from app.core.wrapped_key import Purpose, Suite, WrappedKey
from app.storage.statement import Statement, every
from app.storage.tables import keys

ALL = Statement(select(keys).order_by(keys.c.purpose, keys.c.version))
PUT = upsert(keys).values(every(keys))
REPLACE = Statement(
    PUT.on_conflict_do_update(index_elements=["purpose", "version"], set_={"retired_at": PUT.excluded.retired_at})
)
REMOVE = Statement(delete(keys).where(keys.c.purpose == bindparam("purpose"), keys.c.version == bindparam("version")))
FIRST = Statement(insert(keys).values(every(keys)))


class Keys:
    """The wrapped keys."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def all(self) -> tuple[WrappedKey, ...]:
        """Every key, retired ones too."""
        return tuple(
            WrappedKey(
                **{
                    **row,
                    "purpose": Purpose(row["purpose"]),
                    "suite": Suite(row["suite"]),
                    "environment": Environment(row["environment"]),
                }
            )
            for row in await ALL.rows(self._connection)
        )

    async def add(self, key: WrappedKey) -> None:
        """A key that must be new: two first starts at once end with one set of keys."""
        await FIRST.run(self._connection, **_columns(key))

    async def remove(self, key: WrappedKey) -> None:
        """Destroy one: what it made is neither opened nor found again."""
        await REMOVE.run(self._connection, purpose=key.purpose, version=key.version)

    async def put(self, key: WrappedKey) -> None:
        """Add a key, or write its retirement back."""
        await REPLACE.run(self._connection, **_columns(key))


def _columns(key: WrappedKey) -> dict[str, object]:
    return {name: getattr(key, name) for name in WrappedKey.__slots__}
