"""May one person do this? Never alone: one officer proposes, another approves within a day (R113, A122)."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.ids import ProposalId, StaffId
from app.core.refusal import NotAllowed, Refusal
from app.staff.deeds import Deed

LIFE = timedelta(hours=24)


class OwnProposal(Refusal, code="own_proposal"):
    """Whoever proposed it cannot approve it: maker and checker are two persons (R113)."""


class ProposalClosed(Refusal, code="proposal_closed"):
    """Approved, rejected or out of date already. Facts: state."""


class ProposerGone(Refusal, code="proposer_gone"):
    """Whoever proposed it is no active security officer any more."""


class State(StrEnum):
    """Whose move it is."""

    OPEN = "open"  # another officer: approve or reject
    APPROVED = "approved"  # nobody: done in the same unit of work
    REJECTED = "rejected"  # nobody: nothing was done
    EXPIRED = "expired"  # nobody: too late


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal; what it holds is fixed from its first moment."""

    id: ProposalId
    deed: Deed
    """What will be done."""
    target: str | None
    """Whom or what it is about: a member of staff, there already or to be."""
    sealed_name: bytes | None = field(repr=False)
    """The display name of somebody to be added, sealed under their own key; gone when the proposal is closed."""
    proposed_by: StaffId
    created_at: datetime
    expires_at: datetime
    outcome: State = State.OPEN
    decided_by: StaffId | None = None
    decided_at: datetime | None = None
    reason: str | None = None

    def state(self, now: datetime) -> State:
        """Where it stands at this moment; one nobody decided runs out without anybody's doing."""
        return State.EXPIRED if self.outcome is State.OPEN and now >= self.expires_at else self.outcome

    def approve(self, by: StaffId, officers: frozenset[StaffId], *, now: datetime) -> "Proposal":
        """Say yes, once; raises ProposalClosed, OwnProposal, or whatever follows from who is an officer at this moment.

        Somebody who was put out since cannot leave a wish behind.
        """
        self._refuse_closed(now)
        if by not in officers:
            raise NotAllowed
        if by == self.proposed_by:
            raise OwnProposal
        if self.proposed_by not in officers:
            raise ProposerGone
        return self._decided(State.APPROVED, by, None, now)

    def reject(self, by: StaffId, reason: str, *, now: datetime) -> "Proposal":
        """Say no, once; whoever proposed it may take it back this way. Raises ProposalClosed."""
        self._refuse_closed(now)
        return self._decided(State.REJECTED, by, reason, now)

    def _refuse_closed(self, now: datetime) -> None:
        state = self.state(now)
        if state is not State.OPEN:
            raise ProposalClosed(state=state.value)

    def _decided(self, outcome: State, by: StaffId, reason: str | None, now: datetime) -> "Proposal":
        return replace(self, outcome=outcome, decided_by=by, decided_at=now, reason=reason, sealed_name=None)


def propose(
    proposal_id: ProposalId,
    deed: Deed,
    *,
    by: StaffId,
    now: datetime,
    target: str | None = None,
    sealed_name: bytes | None = None,
) -> Proposal:
    """A proposal that another may approve within a day."""
    return Proposal(proposal_id, deed, target, sealed_name, by, created_at=now, expires_at=now + LIFE)
