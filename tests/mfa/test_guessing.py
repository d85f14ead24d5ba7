"""Guesses are bounded per key, and a block ends by itself until the last one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mfa.guessing import (
    EMPTY,
    LIMIT_BY_KEY,
    Counter,
    Key,
    TooManyTries,
    blocked,
    cleared,
    refuse_blocked,
    strike,
    tries_left,
)

NOW = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
LIMIT = LIMIT_BY_KEY[Key.IDENTIFIER]
NETWORK = LIMIT_BY_KEY[Key.NETWORK]
waits = st.lists(st.integers(0, 200_000).map(lambda seconds: timedelta(seconds=seconds)), max_size=400)


def after(count: int, counter: Counter = EMPTY, now: datetime = NOW) -> Counter:
    for _ in range(count):
        counter = strike(counter, now, LIMIT)
    return counter


@pytest.mark.rule("A21")
def test_the_fifth_failure_blocks_and_the_fourth_does_not() -> None:
    assert LIMIT.strikes == 5
    assert blocked(after(4), NOW, LIMIT) is None
    assert blocked(after(5), NOW, LIMIT) == LIMIT.block.total_seconds()


@pytest.mark.rule("A22")
def test_a_block_lasts_half_an_hour_and_ends_by_itself() -> None:
    end = NOW + timedelta(minutes=30)
    assert blocked(after(5), end - timedelta(microseconds=1), LIMIT) == 1
    assert blocked(after(5), end, LIMIT) is None


def test_each_block_is_twice_the_last_up_to_the_longest() -> None:
    counter, now, lengths = EMPTY, NOW, []
    for _ in range(8):
        counter = after(5, counter, now)
        lengths.append(blocked(counter, now, LIMIT))
        now += LIMIT.longest_block
    assert lengths == [1800, 3600, 7200, 14400, 28800, 57600, 86400, 86400]


@pytest.mark.rule("A21")
def test_slow_failures_do_not_block() -> None:
    counter, now = EMPTY, NOW
    for _ in range(20):
        counter = strike(counter, now, LIMIT)
        now += LIMIT.window
        assert blocked(counter, now, LIMIT) is None


@pytest.mark.rule("A20")
def test_after_a_hundred_failures_in_a_row_only_recovery_helps() -> None:
    last = replace(EMPTY, in_a_row=98)
    much_later = NOW + timedelta(days=3650)
    assert blocked(after(1, last), much_later, LIMIT) is None
    assert blocked(after(2, last), much_later, LIMIT) == LIMIT.longest_block.total_seconds()


@pytest.mark.rule("A20")
@given(waits)
def test_nobody_makes_more_than_a_hundred_guesses_in_a_row(pauses: list[timedelta]) -> None:
    counter, now, guesses = EMPTY, NOW, 0
    for pause in pauses:
        now += pause
        if blocked(counter, now, LIMIT) is None:
            counter = strike(counter, now, LIMIT)
            guesses += 1
    assert guesses <= 100


@pytest.mark.rule("A21")
@given(st.lists(st.integers(0, 3600).map(lambda seconds: timedelta(seconds=seconds)), max_size=60))
def test_no_half_hour_holds_more_than_nine_guesses(pauses: list[timedelta]) -> None:
    counter, now, made = EMPTY, NOW, []
    for pause in pauses:
        now += pause
        if blocked(counter, now, LIMIT) is None:
            counter = strike(counter, now, LIMIT)
            made.append(now)
    assert all(sum(begin <= moment < begin + LIMIT.block for moment in made) <= 9 for begin in made)


@pytest.mark.rule("A25")
def test_a_completed_login_clears_the_count() -> None:
    assert cleared(after(4)) == EMPTY


@pytest.mark.rule("A20", "A25")
def test_a_login_does_not_clear_what_only_recovery_may() -> None:
    exhausted = after(1, replace(EMPTY, in_a_row=99))
    assert cleared(exhausted) == exhausted


@pytest.mark.rule("A21")
def test_the_person_can_be_warned_before_the_last_block() -> None:
    assert tries_left(after(5), LIMIT) == 95
    assert tries_left(replace(EMPTY, in_a_row=101), LIMIT) == 0
    assert tries_left(EMPTY, NETWORK) is None


def test_a_blocked_key_is_refused_with_the_time_to_wait() -> None:
    with pytest.raises(TooManyTries) as caught:
        refuse_blocked(after(5), NOW + timedelta(seconds=1), LIMIT)
    assert caught.value.facts == {"retry_after_seconds": 1799}


def test_an_unknown_key_is_not_blocked() -> None:
    refuse_blocked(EMPTY, NOW, LIMIT)


def test_a_network_is_given_more_tries_and_no_last_block() -> None:
    counter = EMPTY
    for _ in range(NETWORK.strikes - 1):
        counter = strike(counter, NOW, NETWORK)
    assert blocked(counter, NOW, NETWORK) is None
    counter = strike(counter, NOW, NETWORK)
    assert blocked(counter, NOW, NETWORK) == 900
    assert not counter.exhausted


@pytest.mark.rule("A20", "A21", "A22")
@pytest.mark.parametrize("key", [Key.IDENTIFIER, Key.AUTHENTICATOR])
def test_every_limit_on_a_person_keeps_the_clauses_it_names(key: Key) -> None:
    limit = LIMIT_BY_KEY[key]
    assert limit.strikes <= 5
    assert limit.block >= timedelta(minutes=30)
    assert limit.most_in_a_row is not None
    assert limit.most_in_a_row <= 100
