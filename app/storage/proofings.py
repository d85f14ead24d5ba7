"""Where do the cases rest? One row a proofing; what it measured is sealed, what was decided is in clear codes."""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import Text, bindparam, func, insert, select, update

from app.core.acr import Control, Ial
from app.core.ids import ClientId, PersonId, ProofingId
from app.storage.notices import CHANNEL
from app.storage.statement import Row, Statement, every
from app.storage.tables import proofing_events, proofings
from app.storage.tables.shape import MOMENT
from app.verification.assurance import NOTHING, Assurance
from app.verification.decision import DecidedBy, Decision
from app.verification.examination import Kind
from app.verification.proofing import Proofing, State
from app.verification.reasons import Outcome, Polygon, Reason, ReasonCode

INSERT = Statement(insert(proofings).values(every(proofings)))
BY_ID = select(proofings).where(proofings.c.id == bindparam("id"))
SELECT = Statement(BY_ID)
LOCK = Statement(BY_ID.with_for_update())
SAVE = Statement(
    update(proofings)
    .where(proofings.c.id == bindparam("this"))
    .values(
        every(
            proofings,
            "state",
            "changed_at",
            "expires_at",
            "submitted_at",
            "decided_at",
            "policy",
            "decision",
            "attempts",
        )
    )
)
DECIDED = Statement(
    update(proofings)
    .where(proofings.c.id == bindparam("this"))
    .values(every(proofings, "sealed_examination", "number_index"))
)
FIELDS = Statement(select(proofings.c.sealed_typed).where(proofings.c.id == bindparam("id")))
FACE = Statement(select(proofings.c.sealed_face).where(proofings.c.id == bindparam("id")))
KEEP_FACE = Statement(
    update(proofings).where(proofings.c.id == bindparam("this")).values(every(proofings, "sealed_face"))
)
KEEP_FIELDS = Statement(
    update(proofings).where(proofings.c.id == bindparam("this")).values(every(proofings, "sealed_typed"))
)
LAST_STATE = (
    select(proofing_events.c.state)
    .where(proofing_events.c.proofing_id == bindparam("id", type_=Text))
    .order_by(proofing_events.c.sequence.desc())
    .limit(1)
    .scalar_subquery()
)
NOTE_STATE = Statement(
    insert(proofing_events).from_select(
        ["proofing_id", "state", "at"],
        select(bindparam("id", type_=Text), bindparam("state", type_=Text), bindparam("at", type_=MOMENT)).where(
            LAST_STATE.is_distinct_from(bindparam("state", type_=Text))
        ),
    )
)
STATES_SINCE = Statement(
    select(proofing_events)
    .where(proofing_events.c.proofing_id == bindparam("id"), proofing_events.c.sequence > bindparam("after"))
    .order_by(proofing_events.c.sequence)
)
NOTIFY = Statement(select(func.pg_notify(CHANNEL, bindparam("id"))))


@dataclass(frozen=True, slots=True)
class StateReached:
    """A proofing came to a state."""

    sequence: int
    state: State
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredProofing:
    """A proofing and what stands beside it in its row."""

    proofing: Proofing
    applicant_token_index: bytes
    sealed_examination: bytes | None
    number_index: bytes | None
    sealed_known: bytes | None
    """What the bank held before (`verification.known`)."""


class Proofings:
    """The cases."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    async def add(self, proofing: Proofing, applicant_token_index: bytes, sealed_known: bytes | None) -> None:
        """A new case."""
        await INSERT.run(
            self._connection,
            id=proofing.id,
            person_id=proofing.person_id,
            client_id=proofing.client_id,
            state=proofing.state,
            language=proofing.language,
            customer_ref=proofing.customer_ref,
            applicant_token_index=applicant_token_index,
            policy=None,
            decision=None,
            sealed_examination=None,
            sealed_known=sealed_known,
            number_index=None,
            created_at=proofing.created_at,
            changed_at=proofing.changed_at,
            expires_at=proofing.expires_at,
            submitted_at=None,
            decided_at=None,
            attempts=0,
            sealed_typed=None,
            sealed_face=None,
        )
        await self._note_state(proofing)

    async def find(self, proofing_id: str) -> StoredProofing | None:
        """The case as it is now."""
        return _stored(await SELECT.row(self._connection, id=proofing_id))

    async def lock(self, proofing_id: str) -> StoredProofing | None:
        """The case, held until this unit ends."""
        return _stored(await LOCK.row(self._connection, id=proofing_id))

    async def save(self, proofing: Proofing) -> None:
        """Write the case back and wake whoever waits for it, once this unit has committed."""
        decision = proofing.decision
        await SAVE.run(
            self._connection,
            this=proofing.id,
            state=proofing.state,
            changed_at=proofing.changed_at,
            expires_at=proofing.expires_at,
            attempts=proofing.attempts,
            submitted_at=proofing.submitted_at,
            decided_at=None if decision is None else decision.decided_at,
            policy=None if decision is None else decision.policy,
            decision=None if decision is None else _document(decision),
        )
        await self._note_state(proofing)
        await NOTIFY.row(self._connection, id=proofing.id)

    async def states(self, proofing_id: ProofingId, after: int) -> tuple[StateReached, ...]:
        """The states it came to since that one, oldest first."""
        rows = await STATES_SINCE.rows(self._connection, id=proofing_id, after=after)
        return tuple(StateReached(row["sequence"], State(row["state"]), row["at"]) for row in rows)

    async def keep_examination(self, proofing_id: ProofingId, sealed: bytes, number_index: bytes | None) -> None:
        """Store what was measured, sealed, and the keyed hash of the number read."""
        await DECIDED.run(self._connection, this=proofing_id, sealed_examination=sealed, number_index=number_index)

    async def forget_examination(self, proofing_id: ProofingId) -> None:
        """What was measured is of pictures that are no longer there, or were not measured."""
        await DECIDED.run(self._connection, this=proofing_id, sealed_examination=None, number_index=None)

    async def fields(self, proofing_id: ProofingId) -> dict[str, bytes | None]:
        """The fields its applicant is asked to type, by name, and what they typed, sealed; None: not yet."""
        row = await FIELDS.row(self._connection, id=proofing_id)
        held = {} if row is None or row["sealed_typed"] is None else row["sealed_typed"]
        return {name: None if sealed is None else b64decode(sealed) for name, sealed in held.items()}

    async def keep_fields(self, proofing_id: ProofingId, fields: Mapping[str, bytes | None]) -> None:
        """Write them back; its row is held by whoever read them to do so."""
        spelled = {name: None if sealed is None else b64encode(sealed).decode() for name, sealed in fields.items()}
        await KEEP_FIELDS.run(self._connection, this=proofing_id, sealed_typed=spelled or None)

    async def face(self, proofing_id: ProofingId) -> bytes | None:
        """What was made of the applicant's face, sealed, until they are enrolled; None: nothing, or nothing any more."""
        row = await FACE.row(self._connection, id=proofing_id)
        return None if row is None else row["sealed_face"]

    async def keep_face(self, proofing_id: ProofingId, sealed: bytes | None) -> None:
        """Keep what was made of the face, or forget it."""
        await KEEP_FACE.run(self._connection, this=proofing_id, sealed_face=sealed)

    async def _note_state(self, proofing: Proofing) -> None:
        """One event for each state it comes to; its row is held, so the order of events is the order of states."""
        await NOTE_STATE.run(self._connection, id=proofing.id, state=proofing.state, at=proofing.changed_at)


def _stored(row: Row | None) -> StoredProofing | None:
    if row is None:
        return None
    return StoredProofing(
        Proofing(
            id=ProofingId(row["id"]),
            person_id=PersonId(row["person_id"]),
            client_id=ClientId(row["client_id"]),
            state=State(row["state"]),
            language=row["language"],
            customer_ref=row["customer_ref"],
            created_at=row["created_at"],
            changed_at=row["changed_at"],
            expires_at=row["expires_at"],
            submitted_at=row["submitted_at"],
            decision=None if row["decision"] is None else _decision(row["decision"]),
            attempts=row["attempts"],
        ),
        row["applicant_token_index"],
        row["sealed_examination"],
        row["number_index"],
        row["sealed_known"],
    )


def _document(decision: Decision) -> Row:
    return {
        "outcome": decision.outcome,
        "policy": decision.policy,
        "ial": decision.ial,
        "evidence": list(decision.assurance.evidence),
        "passed": list(decision.assurance.passed),
        "missing": list(decision.assurance.missing),
        "decided_at": decision.decided_at.isoformat(),
        "reasons": [
            {"code": r.code, "outcome": r.outcome, "facts": dict(r.facts), "where": r.where} for r in decision.reasons
        ],
        "facts": decision.facts,
        "decided_by": decision.decided_by,
    }


def _decision(document: Row) -> Decision:
    return Decision(
        outcome=Outcome(document["outcome"]),
        reasons=tuple(_reason(reason) for reason in document["reasons"]),
        policy=document["policy"],
        assurance=_assurance(document),
        decided_at=datetime.fromisoformat(document["decided_at"]),
        facts=document["facts"],
        decided_by=DecidedBy(document.get("decided_by", DecidedBy.POLICY)),
    )


def _reason(document: Row) -> Reason:
    where = document.get("where")  # decisions made before places were kept have none
    place = None if where is None else _polygon(where)
    return Reason(ReasonCode(document["code"]), Outcome(document["outcome"]), document["facts"], place)


def _polygon(corners: Sequence[Sequence[float]]) -> Polygon:
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return a, b, c, d


def _assurance(document: Row) -> Assurance:
    if "passed" not in document:  # decided while a policy claimed the level and no authority could be asked
        return NOTHING
    return Assurance(
        ial=Ial(document["ial"]),
        evidence=tuple(Kind(kind) for kind in document["evidence"]),
        passed=tuple(Control(control) for control in document["passed"]),
        missing=tuple(Control(control) for control in document["missing"]),
    )
