"""Whose enrolled faces stand on the block list? A row for each person; it goes with their account, and with their consent."""

from collections.abc import Sequence
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import ARRAY, Text, any_, bindparam, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.core.ids import FaceId, PersonId, ProposalId
from app.core.paging import AFTER_ALL, Mark
from app.staff.listing import Ground, Listing
from app.storage.statement import Row, Statement, every
from app.storage.tables import face_descriptors, face_listings, face_references
from app.storage.tables.shape import MOMENT

THIS = face_listings.c.person_id == bindparam("this")
ADD = Statement(insert(face_listings).values(every(face_listings)).on_conflict_do_nothing())
FIND = Statement(select(face_listings).where(THIS))
END = Statement(delete(face_listings).where(THIS))
OF_LISTED = select(face_references.c.id).join(face_listings, face_listings.c.person_id == face_references.c.person_id)
FACES = Statement(OF_LISTED.join(face_descriptors).where(face_descriptors.c.model == bindparam("model")))
SIZE = Statement(select(func.count().label("found")).select_from(OF_LISTED.subquery()))
LISTED = Statement(
    select(face_listings.c.person_id).where(face_listings.c.person_id == any_(bindparam("persons", type_=ARRAY(Text))))
)
PLACE = tuple_(face_listings.c.listed_at, face_listings.c.person_id)
PAGE = Statement(
    select(face_listings)
    .where(tuple_(bindparam("at", type_=MOMENT), bindparam("id")) > PLACE)
    .order_by(face_listings.c.listed_at.desc(), face_listings.c.person_id.desc())
    .limit(bindparam("count"))
)


class FaceListings:
    """The block list."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, listing: Listing) -> bool:
        """Put a person's faces there; False: they stand there already."""
        given = {name: getattr(listing, name) for name in Listing.__slots__}
        return await ADD.run(self._connection, **given) == 1

    async def find(self, person_id: PersonId) -> Listing | None:
        """A person's place."""
        row = await FIND.row(self._connection, this=person_id)
        return None if row is None else _listing(row)

    async def end(self, person_id: PersonId) -> bool:
        """Take a person's faces off; False: they were not there."""
        return await END.run(self._connection, this=person_id) == 1

    async def faces(self, model: str) -> frozenset[FaceId]:
        """The listed faces that this model has described."""
        return frozenset(FaceId(row["id"]) for row in await FACES.rows(self._connection, model=model))

    async def size(self) -> int:
        """How many faces stand there, whichever model described them."""
        row = await SIZE.row(self._connection)
        return 0 if row is None else int(row["found"])

    async def listed(self, persons: Sequence[PersonId]) -> frozenset[PersonId]:
        """Which of them stand there at this moment."""
        rows = await LISTED.rows(self._connection, persons=list(persons))
        return frozenset(PersonId(row["person_id"]) for row in rows)

    async def page(self, after: Mark | None, count: int) -> tuple[Listing, ...]:
        """The newest, or those before a mark."""
        mark = after or AFTER_ALL
        return tuple(_listing(row) for row in await PAGE.rows(self._connection, at=mark.at, id=mark.id, count=count))


def _listing(row: Row) -> Listing:
    return Listing(PersonId(row["person_id"]), Ground(row["ground"]), ProposalId(row["proposal_id"]), row["listed_at"])
