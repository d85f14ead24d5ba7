"""Which code by SMS was sent for a log-in? One row each, in place of the one before."""

from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from app.core.ids import LoginId
from app.mfa.sms import SmsCode
from app.storage.statement import Statement, every
from app.storage.tables import sms_codes

PUT = insert(sms_codes).values(every(sms_codes))
REPLACE = Statement(
    PUT.on_conflict_do_update(
        index_elements=["login_id"],
        set_={name: PUT.excluded[name] for name in SmsCode.__slots__ if name != "login_id"},
    )
)
LOCK = Statement(select(sms_codes).where(sms_codes.c.login_id == bindparam("login_id")).with_for_update())


class SmsCodes:
    """The codes under proof. Whoever asks holds the log-in's row already: none can be added beside it."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def put(self, code: SmsCode) -> None:
        """Store, in place of what was there."""
        await REPLACE.run(self._connection, **{name: getattr(code, name) for name in SmsCode.__slots__})

    async def lock(self, login_id: LoginId) -> SmsCode | None:
        """The newest code, held until this unit ends."""
        row = await LOCK.row(self._connection, login_id=login_id)
        return SmsCode(**row) if row else None
