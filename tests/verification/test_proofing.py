"""Does a proofing move as its table says, and never otherwise?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.core.ids import ClientId, PersonId, ProofingId
from app.verification.assurance import NOTHING
from app.verification.consents import Consent, ConsentNeeded, Purpose, standing
from app.verification.decision import DecidedBy, Decision
from app.verification.evidence import SIDES
from app.verification.examination import Kind
from app.verification.presenting import (
    DocumentNotAccepted,
    TooManyDocuments,
    accepted,
    may_present,
    room_for,
    still_needed,
)
from app.verification.proofing import (
    ALWAYS_IN_TIME,
    MOVES,
    WHOSE_MOVE,
    IllegalMove,
    ImageKind,
    Move,
    Mover,
    Proofing,
    ProofingExpired,
    State,
    StillNeeded,
    diagram,
)
from app.verification.reasons import Outcome

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LIFE = timedelta(hours=24)
PAIRS = [*product(State, Move)]
FINAL = frozenset(state for state, mover in WHOSE_MOVE.items() if mover is Mover.NOBODY) - {State.REJECTED}
"""A rejection is an end until it is appealed."""


def proofing(state: State = State.OPEN) -> Proofing:
    return Proofing(
        id=ProofingId("prf_1"), person_id=PersonId("per_1"), client_id=ClientId("cli_1"), state=state, language="en",
        customer_ref=None, created_at=NOW, changed_at=NOW, expires_at=NOW + LIFE,
    )  # fmt: skip


def decision(outcome: Outcome) -> Decision:
    return Decision(outcome, (), "development-1", NOTHING, NOW, {})


def answered(purpose: Purpose, *, given: bool, at: datetime = NOW) -> Consent:
    return Consent(purpose, given, "2026-11-01", "0" * 64, "en", "web", at)


BOTH = (answered(Purpose.IDENTITY, given=True), answered(Purpose.FACE, given=True))
FACE_REFUSED = (answered(Purpose.IDENTITY, given=True), answered(Purpose.FACE, given=False))


class ProofingMachine(RuleBasedStateMachine):
    """Any course of moves at any times: the table's own, or a refusal that changes nothing."""

    @initialize()
    def open(self) -> None:
        self.now = NOW
        self.proofing = proofing()
        self.ended: State | None = None

    @rule(hours=st.integers(0, 30))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(move=st.sampled_from(Move))
    def try_to(self, move: Move) -> None:
        before, after = self.proofing, MOVES.get((self.proofing.state, move))
        late = before.is_overdue(self.now) and move not in ALWAYS_IN_TIME
        if late or after is None:
            with pytest.raises(ProofingExpired if late else IllegalMove):
                before.move(move, now=self.now)
            return
        self.proofing = before.move(move, now=self.now)
        assert (self.proofing.state, self.proofing.changed_at) == (after, self.now)

    @rule(outcome=st.sampled_from(Outcome))
    def decide(self, outcome: Outcome) -> None:
        if self.proofing.state is not State.EXAMINING:
            with pytest.raises((IllegalMove, ProofingExpired)):
                self.proofing.decide(decision(outcome), now=self.now)
            return
        self.proofing = self.proofing.decide(decision(outcome), now=self.now)
        assert self.proofing.decision is not None

    @invariant()
    def what_is_over_stays_over(self) -> None:
        self.ended = self.ended or (self.proofing.state if self.proofing.state in FINAL else None)
        assert self.ended in {None, self.proofing.state}


TestProofingMachine = pytest.mark.rule("R114")(ProofingMachine.TestCase)


@pytest.mark.rule("R114")
@pytest.mark.parametrize(("state", "move"), [pair for pair in PAIRS if pair not in MOVES])
def test_a_move_that_is_not_in_the_table_raises_and_names_both(state: State, move: Move) -> None:
    with pytest.raises(IllegalMove) as refused:
        proofing(state).move(move, now=NOW)
    assert refused.value.facts == {"state": state.value, "move": move.value}


@pytest.mark.rule("R114")
def test_nothing_leads_from_an_end_to_another_state() -> None:
    assert all(MOVES[state, move] is state for state, move in MOVES if state in FINAL)


@pytest.mark.rule("R114")
def test_every_state_can_be_reached_and_every_move_is_somebodys() -> None:
    assert {State.OPEN, *MOVES.values()} == set(State)
    assert {move for _, move in MOVES} == set(Move)


def test_time_runs_out_at_the_moment_it_says() -> None:
    last = NOW + LIFE - timedelta(microseconds=1)
    assert proofing().move(Move.PRESENT, now=last).state is State.OPEN
    with pytest.raises(ProofingExpired):
        proofing().move(Move.PRESENT, now=NOW + LIFE)


def test_time_does_not_run_while_the_move_is_not_the_applicants() -> None:
    decided = proofing(State.EXAMINING).decide(decision(Outcome.ACCEPT), now=NOW + LIFE)
    assert decided.state is State.ACCEPTED


@pytest.mark.parametrize("state", State)
def test_what_is_overdue_is_seen_as_expired_and_nothing_else_is(state: State) -> None:
    shown = proofing(state).seen(NOW + LIFE).state
    assert shown is (State.EXPIRED if WHOSE_MOVE[state] is Mover.APPLICANT else state)
    assert proofing(state).seen(NOW).state is state


@pytest.mark.rule("R97")
@pytest.mark.parametrize("state", [state for state in State if state not in {State.WITHDRAWN, State.EXPIRED}])
def test_the_face_can_be_refused_for_as_long_as_it_may_be_held(state: State) -> None:
    assert proofing(state).move(Move.REFUSE_FACE, now=NOW + 2 * LIFE).state is state


@pytest.mark.rule("R95")
@pytest.mark.parametrize("kind", ImageKind)
def test_no_picture_is_taken_before_its_own_purpose_was_answered(kind: ImageKind) -> None:
    for consents in ((), BOTH[1:], FACE_REFUSED[1:]):
        with pytest.raises(ConsentNeeded) as refused:
            may_present(kind, consents)
        assert refused.value.facts == {"purpose": "identity_verification"}


@pytest.mark.rule("R95", "R96")
def test_the_answer_for_the_card_is_none_for_the_face() -> None:
    may_present(ImageKind.RESIDENT_PORTRAIT, BOTH[:1])
    for consents in (BOTH[:1], FACE_REFUSED):
        with pytest.raises(ConsentNeeded) as refused:
            may_present(ImageKind.FACE, consents)
        assert refused.value.facts == {"purpose": "face_comparison"}
    may_present(ImageKind.FACE, BOTH)


def test_the_latest_answer_stands() -> None:
    later = answered(Purpose.FACE, given=False, at=NOW + timedelta(seconds=1))
    assert (standing(Purpose.FACE, BOTH), standing(Purpose.FACE, (later, *BOTH))) == (True, False)
    assert standing(Purpose.FACE, ()) is None


def test_everything_is_needed_at_first_in_the_order_to_ask_for_it() -> None:
    consents = ("consent:identity_verification", "consent:face_comparison")
    assert still_needed((), ()) == (*consents, "resident-card/portrait", "resident-card/emblem", "face")


@pytest.mark.rule("R53")
@pytest.mark.parametrize(
    ("held", "needed"),
    [
        (["passport/data-page"], []),
        (["permanent-resident-card/front"], ["permanent-resident-card/back"]),
        (["driving-licence/main"], ["resident-card/portrait", "resident-card/emblem"]),
        (["driving-licence/duplicate", "passport/data-page"], ["driving-licence/main"]),
        (["visa/data-page", "residence-permit/emblem"], ["residence-permit/portrait"]),
    ],
)
def test_each_document_begun_is_wanted_whole_and_one_that_stands_by_itself(held: list[str], needed: list[str]) -> None:
    assert still_needed(BOTH, [ImageKind("face"), *map(ImageKind, held)]) == tuple(needed)


@pytest.mark.rule("R42")
def test_a_document_the_policy_does_not_take_is_refused_and_those_it_takes_are_named() -> None:
    with pytest.raises(DocumentNotAccepted) as refused:
        accepted(ImageKind.TEMPORARY_PORTRAIT, (Kind.RESIDENT_CARD, Kind.PASSPORT))
    assert refused.value.facts == {"accepted": "resident_card, passport"}
    accepted(ImageKind.PASSPORT, (Kind.PASSPORT,))
    accepted(ImageKind.FACE, (Kind.PASSPORT,))


LICENCE, CARD, PASSPORT = "driving-licence/main", "resident-card/emblem", "passport/data-page"


@pytest.mark.parametrize("more", ["driving-licence/duplicate", "resident-card/portrait", "passport/data-page", "face"])
def test_pictures_of_three_documents_are_taken(more: str) -> None:
    room_for(ImageKind(more), (LICENCE, CARD, PASSPORT, "face"))
    room_for(ImageKind(more), [])


def test_a_fourth_document_is_refused_and_the_most_is_named() -> None:
    with pytest.raises(TooManyDocuments) as refused:
        room_for(ImageKind.VISA, (LICENCE, CARD, PASSPORT))
    assert refused.value.facts == {"most": 3}


def test_every_picture_but_the_face_is_of_one_page() -> None:
    pages = [kind.page for kind in ImageKind]
    assert pages.count(None) == 1
    assert all(page is None or ImageKind.showing(*page) is kind for page, kind in zip(pages, ImageKind, strict=True))
    assert {page for page in pages if page} == {(kind, side) for kind, sides in SIDES.items() for side in sides}


@pytest.mark.rule("R98")
def test_who_refuses_the_face_needs_none() -> None:
    sides = (ImageKind.RESIDENT_PORTRAIT, ImageKind.RESIDENT_EMBLEM)
    assert still_needed(FACE_REFUSED, sides) == ()
    assert still_needed(BOTH, sides) == ("face",)


@pytest.mark.rule("R114")
def test_a_submission_that_lacks_something_names_it() -> None:
    with pytest.raises(StillNeeded) as refused:
        proofing().submit(("face",), now=NOW)
    assert refused.value.facts == {"needed": "face"}
    assert proofing().submit((), now=NOW).submitted_at == NOW


@pytest.mark.rule("R114")
def test_the_diagram_draws_every_change_of_state_once() -> None:
    drawn = [line.strip() for line in diagram().splitlines() if "-->" in line and "[*]" not in line]
    wanted = [f"{a.value} --> {b.value}: {move.value}" for (a, move), b in MOVES.items() if a is not b]
    assert sorted(drawn) == sorted(wanted)
    assert len(drawn) == len(set(drawn))


@pytest.mark.rule("R102", "R110")
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("by", DecidedBy)
def test_a_face_is_compared_no_more_once_accepted_or_turned_away_by_people(state: State, by: DecidedBy) -> None:
    decided = replace(proofing(state), decision=replace(decision(Outcome.REJECT), decided_by=by))
    over = state in {State.ACCEPTED, State.BINDING, State.ENROLLED}
    assert decided.is_settled is (over or (state is State.REJECTED and by is not DecidedBy.POLICY))
