"""What does a proofing look like to its applicant, to the client that opened it, and to staff?"""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from app.routers.language import CHINESE
from app.routers.shown_place import Place, place_shown
from app.services.proofing_view import ProofingView
from app.verification.decision import Decision
from app.verification.proofing import WHOSE_MOVE, Mover, State
from app.verification.reasons import Outcome, Reason
from app.verification.words import UNDER_REVIEW, Told, said, told


class ToldReason(BaseModel):
    """What the applicant is told."""

    code: str = Field(description="stable; what a program decides by")
    side: str | None = Field(description="the picture it is about")
    words: str = Field(description="in the reader's language")


class StaffReason(BaseModel):
    """What the bank's own client sees of a reason."""

    code: str = Field(description="stable; what a program decides by")
    outcome: str = Field(description="what this reason alone leads to")
    kind: str = Field(description="what sort of finding it is")
    words: str = Field(description="for staff, in the reader's language")
    facts: dict[str, str | int | float | bool] = Field(description="what was measured, and the threshold")
    where: Place | None = Field(
        description="what it is about, if it is about one place of the picture its facts name by `kind` and `side`"
    )


class ShownAssurance(BaseModel):
    """What the assurance level was computed from."""

    evidence: list[str] = Field(description="kinds of document that count")
    passed: list[str] = Field(description="controls that were passed")


class ShownDecision(BaseModel):
    """The decision; `staff_reasons` only for the client that opened the proofing."""

    outcome: str = Field(description="`accept`, `retry`, `refer` or `reject`")
    decided_by: str = Field(description="`policy` alone, people in a `review`, or people at the `counter`")
    policy: str = Field(description="name and version of the policy it was taken under")
    ial: str = Field(description="assurance reached, SP 800-63A: `none` or `ial1` to `ial3`")
    ial_missing: list[str] = Field(description="where it accepts, what the next level would take")
    decided_at: datetime
    reasons: list[ToldReason] = Field(description="what the applicant is told")
    human_review: bool = Field(description="the applicant may ask for a person to decide (PIPL Art. 24)")
    staff_reasons: list[StaffReason] | None = Field(None, description="every reason, with its facts")
    comparison: dict[str, str | int | float | bool] | None = Field(
        None, description="distance of the two faces, thresholds and model"
    )
    assurance: ShownAssurance | None = Field(None, description="what `ial` was computed from")


class ShownProofing(BaseModel):
    """A proofing and whose move it is."""

    id: str
    state: State = Field(description="where it stands")
    whose_move: Mover = Field(description="who acts next")
    needed: list[str] = Field(
        description="answers, pictures and unclear fields still to come before it can be submitted"
    )
    evidence: list[str] = Field(description="pictures held")
    created_at: datetime
    changed_at: datetime
    expires_at: datetime = Field(description="when it ends unfinished")
    answer_due_at: datetime | None = Field(description="while people decide: by when")
    decision: ShownDecision | None = Field(description="once it is taken")


def shown(view: ProofingView, *, language: str, for_client: bool = False) -> ShownProofing:
    """The proofing as its reader may see it."""
    proofing = view.proofing
    return ShownProofing(
        id=proofing.id,
        state=proofing.state,
        whose_move=WHOSE_MOVE[proofing.state],
        needed=list(view.needed),
        evidence=list(view.kinds),
        created_at=proofing.created_at,
        changed_at=proofing.changed_at,
        expires_at=proofing.expires_at,
        answer_due_at=view.answer_due_at,
        decision=_decision(view, language=language, for_client=for_client),
    )


def _decision(view: ProofingView, *, language: str, for_client: bool) -> ShownDecision | None:
    decision = view.proofing.decision
    if decision is None:
        return None
    chinese = language == CHINESE
    return ShownDecision(
        outcome=decision.outcome,
        policy=decision.policy,
        ial=decision.ial,
        ial_missing=list(decision.assurance.missing),
        decided_at=decision.decided_at,
        decided_by=decision.decided_by,
        human_review=decision.human_review and view.proofing.state is State.REJECTED,
        reasons=[
            ToldReason(code=each.code, side=each.side, words=each.words.zh if chinese else each.words.en)
            for each in _told(view, decision)
        ],
        staff_reasons=staff_reasons(decision.reasons, chinese=chinese) if for_client else None,
        comparison=dict(decision.facts) if for_client and decision.facts else None,
        assurance=assurance_shown(decision) if for_client else None,
    )


def assurance_shown(decision: Decision) -> ShownAssurance:
    """What staff read of how the level came about."""
    return ShownAssurance(evidence=list(decision.assurance.evidence), passed=list(decision.assurance.passed))


def _told(view: ProofingView, decision: Decision) -> tuple[Told, ...]:
    """What the applicant reads; of an appealed rejection, that people look again."""
    if view.proofing.state is State.REFERRED and decision.outcome is Outcome.REJECT:
        return (UNDER_REVIEW,)
    return told(decision.outcome, decision.reasons, decision.decided_by)


def staff_reasons(reasons: Sequence[Reason], *, chinese: bool) -> list[StaffReason]:
    """Every reason as staff read it."""
    return [
        StaffReason(
            code=each.code,
            outcome=each.outcome,
            kind=each.kind,
            words=said(each).zh if chinese else said(each).en,
            facts=dict(each.facts),
            where=place_shown(each.where),
        )
        for each in reasons
    ]
