"""Is a code good once and for ten minutes, and does the session end when nobody is there?"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.ids import CaptureId, ProofingId
from app.verification.capture import CODE_LIFE, IDLE, KIOSK_IDLE, LONGEST, Capture, CaptureCodeInvalid, opened

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
A_MOMENT = timedelta(milliseconds=1)
FAR = NOW + timedelta(hours=72)


def code(*, kiosk: bool = False) -> Capture:
    return opened(CaptureId("cap_1"), ProofingId("prf_1"), kiosk=kiosk, now=NOW)


def session(*, kiosk: bool = False) -> Capture:
    return code(kiosk=kiosk).enter(proofing_ends_at=FAR, now=NOW)


def test_a_code_lives_ten_minutes_at_most() -> None:
    assert timedelta(minutes=10) == CODE_LIFE
    assert code().enter(proofing_ends_at=FAR, now=NOW + CODE_LIFE - A_MOMENT).entered_at is not None
    with pytest.raises(CaptureCodeInvalid):
        code().enter(proofing_ends_at=FAR, now=NOW + CODE_LIFE)


def test_a_code_is_swapped_once() -> None:
    with pytest.raises(CaptureCodeInvalid):
        session().enter(proofing_ends_at=FAR, now=NOW)


def test_a_code_that_was_not_swapped_is_no_session() -> None:
    assert not code().is_alive(NOW)


@pytest.mark.parametrize(("kiosk", "idle"), [(True, KIOSK_IDLE), (False, IDLE)])
def test_a_session_ends_when_nobody_uses_it(*, kiosk: bool, idle: timedelta) -> None:
    begun = session(kiosk=kiosk)
    assert begun.is_alive(NOW + idle - A_MOMENT)
    assert not begun.is_alive(NOW + idle)


def test_a_kiosk_waits_a_minute_for_its_applicant() -> None:
    assert timedelta(seconds=60) == KIOSK_IDLE


def test_a_session_ends_in_time_however_busy_it_is() -> None:
    busy = replace(session(), used_at=NOW + LONGEST - A_MOMENT)
    assert busy.is_alive(NOW + LONGEST - A_MOMENT)
    assert not replace(busy, used_at=NOW + LONGEST).is_alive(NOW + LONGEST)


def test_a_session_ends_with_its_proofing() -> None:
    soon = NOW + timedelta(minutes=5)
    assert not code().enter(proofing_ends_at=soon, now=NOW).is_alive(soon)


def test_a_session_that_was_ended_stays_so() -> None:
    assert not replace(session(), ended_at=NOW).is_alive(NOW)


def test_whoever_is_filmed_for_long_is_idle_and_still_there() -> None:
    filmed = session(kiosk=True)
    assert (filmed.is_alive(NOW + KIOSK_IDLE), filmed.is_over(NOW + KIOSK_IDLE)) == (False, False)
    assert [filmed.is_over(NOW + LONGEST - A_MOMENT), filmed.is_over(NOW + LONGEST)] == [False, True]
    assert replace(filmed, ended_at=NOW).is_over(NOW)
