"""Do two different people have to agree, whatever is tried, in whatever order, at whatever time?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.core.ids import ProofingId, ReviewId, StaffId
from app.core.refusal import Refusal
from app.verification.review import (
    ANSWERED_WITHIN,
    CLAIM_LIFE,
    AlreadyVoted,
    Cause,
    ClaimedByAnother,
    ClaimFirst,
    Phase,
    Review,
    ReviewClosed,
    TookPart,
    Verdict,
    Vote,
    opened,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PEOPLE = tuple(StaffId(f"per_{name}") for name in ("anna", "bao", "chen", "dora"))
ANNA, BAO, CHEN, DORA = PEOPLE
IDENTITIES = (b"one", b"another")


def review(cause: Cause = Cause.REFERRAL) -> Review:
    return opened(ReviewId("rev_1"), ProofingId("prf_1"), cause, now=NOW)


def vote(who: StaffId, verdict: Verdict = Verdict.ACCEPT, *, in_person: bool = False, identity: bytes = b"one") -> Vote:
    return Vote(who, verdict, identity if verdict is Verdict.ACCEPT else None, in_person, NOW)


def given(before: Review, *votes: Vote, alone: bool = False) -> Review:
    """Each claims and votes in turn."""
    for each in votes:
        if not each.in_person:
            before = before.claimed(each.reviewer_id, took_part=(), now=each.at)
        before = before.voted(each, took_part=(), alone=alone)
    return before


class ReviewMachine(RuleBasedStateMachine):
    """Four people do whatever they like; the model beside it knows who truly said what."""

    @initialize(took_part=st.sets(st.sampled_from(PEOPLE), max_size=1))
    def open(self, took_part: set[StaffId]) -> None:
        self.now, self.review, self.took_part = NOW, review(), took_part
        self.said: dict[StaffId, tuple[Verdict, bytes | None]] = {}

    @rule(minutes=st.integers(0, 40))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(who=st.sampled_from(PEOPLE))
    def claim(self, who: StaffId) -> None:
        held_by_another = self.review.phase(self.now) is Phase.CLAIMED and self.review.claim_of(self.now) != who
        try:
            self.review = self.review.claimed(who, took_part=self.took_part, now=self.now)
        except Refusal:
            assert held_by_another or who in self.said or who in self.took_part or self.review.closed_at
            return
        assert not held_by_another

    @rule(
        who=st.sampled_from(PEOPLE),
        verdict=st.sampled_from(Verdict),
        identity=st.sampled_from(IDENTITIES),
        in_person=st.booleans(),
    )
    def vote(self, who: StaffId, verdict: Verdict, identity: bytes, *, in_person: bool) -> None:
        cast = replace(vote(who, verdict, in_person=in_person, identity=identity), at=self.now)
        try:
            self.review = self.review.voted(cast, took_part=self.took_part, alone=False)
        except Refusal:
            return
        assert who not in self.said
        self.said[who] = (cast.verdict, cast.identity)

    @invariant()
    def nobody_is_accepted_but_by_two_who_mean_the_same_person(self) -> None:
        if self.review.verdict is Verdict.ACCEPT:
            accepted = [said for said in self.said.values() if said[0] is Verdict.ACCEPT]
            assert any(accepted.count(said) >= 2 for said in accepted)

    @invariant()
    def nobody_who_took_part_before_decides(self) -> None:
        assert not self.took_part & self.said.keys()

    @invariant()
    def nobody_is_rejected_but_by_two(self) -> None:
        if self.review.verdict is Verdict.REJECT:
            assert [verdict for verdict, _ in self.said.values()].count(Verdict.REJECT) >= 2

    @invariant()
    def it_is_over_when_two_say_the_same(self) -> None:
        assert (self.review.closed_at is not None) is (len({*self.said.values()}) < len(self.said))

    @invariant()
    def the_others_votes_are_seen_by_those_who_voted_alone(self) -> None:
        assert all(bool(self.review.visible_votes(who)) == (who in self.said) for who in PEOPLE)


TestReviewMachine = pytest.mark.rule("R113")(ReviewMachine.TestCase)


@pytest.mark.rule("R113")
@pytest.mark.parametrize("verdict", Verdict)
def test_two_who_agree_decide(verdict: Verdict) -> None:
    decided = given(review(), vote(ANNA, verdict), vote(BAO, verdict))
    assert (decided.verdict, decided.phase(NOW)) == (verdict, Phase.DECIDED)


@pytest.mark.rule("R113")
@pytest.mark.parametrize("third", Verdict)
def test_a_third_decides_a_disagreement(third: Verdict) -> None:
    contested = given(review(), vote(ANNA), vote(BAO, Verdict.REJECT))
    assert contested.phase(NOW) is Phase.CONTESTED
    assert given(contested, vote(CHEN, third)).verdict is third


@pytest.mark.rule("R113")
def test_two_who_accept_different_identities_do_not_agree() -> None:
    contested = given(review(), vote(ANNA), vote(BAO, identity=b"another"))
    assert contested.verdict is None
    thrice = given(contested, vote(CHEN, identity=b"a third"))
    assert (thrice.verdict, thrice.phase(NOW)) == (None, Phase.CONTESTED)
    assert given(thrice, vote(DORA)).verdict is Verdict.ACCEPT


@pytest.mark.rule("R113")
def test_whoever_had_another_before_them_does_not_attend_whom_two_accept() -> None:
    contested = given(review(), vote(ANNA, in_person=True), vote(BAO, identity=b"another"))
    assert not given(contested, vote(CHEN, identity=b"another")).in_person
    assert given(contested, vote(CHEN)).in_person


@pytest.mark.rule("R113")
def test_one_person_has_one_vote() -> None:
    with pytest.raises(AlreadyVoted):
        given(review(), vote(ANNA), vote(ANNA))


@pytest.mark.rule("R105", "R113")
def test_whoever_took_part_before_neither_claims_nor_votes() -> None:
    with pytest.raises(TookPart):
        review(Cause.APPEAL).claimed(ANNA, took_part={ANNA}, now=NOW)
    with pytest.raises(TookPart):
        review(Cause.APPEAL).voted(vote(ANNA, in_person=True), took_part={ANNA}, alone=False)


def test_a_claim_keeps_others_away_until_it_expires() -> None:
    claimed = review().claimed(ANNA, took_part=(), now=NOW)
    with pytest.raises(ClaimedByAnother):
        claimed.claimed(BAO, took_part=(), now=NOW + CLAIM_LIFE - timedelta(seconds=1))
    assert claimed.claimed(BAO, took_part=(), now=NOW + CLAIM_LIFE).claim_of(NOW + CLAIM_LIFE) == BAO


def test_a_vote_from_afar_needs_the_claim_and_one_at_the_counter_does_not() -> None:
    claimed = review().claimed(ANNA, took_part=(), now=NOW)
    with pytest.raises(ClaimFirst):
        claimed.voted(vote(BAO), took_part=(), alone=False)
    at_the_counter = claimed.voted(vote(BAO, in_person=True), took_part=(), alone=False)
    assert at_the_counter.claim_of(NOW) == ANNA


def test_a_case_is_looked_at_by_whoever_claimed_it_or_voted() -> None:
    voted = given(review(), vote(ANNA))
    voted.may_look(ANNA, now=NOW)
    with pytest.raises(ClaimFirst):
        voted.may_look(BAO, now=NOW)


@pytest.mark.rule("R113")
def test_one_at_the_counter_decides_where_the_policy_lets_them() -> None:
    assert given(review(), vote(ANNA, in_person=True), alone=True).verdict is Verdict.ACCEPT
    assert given(review(), vote(ANNA, in_person=True)).verdict is None


def test_what_is_closed_stays_closed() -> None:
    with pytest.raises(ReviewClosed):
        review().closed(now=NOW).claimed(ANNA, took_part=(), now=NOW)
    with pytest.raises(ReviewClosed):
        given(review(), vote(ANNA), vote(BAO), vote(CHEN))


@pytest.mark.rule("R105")
def test_an_appeal_is_overdue_after_fifteen_days_and_not_before() -> None:
    appeal = review(Cause.APPEAL)
    assert timedelta(days=15) == ANSWERED_WITHIN
    assert not appeal.overdue(appeal.due_at)
    assert appeal.overdue(appeal.due_at + timedelta(seconds=1))
    assert not appeal.closed(now=NOW).overdue(appeal.due_at + timedelta(seconds=1))


def test_at_the_counter_is_who_agrees_at_the_counter() -> None:
    assert given(review(), vote(ANNA), vote(BAO, in_person=True)).in_person
    outvoted = given(review(), vote(ANNA, Verdict.REJECT, in_person=True), vote(BAO), vote(CHEN))
    assert not outvoted.in_person
