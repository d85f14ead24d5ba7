"""How many failures lie on a key? Counters by keyed hash: what was typed is not kept."""

from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import ARRAY, LargeBinary, Text, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import insert

from app.mfa.guessing import EMPTY, Counter, Key, Keys
from app.storage.statement import Row, Statement, every
from app.storage.tables import guesses

COUNTER = ("strikes", "window_started", "struck_at", "in_a_row", "blocks", "blocked_until")
NEW = insert(guesses).values(every(guesses))
SAVE = Statement(
    NEW.on_conflict_do_update(
        index_elements=["key", "value_index"], set_={name: NEW.excluded[name] for name in COUNTER}
    )
)
ASKED = (
    func.unnest(bindparam("keys", type_=ARRAY(Text)), bindparam("indexes", type_=ARRAY(LargeBinary)))
    .table_valued(column("key", Text), column("value_index", LargeBinary), with_ordinality="place")
    .render_derived(name="asked")
)
FIRST = insert(guesses).from_select(
    ["key", "value_index", *COUNTER],
    select(
        ASKED.c.key,
        ASKED.c.value_index,
        *(bindparam(name, type_=guesses.c[name].type) for name in COUNTER),
    ).order_by(ASKED.c.place),
)
# One question for all: a key never seen is held too, or two racers would both find it empty, and it costs as much as one
# that was (A28). Writing a key over itself changes nothing and holds the row.
HOLD = Statement(
    FIRST.on_conflict_do_update(index_elements=["key", "value_index"], set_={"key": FIRST.excluded.key}).returning(
        guesses
    )
)
READ = Statement(
    select(guesses).join(ASKED, (guesses.c.key == ASKED.c.key) & (guesses.c.value_index == ASKED.c.value_index))
)


class Guesses:
    """The counters of the guessing defence. All of a try are held at once, in the order of `Key`, so that none waits in a circle."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def read(self, keys: Keys) -> dict[Key, Counter]:
        """The counters as they are now; empty for a key never seen."""
        return _counters(keys, await READ.rows(self._connection, **_asked(keys)))

    async def hold(self, keys: Keys) -> dict[Key, Counter]:
        """The counters, held until this unit ends."""
        return _counters(keys, await HOLD.rows(self._connection, **_asked(keys), **_columns(EMPTY)))

    async def save(self, key: Key, value_index: bytes, counter: Counter) -> None:
        """Write back."""
        await SAVE.run(self._connection, key=key, value_index=value_index, **_columns(counter))


def _asked(keys: Keys) -> dict[str, object]:
    ordered = sorted(keys)
    return {"keys": [key.value for key in ordered], "indexes": [keys[key] for key in ordered]}


def _counters(keys: Keys, rows: list[Row]) -> dict[Key, Counter]:
    found = {Key(row["key"]): Counter(**{name: row[name] for name in COUNTER}) for row in rows}
    return {key: found.get(key, EMPTY) for key in sorted(keys)}


def _columns(counter: Counter) -> dict[str, object]:
    return {name: getattr(counter, name) for name in COUNTER}
