"""What does the house go by when somebody sets the machine's clock? (A123)"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import SETTLING, STEP, SetClock, SteadyClock, SystemClock

pytestmark = pytest.mark.rule("A123")
START = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOURS, SECOND = timedelta(hours=2), timedelta(seconds=1)
passing = st.tuples(st.just("move"), st.integers(0, 7200))
stepping = st.tuples(st.just("step"), st.integers(-7200, 7200))


def clocks() -> tuple[SetClock, SteadyClock]:
    machine = SetClock(START)
    return machine, SteadyClock(machine)


def test_time_passes() -> None:
    machine, steady = clocks()
    machine.move(HOURS)
    assert (steady.now(), steady.apart(), steady.steps) == (START + HOURS, timedelta(), 0)


def test_a_step_back_is_never_followed() -> None:
    machine, steady = clocks()
    machine.step(-HOURS)
    assert (steady.now(), steady.apart(), steady.steps) == (START, -HOURS, 1)
    machine.move(HOURS)
    assert steady.now() == START + HOURS


def test_a_step_ahead_is_followed_once_it_has_stood() -> None:
    machine, steady = clocks()
    machine.step(HOURS)
    assert (steady.now(), steady.apart(), steady.steps) == (START, HOURS, 1)
    machine.move(SETTLING - SECOND)
    assert steady.now() == START + SETTLING - SECOND
    machine.move(SECOND)
    assert (steady.now(), steady.apart()) == (START + HOURS + SETTLING, timedelta())


def test_a_step_ahead_that_is_taken_back_never_happened() -> None:
    machine, steady = clocks()
    machine.step(HOURS)
    assert steady.now() == START
    machine.step(-HOURS)
    machine.move(2 * SETTLING)
    assert (steady.now(), steady.apart()) == (START + 2 * SETTLING, timedelta())


def test_a_small_correction_ahead_is_followed_at_once() -> None:
    machine, steady = clocks()
    machine.step(STEP)
    assert (steady.now(), steady.steps) == (START + STEP, 0)


@given(st.lists(passing | stepping, max_size=30))
def test_it_never_goes_back_and_never_stands(acts: list[tuple[str, int]]) -> None:
    machine, steady = clocks()
    before = steady.now()
    for act, seconds in acts:
        getattr(machine, act)(timedelta(seconds=seconds))
        now = steady.now()
        # The microsecond: a lead is a float.
        assert now >= before + timedelta(seconds=seconds if act == "move" else 0) - timedelta(microseconds=1)
        before = now


def test_the_machines_ticks_go_on() -> None:
    machine = SystemClock()
    first = machine.ticks()
    assert machine.ticks() >= first
    assert abs((SteadyClock(machine).now() - machine.now()).total_seconds()) < STEP.total_seconds()
