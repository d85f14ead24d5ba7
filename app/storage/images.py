"""Where are the pictures? In sealed rows beside their facts; clear pixels never rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import ARRAY, LargeBinary, any_, bindparam, delete, exists, select
from sqlalchemy.dialects.postgresql import insert

from app.core.ids import ImageId, PersonId, ProofingId
from app.storage.statement import Statement, every
from app.storage.tables import images

PUT = insert(images).values(every(images))
REPLACE = Statement(
    PUT.on_conflict_do_update(
        constraint="images_proofing_id_kind_key",
        set_={
            c.name: PUT.excluded[c.name] for c in images.columns if c.name not in {"proofing_id", "kind", "person_id"}
        },
    )
)
OF_PROOFING = Statement(select(images).where(images.c.proofing_id == bindparam("proofing_id")))
ONE = Statement(
    select(images).where(images.c.proofing_id == bindparam("proofing_id"), images.c.kind == bindparam("kind"))
)
KINDS = Statement(select(images.c.kind).where(images.c.proofing_id == bindparam("proofing_id")))
SEEN_ELSEWHERE = Statement(
    select(
        exists()
        .where(
            images.c.sha256_index == any_(bindparam("indexes", type_=ARRAY(LargeBinary))),
            images.c.person_id != bindparam("person_id"),
        )
        .label("found")
    )
)
DELETE_KIND = Statement(
    delete(images).where(images.c.proofing_id == bindparam("proofing_id"), images.c.kind == bindparam("kind"))
)
DELETE = Statement(delete(images).where(images.c.proofing_id == bindparam("proofing_id")))


@dataclass(frozen=True, slots=True)
class SealedImage:
    """A picture as it rests, sealed under its person's key."""

    id: ImageId
    proofing_id: ProofingId
    person_id: PersonId
    kind: str
    sealed: bytes
    sha256_index: bytes
    format: str
    width: int
    height: int
    software: str | None
    at: datetime


class Images:
    """Pictures of proofings, one of each kind."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def put(self, image: SealedImage) -> None:
        """Store, in place of an earlier one of this kind."""
        await REPLACE.run(self._connection, **{name: getattr(image, name) for name in image.__slots__})

    async def kinds(self, proofing_id: ProofingId) -> tuple[str, ...]:
        """Which kinds are there."""
        return tuple(row["kind"] for row in await KINDS.rows(self._connection, proofing_id=proofing_id))

    async def of(self, proofing_id: ProofingId) -> tuple[SealedImage, ...]:
        """All of them, still sealed."""
        return tuple(SealedImage(**row) for row in await OF_PROOFING.rows(self._connection, proofing_id=proofing_id))

    async def one(self, proofing_id: ProofingId, kind: str) -> SealedImage | None:
        """The one of a kind, still sealed."""
        row = await ONE.row(self._connection, proofing_id=proofing_id, kind=kind)
        return None if row is None else SealedImage(**row)

    async def seen_elsewhere(self, person_id: PersonId, indexes: Sequence[bytes]) -> bool:
        """Whether a picture of these keyed hashes lies in another person's proofing."""
        row = await SEEN_ELSEWHERE.row(self._connection, person_id=person_id, indexes=list(indexes))
        return row is not None and bool(row["found"])

    async def remove(self, proofing_id: ProofingId, kind: str) -> None:
        """Delete one."""
        await DELETE_KIND.run(self._connection, proofing_id=proofing_id, kind=kind)

    async def remove_all(self, proofing_id: ProofingId) -> None:
        """Delete all of a proofing."""
        await DELETE.run(self._connection, proofing_id=proofing_id)
