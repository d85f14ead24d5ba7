"""Which codes wait to be exchanged, and which tokens are good no longer?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Integer,
    LargeBinary,
    Text,
    any_,
    bindparam,
    case,
    column,
    exists,
    func,
    insert,
    literal_column,
    not_,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from app.assertion.authorization_code import AuthorizationCode
from app.assertion.claims import Authentication
from app.core.acr import Acr, Amr, Control, Ial
from app.core.ids import ClientId, PersonId, SessionId
from app.storage.audit import COLUMNS as EVENT
from app.storage.statement import Row, Statement, every
from app.storage.tables import audit_events, authorization_codes, revoked_tokens, sessions, subscribers

ADD_CODE = Statement(insert(authorization_codes).values(every(authorization_codes)))
LOCK_CODE = Statement(
    select(authorization_codes)
    .where(authorization_codes.c.code_index == any_(bindparam("indexes", type_=ARRAY(LargeBinary))))
    .with_for_update()
)
SPEND_CODE = Statement(
    update(authorization_codes)
    .where(authorization_codes.c.code_index == bindparam("this"))
    .values(every(authorization_codes, "spent_at"))
)
REVOKE = Statement(upsert(revoked_tokens).values(every(revoked_tokens)).on_conflict_do_nothing())


def _revoked(
    jti: ColumnElement[str], session_id: ColumnElement[str], *, of: FromClause | None = None
) -> ColumnElement[bool]:
    """Whether the token was revoked, its session ended, or the account of its subscriber disabled."""
    itself = exists().where(revoked_tokens.c.jti == jti)
    behind_it = (
        exists()
        .where(sessions.c.id == session_id, sessions.c.subscriber_id == subscribers.c.id)
        .where(sessions.c.ended_at.is_not(None) | (subscribers.c.state != "active"))
    )
    return itself.correlate(of) | behind_it.correlate(of)


IS_REVOKED = Statement(select(_revoked(bindparam("jti"), bindparam("session_id")).label("revoked")))
ASKED = (
    func.unnest(bindparam("jtis", type_=ARRAY(Text)), bindparam("session_ids", type_=ARRAY(Text)))
    .table_valued(column("jti", Text), column("session_id", Text), with_ordinality="place")
    .render_derived(name="asked")
)
ARE_REVOKED = Statement(
    select(_revoked(ASKED.c.jti, ASKED.c.session_id, of=ASKED).label("revoked"))
    .select_from(ASKED)
    .order_by(ASKED.c.place)
)


GIVEN = select(
    func.jsonb_to_recordset(bindparam("asked", type_=JSONB))
    .table_valued(
        column("place", Integer),
        column("jti", Text),
        column("session_id", Text),
        *(column(name, audit_events.c[name].type) for name in EVENT),
    )
    .render_derived(name="given", with_types=True)
).cte("given")
JUDGED = select(GIVEN, _revoked(GIVEN.c.jti, GIVEN.c.session_id, of=GIVEN).label("revoked")).cte("judged")
OUTCOME = {
    # Of whom a dead token was is nobody's business any more, and so it is not written down either.
    "subject": case((JUDGED.c.revoked, null()), else_=JUDGED.c.subject),
    "detail": JUDGED.c.detail.op("||")(func.jsonb_build_object(literal_column("'active'"), not_(JUDGED.c.revoked))),
}
TOLD = (
    insert(audit_events)
    .from_select(EVENT, select(*(OUTCOME.get(name, JUDGED.c[name]).label(name) for name in EVENT)))
    .cte("told")
)
JUDGE_TOGETHER = Statement(select(JUDGED.c.revoked).order_by(JUDGED.c.place).add_cte(TOLD))


class Tokens:
    """Authorization codes and revocations."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add_code(self, code_index: bytes, code: AuthorizationCode, network: str | None) -> None:
        """Keep a code, by its keyed hash."""
        authentication = code.authentication
        await ADD_CODE.run(
            self._connection,
            code_index=code_index,
            client_id=code.client_id,
            person_id=code.person_id,
            session_id=authentication.session_id,
            code_challenge=code.code_challenge,
            scopes=sorted(code.scopes),
            audiences=list(code.audiences),
            acr=authentication.acr,
            amr=list(authentication.amr),
            auth_time=authentication.auth_time,
            ial=authentication.ial,
            ial_missing=list(authentication.ial_missing),
            redirect=code.redirect,
            network=network,
            expires_at=code.expires_at,
            spent_at=code.spent_at,
        )

    async def lock_code(self, indexes: Sequence[bytes]) -> tuple[bytes, AuthorizationCode] | None:
        """The code, held until this unit ends: two exchanges queue here, the second finds it spent."""
        row = await LOCK_CODE.row(self._connection, indexes=list(indexes))
        if row is None:
            return None
        return row["code_index"], AuthorizationCode(
            client_id=ClientId(row["client_id"]),
            person_id=PersonId(row["person_id"]),
            code_challenge=row["code_challenge"],
            scopes=frozenset(row["scopes"]),
            audiences=tuple(row["audiences"]),
            authentication=Authentication(
                Acr(row["acr"]),
                tuple(Amr(method) for method in row["amr"]),
                row["auth_time"],
                Ial(row["ial"]),
                SessionId(row["session_id"]),
                tuple(Control(each) for each in row["ial_missing"]),
            ),
            expires_at=row["expires_at"],
            redirect=row["redirect"],
            spent_at=row["spent_at"],
        )

    async def spend_code(self, code_index: bytes, code: AuthorizationCode) -> None:
        """Write back that it was brought."""
        await SPEND_CODE.run(self._connection, this=code_index, spent_at=code.spent_at)

    async def revoke(self, jti: str, expires_at: datetime, at: datetime) -> None:
        """Remember a revoked token; twice is once."""
        await REVOKE.run(self._connection, jti=jti, expires_at=expires_at, at=at)

    async def are_revoked(self, jtis: Sequence[str], session_ids: Sequence[SessionId | None]) -> list[bool]:
        """The same of many, in their order."""
        rows = await ARE_REVOKED.rows(self._connection, jtis=list(jtis), session_ids=list(session_ids))
        return [bool(row["revoked"]) for row in rows]

    async def judge_together(self, asked: Sequence[Row]) -> list[bool]:
        """Whether each was revoked, in their order, and the event that says so, `active` in its detail.

        Each is an event's document with `jti` and `session_id` beside.
        """
        for place, each in enumerate(asked):
            each["place"] = place
        return [bool(row["revoked"]) for row in await JUDGE_TOGETHER.rows(self._connection, asked=asked)]

    async def is_revoked(self, jti: str, session_id: SessionId | None) -> bool:
        """Whether the token or the session behind it was ended, or the account of its subscriber disabled (A70)."""
        row = await IS_REVOKED.row(self._connection, jti=jti, session_id=session_id)
        return row is None or bool(row["revoked"])
