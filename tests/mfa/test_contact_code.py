"""A code sent to a phone proves that phone once, to the one who asked, for ten minutes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mfa.contact_code import (
    BETWEEN_SENDS,
    DIGITS,
    LIFE,
    MOST_SENT,
    MOST_STRIKES,
    ContactCode,
    ContactCodeClosed,
    State,
    WrongContactCode,
)
from app.mfa.sending import SentTooOften

NOW = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
RIGHT, WRONG = b"right" * 6, b"wrong" * 6
ASKER = "prf_1"
SENT = ContactCode(asked_by=ASKER, digest=RIGHT, sent_at=NOW)


def test_the_code_proves_the_contact() -> None:
    used, refusal = SENT.prove(RIGHT, asked_by=ASKER, now=NOW)
    assert refusal is None
    assert used.state(NOW) is State.USED


@pytest.mark.rule("A39")
def test_a_contact_code_works_once() -> None:
    used, _ = SENT.prove(RIGHT, asked_by=ASKER, now=NOW)
    assert used.prove(RIGHT, asked_by=ASKER, now=NOW) == (used, ContactCodeClosed())


@pytest.mark.rule("A39")
def test_a_contact_code_is_dead_after_ten_minutes() -> None:
    late = NOW + timedelta(minutes=10)
    _, in_time = SENT.prove(RIGHT, asked_by=ASKER, now=late - timedelta(microseconds=1))
    _, too_late = SENT.prove(RIGHT, asked_by=ASKER, now=late)
    assert (in_time, too_late) == (None, ContactCodeClosed())


@pytest.mark.rule("A39")
def test_a_contact_code_is_six_digits_for_ten_minutes_at_most() -> None:
    assert DIGITS >= 6
    assert timedelta(minutes=10) >= LIFE


@pytest.mark.rule("A39")
def test_only_who_asked_can_use_it_and_nobody_else_can_strike_it() -> None:
    assert SENT.prove(RIGHT, asked_by="prf_2", now=NOW) == (SENT, WrongContactCode())


def test_a_wrong_code_leaves_a_strike() -> None:
    struck, refusal = SENT.prove(WRONG, asked_by=ASKER, now=NOW)
    assert (struck.strikes, refusal) == (1, WrongContactCode())


def test_the_right_code_comes_too_late_after_too_many_strikes() -> None:
    nearly, dead = replace(SENT, strikes=MOST_STRIKES - 1), replace(SENT, strikes=MOST_STRIKES)
    assert nearly.prove(RIGHT, asked_by=ASKER, now=NOW)[1] is None
    assert dead.prove(RIGHT, asked_by=ASKER, now=NOW) == (dead, ContactCodeClosed())


@pytest.mark.rule("A24")
def test_another_code_forgets_no_strike() -> None:
    struck, _ = SENT.prove(WRONG, asked_by=ASKER, now=NOW)
    assert struck.again(b"new", now=NOW + BETWEEN_SENDS).strikes == 1


def test_another_code_replaces_the_first() -> None:
    again = SENT.again(b"new" * 10, now=NOW + BETWEEN_SENDS)
    assert again.prove(RIGHT, asked_by=ASKER, now=again.sent_at)[1] == WrongContactCode()
    assert again.prove(b"new" * 10, asked_by=ASKER, now=again.sent_at)[1] is None


@pytest.mark.rule("A41")
def test_codes_are_sent_a_minute_apart() -> None:
    with pytest.raises(SentTooOften) as caught:
        SENT.again(b"new", now=NOW + timedelta(seconds=59, microseconds=1))
    assert caught.value.facts == {"retry_after_seconds": 1}
    assert SENT.again(b"new", now=NOW + timedelta(seconds=60)).sent == 2


@pytest.mark.rule("A41")
def test_only_so_many_codes_are_sent() -> None:
    now = NOW + BETWEEN_SENDS
    assert replace(SENT, sent=MOST_SENT - 1).again(b"new", now=now).sent == MOST_SENT
    with pytest.raises(SentTooOften):
        replace(SENT, sent=MOST_SENT).again(b"new", now=now)


def test_an_expired_code_can_be_asked_for_again() -> None:
    assert SENT.again(b"new", now=NOW + LIFE).state(NOW + LIFE) is State.WAITING


def test_after_too_many_strikes_no_other_code_is_sent() -> None:
    with pytest.raises(ContactCodeClosed):
        replace(SENT, strikes=MOST_STRIKES).again(b"new", now=NOW + BETWEEN_SENDS)


def test_after_a_used_code_another_address_can_be_tried_with_no_strike_forgotten() -> None:
    again = replace(SENT, used_at=NOW, strikes=3).again(b"new", now=NOW + BETWEEN_SENDS)
    assert (again.state(again.sent_at), again.strikes, again.sent) == (State.WAITING, 3, 2)


@pytest.mark.rule("A24", "A39")
@given(st.lists(st.sampled_from(["wrong", "again", "wait"]), max_size=40))
def test_no_course_of_events_allows_more_wrong_tries_than_the_limit(events: list[str]) -> None:
    code, now, wrong = SENT, NOW, 0
    for event in events:
        if event == "wait":
            now += BETWEEN_SENDS
        elif event == "wrong":
            code, refusal = code.prove(WRONG, asked_by=ASKER, now=now)
            wrong += refusal == WrongContactCode()
        elif now >= code.sent_at + BETWEEN_SENDS and code.sent < MOST_SENT and code.strikes < MOST_STRIKES:
            code = code.again(RIGHT, now=now)
    assert wrong == code.strikes <= MOST_STRIKES
