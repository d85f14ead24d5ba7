"""Who is staff? One row a person, held while anything about them is decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from psycopg import AsyncConnection
from psycopg.errors import UniqueViolation
from sqlalchemy import ARRAY, LargeBinary, any_, bindparam, delete, func, insert, literal, select, update

from app.core.ids import StaffId
from app.staff.enrolment import LoginNameTaken, Member, State
from app.staff.roles import Role
from app.storage.statement import Row, Statement, every
from app.storage.tables import staff

FOUNDING: Final = 0x48756675
"""The advisory lock of the bootstrap: two at once would each find nobody."""
CHANGING = (
    "roles", "state", "enrolment_index", "enrolment_expires_at", "sealed_password", "sealed_seed", "last_step",
    "enrolled_at", "disabled_at",
)  # fmt: skip
INSERT = Statement(insert(staff).values(every(staff)))
SAVE = Statement(update(staff).where(staff.c.id == bindparam("this")).values(every(staff, *CHANGING)))
SELECT = Statement(select(staff).where(staff.c.id == bindparam("id")))
LOCK = Statement(select(staff).where(staff.c.id == bindparam("id")).with_for_update())
BY_NAME = Statement(select(staff).where(staff.c.login_name == bindparam("login_name")))
SIGNING_IN = Statement(
    select(staff.c.id).where(staff.c.login_name == bindparam("login_name"), staff.c.state == State.ACTIVE.value)
)
OF_CODE = select(staff).where(
    staff.c.enrolment_index == any_(bindparam("indexes", type_=ARRAY(LargeBinary))),
    staff.c.state == State.INVITED.value,
)
BY_CODE = Statement(OF_CODE)
LOCK_BY_CODE = Statement(OF_CODE.with_for_update())
OFFICERS = select(staff).where(literal(Role.SECURITY_OFFICER.value) == any_(staff.c.roles)).order_by(staff.c.id)
# In one order for everybody, so that none waits in a circle; who waited sees the rows as their rivals left them.
LOCK_OFFICERS = Statement(OFFICERS.where(staff.c.state == State.ACTIVE.value).with_for_update())
ALL_OFFICERS = Statement(OFFICERS)
ALL = Statement(select(staff).order_by(staff.c.login_name))
FORGET = Statement(
    delete(staff).where(staff.c.state == State.INVITED.value, staff.c.enrolment_expires_at <= bindparam("now"))
)
FOUND = Statement(select(func.pg_advisory_xact_lock(FOUNDING)))


class Staff:
    """The members of staff."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def found(self) -> None:
        """Be the only one who bootstraps until this unit ends."""
        await FOUND.rows(self._connection)

    async def add(self, member: Member) -> None:
        """Invite; raises LoginNameTaken."""
        row = {name: getattr(member, name) for name in Member.__slots__} | {"roles": sorted(member.roles)}
        try:
            await INSERT.run(self._connection, **row)
        except UniqueViolation as violation:
            if violation.diag.constraint_name != "staff_login_name_key":
                raise
            raise LoginNameTaken from None

    async def save(self, member: Member) -> None:
        """Write back what can change."""
        row = {name: getattr(member, name) for name in CHANGING} | {"roles": sorted(member.roles)}
        await SAVE.run(self._connection, this=member.id, **row)

    async def find(self, staff_id: str) -> Member | None:
        """By id."""
        return _one(await SELECT.row(self._connection, id=staff_id))

    async def lock(self, staff_id: str) -> Member | None:
        """By id, held until this unit ends: two codes of one seed queue here."""
        return _one(await LOCK.row(self._connection, id=staff_id))

    async def by_name(self, login_name: str) -> Member | None:
        """By login name."""
        return _one(await BY_NAME.row(self._connection, login_name=login_name))

    async def signing_in(self, login_name: str) -> StaffId | None:
        """Which active member signs in by this name; the id alone, for reading more than of nobody takes longer (A28)."""
        row = await SIGNING_IN.row(self._connection, login_name=login_name)
        return None if row is None else StaffId(row["id"])

    async def by_code(self, indexes: Sequence[bytes]) -> Member | None:
        """Whose invitation this code is, by the keyed hashes it may have."""
        return _one(await BY_CODE.row(self._connection, indexes=list(indexes)))

    async def lock_by_code(self, indexes: Sequence[bytes]) -> Member | None:
        """The same, held until this unit ends."""
        return _one(await LOCK_BY_CODE.row(self._connection, indexes=list(indexes)))

    async def officers(self) -> tuple[Member, ...]:
        """Every security officer, whatever their state."""
        return tuple(_member(row) for row in await ALL_OFFICERS.rows(self._connection))

    async def lock_officers(self) -> frozenset[StaffId]:
        """The active security officers, held until this unit ends: none leaves while their number is judged."""
        return frozenset(StaffId(row["id"]) for row in await LOCK_OFFICERS.rows(self._connection))

    async def all(self) -> tuple[Member, ...]:
        """Everybody, by login name."""
        return tuple(_member(row) for row in await ALL.rows(self._connection))

    async def forget_unanswered(self, now: datetime) -> None:
        """Invitations nobody answered in time, so that the login name is free again."""
        await FORGET.run(self._connection, now=now)


def _one(row: Row | None) -> Member | None:
    return None if row is None else _member(row)


def _member(row: Row) -> Member:
    roles = frozenset(Role(role) for role in row["roles"])
    return Member(**{**row, "id": StaffId(row["id"]), "roles": roles, "state": State(row["state"])})
