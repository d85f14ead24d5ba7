"""Many log-ins with codes by SMS, in any order of events: no code serves twice, late, or another log-in than its own."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.core.acr import Amr
from app.core.ids import ClientId, LoginId, PersonId
from app.core.refusal import Refusal
from app.mfa.login import MOST_STRIKES, Factor, Login, State, WrongProof, begin
from app.mfa.sms import BETWEEN_SENDS, LIFE, MOST_SENT, SmsCode

START = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)


class SmsLogins(RuleBasedStateMachine):
    """The store of a service, reduced to dictionaries; beside it every digit that reached a phone, with its log-in."""

    names = Bundle("names")

    @initialize()
    def fill(self) -> None:
        self.now = START
        self.logins: dict[LoginId, Login] = {}
        self.codes: dict[LoginId, SmsCode] = {}
        self.phone: list[tuple[LoginId, bytes, datetime]] = []
        self.spent: list[bytes] = []
        self.wrong: dict[LoginId, int] = {}

    @rule(target=names, known=st.booleans(), right=st.booleans())
    def start(self, known: bool, right: bool) -> LoginId:  # noqa: FBT001
        name = LoginId(f"login_{len(self.logins)}")
        begun = begin(
            name,
            client_id=ClientId("client"),
            identifier_hash=b"hash",
            person_id=PersonId("person") if known else None,
            code_challenge="challenge",
            scopes=(),
            resources=(),
            now=self.now,
        )
        self.logins[name], _ = begun.prove_password(matched=right, now=self.now)
        self.wrong[name] = self.logins[name].strikes
        return name

    @rule(seconds=st.sampled_from([1, 59, 60, 61, 299, 599, 600]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(name=names)
    def send(self, name: LoginId) -> None:
        if self.logins[name].refuse_sms(self.now) is not None:
            return
        digest, earlier = f"code {len(self.phone)}".encode(), self.codes.get(name)
        try:
            sent = SmsCode(name, digest, self.now) if earlier is None else earlier.again(digest, now=self.now)
        except Refusal:
            return
        self.codes[name] = sent
        self.phone.append((name, digest, self.now))

    @rule(name=names, choice=st.integers(0, 5))
    def enter(self, name: LoginId, choice: int) -> None:
        """The newest codes on the phone, whichever log-in they were for, or a guess."""
        seen = self.phone[-choice] if 0 < choice <= len(self.phone) else None
        given = seen[1] if seen else b"guess"
        code = self.codes.get(name)
        matched = code is not None and code.digest == given
        after, left, refusal = self.logins[name].prove_sms(code, matched, now=self.now)
        if left is not None:
            self.codes[name] = left
        self.wrong[name] += refusal == WrongProof()
        self.logins[name] = after
        if refusal is None:
            assert seen is not None
            assert seen[0] == name
            assert self.now < seen[2] + LIFE
            self.spent.append(given)

    @invariant()
    def no_code_is_spent_twice(self) -> None:
        assert len(self.spent) == len(set(self.spent))

    @invariant()
    def every_wrong_code_left_its_strike_whatever_was_sent_since(self) -> None:
        assert all(login.strikes == self.wrong[name] <= MOST_STRIKES for name, login in self.logins.items())

    @invariant()
    def codes_were_few_and_apart(self) -> None:
        for name in self.logins:
            moments = [at for asked_by, _, at in self.phone if asked_by == name]
            assert len(moments) <= MOST_SENT
            assert all(b - a >= BETWEEN_SENDS for a, b in pairwise(moments))

    @invariant()
    def only_a_code_and_a_password_prove(self) -> None:
        for login in self.logins.values():
            if login.state(self.now) is State.PROVEN:
                assert [proof.factor for proof in login.proofs] == [Factor.PASSWORD, Factor.SMS]
                assert login.complete(self.now)[1].amr == (Amr.PWD, Amr.SMS, Amr.MFA)


@pytest.mark.rule("A24", "A39", "A41")
def test_no_course_of_events_spends_a_code_twice_late_or_for_another_log_in() -> None:
    run_state_machine_as_test(SmsLogins, settings=settings(max_examples=80, stateful_step_count=40, deadline=None))
