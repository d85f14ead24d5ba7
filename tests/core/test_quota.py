"""Does a bucket let through what was promised, and no more, whenever its requests come?"""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.quota import MINUTE, Buckets, Quota, TooManyRequests

rates = st.integers(1, 100_000)
pauses = st.lists(st.floats(0.0, 200.0), min_size=1, max_size=60)


def let_through(quota: Quota, moments: list[float]) -> list[float]:
    """The moments at which a request was let through."""
    drained_at, taken = 0.0, []
    for now in moments:
        drained_at, wait = quota.taken(drained_at, now)
        taken += [now] if wait == 0.0 else []
    return taken


@given(st.integers(1, 300))
def test_a_whole_minutes_share_may_come_at_once_and_not_one_more(a_minute: int) -> None:
    assert len(let_through(Quota(a_minute), [1000.0] * (a_minute + 5))) == a_minute


@given(st.integers(1, 30), pauses)
def test_in_any_stretch_of_time_no_more_comes_through_than_one_burst_and_the_rate(
    a_minute: int, between: list[float]
) -> None:
    taken = let_through(Quota(a_minute), [1000.0 + at for at in accumulate(between)])
    for first, begun in enumerate(taken):
        for count, ended in enumerate(taken[first:], start=1):
            assert count <= a_minute * (1 + (ended - begun) / MINUTE) + 1e-3


@given(rates, pauses)
def test_whoever_waits_as_long_as_they_were_told_is_let_through(a_minute: int, between: list[float]) -> None:
    quota, drained_at = Quota(a_minute), 0.0
    for now in accumulate(between, initial=1000.0):
        for _ in range(3):
            drained_at, wait = quota.taken(drained_at, now)
            assert wait == 0.0 or quota.taken(drained_at, now + wait)[1] == 0.0


@given(rates, st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60))
def test_whoever_keeps_to_the_rate_is_never_refused(a_minute: int, more: list[float]) -> None:
    each = MINUTE / a_minute
    moments = list(accumulate((each * (1 + extra) for extra in more), initial=1000.0))
    assert let_through(Quota(a_minute), moments) == moments


def test_a_refused_request_costs_nothing() -> None:
    quota = Quota(2)
    full = quota.taken(quota.taken(0.0, 1000.0)[0], 1000.0)[0]
    assert quota.taken(full, 1000.0) == (full, 30.0)


def test_ones_full_bucket_is_not_anothers() -> None:
    buckets = Buckets(Quota(1))
    buckets.take("one", 0.0)
    buckets.take("another", 0.0)
    with pytest.raises(TooManyRequests) as refused:
        buckets.take("one", 0.0)
    assert refused.value.facts == {"retry_after_seconds": 60}


@given(st.lists(st.integers(0, 50), max_size=200))
def test_no_more_callers_are_remembered_than_there_is_room_for(callers: list[int]) -> None:
    buckets = Buckets(Quota(1000), most=10)
    for caller in callers:
        buckets.take(str(caller), 0.0)
    assert len(buckets) <= 10


def test_the_longest_unused_is_forgotten_first() -> None:
    buckets = Buckets(Quota(1), most=2)
    buckets.take("first", 0.0)
    buckets.take("second", 0.0)
    with pytest.raises(TooManyRequests):
        buckets.take("first", 0.0)
    buckets.take("third", 0.0)
    with pytest.raises(TooManyRequests):
        buckets.take("first", 0.0)
    buckets.take("second", 0.0)
