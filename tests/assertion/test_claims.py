"""What does an access token say?"""

from datetime import UTC, datetime, timedelta

import pytest

from app.assertion.claims import LIFETIME, Authentication, Granted, claims_of, for_client, for_person
from app.core.acr import Acr, Amr, Ial
from app.core.ids import ClientId, PersonId, SessionId

NOW = datetime(2026, 3, 1, 8, 0, 0, 999_999, tzinfo=UTC)
GRANT = Granted(
    "https://hufu.example", "https://core.example", ClientId("cli_app"), frozenset({"profile", "accounts:read"})
)
LOG_IN = Authentication(Acr.AAL2, (Amr.PWD, Amr.OTP), NOW - timedelta(minutes=3), Ial.IAL2, SessionId("ses_1"))


@pytest.mark.rule("A94")
def test_a_clients_token_says_what_rfc_9068_asks() -> None:
    claims = claims_of(for_client(GRANT, now=NOW, nonce=bytes(26)))
    assert claims == {
        "iss": "https://hufu.example",
        "sub": "cli_app",
        "aud": "https://core.example",
        "client_id": "cli_app",
        "scope": "accounts:read profile",
        "iat": 1772352000,
        "exp": 1772352300,
        "jti": "tok_" + "a" * 26,
    }


@pytest.mark.rule("A97")
def test_a_persons_token_tells_how_they_were_authenticated() -> None:
    claims = claims_of(
        for_person(
            GRANT, PersonId("per_1"), LOG_IN, session_ends_at=NOW + timedelta(hours=24), now=NOW, nonce=bytes(26)
        )
    )
    assert {name: claims[name] for name in ("sub", "acr", "amr", "auth_time", "ial", "sid")} == {
        "sub": "per_1",
        "acr": "aal2",
        "amr": ["pwd", "otp"],
        "auth_time": 1772351820,
        "ial": "ial2",
        "sid": "ses_1",
    }


def test_a_token_lives_five_minutes_and_is_never_issued_in_the_future() -> None:
    token = for_client(GRANT, now=NOW, nonce=bytes(26))
    assert token.issued_at == NOW.replace(microsecond=0) <= NOW
    assert token.expires_at - token.issued_at == LIFETIME == timedelta(minutes=5)


@pytest.mark.rule("A119")
def test_a_token_id_takes_130_bits_of_chance() -> None:
    nonces = (bytes(place) + bytes([n]) + bytes(25 - place) for place in range(26) for n in range(32))
    ids = {for_client(GRANT, now=NOW, nonce=nonce).id for nonce in nonces}
    assert len(ids) == 26 * 31 + 1  # five bits of each, and the one of all zeros
    with pytest.raises(ValueError, match="26 bytes"):
        for_client(GRANT, now=NOW, nonce=bytes(16))


@pytest.mark.rule("A91")
def test_a_persons_token_ends_with_their_session() -> None:
    ends_at = NOW + timedelta(seconds=60)
    token = for_person(GRANT, PersonId("per_1"), LOG_IN, session_ends_at=ends_at, now=NOW, nonce=bytes(26))
    assert token.expires_at == ends_at.replace(microsecond=0)
