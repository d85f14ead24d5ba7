"""From which devices has somebody signed in? One row each."""

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import Text, bindparam, delete, insert, select, update

from app.core.ids import ClientId, DeviceId, PersonId
from app.mfa.known_device import KnownDevice
from app.storage.statement import Row, Statement, every
from app.storage.tables import known_devices

INSERT = Statement(insert(known_devices).values(every(known_devices)))
SELECT = Statement(select(known_devices).where(known_devices.c.id == bindparam("id")))
LOCK = Statement(select(known_devices).where(known_devices.c.id == bindparam("id")).with_for_update())
SAVE = Statement(
    update(known_devices)
    .where(known_devices.c.id == bindparam("this"))
    .values(every(known_devices, "token_index", "network", "used_at", "expires_at", "ended_at"))
)
OF_ONE = known_devices.c.person_id == bindparam("person_id")
LIVING = Statement(
    select(known_devices)
    .where(OF_ONE, known_devices.c.ended_at.is_(None), known_devices.c.expires_at > bindparam("now"))
    .order_by(known_devices.c.used_at.desc(), known_devices.c.id)
)
OLDEST = Statement(
    delete(known_devices).where(
        known_devices.c.id.in_(
            select(known_devices.c.id)
            .where(OF_ONE, known_devices.c.client_id.is_not_distinct_from(bindparam("client_id", type_=Text)))
            .order_by(known_devices.c.ended_at.is_(None).desc(), known_devices.c.used_at.desc())
            .offset(bindparam("most"))
        )
    )
)


class KnownDevices:
    """The known devices of subscribers, and of staff."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, device: KnownDevice) -> None:
        """A new one."""
        await INSERT.run(self._connection, **{name: getattr(device, name) for name in KnownDevice.__slots__})

    async def find(self, device_id: DeviceId) -> KnownDevice | None:
        """By id."""
        return _one(await SELECT.row(self._connection, id=device_id))

    async def lock(self, device_id: DeviceId) -> KnownDevice | None:
        """The device, held until this unit ends."""
        return _one(await LOCK.row(self._connection, id=device_id))

    async def save(self, device: KnownDevice) -> None:
        """Write the next token, or its end."""
        await SAVE.run(
            self._connection,
            this=device.id,
            token_index=device.token_index,
            network=device.network,
            used_at=device.used_at,
            expires_at=device.expires_at,
            ended_at=device.ended_at,
        )

    async def living(self, person_id: PersonId, now: datetime) -> list[KnownDevice]:
        """Those that are known now, the one used last first."""
        return [_device(row) for row in await LIVING.rows(self._connection, person_id=person_id, now=now)]

    async def keep_newest(self, person_id: PersonId, client_id: ClientId | None, most: int) -> None:
        """Forget all but so many of a person at a client."""
        await OLDEST.run(self._connection, person_id=person_id, client_id=client_id, most=most)


def _one(row: Row | None) -> KnownDevice | None:
    return None if row is None else _device(row)


def _device(row: Row) -> KnownDevice:
    client_id = None if row["client_id"] is None else ClientId(row["client_id"])
    names = {"id": DeviceId(row["id"]), "person_id": PersonId(row["person_id"]), "client_id": client_id}
    return KnownDevice(**{**row, **names})
