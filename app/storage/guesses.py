"""How many failures lie on a key? Counters by keyed hash: what was typed is not kept."""

from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import ARRAY, LargeBinary, Text, bindparam, column, exists, func, select
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
IS_ASKED = (guesses.c.key == ASKED.c.key) & (guesses.c.value_index == ASKED.c.value_index)
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
# A row for each key asked, seen before or not: that it was not must cost the same (A28).
BLOCKS = Statement(select(ASKED.c.key, guesses.c.blocked_until).select_from(ASKED.outerjoin(guesses, IS_ASKED)))
IS_BLOCKED = exists().select_from(ASKED.join(guesses, IS_ASKED)).where(guesses.c.blocked_until > bindparam("now"))
"""Whether any of the keys asked is blocked, within another statement."""


class Guesses:
    """The counters of the guessing defence. All of a try are held at once, in the order of `Key`, so that none waits in a circle."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def blocks(self, keys: Keys) -> dict[Key, Counter]:
        """Of the counters as they are now what may block, and nothing else."""
        rows = await BLOCKS.rows(self._connection, **asked(keys))
        return {Key(row["key"]): Counter(blocked_until=row["blocked_until"]) for row in rows}

    async def hold(self, keys: Keys) -> dict[Key, Counter]:
        """The counters, held until this unit ends."""
        return _counters(keys, await HOLD.rows(self._connection, **asked(keys), **_columns(EMPTY)))

    async def save(self, key: Key, value_index: bytes, counter: Counter) -> None:
        """Write back."""
        await SAVE.run(self._connection, key=key, value_index=value_index, **_columns(counter))


def asked(keys: Keys) -> dict[str, object]:
    """The keys as parameters, in the order of their names."""
    ordered = sorted(keys)
    return {"keys": [key.value for key in ordered], "indexes": [keys[key] for key in ordered]}


def _counters(keys: Keys, rows: list[Row]) -> dict[Key, Counter]:
    found = {Key(row["key"]): Counter(**{name: row[name] for name in COUNTER}) for row in rows}
    return {key: found.get(key, EMPTY) for key in sorted(keys)}


def _columns(counter: Counter) -> dict[str, object]:
    return {name: getattr(counter, name) for name in COUNTER}
