"""Does a sign-in take two proofs in order, and a session end by itself?"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ids import SessionId, StaffId
from app.core.refusal import Refusal
from app.staff.signin import (
    IDLE,
    LIFE,
    LONGEST,
    MOST_STRIKES,
    SESSION_BYTES,
    SignIn,
    SignInClosed,
    SignInOutOfOrder,
    StaffNotProven,
    begin,
    opened,
)
from tests.staff.people import NOW

STEP = timedelta(microseconds=1)


def begun(staff_id: str | None = "ann") -> SignIn:
    return begin("sgn_1", name_index=b"index", staff_id=None if staff_id is None else StaffId(staff_id), now=NOW)


def test_password_then_totp_completes() -> None:
    halfway, refusal = begun().prove_password(True, now=NOW)
    assert (halfway.needed, refusal) == ("totp", None)
    whole, refusal = halfway.prove_totp(True, now=NOW)
    assert (whole.completed_at, refusal) == (NOW, None)


def test_a_code_before_the_password_is_out_of_order_for_everybody() -> None:
    for staff_id in ("ann", None):
        assert begun(staff_id).prove_totp(True, now=NOW)[1] == SignInOutOfOrder()


def test_a_password_is_proven_once() -> None:
    assert begun().prove_password(True, now=NOW)[0].prove_password(True, now=NOW)[1] == SignInOutOfOrder()


def test_an_unknown_name_is_refused_like_a_wrong_password() -> None:
    unknown, wrong = begun(None).prove_password(True, now=NOW), begun().prove_password(False, now=NOW)
    assert unknown[1] == wrong[1] == StaffNotProven()
    assert unknown[0].strikes == wrong[0].strikes == 1


def test_a_sign_in_dies_of_its_fifth_strike() -> None:
    sign_in = begun()
    for _ in range(MOST_STRIKES):
        sign_in, refusal = sign_in.prove_password(False, now=NOW)
        assert refusal == StaffNotProven()
    assert sign_in.prove_password(True, now=NOW) == (sign_in, SignInClosed())


@pytest.mark.parametrize(("after", "refusal"), [(LIFE - STEP, None), (LIFE, SignInClosed())])
def test_a_sign_in_lives_ten_minutes(after: timedelta, refusal: Refusal | None) -> None:
    assert begun().prove_password(True, now=NOW + after)[1] == refusal


def test_a_completed_sign_in_opens_no_second_session() -> None:
    whole, _ = begun().prove_password(True, now=NOW)[0].prove_totp(True, now=NOW)
    assert whole.prove_totp(True, now=NOW)[1] == SignInClosed()


@given(st.lists(st.tuples(st.sampled_from(["password", "totp"]), st.booleans()), max_size=20))
def test_nothing_completes_without_both_proofs(tries: list[tuple[str, bool]]) -> None:
    sign_in, proven = begun(), set()
    for step, right in tries:
        prove = sign_in.prove_password if step == "password" else sign_in.prove_totp
        sign_in, refusal = prove(right, now=NOW)
        if refusal is None:
            proven.add(step)
    assert (sign_in.completed_at is not None) == (proven == {"password", "totp"})
    assert sign_in.strikes <= MOST_STRIKES


def test_a_session_token_has_256_bits() -> None:
    assert SESSION_BYTES == 32


@pytest.mark.rule("A67", "A68")
@pytest.mark.parametrize(("after", "alive"), [(IDLE - STEP, True), (IDLE, False)])
def test_a_session_ends_after_fifteen_idle_minutes(after: timedelta, *, alive: bool) -> None:
    session = opened(SessionId("ses_1"), StaffId("ann"), network=None, now=NOW)
    assert timedelta(minutes=15) == IDLE
    assert session.is_alive(NOW + after) is alive


@pytest.mark.rule("A67")
@pytest.mark.parametrize(("after", "alive"), [(LONGEST - STEP, True), (LONGEST, False)])
def test_a_session_ends_after_twelve_hours_however_busy(after: timedelta, *, alive: bool) -> None:
    from dataclasses import replace

    session = opened(SessionId("ses_1"), StaffId("ann"), network=None, now=NOW)
    assert timedelta(hours=12) == LONGEST
    assert replace(session, used_at=NOW + after).is_alive(NOW + after) is alive
