"""Guesses are bounded per key, and every block ends by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mfa.guessing import (
    CN_BANK,
    EMPTY,
    LIMITS,
    Counter,
    Key,
    Limit,
    Limits,
    TooManyTries,
    cleared_by_success,
    counted_on,
    most_within,
    network_of,
    refusal_of,
    seconds_blocked,
    strike,
)
from app.mfa.password_policy import POLICIES

NOW = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
LIMIT = CN_BANK.person
NETWORK = CN_BANK.network
YEAR = timedelta(days=365)
PROFILES = pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
waits = st.lists(st.integers(0, 200_000).map(lambda seconds: timedelta(seconds=seconds)), max_size=400)


def after(count: int, counter: Counter = EMPTY, now: datetime = NOW, limit: Limit = LIMIT) -> Counter:
    for _ in range(count):
        counter = strike(counter, now, limit)
    return counter


def looked_at(pauses: list[timedelta], limit: Limit) -> list[datetime]:
    """The moments at which a guess is looked at, of somebody who tries again after each pause."""
    counter, now, made = EMPTY, NOW, []
    for pause in pauses:
        now += pause
        if seconds_blocked(counter, now) is None:
            counter = strike(counter, now, limit)
            made.append(now)
    return made


@pytest.mark.rule("A21")
def test_the_fifth_failure_blocks_and_the_fourth_does_not() -> None:
    assert LIMIT.strikes == 5
    assert seconds_blocked(after(4), NOW) is None
    assert seconds_blocked(after(5), NOW) == LIMIT.block.total_seconds()


@pytest.mark.rule("A22")
def test_a_block_lasts_half_an_hour_and_ends_by_itself() -> None:
    end = NOW + timedelta(minutes=30)
    assert seconds_blocked(after(5), end - timedelta(microseconds=1)) == 1
    assert seconds_blocked(after(5), end) is None


def test_each_block_is_twice_the_last_up_to_the_longest() -> None:
    counter, now, lengths = EMPTY, NOW, []
    for _ in range(8):
        counter = after(5, counter, now)
        lengths.append(seconds_blocked(counter, now))
        now += LIMIT.longest_block
    assert lengths == [1800, 3600, 7200, 14400, 28800, 57600, 86400, 86400]


@pytest.mark.rule("A21")
def test_failures_of_a_person_add_up_however_slowly_they_come() -> None:
    counter = EMPTY
    for day in range(5):
        assert seconds_blocked(counter, NOW + timedelta(days=day)) is None
        counter = strike(counter, NOW + timedelta(days=day), LIMIT)
    assert seconds_blocked(counter, NOW + timedelta(days=4)) == LIMIT.block.total_seconds()


@pytest.mark.rule("A20")
def test_after_a_hundred_failures_in_a_row_each_one_blocks_for_a_day_and_the_block_ends() -> None:
    last = replace(EMPTY, in_a_row=98)
    assert seconds_blocked(after(1, last), NOW) is None
    for in_a_row in (99, 100, 5000):
        counter = after(1, replace(EMPTY, in_a_row=in_a_row))
        assert seconds_blocked(counter, NOW) == LIMIT.longest_block.total_seconds()
        assert seconds_blocked(counter, NOW + LIMIT.longest_block) is None


@pytest.mark.rule("A20")
@PROFILES
def test_a_year_of_guessing_without_success_is_a_hundred_and_one_a_day(limits: Limits) -> None:
    assert most_within(limits.person, timedelta(days=1)) <= 100
    assert most_within(limits.person, YEAR) <= 100 + 365


@pytest.mark.rule("A20")
@PROFILES
@given(pauses=waits)
def test_nobody_gets_more_guesses_than_who_never_waits_too_long(limits: Limits, pauses: list[timedelta]) -> None:
    made = looked_at(pauses, limits.person)
    assert len(made) <= most_within(limits.person, max(sum(pauses, timedelta()), timedelta(seconds=1)) + timedelta(1))
    assert all(sum(begin <= moment < begin + YEAR for moment in made) <= 465 for begin in made)


@pytest.mark.rule("A21", "A22")
@PROFILES
@given(pauses=st.lists(st.integers(0, 3600).map(lambda seconds: timedelta(seconds=seconds)), max_size=60))
def test_no_time_as_long_as_a_block_holds_more_guesses_than_the_limit(limits: Limits, pauses: list[timedelta]) -> None:
    made, limit = looked_at(pauses, limits.person), limits.person
    assert all(sum(begin <= moment < begin + limit.block for moment in made) <= limit.strikes for begin in made)


@pytest.mark.rule("A26")
def test_a_try_from_a_known_device_counts_on_that_device_alone() -> None:
    keys = counted_on(identifier=b"i", network=b"n", authenticator=b"a", device=b"d")
    assert keys == {Key.DEVICE: b"d"}


@pytest.mark.rule("A20", "A26")
@pytest.mark.parametrize("authenticator", [None, b"a"])
def test_a_strangers_try_counts_on_who_was_named_on_the_network_and_on_the_authenticator(
    authenticator: bytes | None,
) -> None:
    keys = counted_on(identifier=b"i", network=b"n", authenticator=authenticator, device=None)
    assert keys.keys() == {Key.IDENTIFIER, Key.NETWORK} | ({Key.AUTHENTICATOR} if authenticator else set())


@pytest.mark.rule("A25")
@pytest.mark.parametrize(("device", "cleared"), [(None, {Key.IDENTIFIER, Key.AUTHENTICATOR}), (b"d", {Key.DEVICE})])
def test_success_clears_what_it_was_counted_on_and_never_a_network(device: bytes | None, cleared: set[Key]) -> None:
    keys = counted_on(identifier=b"i", network=b"n", authenticator=b"a", device=device)
    assert cleared_by_success(keys).keys() == cleared


def test_the_longest_block_of_all_keys_is_told() -> None:
    counters = {Key.IDENTIFIER: after(5), Key.AUTHENTICATOR: after(5, after(5)), Key.NETWORK: EMPTY}
    refusal = refusal_of(counters, NOW + timedelta(seconds=1))
    assert isinstance(refusal, TooManyTries)
    assert refusal.facts == {"retry_after_seconds": 3599}


def test_keys_never_seen_are_not_blocked() -> None:
    assert refusal_of({Key.IDENTIFIER: EMPTY, Key.NETWORK: EMPTY}, NOW) is None


def test_a_network_is_given_more_tries_each_quarter_of_an_hour_and_never_a_last_one() -> None:
    counter = after(NETWORK.strikes - 1, limit=NETWORK)
    assert seconds_blocked(counter, NOW) is None
    assert seconds_blocked(after(1, counter, limit=NETWORK), NOW) == 900
    assert seconds_blocked(after(1, counter, NOW + NETWORK.window, NETWORK), NOW + NETWORK.window) is None  # type: ignore[operator]
    assert seconds_blocked(after(1, replace(EMPTY, in_a_row=10**6), limit=NETWORK), NOW) is None


@pytest.mark.rule("A20", "A21", "A22")
@PROFILES
def test_every_limit_keeps_the_clauses_it_names(limits: Limits) -> None:
    person = limits.person
    assert person.most_in_a_row == 100
    assert "SP 800-63B-4 §3.2.2" in person.clause
    if "RTS (EU) 2018/389" in person.clause:
        assert person.strikes <= 5
    if "PCI DSS 4.0.1 8.3.4" in person.clause:
        assert (person.strikes <= 10, person.block >= timedelta(minutes=30)) == (True, True)


def test_every_policy_profile_has_its_limits() -> None:
    assert LIMITS.keys() == POLICIES.keys()
    assert all(name == limits.name for name, limits in LIMITS.items())


@pytest.mark.rule("A26")
@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        (None, "unknown"),
    ],
)
def test_ipv6_is_counted_by_its_network_and_ipv4_by_its_address(address: str | None, network: str) -> None:
    assert network_of(address) == network


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_whoever_holds_a_network_of_ipv6_gains_nothing_by_changing_addresses(address: object, host: int) -> None:
    base = int(address) & ~(2**64 - 1)  # type: ignore[call-overload]
    from ipaddress import IPv6Address

    if IPv6Address(base).ipv4_mapped is None and base:
        assert network_of(str(IPv6Address(base + host))) == network_of(str(IPv6Address(base)))


@pytest.mark.rule("A26")
def test_ten_thousand_wrong_passwords_from_elsewhere_leave_a_known_device_untouched() -> None:
    counters: dict[tuple[Key, bytes], Counter] = {}
    own = counted_on(identifier=b"i", network=b"home", authenticator=b"a", device=b"d")
    for number in range(10_000):
        network = f"network {number % 40}".encode()
        for place in counted_on(identifier=b"i", network=network, authenticator=b"a", device=None).items():
            counters[place] = strike(counters.get(place, EMPTY), NOW, CN_BANK.of(place[0]))
    assert refusal_of({Key.IDENTIFIER: counters[Key.IDENTIFIER, b"i"]}, NOW)
    assert refusal_of({place[0]: counters.get(place, EMPTY) for place in own.items()}, NOW) is None
