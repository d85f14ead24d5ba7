"""Does the family keep its promises whatever an owner, a thief and a bad network do?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.assertion.refresh import LOST_ANSWER, Outcome, opened
from app.core.ids import ClientId, SessionId

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
APP = ClientId("cli_app")
LIFETIME = timedelta(hours=1)


class OwnerAndThief(RuleBasedStateMachine):
    """An owner who refreshes, sometimes without hearing the answer; a thief who may copy what the owner holds."""

    @initialize()
    def begin(self) -> None:
        """A session has just begun."""
        self.now = START
        self.family = opened(SessionId("ses_1"), APP, now=START, lifetime=LIFETIME)
        self.owner = 1
        self.lost_at: datetime | None = None  # when the owner's unanswered request was first sent
        self.thief = 0  # nothing yet
        self.used_by_thief = False
        self.late = False  # the owner waited too long after a lost answer

    def present(self, generation: int) -> Outcome:
        """Show a token; what always holds of the answer."""
        before = self.family
        self.family, outcome, refusal = before.exchange(generation, client_id=APP, now=self.now)
        assert (refusal is None) == (outcome in {Outcome.ROTATED, Outcome.REPEATED})
        assert before.generation <= self.family.generation <= before.generation + 1
        return outcome

    @rule(seconds=st.sampled_from([0, 1, 5, 10, 11, 600]))
    def time_passes(self, seconds: int) -> None:
        """Nobody does anything."""
        self.now += timedelta(seconds=seconds)

    @rule(heard=st.booleans())
    def owner_refreshes(self, heard: object) -> None:
        """The owner exchanges, and hears the answer or does not."""
        if self.lost_at is not None and self.now - self.lost_at > LOST_ANSWER:
            self.late = True
        outcome = self.present(self.owner)
        if outcome is Outcome.ROTATED:
            self.lost_at = self.now
        if outcome in {Outcome.ROTATED, Outcome.REPEATED} and heard:
            self.owner, self.lost_at = self.family.generation, None
        blameless = not self.used_by_thief and not self.late and self.now < self.family.expires_at
        assert not blameless or outcome in {Outcome.ROTATED, Outcome.REPEATED}

    @rule()
    def thief_copies(self) -> None:
        """The thief learns what the owner holds."""
        self.thief = self.owner

    @precondition(lambda self: self.thief > 0)
    @rule(heard=st.booleans())
    def thief_refreshes(self, heard: object) -> None:
        """The thief exchanges, and hears the answer or does not."""
        outcome = self.present(self.thief)
        self.used_by_thief = True
        if outcome in {Outcome.ROTATED, Outcome.REPEATED} and heard:
            self.thief = self.family.generation

    @rule(behind=st.integers(2, 5))
    def an_old_token_turns_up(self, behind: int) -> None:
        """A token from before the predecessor."""
        old = self.family.generation - behind
        if old < 1:
            return
        assert self.present(old) in {Outcome.REUSED, Outcome.REFUSED}
        assert self.family.ended_at is not None or self.now >= self.family.expires_at
        self.used_by_thief = True

    @invariant()
    def at_most_one_generation_lives(self) -> None:
        """One token makes a successor; at most one more repeats it."""
        answers = [self.family.exchange(g, client_id=APP, now=self.now) for g in range(1, self.family.generation + 3)]
        assert len({family.generation for family, _, refusal in answers if refusal is None}) <= 2
        assert sum(outcome is Outcome.ROTATED for _, outcome, _ in answers) <= 1

    @invariant()
    def what_has_ended_stays_ended(self) -> None:
        """No token of a dead family is good for anything."""
        if self.family.ended_at is not None or self.now >= self.family.expires_at:
            answers = [self.family.exchange(g, client_id=APP, now=self.now) for g in range(self.family.generation + 2)]
            assert all(refusal is not None for _, _, refusal in answers)


TestOwnerAndThief = pytest.mark.rule("A89", "A90", "A91")(OwnerAndThief.TestCase)


@pytest.mark.rule("A89")
def test_when_owner_and_thief_use_one_token_the_second_ends_the_family_for_both() -> None:
    family = opened(SessionId("ses_1"), APP, now=START, lifetime=LIFETIME)
    family, _, _ = family.exchange(1, client_id=APP, now=START)  # whoever came first holds generation 2 now
    family, outcome, _ = family.exchange(1, client_id=APP, now=START + timedelta(minutes=1))
    assert outcome is Outcome.REUSED
    assert family.exchange(2, client_id=APP, now=START + timedelta(minutes=2))[1] is Outcome.REFUSED
