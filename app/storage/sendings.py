"""How much was sent to what numbers have in common? Tallies by keyed hash: no number is kept."""

from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from app.mfa.sending import EMPTY, Cap, Tally
from app.storage.statement import Statement, every
from app.storage.tables import sendings

THIS = and_(sendings.c.cap == bindparam("this_cap"), sendings.c.value_index == bindparam("this_index"))
OPEN = Statement(insert(sendings).values(every(sendings)).on_conflict_do_nothing())
LOCK = Statement(select(sendings).where(THIS).with_for_update())
SAVE = Statement(update(sendings).where(THIS).values(every(sendings, *Tally.__slots__)))


class Sendings:
    """The tallies. Callers lock them in the order of `Cap`, so that none waits in a circle."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def lock(self, cap: Cap, value_index: bytes) -> Tally:
        """The tally, held until this unit ends; one never seen is held too, or two racers would both find it empty."""
        await OPEN.run(self._connection, cap=cap, value_index=value_index, **_columns(EMPTY))
        row = await LOCK.row(self._connection, this_cap=cap, this_index=value_index)
        return EMPTY if row is None else Tally(**{name: row[name] for name in Tally.__slots__})

    async def save(self, cap: Cap, value_index: bytes, tally: Tally) -> None:
        """Write back what is held."""
        await SAVE.run(self._connection, this_cap=cap, this_index=value_index, **_columns(tally))


def _columns(tally: Tally) -> dict[str, object]:
    return {name: getattr(tally, name) for name in Tally.__slots__}
