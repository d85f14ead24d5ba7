"""A code by SMS proves the log-in that asked for it, once, for ten minutes; the authenticator app is always named first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.acr import Acr, Amr
from app.core.ids import LoginId
from app.mfa.login import Factor, Login, OutOfOrder, State, WrongProof
from app.mfa.sending import SentTooOften
from app.mfa.sms import BETWEEN_SENDS, DIGITS, LIFE, MOST_SENT, SmsCode, SmsCodeClosed
from tests.mfa.test_login import CODE, CONFIRMED, NOW, login, with_password

SENT = SmsCode(LoginId("login_1"), b"digest", NOW)


def by_sms() -> Login:
    return with_password().prove_sms(SENT, matched=True, now=NOW)[0]


def test_password_and_code_by_sms_prove_the_subscriber() -> None:
    _, result = by_sms().complete(NOW)
    assert (result.acr, result.amr) == (Acr.AAL2, (Amr.PWD, Amr.SMS, Amr.MFA))


@pytest.mark.rule("A43")
def test_the_authenticator_app_is_named_first() -> None:
    assert with_password().needed == (Factor.TOTP,)
    assert with_password().alternatives == (Factor.TOTP, Factor.SMS)


@pytest.mark.rule("A23")
def test_before_the_first_proof_nobody_is_told_of_a_phone() -> None:
    assert login().alternatives == login(None).alternatives == (Factor.PASSWORD,)
    assert login().refuse_sms(NOW) == login(None).refuse_sms(NOW) == OutOfOrder()


@pytest.mark.rule("A124")
def test_one_second_proof_is_enough_and_another_is_out_of_order() -> None:
    assert by_sms().state(NOW) is State.PROVEN
    assert by_sms().prove_totp(CONFIRMED, CODE, now=NOW)[2] == OutOfOrder()
    assert with_password().prove_totp(CONFIRMED, CODE, now=NOW)[0].refuse_sms(NOW) == OutOfOrder()


@pytest.mark.rule("A39")
def test_a_code_by_sms_works_once() -> None:
    _, used, _ = with_password().prove_sms(SENT, matched=True, now=NOW)
    assert used is not None
    assert with_password().prove_sms(used, matched=True, now=NOW)[2] == SmsCodeClosed()


@pytest.mark.rule("A39")
def test_a_code_by_sms_is_dead_after_ten_minutes() -> None:
    young = replace(with_password(), expires_at=NOW + timedelta(hours=1))
    in_time = young.prove_sms(SENT, matched=True, now=NOW + LIFE - timedelta(microseconds=1))
    assert (in_time[2], young.prove_sms(SENT, matched=True, now=NOW + LIFE)[2]) == (None, SmsCodeClosed())
    assert (timedelta(minutes=10), 6) == (LIFE, DIGITS)


@pytest.mark.rule("A39")
def test_the_code_of_another_log_in_is_never_judged() -> None:
    with pytest.raises(ValueError, match="another log-in"):
        with_password().prove_sms(replace(SENT, login_id=LoginId("login_2")), matched=True, now=NOW)


def test_none_was_sent_is_no_strike() -> None:
    assert with_password().prove_sms(None, matched=False, now=NOW) == (with_password(), None, SmsCodeClosed())


@pytest.mark.rule("A24")
def test_a_wrong_code_strikes_the_log_in_and_a_new_code_forgets_no_strike() -> None:
    struck, code, refusal = with_password().prove_sms(SENT, matched=False, now=NOW)
    assert (struck.strikes, code, refusal) == (1, SENT, WrongProof())
    again = SENT.again(b"new", now=NOW + BETWEEN_SENDS)
    assert struck.prove_sms(again, matched=False, now=again.sent_at)[0].strikes == 2


@pytest.mark.rule("A41")
def test_codes_for_one_log_in_are_few_and_a_minute_apart() -> None:
    with pytest.raises(SentTooOften) as caught:
        SENT.again(b"new", now=NOW + BETWEEN_SENDS - timedelta(microseconds=1))
    assert caught.value.facts == {"retry_after_seconds": 1}
    with pytest.raises(SentTooOften):
        replace(SENT, sent=MOST_SENT).again(b"new", now=NOW + BETWEEN_SENDS)
