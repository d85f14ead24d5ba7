"""Which log-ins are under way? One row each, held while a proof is judged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import and_, bindparam, exists, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB

from app.core.acr import Acr
from app.core.audit import Event
from app.core.ids import AuthenticatorId, ClientId, DeviceId, EventId, LoginId, PersonId
from app.mfa.contact_address import Channel
from app.mfa.guessing import Keys
from app.mfa.login import Factor, Login, Proof
from app.storage.audit import as_row, with_event
from app.storage.authenticators import State
from app.storage.guesses import IS_BLOCKED, asked
from app.storage.statement import Row, Statement, every
from app.storage.tables import aliases, authenticators, logins

BEGIN = with_event(insert(logins).values(every(logins)).returning(logins.c.id))
LOCK = Statement(select(logins).where(logins.c.id == bindparam("id")).with_for_update())
SAVE = Statement(
    update(logins).where(logins.c.id == bindparam("this")).values(every(logins, "proofs", "strikes", "completed_at"))
)
# As it was read, and nothing since that a lock would have shown: a block earned, a proof taken, a password changed.
UNCHANGED = and_(
    logins.c.id == bindparam("this"),
    logins.c.proofs == bindparam("proofs_read", type_=JSONB),
    logins.c.strikes == bindparam("strikes"),
    logins.c.expires_at == bindparam("expires_at"),
    logins.c.completed_at.is_(None),
)
PRESENT = exists().where(authenticators.c.id == bindparam("verifier"), authenticators.c.state == State.ACTIVE.value)
HAS_PHONE = exists().where(aliases.c.subscriber_id == logins.c.person_id, aliases.c.channel == Channel.PHONE.value)
PROVE = with_event(
    update(logins)
    .where(UNCHANGED, PRESENT, ~IS_BLOCKED)
    .values(every(logins, "proofs"))
    .returning(HAS_PHONE.label("has_phone"))
)


@dataclass(frozen=True, slots=True)
class Proven:
    """A log-in that took a proof in one statement."""

    has_phone: bool
    """The person could be sent a code."""


class Logins:
    """The log-ins."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def begin(self, login: Login, event: Event, event_id: EventId) -> bool:
        """Begin, with its event; true."""
        begun = await BEGIN.row(
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
            events=[as_row(event, event_id)],
        )
        return begun is not None

    async def prove(
        self, read: Login, proven: Login, verifier: AuthenticatorId, keys: Keys, event: Event, event_id: EventId
    ) -> Proven | None:
        """Take a proof by this verifier, with its event, where all is as it was read; None: look again, holding it.

        What a block, a change of the password or another proof commits while this waits for the row came after it: the
        statement sees the moment it began.
        """
        found = await PROVE.row(
            self._connection,
            this=read.id,
            proofs_read=_progress(read)["proofs"],
            proofs=_progress(proven)["proofs"],
            strikes=read.strikes,
            expires_at=read.expires_at,
            verifier=verifier,
            now=event.at,
            **asked(keys),
            events=[as_row(event, event_id)],
        )
        return None if found is None else Proven(found["has_phone"])

    async def lock(self, login_id: str) -> Login | None:
        """The log-in, held until this unit ends: two requests with one code queue here, the second finds it spent."""
        return as_login(await LOCK.row(self._connection, id=login_id))

    async def save(self, login: Login) -> None:
        """Write proofs, strikes and completion back."""
        await SAVE.run(self._connection, this=login.id, **_progress(login))


def _progress(login: Login) -> dict[str, object]:
    return {
        "proofs": [{"factor": proof.factor, "at": proof.at.isoformat()} for proof in login.proofs],
        "strikes": login.strikes,
        "completed_at": login.completed_at,
    }


def as_login(row: Row | None) -> Login | None:
    """The log-in a row of its table holds."""
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
