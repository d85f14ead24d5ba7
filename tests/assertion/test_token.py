"""Is this one of our access tokens, and good here and now? The claims, once the signature holds."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assertion.claims import AccessToken, Authentication, Granted, claims_of, for_client, for_person
from app.assertion.token import AHEAD, Expectation, Flaw, InvalidToken, judged, parts, stated
from app.core.acr import Acr, Amr, Ial
from app.core.ids import ClientId, PersonId, SessionId

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
EXPECTED = Expectation("https://hufu.example", frozenset({"https://core.example"}))
GRANT = Granted("https://hufu.example", "https://core.example", ClientId("cli_app"), frozenset({"a", "b"}))
LOG_IN = Authentication(Acr.AAL2, (Amr.PWD, Amr.OTP), NOW, Ial.IAL2, SessionId("ses_1"))
TOKEN = for_person(
    GRANT, PersonId("per_1"), LOG_IN, session_ends_at=NOW + timedelta(hours=24), now=NOW, nonce=bytes(26)
)
CLAIMS = claims_of(TOKEN)
IAT = int(NOW.timestamp())
WRONG: list[Any] = [None, True, "", 1.5, -1, 10**30, [], [1], [["pwd"]], {}, ["a", "b"]]


def flaw_of(claims: dict[str, Any] | bytes, *, now: datetime = NOW, expected: Expectation = EXPECTED) -> Flaw | None:
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    try:
        judged(stated(payload), expected, now=now)
    except InvalidToken as refusal:
        return refusal.flaw
    return None


@pytest.mark.parametrize("token", [TOKEN, for_client(GRANT, now=NOW, nonce=bytes(26))], ids=["person", "client"])
def test_what_was_stated_is_what_is_read(token: AccessToken) -> None:
    assert judged(stated(json.dumps(claims_of(token)).encode()), EXPECTED, now=NOW) == token


@pytest.mark.rule("A94")
@pytest.mark.parametrize("name", sorted(CLAIMS))
def test_no_claim_may_be_missing(name: str) -> None:
    assert flaw_of({n: v for n, v in CLAIMS.items() if n != name}) is Flaw.CLAIMS


@pytest.mark.rule("A94")
@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n in sorted(CLAIMS) for v in WRONG if (n, v) != ("ial_missing", [])]
)
def test_no_claim_may_be_of_another_type(name: str, value: object) -> None:
    assert flaw_of(CLAIMS | {name: value}) is Flaw.CLAIMS


@pytest.mark.parametrize(
    "change", [{"acr": "aal9"}, {"amr": ["pwd", "magic"]}, {"ial": "none at all"}, {"ial_missing": ["a stamp"]}]
)
def test_an_assurance_we_never_state_is_refused(change: dict[str, Any]) -> None:
    assert flaw_of(CLAIMS | change) is Flaw.CLAIMS


@pytest.mark.parametrize("issuer", ["https://evil.example", "https://hufu.example/", "https://HUFU.example"])
def test_another_issuers_token_is_refused(issuer: str) -> None:
    assert flaw_of(CLAIMS | {"iss": issuer}) is Flaw.ISSUER


@pytest.mark.rule("A95")
def test_a_token_for_a_fails_at_b() -> None:
    at_b = Expectation("https://hufu.example", frozenset({"https://b.example"}))
    assert flaw_of(CLAIMS, expected=at_b) is Flaw.AUDIENCE
    assert flaw_of(CLAIMS, expected=replace(at_b, audiences=frozenset())) is Flaw.AUDIENCE


def test_the_issuer_itself_reads_tokens_for_any_audience() -> None:
    assert flaw_of(CLAIMS, expected=replace(EXPECTED, audiences=None)) is None


def test_a_token_is_good_until_the_second_it_expires() -> None:
    assert flaw_of(CLAIMS, now=TOKEN.expires_at - timedelta(microseconds=1)) is None
    assert flaw_of(CLAIMS, now=TOKEN.expires_at) is Flaw.EXPIRED


@pytest.mark.rule("A87")
@pytest.mark.parametrize("name", ["iat", "nbf"])
def test_a_clock_ten_seconds_ahead_is_borne_and_more_is_not(name: str) -> None:
    assert timedelta(seconds=10) <= AHEAD <= timedelta(seconds=60)
    ahead = int(AHEAD.total_seconds())
    assert flaw_of(CLAIMS | {name: IAT + ahead}) is None
    assert flaw_of(CLAIMS | {name: IAT + ahead + 1}) is Flaw.NOT_YET
    assert flaw_of(CLAIMS | {name: IAT + 61}) is Flaw.NOT_YET


@pytest.mark.parametrize("nbf", ["soon", None, True])
def test_a_not_before_that_is_no_date_is_refused(nbf: object) -> None:
    assert flaw_of(CLAIMS | {"nbf": nbf}) is Flaw.CLAIMS


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b'"text"',
        b"{",
        b'{"exp": NaN}',
        b'{"exp": 1, "exp": 9999999999}',
        b'{"a": {"b": 1, "b": 2}}',
        b"\xff\xfe",
        '{"iss": "x"}'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b"[" * 8000,
        b'{"a":' * 1500,
        b'{"exp": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_not_one_json_object_is_refused(payload: bytes) -> None:
    assert flaw_of(payload) is Flaw.JSON


@given(st.text(max_size=60) | st.text(alphabet="eyJ.A=-_", max_size=60))
def test_any_text_at_all_is_refused_and_nothing_else_happens(text: str) -> None:
    with pytest.raises(InvalidToken):
        parts(text)


@given(st.binary(max_size=80))
def test_any_payload_at_all_is_refused_and_nothing_else_happens(payload: bytes) -> None:
    with pytest.raises(InvalidToken):
        judged(stated(payload), EXPECTED, now=NOW)


def test_to_the_caller_every_flaw_looks_the_same() -> None:
    answers = {(InvalidToken(flaw).code, str(InvalidToken(flaw)), str(InvalidToken(flaw).facts)) for flaw in Flaw}
    assert answers == {("invalid_token", "invalid_token", "{}")}
