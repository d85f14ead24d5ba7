"""Which authenticators were ever bound to whom? Every one is kept, with its source and its end (A60)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import bindparam, insert, select, update

from app.core.ids import AuthenticatorId, PersonId
from app.storage.statement import Row, Statement, every
from app.storage.tables import authenticators

INSERT = Statement(insert(authenticators).values(every(authenticators)))
OF_KIND = select(authenticators).where(
    authenticators.c.subscriber_id == bindparam("subscriber_id"),
    authenticators.c.kind == bindparam("kind"),
    authenticators.c.state == bindparam("state"),
)
FIND = Statement(OF_KIND)
LOCK = Statement(OF_KIND.with_for_update())
PASSWORDS = Statement(
    select(authenticators)
    .where(authenticators.c.subscriber_id == bindparam("subscriber_id"), authenticators.c.kind == "password")
    .order_by(authenticators.c.created_at.desc())
    .limit(bindparam("count"))
)
CHANGE = Statement(
    update(authenticators)
    .where(authenticators.c.id == bindparam("this"))
    .values(every(authenticators, "state", "last_step", "bound_at", "ended_at"))
)

RESEAL = Statement(
    update(authenticators)
    .where(authenticators.c.id == bindparam("this"))
    .values(every(authenticators, "sealed_secret"))
)


class Kind(StrEnum):
    """The kinds of authenticator there are."""

    PASSWORD = "password"  # noqa: S105  the name of a kind
    TOTP = "totp"


class State(StrEnum):
    """Where an authenticator stands."""

    PENDING = "pending"  # shown to the person, not yet confirmed: no log-in counts on it
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class SealedAuthenticator:
    """An authenticator as it rests; its secret (hash string or seed) is sealed under its person's key."""

    id: AuthenticatorId
    subscriber_id: PersonId
    kind: Kind
    state: State
    sealed_secret: bytes
    source: str
    """What bound it: a proofing or a session."""
    created_at: datetime
    last_step: int = -1
    bound_at: datetime | None = None
    ended_at: datetime | None = None


class Authenticators:
    """The authenticators of subscribers; at most one of a kind is active, by constraint."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, authenticator: SealedAuthenticator) -> None:
        """Keep a new one."""
        await INSERT.run(
            self._connection, **{name: getattr(authenticator, name) for name in SealedAuthenticator.__slots__}
        )

    async def find(
        self, subscriber_id: PersonId, kind: Kind, state: State = State.ACTIVE
    ) -> SealedAuthenticator | None:
        """The one of this kind in this state."""
        return _one(await FIND.row(self._connection, subscriber_id=subscriber_id, kind=kind, state=state))

    async def lock(
        self, subscriber_id: PersonId, kind: Kind, state: State = State.ACTIVE
    ) -> SealedAuthenticator | None:
        """The same, held until this unit ends: two log-ins with one code queue here."""
        return _one(await LOCK.row(self._connection, subscriber_id=subscriber_id, kind=kind, state=state))

    async def unbound(self, subscriber_id: PersonId) -> tuple[Kind, ...]:
        """The kinds of which the subscriber has no active one."""
        return tuple([kind for kind in Kind if await self.find(subscriber_id, kind) is None])

    async def passwords(self, subscriber_id: PersonId, count: int) -> tuple[SealedAuthenticator, ...]:
        """The newest passwords, the present one first; for the history rule."""
        rows = await PASSWORDS.rows(self._connection, subscriber_id=subscriber_id, count=count)
        return tuple(_authenticator(row) for row in rows)

    async def save(self, authenticator: SealedAuthenticator) -> None:
        """Write a change of state or a spent code back."""
        await CHANGE.run(
            self._connection,
            this=authenticator.id,
            state=authenticator.state,
            last_step=authenticator.last_step,
            bound_at=authenticator.bound_at,
            ended_at=authenticator.ended_at,
        )

    async def reseal(self, authenticator_id: AuthenticatorId, sealed_secret: bytes) -> None:
        """Put another form of the same secret in its place: the same password, hashed anew."""
        await RESEAL.run(self._connection, this=authenticator_id, sealed_secret=sealed_secret)


def _one(row: Row | None) -> SealedAuthenticator | None:
    return None if row is None else _authenticator(row)


def _authenticator(row: Row) -> SealedAuthenticator:
    return SealedAuthenticator(**{**row, "kind": Kind(row["kind"]), "state": State(row["state"])})
