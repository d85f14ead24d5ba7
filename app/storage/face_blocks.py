"""Which enrolled faces may be searched among? Those whose owners agreed to it, found by the keyed hash of sex and year."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import ARRAY, LargeBinary, Text, any_, bindparam, func, select, update

from app.core.ids import FaceId, PersonId
from app.storage.statement import Statement
from app.storage.tables import face_descriptors, face_references, persons

PLACE = Statement(
    update(face_references)
    .where(face_references.c.person_id == bindparam("of"))
    .values(block_index=bindparam("block_index", type_=LargeBinary))
)
IN_BLOCK = Statement(
    select(face_references.c.id)
    .join(face_descriptors)
    .where(
        face_references.c.block_index == any_(bindparam("indexes", type_=ARRAY(LargeBinary))),
        face_descriptors.c.model == bindparam("model"),
    )
)
BLOCK_SIZE = Statement(
    select(func.count().label("found")).where(
        face_references.c.block_index == any_(bindparam("indexes", type_=ARRAY(LargeBinary)))
    )
)
TO_SEARCH = Statement(
    select(
        face_references.c.id,
        face_references.c.person_id,
        face_descriptors.c.sealed_descriptor,
        persons.c.wrapped_key,
    )
    .join(face_descriptors)
    .join(persons, persons.c.id == face_references.c.person_id)
    .where(
        face_references.c.id == any_(bindparam("ids", type_=ARRAY(Text))),
        face_descriptors.c.model == bindparam("model"),
    )
)
SEARCHED = Statement(
    select(face_references.c.person_id)
    .distinct()
    .where(
        face_references.c.person_id == any_(bindparam("persons", type_=ARRAY(Text))),
        face_references.c.block_index.is_not(None),
    )
)


@dataclass(frozen=True, slots=True)
class Searchable:
    """A descriptor of who agreed to be searched among, and their key, both as they rest."""

    reference_id: FaceId
    person_id: PersonId
    sealed: bytes
    wrapped_key: bytes


class FaceBlocks:
    """The blocks that are searched."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def place(self, person_id: PersonId, block_index: bytes | None) -> None:
        """Let a person's faces be searched for in this block; None: in none."""
        await PLACE.run(self._connection, of=person_id, block_index=block_index)

    async def in_block(self, indexes: Sequence[bytes], model: str) -> frozenset[FaceId]:
        """Which faces stand there, by the keyed hashes the block may have, and were described by this model."""
        rows = await IN_BLOCK.rows(self._connection, indexes=list(indexes), model=model)
        return frozenset(FaceId(row["id"]) for row in rows)

    async def block_size(self, indexes: Sequence[bytes]) -> int:
        """How many faces stand there, whichever model described them: ten times cheaper than which."""
        row = await BLOCK_SIZE.row(self._connection, indexes=list(indexes))
        return 0 if row is None else int(row["found"])

    async def to_search(self, ids: Sequence[FaceId], model: str) -> tuple[Searchable, ...]:
        """What this model made of them."""
        rows = await TO_SEARCH.rows(self._connection, ids=list(ids), model=model)
        return tuple(
            Searchable(FaceId(r["id"]), PersonId(r["person_id"]), r["sealed_descriptor"], r["wrapped_key"])
            for r in rows
        )

    async def searched(self, persons: Sequence[PersonId]) -> frozenset[PersonId]:
        """Which of them may be found at this moment."""
        rows = await SEARCHED.rows(self._connection, persons=list(persons))
        return frozenset(PersonId(row["person_id"]) for row in rows)
