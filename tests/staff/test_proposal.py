"""Does it take two, within a day, whatever anybody tries and in whatever order?"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.core.ids import ProposalId, StaffId
from app.core.refusal import NotAllowed, Refusal
from app.staff.deeds import DisableStaff
from app.staff.proposal import LIFE, OwnProposal, Proposal, ProposalClosed, ProposerGone, State, propose
from tests.staff.people import NOW

ANN, BOB, EVE = (StaffId(name) for name in ("ann", "bob", "eve"))
OFFICERS = frozenset({ANN, BOB})


def proposed() -> Proposal:
    return propose(ProposalId("prp_1"), DisableStaff(EVE), by=ANN, now=NOW, target=EVE, sealed_name=b"sealed")


def test_another_officer_approves() -> None:
    approved = proposed().approve(BOB, OFFICERS, now=NOW)
    assert (approved.outcome, approved.decided_by, approved.decided_at) == (State.APPROVED, BOB, NOW)


@pytest.mark.rule("R113", "A122")
def test_nobody_approves_their_own() -> None:
    with pytest.raises(OwnProposal):
        proposed().approve(ANN, OFFICERS, now=NOW)


def test_nobody_approves_who_is_no_officer_now() -> None:
    with pytest.raises(NotAllowed):
        proposed().approve(EVE, OFFICERS, now=NOW)


def test_whoever_was_put_out_leaves_no_wish_behind() -> None:
    with pytest.raises(ProposerGone):
        proposed().approve(BOB, frozenset({BOB, EVE}), now=NOW)


@pytest.mark.parametrize(("after", "state"), [(LIFE - timedelta(microseconds=1), State.OPEN), (LIFE, State.EXPIRED)])
def test_a_proposal_runs_out_after_a_day(after: timedelta, state: State) -> None:
    assert proposed().state(NOW + after) is state


def test_one_that_ran_out_is_neither_approved_nor_rejected() -> None:
    late = NOW + LIFE
    with pytest.raises(ProposalClosed):
        proposed().approve(BOB, OFFICERS, now=late)
    with pytest.raises(ProposalClosed):
        proposed().reject(BOB, "too late", now=late)


def test_its_proposer_may_take_it_back() -> None:
    assert proposed().reject(ANN, "a mistake", now=NOW).outcome is State.REJECTED


def test_a_closed_proposal_keeps_no_name() -> None:
    assert proposed().approve(BOB, OFFICERS, now=NOW).sealed_name is None
    assert proposed().reject(BOB, "no", now=NOW).sealed_name is None


class Proposals(RuleBasedStateMachine):
    """One proposal, three people who come and go as officers, and a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.proposal = proposed()
        self.officers = frozenset({ANN, BOB, EVE})
        self.now = NOW
        self.decisions = 0

    @rule(who=st.sampled_from([ANN, BOB, EVE]))
    def come_or_go(self, who: StaffId) -> None:
        self.officers ^= {who}

    @rule(hours=st.integers(1, 13))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(by=st.sampled_from([ANN, BOB, EVE]))
    def approve(self, by: StaffId) -> None:
        before = self.proposal
        allowed = before.state(self.now) is State.OPEN and by != ANN and {by, ANN} <= self.officers
        try:
            self.proposal = before.approve(by, self.officers, now=self.now)
        except Refusal:
            assert not allowed
            return
        assert allowed
        self.decisions += 1

    @rule(by=st.sampled_from([ANN, BOB, EVE]))
    def reject(self, by: StaffId) -> None:
        before = self.proposal
        try:
            self.proposal = before.reject(by, "no", now=self.now)
        except ProposalClosed:
            assert before.state(self.now) is not State.OPEN
            return
        self.decisions += 1

    @precondition(lambda self: self.proposal.outcome is State.APPROVED)
    @invariant()
    def two_different_people_agreed_in_time(self) -> None:
        assert self.proposal.decided_by not in {None, self.proposal.proposed_by}
        assert self.proposal.decided_at is not None
        assert self.proposal.decided_at < self.proposal.expires_at

    @invariant()
    def it_is_decided_once_at_most(self) -> None:
        assert self.decisions <= 1

    @invariant()
    def what_was_proposed_never_changes(self) -> None:
        first = proposed()
        kept = replace(self.proposal, outcome=first.outcome, decided_by=None, decided_at=None, reason=None)
        assert replace(kept, sealed_name=first.sealed_name) == first


TestProposals = Proposals.TestCase
