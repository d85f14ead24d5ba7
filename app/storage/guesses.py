"""How many failures lie on a key? Counters by keyed hash: what was typed is not kept."""

from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import and_, bindparam, select
from sqlalchemy.dialects.postgresql import insert

from app.mfa.guessing import EMPTY, Counter, Key
from app.storage.statement import Statement, every
from app.storage.tables import guesses

COUNTER = ("strikes", "window_started", "struck_at", "in_a_row", "blocks", "blocked_until")
THIS = and_(guesses.c.key == bindparam("this_key"), guesses.c.value_index == bindparam("this_index"))
NEW = insert(guesses).values(every(guesses))
OPEN = Statement(NEW.on_conflict_do_nothing())
LOCK = Statement(select(guesses).where(THIS).with_for_update())
READ = Statement(select(guesses).where(THIS))
SAVE = Statement(
    NEW.on_conflict_do_update(
        index_elements=["key", "value_index"], set_={name: NEW.excluded[name] for name in COUNTER}
    )
)


class Guesses:
    """The counters of the guessing defence. Callers lock them in the order of `Key`, so that none waits in a circle."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def read(self, key: Key, value_index: bytes) -> Counter:
        """The counter as it is now; empty for a key never seen."""
        return _counter(await READ.row(self._connection, this_key=key, this_index=value_index))

    async def lock(self, key: Key, value_index: bytes) -> Counter:
        """The counter, held until this unit ends; a key never seen is held too, or two racers would both find it empty."""
        await OPEN.run(self._connection, key=key, value_index=value_index, **_columns(EMPTY))
        return _counter(await LOCK.row(self._connection, this_key=key, this_index=value_index))

    async def save(self, key: Key, value_index: bytes, counter: Counter) -> None:
        """Write back."""
        await SAVE.run(self._connection, key=key, value_index=value_index, **_columns(counter))


def _columns(counter: Counter) -> dict[str, object]:
    return {name: getattr(counter, name) for name in COUNTER}


def _counter(row: dict[str, Any] | None) -> Counter:
    return EMPTY if row is None else Counter(**{name: row[name] for name in COUNTER})
