"""Many log-ins of a few persons, in any order of events: what must hold in every state that can be reached."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.core.acr import Acr, Amr
from app.core.ids import AuthenticatorId, ClientId, LoginId, PersonId
from app.core.refusal import Refusal
from app.mfa.login import MOST_STRIKES, Factor, Login, State, begin
from app.mfa.totp import bind, code_at, step_at

START = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
PERSONS = (PersonId("person_1"), PersonId("person_2"))
SEEDS = {person: bytes([number]) * 20 for number, person in enumerate(PERSONS)}


class Logins(RuleBasedStateMachine):
    """The store of a service, reduced to dictionaries; the model beside it remembers what was truly proven."""

    names = Bundle("names")

    @initialize()
    def fill(self) -> None:
        self.now = START
        self.logins: dict[str, Login] = {}
        self.shown: dict[str, set[Factor]] = {}
        self.completions: dict[str, int] = {}
        self.spent: list[tuple[PersonId, int]] = []
        self.held = {
            person: replace(bind(AuthenticatorId(person), person, nonce=seed, now=START), confirmed_at=START)
            for person, seed in SEEDS.items()
        }

    @rule(target=names, person=st.sampled_from([*PERSONS, None]))
    def start(self, person: PersonId | None) -> str:
        return self._begun(person)

    def _begun(self, person: PersonId | None) -> str:
        name = f"login_{len(self.logins)}"
        self.logins[name] = begin(
            LoginId(name),
            client_id=ClientId("client"),
            identifier_hash=b"hash",
            person_id=person,
            code_challenge="challenge",
            scopes=(),
            resources=(),
            now=self.now,
        )
        self.shown[name], self.completions[name] = set(), 0
        return name

    @rule(target=names, person=st.sampled_from(PERSONS))
    def start_with_a_right_password(self, person: PersonId) -> str:
        return self._with_password(person)

    def _with_password(self, person: PersonId) -> str:
        name = self._begun(person)
        self.password(name, matched=True)
        return name

    @rule(target=names, person=st.sampled_from(PERSONS))
    def start_and_prove_all(self, person: PersonId) -> str:
        self.now += timedelta(seconds=60)
        name = self._with_password(person)
        self.totp(name, distance=1)
        return name

    @rule(seconds=st.sampled_from([0, 1, 29, 30, 31, 90, 599, 600, 601]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(name=names, matched=st.booleans())
    def password(self, name: str, matched: bool) -> None:  # noqa: FBT001
        before = self.logins[name]
        after, refusal = before.prove_password(matched, now=self.now)
        self._moved(name, after, refusal)
        if refusal is None:
            assert matched
            assert before.person_id is not None
            self.shown[name].add(Factor.PASSWORD)

    @rule(name=names, distance=st.sampled_from([-2, -1, 0, 0, 0, 1, 2]))
    def totp(self, name: str, distance: int) -> None:
        person = self.logins[name].person_id
        seed = SEEDS[person or PERSONS[0]]
        code = code_at(seed, step_at(self.now) + distance)
        after, held, refusal = self.logins[name].prove_totp(self.held.get(person or PersonId("")), code, now=self.now)
        self._moved(name, after, refusal)
        if refusal is None:
            assert person is not None
            assert held is not None
            self.held[person] = held
            self.spent.append((person, held.last_step))
            self.shown[name].add(Factor.TOTP)

    @rule(name=names)
    def complete(self, name: str) -> None:
        before = self.logins[name]
        try:
            self.logins[name], result = before.complete(self.now)
        except Refusal:
            return
        assert self.now < before.expires_at
        assert self.shown[name] == {Factor.PASSWORD, Factor.TOTP}
        assert (result.person_id, result.acr) == (before.person_id, Acr.AAL2)
        assert result.amr == (Amr.PWD, Amr.OTP, Amr.MFA)
        self.completions[name] += 1

    def _moved(self, name: str, after: Login, refusal: Refusal | None) -> None:
        before, self.logins[name] = self.logins[name], after
        over = before.state(self.now) in {State.COMPLETED, State.DEAD, State.EXPIRED}
        assert not over or (after == before and refusal is not None)
        assert refusal is None or after.proofs == before.proofs

    @invariant()
    def nothing_is_proven_that_was_not_shown(self) -> None:
        for name, login in self.logins.items():
            assert {proof.factor for proof in login.proofs} == self.shown[name]
            assert login.state(self.now) is not State.PROVEN or self.shown[name] == {Factor.PASSWORD, Factor.TOTP}
            assert login.strikes <= MOST_STRIKES

    @invariant()
    def nothing_is_completed_twice(self) -> None:
        assert all(count <= 1 for count in self.completions.values())

    @invariant()
    def no_step_of_a_person_is_accepted_twice(self) -> None:
        assert len(self.spent) == len(set(self.spent))


@pytest.mark.rule("A32", "A124")
def test_no_course_of_events_proves_what_was_not_shown_or_completes_or_spends_twice() -> None:
    run_state_machine_as_test(Logins, settings=settings(max_examples=60, stateful_step_count=40, deadline=None))
