"""Strangers and owners, known devices, networks and time, in any order: what must hold in every state that can be reached."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.mfa.guessing import (
    EMPTY,
    LIMITS,
    Counter,
    Key,
    Keys,
    Limits,
    cleared_by_success,
    counted_on,
    refusal_of,
    strike,
)

START = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
ACCOUNTS = (b"ann", b"bao", b"nobody has this name")
DEVICES = {b"ann's phone": b"ann", b"ann's desk": b"ann", b"bao's phone": b"bao"}
NETWORKS = (b"home", b"elsewhere", b"branch")
KINDS = tuple(LIMITS.values())
Place = tuple[Key, bytes]

accounts, networks, devices = st.sampled_from(ACCOUNTS), st.sampled_from(NETWORKS), st.sampled_from(sorted(DEVICES))


class Guessing(RuleBasedStateMachine):
    """The store of a service, reduced to a dictionary; the model beside it remembers what was looked at, and where."""

    @initialize(limits=st.sampled_from(KINDS))
    def fill(self, limits: Limits) -> None:
        self.now, self.limits = START, limits
        self.counters: dict[Place, Counter] = defaultdict(lambda: EMPTY)
        self.failed: dict[Place, list[datetime]] = defaultdict(list)
        """Failures that were looked at, since the last success that may clear them."""
        self.device_failed: dict[bytes, int] = defaultdict(int)

    @rule(seconds=st.sampled_from([0, 1, 29, 30, 60, 899, 900, 1799, 1800, 3600, 86_399, 86_400, 2_000_000]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(account=accounts, network=networks, times=st.integers(1, 130), code=st.booleans())
    def strangers_guess(self, account: bytes, network: bytes, times: int, code: bool) -> None:  # noqa: FBT001
        for _ in range(times):
            self._fail(self._keys(account, network, None, code=code))

    @rule(account=accounts, network=networks, days=st.integers(1, 200))
    def strangers_guess_whenever_they_may(self, account: bytes, network: bytes, days: int) -> None:
        for _ in range(days):
            self._fail(self._keys(account, network, None, code=False))
            self.now += timedelta(days=1)

    @rule(device=devices, network=networks, times=st.integers(1, 12))
    def a_known_device_guesses(self, device: bytes, network: bytes, times: int) -> None:
        before = dict(self.counters)
        for _ in range(times):
            keys = self._keys(DEVICES[device], network, device, code=True)
            self.device_failed[device] += self._fail(keys)
        changed = {place for place in self.counters if self.counters[place] != before.get(place, EMPTY)}
        assert changed <= {(Key.DEVICE, device)}

    @rule(account=accounts, network=networks)
    def a_stranger_signs_in(self, account: bytes, network: bytes) -> None:
        keys = self._keys(account, network, None, code=True)
        if account != ACCOUNTS[-1] and not self._refused(keys):
            self._succeed(keys, {Key.IDENTIFIER, Key.AUTHENTICATOR})

    @rule(device=devices, network=networks)
    def an_owner_signs_in_on_a_known_device(self, device: bytes, network: bytes) -> None:
        keys = self._keys(DEVICES[device], network, device, code=True)
        if not self._refused(keys):
            self._succeed(keys, {Key.DEVICE})
            self.device_failed[device] = 0

    def _keys(self, account: bytes, network: bytes, device: bytes | None, *, code: bool) -> Keys:
        authenticator = account + b"'s app" if code else None
        return counted_on(identifier=account, network=network, authenticator=authenticator, device=device)

    def _refused(self, keys: Keys) -> bool:
        return refusal_of({key: self.counters[key, value] for key, value in keys.items()}, self.now) is not None

    def _fail(self, keys: Keys) -> bool:
        """One wrong guess, as a service takes it; whether it was looked at."""
        if self._refused(keys):
            return False
        for place in keys.items():
            self.counters[place] = strike(self.counters[place], self.now, self.limits.of(place[0]))
            self.failed[place].append(self.now)
        return True

    def _succeed(self, keys: Keys, may_clear: set[Key]) -> None:
        before = dict(self.counters)
        for place in cleared_by_success(keys).items():
            self.counters[place] = EMPTY
            self.failed[place] = []
        changed = {place for place in before if self.counters[place] != before[place]}
        assert changed <= {place for place in keys.items() if place[0] in may_clear}

    @invariant()
    def an_owner_is_never_kept_out_on_a_known_device_that_did_not_fail(self) -> None:
        for device, owner in DEVICES.items():
            for network in NETWORKS:
                keys = self._keys(owner, network, device, code=True)
                assert self.device_failed[device] >= self.limits.person.strikes or not self._refused(keys)

    @invariant()
    def every_block_ends_by_itself(self) -> None:
        for (key, _), counter in self.counters.items():
            longest = self.limits.of(key).longest_block
            assert counter.blocked_until is None or counter.blocked_until <= (counter.struck_at or START) + longest
            assert refusal_of({key: counter}, self.now + longest) is None

    @invariant()
    def no_more_guesses_are_looked_at_than_the_limit(self) -> None:
        limit = self.limits.person
        for (key, _), failed in self.failed.items():
            if key is not Key.NETWORK:
                for first, later in zip(failed, failed[limit.strikes :], strict=False):
                    assert later - first >= limit.block
                for first, later in pairwise(failed[99:]):
                    assert later - first >= limit.longest_block

    @invariant()
    def no_network_has_more_than_two_windows_full_at_once(self) -> None:
        limit = self.limits.network
        for (key, _), failed in self.failed.items():
            if key is Key.NETWORK:
                for first, later in zip(failed, failed[2 * limit.strikes - 1 :], strict=False):
                    assert later - first >= limit.block


@pytest.mark.rule("A20", "A21", "A25", "A26", "A28")
def test_no_course_of_events_keeps_an_owner_out_blocks_for_ever_or_looks_at_more_guesses_than_the_limit() -> None:
    run_state_machine_as_test(Guessing, settings=settings(max_examples=120, stateful_step_count=40, deadline=None))
