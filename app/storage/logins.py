"""Which log-ins are under way? One row each, held while a proof is judged."""

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, insert, select, update

from app.core.acr import Acr
from app.core.ids import ClientId, DeviceId, LoginId, PersonId
from app.mfa.login import Factor, Login, Proof
from app.storage.statement import Row, Statement, every
from app.storage.tables import logins

INSERT = Statement(insert(logins).values(every(logins)))
SELECT = Statement(select(logins).where(logins.c.id == bindparam("id")))
LOCK = Statement(select(logins).where(logins.c.id == bindparam("id")).with_for_update())
SAVE = Statement(
    update(logins).where(logins.c.id == bindparam("this")).values(every(logins, "proofs", "strikes", "completed_at"))
)


class Logins:
    """The log-ins."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, login: Login) -> None:
        """Begin."""
        await INSERT.run(
            self._connection,
            id=login.id,
            client_id=login.client_id,
            identifier_hash=login.identifier_hash,
            person_id=login.person_id,
            code_challenge=login.code_challenge,
            scopes=sorted(login.scopes),
            resources=list(login.resources),
            acr_required=login.acr_required,
            device_id=login.device_id,
            created_at=login.created_at,
            expires_at=login.expires_at,
            **_progress(login),
        )

    async def find(self, login_id: str) -> Login | None:
        """The log-in as it is now."""
        return _login(await SELECT.row(self._connection, id=login_id))

    async def lock(self, login_id: str) -> Login | None:
        """The log-in, held until this unit ends: two requests with one code queue here, the second finds it spent."""
        return _login(await LOCK.row(self._connection, id=login_id))

    async def save(self, login: Login) -> None:
        """Write proofs, strikes and completion back."""
        await SAVE.run(self._connection, this=login.id, **_progress(login))


def _progress(login: Login) -> dict[str, object]:
    return {
        "proofs": [{"factor": proof.factor, "at": proof.at.isoformat()} for proof in login.proofs],
        "strikes": login.strikes,
        "completed_at": login.completed_at,
    }


def _login(row: Row | None) -> Login | None:
    if row is None:
        return None
    proofs = tuple(Proof(Factor(proof["factor"]), datetime.fromisoformat(proof["at"])) for proof in row["proofs"])
    return Login(
        **{
            **row,
            "id": LoginId(row["id"]),
            "client_id": ClientId(row["client_id"]),
            "person_id": None if row["person_id"] is None else PersonId(row["person_id"]),
            "scopes": tuple(row["scopes"]),
            "resources": tuple(row["resources"]),
            "acr_required": Acr(row["acr_required"]),
            "device_id": None if row["device_id"] is None else DeviceId(row["device_id"]),
            "proofs": proofs,
        }
    )
