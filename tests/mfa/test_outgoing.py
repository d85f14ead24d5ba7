"""A message leaves at most once: whatever happens in whatever order, no try follows one that may have left."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mfa.outgoing import FIRST_PAUSE, LONGEST_PAUSE, OPEN, Outgoing, State, queued

NOW = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
END = NOW + timedelta(minutes=10)
EVENTS = ("begin", "taken", "refused", "lost", "unsent", "wait")


def sending() -> Outgoing:
    return queued(END).begun(NOW)


def test_a_queued_message_is_begun() -> None:
    assert (sending().state, sending().tries, sending().settled_at) == (State.SENDING, 1, None)


@pytest.mark.parametrize(("move", "state"), [("handed_over", State.HANDED_OVER), ("refused", State.FAILED), ("lost_sight_of", State.UNKNOWN)])  # fmt: skip
def test_a_begun_message_is_settled_once(move: str, state: State) -> None:
    settled = getattr(sending(), move)(NOW)
    assert (settled.state, settled.settled_at) == (state, NOW)
    assert settled.begun(NOW) == settled.handed_over(END) == settled.unsent(NOW)[0] == settled


def test_one_found_on_its_way_may_have_left_with_the_worker_that_died() -> None:
    assert sending().begun(NOW).state is State.UNKNOWN


@pytest.mark.rule("A39")
def test_a_code_past_its_life_is_not_sent() -> None:
    assert queued(END).begun(END - timedelta(microseconds=1)).state is State.SENDING
    assert queued(END).begun(END).state is State.FAILED


def test_what_never_left_is_tried_again_later_and_later() -> None:
    message, pauses = queued(END + timedelta(days=1)), []
    for _ in range(10):
        message, pause = message.begun(NOW).unsent(NOW)
        pauses.append(pause)
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE
    assert message.state is State.QUEUED


def test_it_is_not_tried_again_past_its_life() -> None:
    late = END - FIRST_PAUSE
    assert sending().unsent(late - timedelta(microseconds=1))[0].state is State.QUEUED
    assert sending().unsent(late) == (Outgoing(State.FAILED, END, 1, late), None)


@given(st.lists(st.sampled_from(EVENTS), max_size=40))
def test_no_course_of_events_sends_after_it_may_have_left(events: list[str]) -> None:
    message, now, may_have_left = queued(END), NOW, False
    for event in events:
        if event == "wait":
            now += timedelta(seconds=30)
        elif event == "begin":
            before, message = message, message.begun(now)
            if message.state is State.SENDING:
                assert not may_have_left
                assert before.state is State.QUEUED
                assert now < END
        elif message.state is State.SENDING and event == "unsent":
            message, _ = message.unsent(now)
        elif message.state is State.SENDING:
            may_have_left = event != "refused"
            moves = {"taken": message.handed_over, "refused": message.refused, "lost": message.lost_sight_of}
            message = moves[event](now)
        assert (message.settled_at is None) == (message.state in OPEN)
