"""How often was a face refused lately, by R91's counters, and to whom? By keyed hash and hour: nobody is named, and nothing rests long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection
from sqlalchemy import ARRAY, Integer, LargeBinary, Text, bindparam, column, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from app.storage.statement import Statement
from app.storage.tables import face_counts
from app.storage.tables.shape import MOMENT

REACHED: Final = (1, 3, 10)
"""Three tries belong to a submission, nine to a whole proofing (R115): from the tenth on it is more than one case."""
CARRIERS = (
    func.unnest(bindparam("counted_on", type_=ARRAY(Text)), bindparam("indexes", type_=ARRAY(LargeBinary)))
    .table_valued(column("counted_on", Text), column("carrier_index", LargeBinary), with_ordinality="place")
    .render_derived(name="carriers")
)
FIRST = insert(face_counts).from_select(
    ["counted_on", "carrier_index", "counter", "hour", "refusals"],
    # In one order by everybody, so that none waits for another in a circle.
    select(
        CARRIERS.c.counted_on,
        CARRIERS.c.carrier_index,
        bindparam("counter", type_=Text),
        bindparam("hour", type_=MOMENT),
        literal(1, Integer),
    ).order_by(CARRIERS.c.place),
)
COUNT = Statement(
    FIRST.on_conflict_do_update(
        index_elements=["counted_on", "carrier_index", "counter", "hour"],
        set_={"refusals": face_counts.c.refusals + 1},
    )
)
HAD = (
    select(face_counts.c.counted_on, face_counts.c.counter, func.sum(face_counts.c.refusals).label("had"))
    .where(face_counts.c.hour > bindparam("since", type_=MOMENT))
    .group_by(face_counts.c.counted_on, face_counts.c.counter, face_counts.c.carrier_index)
    .subquery()
)
LATELY = Statement(
    select(
        HAD.c.counted_on,
        HAD.c.counter,
        func.sum(HAD.c.had).label("refusals"),
        *(func.count().filter(HAD.c.had >= most).label(f"reached_{most}") for most in REACHED),
    ).group_by(HAD.c.counted_on, HAD.c.counter)
)


@dataclass(frozen=True, slots=True)
class Counted:
    """One counter on one kind of carrier: a person, a device or a network."""

    counted_on: str
    counter: str
    refusals: int
    reached: Mapping[int, int]
    """How many of the carriers had at least so many."""


class FaceCounts:
    """Refusals of faces."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, carriers: Mapping[str, bytes], counter: str, at: datetime) -> None:
        """One more, on each of them."""
        hour = at.replace(minute=0, second=0, microsecond=0)
        ordered = sorted(carriers.items())
        named, indexes = [name for name, _ in ordered], [index for _, index in ordered]
        await COUNT.run(self._connection, counted_on=named, indexes=indexes, counter=counter, hour=hour)

    async def lately(self, since: datetime) -> tuple[Counted, ...]:
        """Those of the hours that began after then."""
        rows = await LATELY.rows(self._connection, since=since)
        return tuple(
            Counted(
                row["counted_on"],
                row["counter"],
                int(row["refusals"]),
                {most: int(row[f"reached_{most}"]) for most in REACHED},
            )
            for row in rows
        )
