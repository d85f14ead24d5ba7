"""Where does an identity proofing stand, whose move is it, and what may happen next? (R114 in our words)"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.ids import ClientId, PersonId, ProofingId
from app.core.refusal import Refusal
from app.verification.decision import DecidedBy, Decision
from app.verification.examination import Kind, Side
from app.verification.reasons import Outcome


class IllegalMove(Refusal, code="illegal_move"):
    """The proofing's state does not allow this. Facts: state, move."""


class StillNeeded(Refusal, code="still_needed"):
    """The submission lacks something. Facts: needed, comma-separated."""


class ProofingExpired(Refusal, code="proofing_expired"):
    """Its time is over; a new one must be opened."""


class State(StrEnum):
    """States, named for who moves next."""

    OPEN = "open"  # applicant: consent, present evidence, submit
    EXAMINING = "examining"  # us: a worker is measuring
    REFERRED = "referred"  # staff: two reviewers
    ACCEPTED = "accepted"  # applicant: prove possession of phone or e-mail
    BINDING = "binding"  # applicant: bind password and TOTP
    ENROLLED = "enrolled"  # nobody: the applicant is a subscriber with two factors
    REJECTED = "rejected"  # nobody: but after an automatic decision the applicant may appeal to people (R102)
    WITHDRAWN = "withdrawn"  # nobody: the applicant took it back
    EXPIRED = "expired"  # nobody: its time ran out


ACCEPTED = frozenset({State.ACCEPTED, State.BINDING, State.ENROLLED})
"""Whoever was accepted, however far they have come since."""


class Mover(StrEnum):
    """Whose move it is."""

    APPLICANT = "applicant"
    US = "us"
    STAFF = "staff"
    NOBODY = "nobody"


WHOSE_MOVE: Mapping[State, Mover] = {
    State.OPEN: Mover.APPLICANT,
    State.EXAMINING: Mover.US,
    State.REFERRED: Mover.STAFF,
    State.ACCEPTED: Mover.APPLICANT,
    State.BINDING: Mover.APPLICANT,
    State.ENROLLED: Mover.NOBODY,
    State.REJECTED: Mover.NOBODY,
    State.WITHDRAWN: Mover.NOBODY,
    State.EXPIRED: Mover.NOBODY,
}


class Move(StrEnum):
    """What can happen to a proofing."""

    CONSENT = "consent"
    REFUSE_FACE = "refuse face"
    PRESENT = "present evidence"
    SUBMIT = "submit"
    ACCEPT = "accept"
    REFER = "refer"
    REJECT = "reject"
    RESUBMIT = "ask for better pictures"
    COME_IN = "come to the counter"
    APPEAL = "appeal"
    SEND_CODE = "send contact code"
    PROVE_CONTACT = "prove contact"
    BIND = "bind authenticator"
    ENROL = "enrol"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


MOVES: Mapping[tuple[State, Move], State] = {
    (State.OPEN, Move.CONSENT): State.OPEN,
    (State.OPEN, Move.PRESENT): State.OPEN,
    (State.OPEN, Move.SUBMIT): State.EXAMINING,
    (State.OPEN, Move.WITHDRAW): State.WITHDRAWN,
    (State.OPEN, Move.EXPIRE): State.EXPIRED,
    (State.OPEN, Move.COME_IN): State.REFERRED,
    (State.EXAMINING, Move.RESUBMIT): State.OPEN,
    (State.EXAMINING, Move.ACCEPT): State.ACCEPTED,
    (State.EXAMINING, Move.REFER): State.REFERRED,
    (State.EXAMINING, Move.REJECT): State.REJECTED,
    (State.REFERRED, Move.ACCEPT): State.ACCEPTED,
    (State.REFERRED, Move.REJECT): State.REJECTED,
    (State.REFERRED, Move.WITHDRAW): State.WITHDRAWN,
    (State.REJECTED, Move.APPEAL): State.REFERRED,
    (State.ACCEPTED, Move.SEND_CODE): State.ACCEPTED,
    (State.ACCEPTED, Move.PROVE_CONTACT): State.BINDING,
    (State.ACCEPTED, Move.WITHDRAW): State.WITHDRAWN,
    (State.ACCEPTED, Move.EXPIRE): State.EXPIRED,
    (State.BINDING, Move.BIND): State.BINDING,
    (State.BINDING, Move.ENROL): State.ENROLLED,
    (State.BINDING, Move.EXPIRE): State.EXPIRED,
    # Consent is withdrawn as easily as it was given, and for as long as a face may be held (R97, R109).
    **{(state, Move.REFUSE_FACE): state for state in State if state not in {State.WITHDRAWN, State.EXPIRED}},
}
FOLLOWING: Mapping[Outcome, Move] = {
    Outcome.ACCEPT: Move.ACCEPT,
    Outcome.RETRY: Move.RESUBMIT,
    Outcome.REFER: Move.REFER,
    Outcome.REJECT: Move.REJECT,
}
ALWAYS_IN_TIME = frozenset({Move.EXPIRE, Move.WITHDRAW, Move.REFUSE_FACE})
"""What asks nothing of us but to let go is never too late (R97)."""


class ImageKind(StrEnum):
    """The pictures an applicant presents: `kind/side` of a document, or their face."""

    RESIDENT_PORTRAIT = "resident-card/portrait"
    RESIDENT_EMBLEM = "resident-card/emblem"
    PERMIT_PORTRAIT = "residence-permit/portrait"
    PERMIT_EMBLEM = "residence-permit/emblem"
    PERMANENT_FRONT = "permanent-resident-card/front"
    PERMANENT_BACK = "permanent-resident-card/back"
    PASSPORT = "passport/data-page"
    IDENTITY_FRONT = "identity-card/front"
    IDENTITY_BACK = "identity-card/back"
    TEMPORARY_PORTRAIT = "temporary-card/portrait"
    LICENCE_MAIN = "driving-licence/main"
    LICENCE_DUPLICATE = "driving-licence/duplicate"
    VISA = "visa/data-page"
    FACE = "face"

    @classmethod
    def showing(cls, kind: Kind, side: Side) -> "ImageKind":
        """The picture of this side of this kind."""
        return cls(f"{kind}/{side}".replace("_", "-"))

    @property
    def page(self) -> tuple[Kind, Side] | None:
        """What it is a picture of; None: a face."""
        kind, _, side = self.value.replace("-", "_").partition("/")
        return (Kind(kind), Side(side)) if side else None


@dataclass(frozen=True, slots=True)
class Proofing:
    """One case of identity proofing."""

    id: ProofingId
    person_id: PersonId
    client_id: ClientId
    state: State
    language: str
    customer_ref: str | None
    created_at: datetime
    changed_at: datetime
    expires_at: datetime
    submitted_at: datetime | None = None
    decision: Decision | None = None
    attempts: int = 0
    """Submissions so far (R115)."""

    def move(self, move: Move, *, now: datetime) -> "Proofing":
        """The proofing after `move`; raises IllegalMove or ProofingExpired and changes nothing."""
        if self.is_overdue(now) and move not in ALWAYS_IN_TIME:
            raise ProofingExpired
        after = MOVES.get((self.state, move))
        if after is None:
            raise IllegalMove(state=self.state.value, move=move.value)
        return replace(self, state=after, changed_at=now)

    def is_overdue(self, now: datetime) -> bool:
        """Whether its time ran out while the move was the applicant's."""
        return now >= self.expires_at and WHOSE_MOVE[self.state] is Mover.APPLICANT

    def seen(self, now: datetime) -> "Proofing":
        """As it stands at this moment, whether or not anybody has noted that its time is over."""
        return replace(self, state=State.EXPIRED) if self.is_overdue(now) else self

    def submit(self, missing: Collection[str], *, now: datetime) -> "Proofing":
        """Hand the evidence over for examination; raises StillNeeded where `missing` names anything."""
        moved = self.move(Move.SUBMIT, now=now)
        if missing:
            raise StillNeeded(needed=", ".join(missing))
        return replace(moved, submitted_at=now, attempts=self.attempts + 1, decision=None)

    def decide(self, decision: Decision, *, now: datetime) -> "Proofing":
        """Take the decision of an examination."""
        return self._taken(decision, State.EXAMINING, now=now)

    def settle(self, decision: Decision, *, life: timedelta, now: datetime) -> "Proofing":
        """Take the decision of people; an accepted applicant, who may have waited for weeks, has `life` to go on."""
        decided = self._taken(decision, State.REFERRED, now=now)
        return replace(decided, expires_at=max(self.expires_at, now + life))

    @property
    def by_people(self) -> bool:
        """Whether people have decided: nobody decides after them."""
        return self.decision is not None and self.decision.decided_by is not DecidedBy.POLICY

    @property
    def is_settled(self) -> bool:
        """Whether nobody will compare the face that was shown any more: accepted, or rejected without an appeal."""
        return self.state in ACCEPTED or (self.state is State.REJECTED and self.by_people)

    def appeal(self, *, now: datetime) -> "Proofing":
        """Ask people to decide instead of the policy: once, and only where no person has decided (R102, R105)."""
        moved = self.move(Move.APPEAL, now=now)
        if self.decision is None or self.by_people:
            raise IllegalMove(state=self.state.value, move=Move.APPEAL.value)
        return moved

    def _taken(self, decision: Decision, at: State, *, now: datetime) -> "Proofing":
        """An examination decides what is being examined, people what was referred to them, and neither the other's."""
        move = FOLLOWING[decision.outcome]
        if self.state is not at:
            raise IllegalMove(state=self.state.value, move=move.value)
        return replace(self.move(move, now=now), decision=decision)


def diagram() -> str:
    """The state table as a Mermaid diagram for the README; a test compares."""
    lines = ["stateDiagram-v2", "    [*] --> open"]
    lines += [
        f"    {before.value} --> {after.value}: {move.value}"
        for (before, move), after in MOVES.items()
        if before is not after
    ]
    lines += [f"    {state.value} --> [*]" for state, mover in WHOSE_MOVE.items() if mover is Mover.NOBODY]
    return "\n".join(lines)
