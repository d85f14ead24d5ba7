"""May this refresh token be exchanged?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assertion import base64url
from app.assertion.oauth import InvalidGrant
from app.assertion.refresh import (
    ABSOLUTE_END,
    LOST_ANSWER,
    MAX_LENGTH,
    Outcome,
    Presented,
    message,
    opened,
    parse,
    text,
)
from app.core.ids import ClientId, SessionId, named

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
APP, OTHER = ClientId("cli_app"), ClientId("cli_other")
SESSION = SessionId(named("ses", bytes(26)))
FIRST = opened(SESSION, APP, now=NOW, lifetime=ABSOLUTE_END)
ROTATED = FIRST.exchange(1, client_id=APP, now=NOW)[0]


@pytest.mark.rule("A89")
def test_each_exchange_yields_a_successor() -> None:
    family, outcome, refusal = FIRST.exchange(1, client_id=APP, now=NOW + ABSOLUTE_END / 2)
    assert (family.generation, outcome, refusal) == (2, Outcome.ROTATED, None)


@pytest.mark.rule("A88", "A90")
def test_a_lost_answer_may_be_asked_for_again_and_is_the_same() -> None:
    family, outcome, refusal = ROTATED.exchange(1, client_id=APP, now=NOW + LOST_ANSWER)
    assert (family, outcome, refusal) == (ROTATED, Outcome.REPEATED, None)


@pytest.mark.rule("A89", "A90")
def test_ten_seconds_later_it_is_reuse_and_ends_the_family() -> None:
    at = NOW + LOST_ANSWER + TICK
    family, outcome, refusal = ROTATED.exchange(1, client_id=APP, now=at)
    assert (family, outcome, refusal) == (replace(ROTATED, ended_at=at), Outcome.REUSED, InvalidGrant())


@pytest.mark.rule("A89", "A123")
def test_a_clock_stepped_back_does_not_lengthen_the_ten_seconds() -> None:
    _, repeated, _ = ROTATED.exchange(1, client_id=APP, now=NOW - LOST_ANSWER)  # another machine's, a little behind
    _, reused, _ = ROTATED.exchange(1, client_id=APP, now=NOW - LOST_ANSWER - TICK)
    assert (repeated, reused) == (Outcome.REPEATED, Outcome.REUSED)


@pytest.mark.rule("A89")
def test_once_the_successor_was_used_its_predecessor_is_reuse_even_within_ten_seconds() -> None:
    third, _, _ = ROTATED.exchange(2, client_id=APP, now=NOW + TICK)
    family, outcome, refusal = third.exchange(1, client_id=APP, now=NOW + 2 * TICK)
    assert (family.ended_at, outcome, refusal) == (NOW + 2 * TICK, Outcome.REUSED, InvalidGrant())


@pytest.mark.rule("A89")
@pytest.mark.parametrize("generation", [1, 2, 3])
def test_an_ended_family_yields_nothing(generation: int) -> None:
    ended = replace(ROTATED, ended_at=NOW)
    assert ended.exchange(generation, client_id=APP, now=NOW) == (ended, Outcome.REFUSED, InvalidGrant())


def test_a_generation_that_was_never_issued_ends_the_family() -> None:
    family, outcome, _ = FIRST.exchange(2, client_id=APP, now=NOW)
    assert (family.ended_at, outcome) == (NOW, Outcome.REUSED)


@pytest.mark.rule("A91")
def test_however_often_rotated_a_family_has_an_end() -> None:
    assert ROTATED.expires_at == FIRST.expires_at == NOW + ABSOLUTE_END
    assert ROTATED.exchange(2, client_id=APP, now=NOW + ABSOLUTE_END - TICK)[1] is Outcome.ROTATED
    assert ROTATED.exchange(2, client_id=APP, now=NOW + ABSOLUTE_END) == (ROTATED, Outcome.REFUSED, InvalidGrant())


def test_another_client_gets_nothing_and_ends_nothing() -> None:
    for generation in (1, 2):
        assert ROTATED.exchange(generation, client_id=OTHER, now=NOW) == (ROTATED, Outcome.REFUSED, InvalidGrant())


@pytest.mark.rule("A90")
def test_fifty_at_once_with_one_token_yield_one_family_and_no_log_out() -> None:
    family, outcomes = FIRST, []
    for _ in range(50):  # the row lock puts them in a line
        family, outcome, refusal = family.exchange(1, client_id=APP, now=NOW)
        outcomes.append(outcome)
        assert (family.generation, refusal) == (2, None)
    assert outcomes == [Outcome.ROTATED] + [Outcome.REPEATED] * 49


@given(
    st.integers(0, 255),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.binary(min_size=26, max_size=26),
    st.binary(min_size=32, max_size=32),
)
def test_a_token_reads_as_it_was_written(suite: int, version: int, generation: int, nonce: bytes, mac: bytes) -> None:
    presented = Presented(suite, version, SessionId(named("ses", nonce)), generation, mac)
    assert parse(text(presented)) == presented
    assert len(text(presented)) <= MAX_LENGTH


@given(st.text(max_size=150) | st.binary(max_size=120).map(base64url.encode))
def test_any_text_is_either_a_token_written_one_way_or_refused(given_text: str) -> None:
    try:
        presented = parse(given_text)
    except InvalidGrant:
        return
    assert text(presented) == given_text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda good: good + "=",
        lambda good: good[:-1],
        lambda good: good + "AAAA",
        lambda good: base64url.encode(b"\x01" + base64url.decode(good)[1:]),
        lambda _: "A" * (MAX_LENGTH + 1),
    ],
)
def test_a_spoilt_token_is_refused(spoil: Callable[[str], str]) -> None:
    good = text(Presented(3, 1, SESSION, 1, bytes(32)))
    with pytest.raises(InvalidGrant):
        parse(spoil(good))


WORDS = st.text(alphabet="ab", max_size=4)
TOKENS = st.tuples(WORDS.map(SessionId), st.integers(1, 3), WORDS.map(ClientId))


@given(TOKENS, TOKENS)
def test_two_different_tokens_never_share_a_message(
    one: tuple[SessionId, int, ClientId], other: tuple[SessionId, int, ClientId]
) -> None:
    assert (message(*one) == message(*other)) == (one == other)
