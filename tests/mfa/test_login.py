"""A log-in is proven by every factor, in order, in time, once; until the first proof all look alike."""

from datetime import UTC, datetime, timedelta

import pytest

from app.core.acr import Acr, Amr
from app.core.ids import AuthenticatorId, ClientId, LoginId, PersonId
from app.mfa.login import (
    LIFE,
    MOST_STRIKES,
    AuthenticationResult,
    AuthenticatorNotBound,
    Factor,
    Login,
    LoginClosed,
    OutOfOrder,
    State,
    WrongProof,
    begin,
)
from app.mfa.totp import TotpAuthenticator, bind, code_at, step_at

NOW = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
PERSON = PersonId("person_1")
SEED = bytes(range(20))
CODE = code_at(SEED, step_at(NOW))
WRONG = f"{(int(CODE) + 1) % 10**6:06}"
CONFIRMED = bind(AuthenticatorId("totp_1"), PERSON, nonce=SEED, now=NOW).confirm(
    code_at(SEED, step_at(NOW) - 9),
    now=NOW - timedelta(seconds=270),
)


def login(person: PersonId | None = PERSON, acr: Acr = Acr.AAL2) -> Login:
    return begin(
        LoginId("login_1"),
        client_id=ClientId("client_1"),
        identifier_hash=b"hash",
        person_id=person,
        code_challenge="challenge",
        scopes=("openid",),
        resources=("https://bank.example",),
        now=NOW,
        acr_required=acr,
    )


def with_password(acr: Acr = Acr.AAL2) -> Login:
    return login(acr=acr).prove_password(matched=True, now=NOW)[0]


def proven() -> Login:
    return with_password().prove_totp(CONFIRMED, CODE, now=NOW)[0]


def test_password_and_code_prove_the_subscriber() -> None:
    done, result = proven().complete(NOW)
    assert done.state(NOW) is State.COMPLETED
    assert result == AuthenticationResult(PERSON, Acr.AAL2, (Amr.PWD, Amr.OTP, Amr.MFA), NOW)


@pytest.mark.rule("A97")
def test_the_time_of_authentication_is_the_last_proofs() -> None:
    later = NOW + timedelta(seconds=20)
    half, _, _ = with_password().prove_totp(CONFIRMED, CODE, now=later)
    _, result = half.complete(later + timedelta(minutes=1))
    assert result.auth_time == later


@pytest.mark.rule("A97")
def test_a_password_alone_is_aal1_and_not_called_mfa() -> None:
    _, result = with_password(Acr.AAL1).complete(NOW)
    assert (result.acr, result.amr) == (Acr.AAL1, (Amr.PWD,))


def test_the_spent_code_comes_back_to_be_saved() -> None:
    _, spent, refusal = with_password().prove_totp(CONFIRMED, CODE, now=NOW)
    assert spent is not None
    assert (spent.last_step, refusal) == (step_at(NOW), None)


@pytest.mark.rule("A23", "A28")
def test_before_the_first_proof_everybody_is_asked_for_a_password() -> None:
    assert login().needed == login(None).needed == (Factor.PASSWORD,)


def test_the_second_factor_is_told_after_the_first_proof() -> None:
    assert with_password().needed == (Factor.TOTP,)
    assert proven().needed == ()


@pytest.mark.rule("A23", "A28")
@pytest.mark.parametrize("matched", [False, True])
def test_an_unknown_person_is_a_wrong_password(matched: bool) -> None:  # noqa: FBT001
    unknown, refusal = login(None).prove_password(matched=matched, now=NOW)
    wrong, same_refusal = login().prove_password(matched=False, now=NOW)
    assert refusal == same_refusal == WrongProof()
    assert (unknown.strikes, unknown.proofs, unknown.needed) == (wrong.strikes, wrong.proofs, wrong.needed)


@pytest.mark.rule("A28")
def test_an_unknown_and_a_known_login_die_alike() -> None:
    unknown, known = login(None), login()
    for _ in range(MOST_STRIKES + 2):
        unknown, said_to_unknown = unknown.prove_password(matched=False, now=NOW)
        known, said_to_known = known.prove_password(matched=False, now=NOW)
        assert said_to_unknown == said_to_known
        assert unknown.state(NOW) == known.state(NOW)


@pytest.mark.rule("A23", "A124")
def test_a_code_before_the_password_is_out_of_order_whoever_it_is() -> None:
    known = login().prove_totp(CONFIRMED, CODE, now=NOW)
    unknown = login(None).prove_totp(None, CODE, now=NOW)
    assert known == (login(), CONFIRMED, OutOfOrder())
    assert unknown == (login(None), None, OutOfOrder())


@pytest.mark.rule("A124")
def test_a_password_cannot_be_proven_twice() -> None:
    once = with_password()
    assert once.prove_password(matched=True, now=NOW) == (once, OutOfOrder())


@pytest.mark.rule("A124")
def test_a_code_cannot_be_proven_twice_in_one_login() -> None:
    once = proven()
    assert once.prove_totp(CONFIRMED, CODE, now=NOW) == (once, CONFIRMED, OutOfOrder())


@pytest.mark.rule("A124")
@pytest.mark.parametrize("unfinished", [login(), with_password(), login(None)])
def test_an_unfinished_login_is_not_completed(unfinished: Login) -> None:
    with pytest.raises(OutOfOrder):
        unfinished.complete(NOW)


@pytest.mark.rule("A124")
def test_a_login_is_completed_once() -> None:
    done, _ = proven().complete(NOW)
    with pytest.raises(LoginClosed):
        done.complete(NOW)


def test_a_wrong_code_leaves_a_strike_and_the_same_refusal_as_a_wrong_password() -> None:
    struck, held, refusal = with_password().prove_totp(CONFIRMED, WRONG, now=NOW)
    assert (struck.strikes, held, refusal) == (1, CONFIRMED, WrongProof())


@pytest.mark.rule("A32")
def test_a_code_spent_in_one_login_is_refused_in_the_next() -> None:
    _, spent, _ = with_password().prove_totp(CONFIRMED, CODE, now=NOW)
    assert with_password().prove_totp(spent, CODE, now=NOW)[2] == WrongProof()


@pytest.mark.rule("A38")
def test_the_code_that_bound_the_authenticator_cannot_log_in() -> None:
    fresh = bind(AuthenticatorId("totp_2"), PERSON, nonce=SEED, now=NOW).confirm(CODE, now=NOW)
    assert with_password().prove_totp(fresh, CODE, now=NOW)[2] == WrongProof()


@pytest.mark.parametrize("held", [None, bind(AuthenticatorId("totp_2"), PERSON, nonce=SEED, now=NOW)])
def test_an_authenticator_that_is_not_confirmed_counts_for_nothing(held: TotpAuthenticator | None) -> None:
    once = with_password()
    assert once.prove_totp(held, CODE, now=NOW) == (once, held, AuthenticatorNotBound())


def test_another_persons_authenticator_is_a_bug_and_crashes() -> None:
    strange = bind(AuthenticatorId("totp_3"), PersonId("person_2"), nonce=SEED, now=NOW).confirm(CODE, now=NOW)
    with pytest.raises(ValueError, match="another person"):
        with_password().prove_totp(strange, CODE, now=NOW)


def test_a_login_dies_of_its_fifth_strike_though_the_next_proof_be_right() -> None:
    struck = with_password()
    for _ in range(4):
        struck, _, _ = struck.prove_totp(CONFIRMED, WRONG, now=NOW)
    assert struck.prove_totp(CONFIRMED, CODE, now=NOW)[2] is None
    dead, _, refusal = struck.prove_totp(CONFIRMED, WRONG, now=NOW)
    assert refusal == WrongProof()
    assert dead.prove_totp(CONFIRMED, CODE, now=NOW) == (dead, CONFIRMED, LoginClosed())


def test_a_login_lives_ten_minutes() -> None:
    end = NOW + LIFE
    assert login().prove_password(matched=True, now=end - timedelta(microseconds=1))[1] is None
    assert login().prove_password(matched=True, now=end) == (login(), LoginClosed())


def test_an_expired_login_is_not_completed() -> None:
    done, _ = proven().complete(NOW + LIFE - timedelta(microseconds=1))
    assert done.state(NOW + LIFE) is State.COMPLETED
    with pytest.raises(LoginClosed):
        proven().complete(NOW + LIFE)


def test_whose_login_it_is_never_prints() -> None:
    assert PERSON not in repr(login())
