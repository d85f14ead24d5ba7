"""Where do enrolled faces rest? In sealed rows under their person's key; what was compared stands beside them, by model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import LargeBinary, Text, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.core.ids import ClientId, ComparisonId, FaceId, PersonId
from app.storage.statement import Row, Statement, every
from app.storage.tables import face_compared, face_comparisons, face_descriptors, face_references
from app.storage.tables.shape import MOMENT
from app.verification.faces.reference import Reference, Source

INSERT = Statement(insert(face_references).values(every(face_references)))
DESCRIBE = Statement(
    insert(face_descriptors)
    .from_select(
        ["reference_id", "model", "sealed_descriptor", "made_at"],
        select(
            face_references.c.id,
            bindparam("model", type_=Text),
            bindparam("sealed_descriptor", type_=LargeBinary),
            bindparam("made_at", type_=MOMENT),
        ).where(face_references.c.id == bindparam("reference_id", type_=Text)),
    )
    .on_conflict_do_nothing()
)
LEAVE = Statement(
    delete(face_references).where(
        face_references.c.person_id == bindparam("person_id"), face_references.c.slot == bindparam("slot")
    )
)
FORGET = Statement(delete(face_references).where(face_references.c.person_id == bindparam("person_id")))
MODELS = (
    select(func.array_agg(face_descriptors.c.model))
    .where(face_descriptors.c.reference_id == face_references.c.id)
    .scalar_subquery()
)
SHOWN = [c for c in face_references.columns if c.name not in {"sealed_image", "block_index"}]
OF_PERSON = Statement(
    select(*SHOWN, MODELS.label("models"))
    .where(face_references.c.person_id == bindparam("person_id"))
    .order_by(face_references.c.slot)
)
DESCRIBED = Statement(
    select(face_references.c.id, face_descriptors.c.sealed_descriptor)
    .join(face_descriptors)
    .where(face_references.c.person_id == bindparam("person_id"), face_descriptors.c.model == bindparam("model"))
    .order_by(face_references.c.slot)
)
COMPARED = Statement(insert(face_comparisons).values(every(face_comparisons)))
WITH = Statement(
    insert(face_compared).from_select(
        ["comparison_id", "reference_id", "model"],
        select(
            bindparam("comparison_id", type_=Text),
            func.unnest(bindparam("references", type_=ARRAY(Text))),
            bindparam("model", type_=Text),
        ),
    )
)
UNDESCRIBED = Statement(
    select(face_references.c.id, face_references.c.person_id, face_references.c.slot, face_references.c.sealed_image)
    .where(
        face_references.c.id > bindparam("after"),
        ~select(face_descriptors)
        .where(face_descriptors.c.reference_id == face_references.c.id, face_descriptors.c.model == bindparam("model"))
        .exists(),
    )
    .order_by(face_references.c.id)
    .limit(bindparam("many"))
)
COVERAGE = Statement(
    select(
        face_descriptors.c.model,
        func.count().label("faces"),
        func.count(face_references.c.person_id.distinct()).label("persons"),
    )
    .join(face_references)
    .group_by(face_descriptors.c.model)
    .order_by(face_descriptors.c.model)
)
TOTAL = Statement(
    select(
        func.count().label("faces"), func.count(face_references.c.person_id.distinct()).label("persons")
    ).select_from(face_references)
)
OUTDATED = Statement(
    delete(face_descriptors).where(
        face_descriptors.c.model != bindparam("model"),
        face_descriptors.c.reference_id.in_(
            select(face_descriptors.c.reference_id).where(face_descriptors.c.model == bindparam("model"))
        ),
    )
)


@dataclass(frozen=True, slots=True)
class SealedFace:
    """A photograph as it is enrolled, sealed under its person's key, and what one model made of it."""

    reference: Reference
    sealed_image: bytes
    model: str
    sealed_descriptor: bytes


@dataclass(frozen=True, slots=True)
class SealedDescriptor:
    """What a model made of one enrolled photograph."""

    reference_id: FaceId
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Undescribed:
    """An enrolled photograph that a model has yet to see."""

    reference_id: FaceId
    person_id: PersonId
    slot: int
    sealed_image: bytes


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison as it is kept: its score, and all that a score never travels without (R92)."""

    id: ComparisonId
    person_id: PersonId
    client_id: ClientId
    model: str
    score: float
    threshold: float
    calibration: str
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many photographs of how many persons."""

    faces: int
    persons: int


class Faces:
    """The enrolled faces."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def put(self, face: SealedFace) -> None:
        """Enrol, in place of what stood in this slot."""
        reference = face.reference
        await LEAVE.run(self._connection, person_id=reference.person_id, slot=reference.slot)
        await INSERT.run(
            self._connection,
            id=reference.id,
            person_id=reference.person_id,
            slot=reference.slot,
            source=reference.source,
            sealed_image=face.sealed_image,
            quality=dict(reference.quality),
            block_index=None,
            taken_at=reference.taken_at,
        )
        await self.describe(reference.id, face.model, face.sealed_descriptor, reference.taken_at)

    async def describe(self, reference_id: FaceId, model: str, sealed: bytes, now: datetime) -> bool:
        """What a model made of a photograph; False: it is gone, or was described by that model before."""
        made = {"reference_id": reference_id, "model": model, "sealed_descriptor": sealed, "made_at": now}
        return await DESCRIBE.run(self._connection, **made) == 1

    async def of(self, person_id: PersonId) -> tuple[Reference, ...]:
        """A person's photographs by slot, without the pictures."""
        return tuple(_reference(row) for row in await OF_PERSON.rows(self._connection, person_id=person_id))

    async def descriptors(self, person_id: PersonId, model: str) -> tuple[SealedDescriptor, ...]:
        """What this model and no other made of a person's photographs."""
        rows = await DESCRIBED.rows(self._connection, person_id=person_id, model=model)
        return tuple(SealedDescriptor(FaceId(row["id"]), row["sealed_descriptor"]) for row in rows)

    async def compared(self, comparison: Compared, references: Sequence[FaceId]) -> None:
        """Keep a comparison; raises ForeignKeyViolation where a photograph is gone, or not described by this model."""
        given = {name: getattr(comparison, name) for name in Compared.__slots__}
        await COMPARED.run(self._connection, **given)
        named = {"comparison_id": comparison.id, "model": comparison.model}
        await WITH.run(self._connection, references=list(references), **named)

    async def forget(self, person_id: PersonId) -> int:
        """Take every photograph and descriptor of a person away; how many photographs."""
        return await FORGET.run(self._connection, person_id=person_id)

    async def undescribed(self, model: str, after: str, many: int) -> tuple[Undescribed, ...]:
        """The next photographs that this model has yet to see."""
        rows = await UNDESCRIBED.rows(self._connection, model=model, after=after, many=many)
        return tuple(
            Undescribed(FaceId(row["id"]), PersonId(row["person_id"]), row["slot"], row["sealed_image"]) for row in rows
        )

    async def coverage(self) -> tuple[Coverage, dict[str, Coverage]]:
        """How much there is, and how much of it each model has described."""
        rows = await COVERAGE.rows(self._connection)
        by_model = {row["model"]: Coverage(row["faces"], row["persons"]) for row in rows}
        return await self.total(), by_model

    async def total(self) -> Coverage:
        """How much there is, by whichever model; reads every row's key, so not for each request."""
        total = await TOTAL.row(self._connection) or {"faces": 0, "persons": 0}
        return Coverage(total["faces"], total["persons"])

    async def drop_other_models(self, model: str) -> int:
        """Take away what other models made of photographs that this one has described; how many descriptors."""
        return await OUTDATED.run(self._connection, model=model)


def _reference(row: Row) -> Reference:
    return Reference(
        FaceId(row["id"]),
        PersonId(row["person_id"]),
        row["slot"],
        Source(row["source"]),
        row["quality"],
        row["taken_at"],
        tuple(sorted(row["models"] or ())),
    )
