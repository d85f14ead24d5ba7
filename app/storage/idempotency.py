"""Which requests were already taken, by the key their caller gave them? One row each, made by whoever comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import ARRAY, LargeBinary, any_, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from app.storage.statement import Statement, every
from app.storage.tables import idempotency_keys
from app.storage.tables.shape import MOMENT

FIND = Statement(
    select(idempotency_keys).where(
        idempotency_keys.c.key_index == any_(bindparam("indexes", type_=ARRAY(LargeBinary))),
        idempotency_keys.c.expires_at > bindparam("now"),
    )
)
NEW = insert(idempotency_keys).values(every(idempotency_keys))
CLAIM = Statement(
    NEW.on_conflict_do_update(
        index_elements=["key_index"],
        set_={c.name: NEW.excluded[c.name] for c in idempotency_keys.columns if c.name != "key_index"},
        where=idempotency_keys.c.expires_at <= bindparam("now", type_=MOMENT),
    )
)
ANSWER = Statement(
    update(idempotency_keys)
    .where(idempotency_keys.c.key_index == bindparam("this"))
    .values(every(idempotency_keys, "answered_at", "resource", "sealed_answer"))
)
RELEASE = Statement(delete(idempotency_keys).where(idempotency_keys.c.key_index == bindparam("this")))


@dataclass(frozen=True, slots=True)
class TakenRequest:
    """A request that was taken, and what is kept of its answer."""

    key_index: bytes
    fingerprint: bytes
    resource: str
    sealed_answer: bytes | None
    begun_at: datetime
    answered_at: datetime | None
    expires_at: datetime


class Idempotency:
    """The requests taken."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def find(self, indexes: Sequence[bytes], now: datetime) -> TakenRequest | None:
        """The request of this key, unless its time is over."""
        row = await FIND.row(self._connection, indexes=list(indexes), now=now)
        return None if row is None else TakenRequest(**row)

    async def claim(self, request: TakenRequest) -> bool:
        """Take it, unless it is taken: of two at once the second waits here for the first's commit, and gets False."""
        columns = {name: getattr(request, name) for name in request.__slots__}
        return await CLAIM.run(self._connection, now=request.begun_at, **columns) == 1

    async def answered(self, key_index: bytes, at: datetime, resource: str, sealed_answer: bytes | None) -> None:
        """Keep what was answered; None where it may not be told again."""
        await ANSWER.run(
            self._connection, this=key_index, answered_at=at, resource=resource, sealed_answer=sealed_answer
        )

    async def release(self, key_index: bytes) -> None:
        """Forget it: nothing was done."""
        await RELEASE.run(self._connection, this=key_index)
