"""Who may enter the capture page, and who is on it? One row a code; the session it is swapped for is the same row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import ARRAY, LargeBinary, any_, bindparam, insert, select, update

from app.core.ids import CaptureId, ProofingId
from app.storage.statement import Row, Statement, every
from app.storage.tables import captures
from app.verification.capture import Capture

INSERT = Statement(insert(captures).values(every(captures)))
INDEXES = any_(bindparam("indexes", type_=ARRAY(LargeBinary)))
BY_CODE = Statement(select(captures).where(captures.c.code_index == INDEXES))
BY_TOKEN = Statement(select(captures).where(captures.c.token_index == INDEXES).with_for_update())
FIND = Statement(select(captures).where(captures.c.id == bindparam("id")))
LOCK = Statement(select(captures).where(captures.c.id == bindparam("id")).with_for_update())
ENTER = Statement(
    update(captures)
    .where(captures.c.id == bindparam("this"))
    .values(every(captures, "token_index", "entered_at", "used_at", "expires_at"))
)
USE = Statement(update(captures).where(captures.c.id == bindparam("this")).values(every(captures, "used_at")))
END = Statement(update(captures).where(captures.c.id == bindparam("this")).values(every(captures, "ended_at")))
END_OTHERS = Statement(
    update(captures)
    .where(
        captures.c.proofing_id == bindparam("whose"),
        captures.c.id != bindparam("this"),
        captures.c.entered_at.is_not(None),
        captures.c.ended_at.is_(None),
    )
    .values(every(captures, "ended_at"))
)


class Captures:
    """Codes and the sessions they were swapped for."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, capture: Capture, code_index: bytes) -> None:
        """A new code, found by its keyed hash."""
        facts = {name: getattr(capture, name) for name in Capture.__slots__}
        await INSERT.run(self._connection, code_index=code_index, token_index=None, **facts)

    async def find(self, indexes: Sequence[bytes]) -> Capture | None:
        """That of a code, by the keyed hashes it may have."""
        return _capture(await BY_CODE.row(self._connection, indexes=list(indexes)))

    async def by_id(self, capture_id: CaptureId) -> Capture | None:
        """By its name."""
        return _capture(await FIND.row(self._connection, id=capture_id))

    async def lock(self, capture_id: CaptureId) -> Capture | None:
        """By its name, held until this unit ends."""
        return _capture(await LOCK.row(self._connection, id=capture_id))

    async def lock_session(self, indexes: Sequence[bytes]) -> Capture | None:
        """That of a cookie, by the keyed hashes it may have, held until this unit ends."""
        return _capture(await BY_TOKEN.row(self._connection, indexes=list(indexes)))

    async def enter(self, capture: Capture, token_index: bytes) -> None:
        """Its code is spent, its session found by this token from now on."""
        await ENTER.run(
            self._connection,
            this=capture.id,
            token_index=token_index,
            entered_at=capture.entered_at,
            used_at=capture.used_at,
            expires_at=capture.expires_at,
        )

    async def use(self, capture: Capture, now: datetime) -> None:
        """Its idle time begins anew."""
        await USE.run(self._connection, this=capture.id, used_at=now)

    async def end(self, capture: Capture, now: datetime) -> None:
        """End it."""
        await END.run(self._connection, this=capture.id, ended_at=now)

    async def end_others(self, capture: Capture, now: datetime) -> int:
        """End every other session of its proofing, whose row is held; how many there were."""
        return await END_OTHERS.run(self._connection, whose=capture.proofing_id, this=capture.id, ended_at=now)


def _capture(row: Row | None) -> Capture | None:
    if row is None:
        return None
    facts = {name: row[name] for name in Capture.__slots__}
    return Capture(**{**facts, "id": CaptureId(row["id"]), "proofing_id": ProofingId(row["proofing_id"])})
