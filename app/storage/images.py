"""Where are the pictures? In sealed rows beside their facts; clear pixels never rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import (
    ARRAY,
    Integer,
    LargeBinary,
    all_,
    any_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from app.core.ids import ImageId, PersonId, ProofingId
from app.storage.statement import Statement, every
from app.storage.tables import images, proofings
from app.storage.tables.proofing import LIKENESS_INDEXES
from app.verification.documents.authenticity.bands import BANDS_TO_MEET

BANDS = tuple(images.c[name] for name in LIKENESS_INDEXES)
LIKENESS = frozenset({"sealed_likeness", *LIKENESS_INDEXES})
PRESENTED = tuple(c for c in images.columns if c.name not in LIKENESS)
"""What is known of a picture before it is examined."""
PUT = insert(images).values(every(images, *(c.name for c in PRESENTED)))
REPLACE = Statement(
    PUT.on_conflict_do_update(
        constraint="images_proofing_id_kind_key",
        # What was measured of the earlier picture goes with it.
        set_={
            c.name: null() if c.name in LIKENESS else PUT.excluded[c.name]
            for c in images.columns
            if c.name not in {"proofing_id", "kind", "person_id"}
        },
    )
)
OF_PROOFING = Statement(select(*PRESENTED).where(images.c.proofing_id == bindparam("proofing_id")))
ONE = Statement(
    select(*PRESENTED).where(images.c.proofing_id == bindparam("proofing_id"), images.c.kind == bindparam("kind"))
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
KEEP_LIKENESS = Statement(update(images).where(images.c.id == bindparam("this")).values(every(images, *LIKENESS)))
PROBES = bindparam("probes", type_=ARRAY(LargeBinary))
MET = reduce(add, (cast(column == any_(PROBES), Integer) for column in BANDS))
LIKE_ELSEWHERE = Statement(
    select(images.c.id, images.c.person_id, images.c.sealed_likeness.label("sealed"))
    .select_from(images.join(proofings, proofings.c.id == images.c.proofing_id))
    .where(
        or_(*(column == any_(PROBES) for column in BANDS)),  # each by its own index
        MET >= BANDS_TO_MEET,
        images.c.person_id != bindparam("person_id"),
        # Whoever is proofed again shows the same card; under a number of their own it is another's.
        func.coalesce(proofings.c.number_index != all_(bindparam("own_numbers", type_=ARRAY(LargeBinary))), true()),
    )
    .order_by(MET.desc(), images.c.id)
    .limit(bindparam("most"))
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


@dataclass(frozen=True, slots=True)
class SealedLikeness:
    """What rests of a portrait's hash: the whole sealed under its person's key, its parts as keyed hashes."""

    sealed: bytes
    indexes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture whose portrait may be nearly the one looked for; sealed, it tells only once it is opened."""

    id: ImageId
    person_id: PersonId
    sealed: bytes


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

    async def keep_likeness(self, image_id: ImageId, likeness: SealedLikeness) -> None:
        """With the picture it is of, for as long as that is there."""
        indexes = dict(zip(LIKENESS_INDEXES, likeness.indexes, strict=True))
        await KEEP_LIKENESS.run(self._connection, this=image_id, sealed_likeness=likeness.sealed, **indexes)

    async def like_elsewhere(
        self, person_id: PersonId, probes: Sequence[bytes], own_numbers: Sequence[bytes], *, most: int
    ) -> tuple[Candidate, ...]:
        """Pictures in others' proofings with enough of these keyed hashes, the likeliest first; none of whoever has this number."""
        rows = await LIKE_ELSEWHERE.rows(
            self._connection, person_id=person_id, probes=list(probes), own_numbers=list(own_numbers), most=most
        )
        return tuple(Candidate(**row) for row in rows)

    async def remove(self, proofing_id: ProofingId, kind: str) -> bool:
        """Delete one; whether it was there."""
        return await DELETE_KIND.run(self._connection, proofing_id=proofing_id, kind=kind) > 0

    async def remove_all(self, proofing_id: ProofingId) -> None:
        """Delete all of a proofing."""
        await DELETE.run(self._connection, proofing_id=proofing_id)
