"""Which sessions are alive? One row a session, which is also the one line of refresh tokens it has."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import (
    ARRAY,
    Integer,
    Text,
    any_,
    bindparam,
    column,
    exists,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.assertion.claims import Authentication
from app.assertion.refresh import RefreshFamily
from app.core.acr import Acr, Amr, Control, Ial
from app.core.ids import ClientId, LoginId, PersonId, SessionId
from app.core.paging import BEFORE_ALL, Mark, Page, Wanted, page
from app.storage.audit import COLUMNS as EVENT
from app.storage.statement import Row, Statement, every
from app.storage.tables import audit_events, authorization_codes, logins, sessions, subscribers
from app.storage.tables.shape import MOMENT

INSERT = Statement(insert(sessions).values(every(sessions)))
LOCK = Statement(select(sessions).where(sessions.c.id == bindparam("id")).with_for_update())
SAVE = Statement(
    update(sessions).where(sessions.c.id == bindparam("this")).values(every(sessions, "generation", "rotated_at"))
)
USABLE = exists().where(subscribers.c.id == sessions.c.subscriber_id, subscribers.c.state == "active")
LIVE_TOGETHER = Statement(
    select(sessions, USABLE.correlate(sessions).label("usable")).where(
        sessions.c.id == any_(bindparam("ids", type_=ARRAY(Text)))
    )
)
LIVE = Statement(
    select(sessions)
    .where(
        sessions.c.subscriber_id == bindparam("subscriber_id"),
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > bindparam("now"),
        tuple_(sessions.c.created_at, sessions.c.id) > tuple_(bindparam("after", type_=MOMENT), bindparam("after_id")),
    )
    .order_by(sessions.c.created_at, sessions.c.id)
    .limit(bindparam("reach"))
)
END = Statement(
    update(sessions)
    .where(sessions.c.id == bindparam("this"), sessions.c.ended_at.is_(None))
    .values(every(sessions, "ended_at", "ended_reason"))
)
END_LOGINS = Statement(
    update(logins)
    .where(
        logins.c.person_id == bindparam("whose"),
        logins.c.id != bindparam("besides"),
        logins.c.completed_at.is_(None),
        logins.c.expires_at > bindparam("ended_at"),
    )
    .values(expires_at=bindparam("ended_at"))
)
SPEND_CODES = Statement(
    update(authorization_codes)
    .where(authorization_codes.c.person_id == bindparam("whose"), authorization_codes.c.spent_at.is_(None))
    .values(spent_at=bindparam("ended_at"))
)
END_OF = Statement(
    update(sessions)
    .where(sessions.c.subscriber_id == bindparam("whose"), sessions.c.ended_at.is_(None))
    .values(every(sessions, "ended_at", "ended_reason"))
)


GIVEN = select(
    func.jsonb_to_recordset(bindparam("rotations", type_=JSONB))
    .table_valued(
        column("session_id", Text),
        column("generation", Integer),
        *(column(name, audit_events.c[name].type) for name in EVENT),
    )
    .render_derived(name="given", with_types=True)
).cte("given")
# What `RefreshFamily.exchange` calls ROTATED, for a whole batch. Who is held by somebody else is left out, not waited for:
# two who each waited for the other's would both be lost.
HELD = (
    select(sessions.c.id)
    .where(
        sessions.c.id == GIVEN.c.session_id,
        sessions.c.client_id == GIVEN.c.client_id,
        sessions.c.generation == GIVEN.c.generation,
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > GIVEN.c.at,
        USABLE.correlate(sessions),
    )
    .with_for_update(of=sessions, skip_locked=True)
    .cte("held")
)
MOVED = (
    update(sessions)
    .where(sessions.c.id == HELD.c.id, sessions.c.id == GIVEN.c.session_id)
    .values(generation=sessions.c.generation + 1, rotated_at=GIVEN.c.at)
    .returning(sessions)
    .cte("moved")
)
WHOSE = {"subject": MOVED.c.subscriber_id, "object_id": MOVED.c.id}
TOLD = (
    insert(audit_events)
    .from_select(
        EVENT, select(*(WHOSE.get(name, GIVEN.c[name]) for name in EVENT)).where(GIVEN.c.session_id == MOVED.c.id)
    )
    .cte("told")
)
ROTATE_TOGETHER = Statement(select(MOVED).add_cte(TOLD))


@dataclass(frozen=True, slots=True)
class Rotation:
    """A token that was brought, and the event that tells who brought it and when, as the audit's statements take it."""

    session_id: SessionId
    generation: int
    event: Row


@dataclass(frozen=True, slots=True)
class Session:
    """What a log-in began, at one client."""

    family: RefreshFamily
    subscriber_id: PersonId
    scopes: frozenset[str]
    audiences: tuple[str, ...]
    authentication: Authentication
    network: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session as it was a moment ago."""

    session: Session
    usable: bool
    """Whether the account of its subscriber is active."""


class Sessions:
    """The sessions."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, session: Session) -> None:
        """Begin."""
        family, authentication = session.family, session.authentication
        await INSERT.run(
            self._connection,
            id=family.session_id,
            subscriber_id=session.subscriber_id,
            client_id=family.client_id,
            scopes=sorted(session.scopes),
            audiences=list(session.audiences),
            acr=authentication.acr,
            amr=list(authentication.amr),
            auth_time=authentication.auth_time,
            ial=authentication.ial,
            ial_missing=list(authentication.ial_missing),
            network=session.network,
            generation=family.generation,
            rotated_at=family.rotated_at,
            created_at=session.created_at,
            expires_at=family.expires_at,
            ended_at=None,
            ended_reason=None,
        )

    async def lock(self, session_id: SessionId) -> Session | None:
        """The session, ended or not, held until this unit ends."""
        row = await LOCK.row(self._connection, id=session_id)
        return _session(row) if row else None

    async def save(self, family: RefreshFamily) -> None:
        """Write a rotation back."""
        await SAVE.run(
            self._connection, this=family.session_id, generation=family.generation, rotated_at=family.rotated_at
        )

    async def live_together(self, session_ids: Collection[str]) -> dict[str, LiveSession]:
        """Those there are of these, by id, held by nobody."""
        rows = await LIVE_TOGETHER.rows(self._connection, ids=list(session_ids))
        return {row["id"]: LiveSession(_session(row), bool(row["usable"])) for row in rows}

    async def rotate_together(self, rotations: Sequence[Rotation]) -> dict[str, Session]:
        """Move on the sessions whose live generation was brought, each with its event; those, as they are now. At most one a session."""
        given = [each.event | {"session_id": each.session_id, "generation": each.generation} for each in rotations]
        return {row["id"]: _session(row) for row in await ROTATE_TOGETHER.rows(self._connection, rotations=given)}

    async def live(self, subscriber_id: PersonId, now: datetime, wanted: Wanted) -> Page[Session]:
        """The subscriber's sessions that are alive, oldest first."""
        after = wanted.after or BEFORE_ALL
        rows = await LIVE.rows(
            self._connection,
            subscriber_id=subscriber_id,
            now=now,
            after=after.at,
            after_id=after.id,
            reach=wanted.reach,
        )
        return page([_session(row) for row in rows], wanted, lambda each: Mark(each.created_at, each.family.session_id))

    async def end(self, session_id: SessionId, at: datetime, reason: str) -> bool:
        """End it, and with it every token of it; whether it was alive."""
        return await END.run(self._connection, this=session_id, ended_at=at, ended_reason=reason) == 1

    async def end_all(
        self, subscriber_id: PersonId, at: datetime, reason: str, *, besides: LoginId | None = None
    ) -> int:
        """End every session of a subscriber; how many. What would become one ends too: log-ins under way, codes not exchanged.

        In the order in which one becomes the other: what another process is just turning into the next is waited for
        here, and found there.
        """
        await END_LOGINS.run(self._connection, whose=subscriber_id, besides=besides or "", ended_at=at)
        await SPEND_CODES.run(self._connection, whose=subscriber_id, ended_at=at)
        return await END_OF.run(self._connection, whose=subscriber_id, ended_at=at, ended_reason=reason)


def _session(row: Row) -> Session:
    return Session(
        RefreshFamily(
            SessionId(row["id"]),
            ClientId(row["client_id"]),
            row["generation"],
            row["rotated_at"],
            row["expires_at"],
            row["ended_at"],
        ),
        PersonId(row["subscriber_id"]),
        frozenset(row["scopes"]),
        tuple(row["audiences"]),
        Authentication(
            Acr(row["acr"]),
            tuple(Amr(a) for a in row["amr"]),
            row["auth_time"],
            Ial(row["ial"]),
            SessionId(row["id"]),
            tuple(Control(each) for each in row["ial_missing"]),
        ),
        row["network"],
        row["created_at"],
    )
