"""Who is registered to call? OAuth clients; their secrets as keyed hashes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import ARRAY, Text, any_, bindparam, insert, select

from app.assertion.client import Client, ClientKind, Grant
from app.core.ids import ClientId
from app.storage.statement import Row, Statement, every
from app.storage.tables import clients

INSERT = Statement(insert(clients).values(every(clients)))
SELECT = Statement(select(clients).where(clients.c.id == bindparam("id"), clients.c.disabled_at.is_(None)))
SELECT_TOGETHER = Statement(
    select(clients).where(clients.c.id == any_(bindparam("ids", type_=ARRAY(Text))), clients.c.disabled_at.is_(None))
)
ALL = Statement(select(clients).order_by(clients.c.created_at))


@dataclass(frozen=True, slots=True)
class StoredClient:
    """A registration and the keyed hash of its secret; None where it keeps none."""

    client: Client
    secret_index: bytes | None


class Clients:
    """The registrations."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, client: Client, secret_index: bytes | None, created_at: datetime) -> None:
        """Register."""
        await INSERT.run(
            self._connection,
            id=client.id,
            name=client.name,
            kind=client.kind,
            first_party=client.first_party,
            secret_index=secret_index,
            grants=sorted(client.grants),
            scopes=sorted(client.scopes),
            audiences=sorted(client.audiences),
            purpose=client.purpose,
            origins=sorted(client.origins),
            redirects=sorted(client.redirects),
            created_at=created_at,
            disabled_at=None,
        )

    async def find(self, client_id: str) -> StoredClient | None:
        """A client that is not disabled."""
        row = await SELECT.row(self._connection, id=client_id)
        return StoredClient(_client(row), row["secret_index"]) if row else None

    async def find_all(self, client_ids: Collection[str]) -> dict[str, StoredClient]:
        """Those of these clients that are not disabled, by id."""
        rows = await SELECT_TOGETHER.rows(self._connection, ids=list(client_ids))
        return {row["id"]: StoredClient(_client(row), row["secret_index"]) for row in rows}

    async def all(self) -> tuple[Client, ...]:
        """Every registration, oldest first."""
        return tuple(_client(row) for row in await ALL.rows(self._connection))


def _client(row: Row) -> Client:
    return Client(
        id=ClientId(row["id"]),
        name=row["name"],
        kind=ClientKind(row["kind"]),
        first_party=row["first_party"],
        confidential=row["secret_index"] is not None,
        grants=frozenset(Grant(grant) for grant in row["grants"]),
        scopes=frozenset(row["scopes"]),
        audiences=frozenset(row["audiences"]),
        purpose=row["purpose"],
        origins=frozenset(row["origins"]),
        redirects=frozenset(row["redirects"]),
    )
