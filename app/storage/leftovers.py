"""What is left of what came to nothing? Found in small numbers, held against other workers, and taken away."""

from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import (
    Delete,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    update,
)

from app.core.ids import PersonId, ProofingId
from app.storage.statement import Statement
from app.storage.tables import (
    authorization_codes,
    captures,
    consents,
    contacts,
    face_counts,
    guesses,
    idempotency_keys,
    images,
    known_devices,
    liveness_challenges,
    logins,
    messages,
    proofings,
    revoked_tokens,
    sendings,
    staff_sessions,
    staff_sign_ins,
)
from app.storage.tables.shape import MOMENT
from app.verification.consents import Purpose
from app.verification.decision import DecidedBy
from app.verification.proofing import ACCEPTED, ImageKind, State

BATCH = 1000
"""Rows a statement takes away: one that holds many rows long holds up those who wait for them."""
UNFINISHED = [literal_column(f"'{state}'", Text) for state in (State.OPEN, State.ACCEPTED, State.BINDING)]
"""Not parameters: the plan may use the index of these alone."""
ABANDONED = Statement(
    select(proofings.c.id)
    .where(proofings.c.state.in_(UNFINISHED), proofings.c.expires_at <= bindparam("now"))
    .order_by(proofings.c.expires_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
REJECTED = literal_column(f"'{State.REJECTED}'", Text)
KNOWN_AGAIN = exists().where(
    consents.c.proofing_id == proofings.c.id,
    consents.c.purpose == Purpose.FACE_ENROLMENT,
    consents.c.given,
    consents.c.withdrawn_at.is_(None),
)
"""A no marks every yes before it as withdrawn, so what is not withdrawn stands."""
FACES_UNUSED = Statement(
    select(proofings.c.id)
    .select_from(images.join(proofings, proofings.c.id == images.c.proofing_id))
    .where(
        images.c.kind == literal_column(f"'{ImageKind.FACE}'", Text),
        images.c.proofing_id > bindparam("after"),
        or_(
            and_(proofings.c.state == REJECTED, proofings.c.decided_at <= bindparam("before")),
            and_(proofings.c.state == REJECTED, proofings.c.decision["decided_by"].astext != DecidedBy.POLICY),
            and_(proofings.c.state.in_(literal_column(f"'{each}'", Text) for each in sorted(ACCEPTED)), ~KNOWN_AGAIN),
        ),
    )
    .order_by(images.c.proofing_id)
    .limit(BATCH)
)
CONTACT = Statement(delete(contacts).where(contacts.c.proofing_id == bindparam("proofing_id")))
MESSAGES = Statement(delete(messages).where(messages.c.person_id == bindparam("person_id")))
MEASURED = Statement(
    update(proofings)
    .where(proofings.c.id == bindparam("this"))
    .values(
        sealed_examination=null(), sealed_known=null(), number_index=null(), sealed_typed=null(), sealed_face=null()
    )
)
CHALLENGES = Statement(delete(liveness_challenges).where(liveness_challenges.c.proofing_id == bindparam("proofing_id")))
FINDINGS = Statement(select(func.forget_findings(bindparam("this", type_=Text)).label("forgotten")))
ACCOUNT = Statement(select(func.forget_unfinished(bindparam("this", type_=Text)).label("forgotten")))


def _old(table: Table, *over: Any) -> Delete:
    """Delete up to a batch of the rows whose time is over, leaving out those that somebody holds."""
    key = tuple(table.primary_key.columns)
    found = select(*key).where(*over).limit(BATCH).with_for_update(skip_locked=True)
    return delete(table).where(tuple_(*key).in_(found))


NEVER = literal_column("'-infinity'::timestamptz", MOMENT)
BEFORE = bindparam("before", type_=MOMENT)
STRUCK = func.coalesce(guesses.c.struck_at, NEVER)
FEW = 5
"""Failures that blocked nobody under any profile."""
OLD = {
    "idempotency_keys": Statement(_old(idempotency_keys, idempotency_keys.c.expires_at <= BEFORE)),
    "revoked_tokens": Statement(_old(revoked_tokens, revoked_tokens.c.expires_at <= BEFORE)),
    "authorization_codes": Statement(_old(authorization_codes, authorization_codes.c.expires_at <= BEFORE)),
    "logins": Statement(_old(logins, logins.c.expires_at <= BEFORE)),
    "staff_sign_ins": Statement(_old(staff_sign_ins, staff_sign_ins.c.expires_at <= BEFORE)),
    "staff_sessions": Statement(_old(staff_sessions, staff_sessions.c.expires_at <= BEFORE)),
    "sendings": Statement(
        _old(sendings, func.coalesce(sendings.c.last_at, sendings.c.window_started, NEVER) <= BEFORE)
    ),
    # Whoever failed often is remembered longer: were a hundred in a row forgotten soon, they could be had again (A20).
    "guesses": Statement(_old(guesses, STRUCK <= BEFORE)),
    "few_guesses": Statement(
        _old(guesses, or_(guesses.c.in_a_row < FEW, guesses.c.key == "network"), STRUCK <= BEFORE)
    ),
    "captures": Statement(_old(captures, captures.c.expires_at <= BEFORE)),
    "face_counts": Statement(_old(face_counts, face_counts.c.hour <= BEFORE)),
    "known_devices": Statement(
        _old(known_devices, func.coalesce(known_devices.c.ended_at, known_devices.c.expires_at) <= BEFORE)
    ),
}
"""What grows old, and the statement that takes it away; a log-in takes its codes by SMS along."""


class Leftovers:
    """What nobody needs any more."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def abandoned(self, now: datetime) -> ProofingId | None:
        """One proofing whose applicant ran out of time, held until this unit ends; None: there is none."""
        row = await ABANDONED.row(self._connection, now=now)
        return None if row is None else ProofingId(row["id"])

    async def faces_unused(self, after: str, before: datetime) -> tuple[ProofingId, ...]:
        """Cases after that one, by id, whose face nobody will compare any more; `before`: of whoever the policy turned away,
        those until then. A batch, and none is held.
        """
        rows = await FACES_UNUSED.rows(self._connection, after=after, before=before)
        return tuple(ProofingId(row["id"]) for row in rows)

    async def forget(self, proofing_id: ProofingId, person_id: PersonId) -> None:
        """Address, messages, what was measured, typed or written of it, and the account that was never finished; the case stays."""
        await CONTACT.run(self._connection, proofing_id=proofing_id)
        await MESSAGES.run(self._connection, person_id=person_id)
        await CHALLENGES.run(self._connection, proofing_id=proofing_id)
        await MEASURED.run(self._connection, this=proofing_id)
        await FINDINGS.row(self._connection, this=proofing_id)
        await ACCOUNT.row(self._connection, this=proofing_id)

    async def take_away(self, what: str, before: datetime) -> int:
        """One batch of what was over before then; how many."""
        return await OLD[what].run(self._connection, before=before)
