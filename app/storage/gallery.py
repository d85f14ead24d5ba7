"""Whose enrolled faces may be learned from? One photograph each of those who agreed to all that it takes."""

from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import ARRAY, Text, and_, any_, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.core.ids import FaceId, PersonId
from app.storage.face_blocks import Searchable
from app.storage.statement import Statement
from app.storage.subscribers import AccountState
from app.storage.tables import consents, face_descriptors, face_references, persons, subscribers
from app.verification.consents import Purpose

NEEDED = (Purpose.FACE, Purpose.FACE_ENROLMENT, Purpose.FACE_FIT)
"""To have a face looked at, kept, and learned from: three consents (R97)."""
ANSWERED = (
    select(func.count(consents.c.purpose.distinct()))
    .where(
        consents.c.person_id == subscribers.c.id,
        consents.c.given,
        consents.c.withdrawn_at.is_(None),
        consents.c.purpose == any_(bindparam("needed", type_=ARRAY(Text))),
    )
    .scalar_subquery()
)
"""A no marks every yes before it as withdrawn, so what is not withdrawn stands."""
AGREED = and_(subscribers.c.state == bindparam("active"), literal(len(NEEDED)) == ANSWERED)
NEXT = Statement(
    select(
        face_references.c.id,
        face_references.c.person_id,
        face_descriptors.c.sealed_descriptor,
        persons.c.wrapped_key,
    )
    .ext(distinct_on(face_references.c.person_id))
    .join(face_descriptors)
    .join(persons, persons.c.id == face_references.c.person_id)
    .join(subscribers, subscribers.c.id == face_references.c.person_id)
    .where(face_references.c.person_id > bindparam("after"), face_descriptors.c.model == bindparam("model"), AGREED)
    .order_by(face_references.c.person_id, face_references.c.slot)
    .limit(bindparam("many"))
)
STILL = Statement(
    select(face_references.c.person_id)
    .distinct()
    .join(subscribers, subscribers.c.id == face_references.c.person_id)
    .where(face_references.c.person_id == any_(bindparam("persons", type_=ARRAY(Text))), AGREED)
)


class Gallery:
    """The enrolled faces as a population."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def next(self, model: str, after: str, many: int) -> tuple[Searchable, ...]:
        """The next persons by id, each once: the first photograph of theirs that this model has described."""
        rows = await NEXT.rows(self._connection, model=model, after=after, many=many, **_given())
        return tuple(
            Searchable(FaceId(r["id"]), PersonId(r["person_id"]), r["sealed_descriptor"], r["wrapped_key"])
            for r in rows
        )

    async def still(self, persons: Sequence[PersonId]) -> frozenset[PersonId]:
        """Which of them may be learned from at this moment."""
        rows = await STILL.rows(self._connection, persons=list(persons), **_given())
        return frozenset(PersonId(row["person_id"]) for row in rows)


def _given() -> dict[str, object]:
    return {"active": AccountState.ACTIVE.value, "needed": [each.value for each in NEEDED]}
