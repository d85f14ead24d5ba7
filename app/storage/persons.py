"""Which key protects whose data? One wrapped key per person; destroying it erases what it sealed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, insert, select

from app.core.ids import PersonId
from app.storage.statement import Statement, every
from app.storage.tables import persons

INSERT = Statement(insert(persons).values(every(persons)))
SELECT = Statement(select(persons).where(persons.c.id == bindparam("id")))


@dataclass(frozen=True, slots=True)
class WrappedPersonKey:
    """A person's key as it rests: wrapped by a data key, whose version the wrapping names."""

    person_id: PersonId
    wrapped: bytes


class Persons:
    """Natural persons, known here by pseudonym and key alone."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, key: WrappedPersonKey, created_at: datetime) -> None:
        """A new person."""
        await INSERT.run(self._connection, id=key.person_id, wrapped_key=key.wrapped, created_at=created_at)

    async def key(self, person_id: PersonId) -> WrappedPersonKey:
        """The person's key; a missing person is a bug and raises LookupError."""
        row = await SELECT.row(self._connection, id=person_id)
        if row is None:
            raise LookupError(person_id)
        return WrappedPersonKey(PersonId(row["id"]), row["wrapped_key"])
