"""May this authorization code be exchanged, and for what?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assertion.authorization_code import CODE_BYTES, LIFETIME, AuthorizationCode, Redemption
from app.assertion.claims import Authentication
from app.assertion.oauth import InvalidGrant, OAuthRefusal
from app.assertion.pkce import s256
from app.core.acr import Acr, Amr, Ial
from app.core.ids import ClientId, PersonId, SessionId

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
VERIFIER = "v" * 43
APP, OTHER = ClientId("cli_app"), ClientId("cli_other")
CODE = AuthorizationCode(
    client_id=APP,
    person_id=PersonId("per_1"),
    code_challenge=s256(VERIFIER),
    scopes=frozenset({"profile"}),
    audiences=("https://hufu.example",),
    authentication=Authentication(Acr.AAL2, (Amr.PWD, Amr.OTP), NOW, Ial.IAL2, SessionId("ses_1")),
    expires_at=NOW + LIFETIME,
)


def brought(
    code: AuthorizationCode,
    *,
    verifier: str | None = VERIFIER,
    client_id: ClientId = APP,
    redirect: str | None = None,
    after: timedelta = timedelta(0),
) -> tuple[AuthorizationCode, Redemption, OAuthRefusal | None]:
    return code.redeem(verifier, client_id=client_id, redirect=redirect, now=NOW + after)


@pytest.mark.rule("A79")
def test_a_code_works_once() -> None:
    spent, redemption, refusal = brought(CODE)
    assert (redemption, refusal, spent.spent_at) == (Redemption.REDEEMED, None, NOW)


@pytest.mark.rule("A79")
@pytest.mark.parametrize("verifier", [VERIFIER, "w" * 43, None])
def test_a_second_bringing_asks_for_the_end_of_what_the_first_began(verifier: str | None) -> None:
    spent, _, _ = brought(CODE)
    again, redemption, refusal = brought(spent, verifier=verifier, after=timedelta(hours=1))
    assert (again, redemption, refusal) == (spent, Redemption.REPLAYED, InvalidGrant())


@pytest.mark.rule("A79")
def test_a_code_lives_a_minute() -> None:
    assert timedelta(0) < LIFETIME <= timedelta(seconds=60)
    in_time = brought(CODE, after=LIFETIME - timedelta(microseconds=1))
    late = brought(CODE, after=LIFETIME)
    assert (in_time[1], late[1], late[2]) == (Redemption.REDEEMED, Redemption.REFUSED, InvalidGrant())


@pytest.mark.rule("A78")
@pytest.mark.parametrize("verifier", [None, "", "w" * 43, s256(VERIFIER)])
def test_a_code_without_its_verifier_is_worth_nothing_and_is_spent(verifier: str | None) -> None:
    spent, redemption, refusal = brought(CODE, verifier=verifier)
    assert (redemption, refusal, spent.spent_at) == (Redemption.REFUSED, InvalidGrant(), NOW)


def test_another_client_neither_uses_nor_spends_a_code() -> None:
    assert brought(CODE, client_id=OTHER) == (CODE, Redemption.REFUSED, InvalidGrant())


def test_another_client_cannot_end_a_session_by_replaying_its_code() -> None:
    spent, _, _ = brought(CODE)
    assert brought(spent, client_id=OTHER) == (spent, Redemption.REFUSED, InvalidGrant())


def test_the_redirect_must_be_the_one_the_code_was_asked_with() -> None:
    _, redemption, refusal = brought(CODE, redirect="https://evil.example")
    assert (redemption, refusal) == (Redemption.REFUSED, InvalidGrant())


@pytest.mark.rule("A119")
def test_a_code_takes_128_bits_of_chance_at_least() -> None:
    assert CODE_BYTES * 8 >= 128


@pytest.mark.rule("A79")
@given(
    st.lists(st.tuples(st.sampled_from([VERIFIER, "w" * 43, None]), st.sampled_from([APP, OTHER]), st.integers(0, 90)))
)
def test_whoever_brings_it_in_whatever_order_it_is_redeemed_at_most_once(
    tries: list[tuple[str | None, ClientId, int]],
) -> None:
    code, redeemed = CODE, 0
    for verifier, client_id, seconds in tries:
        code, redemption, refusal = brought(
            code, verifier=verifier, client_id=client_id, after=timedelta(seconds=seconds)
        )
        redeemed += redemption is Redemption.REDEEMED
        assert (refusal is None) == (redemption is Redemption.REDEEMED)
    assert redeemed <= 1
