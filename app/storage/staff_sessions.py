"""Which members of staff are signing in or signed in? One row a sign-in, one a session."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import ARRAY, LargeBinary, any_, bindparam, insert, select, update

from app.core.ids import SessionId, StaffId
from app.staff.signin import Session, SignIn
from app.storage.statement import Row, Statement, every
from app.storage.tables import staff_sessions, staff_sign_ins

BEGIN = Statement(insert(staff_sign_ins).values(every(staff_sign_ins)))
FIND = Statement(select(staff_sign_ins).where(staff_sign_ins.c.id == bindparam("id")))
LOCK = Statement(select(staff_sign_ins).where(staff_sign_ins.c.id == bindparam("id")).with_for_update())
PROCEED = Statement(
    update(staff_sign_ins)
    .where(staff_sign_ins.c.id == bindparam("this"))
    .values(every(staff_sign_ins, "strikes", "password_at", "completed_at"))
)
OPEN = Statement(insert(staff_sessions).values(every(staff_sessions)))
BY_TOKEN = Statement(
    select(staff_sessions)
    .where(staff_sessions.c.token_index == any_(bindparam("indexes", type_=ARRAY(LargeBinary))))
    .with_for_update()
)
USE = Statement(
    update(staff_sessions).where(staff_sessions.c.id == bindparam("this")).values(every(staff_sessions, "used_at"))
)
ENDING = every(staff_sessions, "ended_at", "ended_reason")
END = Statement(update(staff_sessions).where(staff_sessions.c.id == bindparam("this")).values(ENDING))
END_ALL = Statement(
    update(staff_sessions)
    .where(staff_sessions.c.staff_id == bindparam("whose"), staff_sessions.c.ended_at.is_(None))
    .values(ENDING)
)


class StaffSessions:
    """Sign-ins and the sessions they opened."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def begin(self, sign_in: SignIn) -> None:
        """Keep a new sign-in."""
        await BEGIN.run(self._connection, **{name: getattr(sign_in, name) for name in SignIn.__slots__})

    async def find_sign_in(self, sign_in_id: str) -> SignIn | None:
        """The sign-in as it is now."""
        return _sign_in(await FIND.row(self._connection, id=sign_in_id))

    async def lock_sign_in(self, sign_in_id: str) -> SignIn | None:
        """The sign-in, held until this unit ends."""
        return _sign_in(await LOCK.row(self._connection, id=sign_in_id))

    async def proceed(self, sign_in: SignIn) -> None:
        """Write proofs and strikes back."""
        await PROCEED.run(
            self._connection,
            this=sign_in.id,
            strikes=sign_in.strikes,
            password_at=sign_in.password_at,
            completed_at=sign_in.completed_at,
        )

    async def open(self, session: Session, token_index: bytes) -> None:
        """Keep a new session, found by its token's keyed hash."""
        facts = {name: getattr(session, name) for name in Session.__slots__}
        await OPEN.run(self._connection, token_index=token_index, ended_reason=None, **facts)

    async def lock(self, indexes: Sequence[bytes]) -> Session | None:
        """The session of a token, by the keyed hashes it may have, held until this unit ends."""
        row = await BY_TOKEN.row(self._connection, indexes=list(indexes))
        return None if row is None else _session(row)

    async def use(self, session: Session, now: datetime) -> None:
        """Its idle time begins anew."""
        await USE.run(self._connection, this=session.id, used_at=now)

    async def end(self, session: Session, now: datetime, reason: str) -> None:
        """End one."""
        await END.run(self._connection, this=session.id, ended_at=now, ended_reason=reason)

    async def end_all(self, staff_id: StaffId, now: datetime, reason: str) -> int:
        """End every session of one person; how many there were."""
        return await END_ALL.run(self._connection, whose=staff_id, ended_at=now, ended_reason=reason)


def _sign_in(row: Row | None) -> SignIn | None:
    if row is None:
        return None
    return SignIn(**{**row, "staff_id": None if row["staff_id"] is None else StaffId(row["staff_id"])})


def _session(row: Row) -> Session:
    facts = {name: row[name] for name in Session.__slots__}
    return Session(**{**facts, "id": SessionId(row["id"]), "staff_id": StaffId(row["staff_id"])})
