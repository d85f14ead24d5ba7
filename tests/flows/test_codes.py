"""Is an authorization code worth something once, for a minute, and to nobody but who asked for it? (A78-A80)"""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response

from app.assertion.client import ClientKind, Grant
from tests.flows.conftest import CORE, ISSUER, PASSWORD, Bank, LogIn, bearer, claims_of


async def proven(bank: Bank, **more: Any) -> LogIn:
    subscriber = await bank.enrolled()
    login = await bank.begin(**more)
    assert (await login.password(PASSWORD)).status_code == 200
    assert (await login.totp(subscriber.code())).status_code == 200
    return login


async def code_of(login: LogIn) -> str:
    return str((await login.complete()).json()["code"])


def refused(answer: Response, error: str = "invalid_grant") -> bool:
    return (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.rule("A80")
async def test_a_completion_says_who_issued_its_code(bank: Bank) -> None:
    answer = await (await proven(bank)).complete()
    assert (answer.status_code, answer.json()["iss"]) == (201, ISSUER)


@pytest.mark.rule("A79")
async def test_a_code_lives_a_minute_less_a_moment(bank: Bank) -> None:
    login = await proven(bank)
    code = await code_of(login)
    bank.clock.move(timedelta(seconds=60, microseconds=-1))
    assert (await login.bring(code)).status_code == 200


@pytest.mark.rule("A79")
async def test_a_code_is_dead_after_a_minute(bank: Bank) -> None:
    login = await proven(bank)
    code = await code_of(login)
    bank.clock.move(timedelta(seconds=60))
    assert refused(await login.bring(code))


@pytest.mark.rule("A79")
async def test_a_code_brought_twice_ends_what_the_first_began(bank: Bank) -> None:
    login = await proven(bank)
    code = await code_of(login)
    issued = (await login.bring(code)).json()
    assert refused(await login.bring(code))
    assert await bank.introspect(issued["access_token"]) == {"active": False}
    assert refused(await bank.refresh(issued["refresh_token"]))
    assert bank.sql("SELECT ended_reason FROM sessions") == [("code_replayed",)]


@pytest.mark.rule("A78")
async def test_a_wrong_verifier_is_refused_and_spends_the_code(bank: Bank) -> None:
    login = await proven(bank)
    code = await code_of(login)
    assert refused(await login.bring(code, code_verifier="x" * 43))
    assert refused(await login.bring(code))


@pytest.mark.rule("A78")
@pytest.mark.parametrize("verifier", ["", "short", "x" * 129, "\0" * 43, "虎" * 43])
async def test_what_cannot_be_a_verifier_is_refused(bank: Bank, verifier: str) -> None:
    login = await proven(bank)
    assert refused(await login.exchange(code_verifier=verifier))


@pytest.mark.rule("A78")
@pytest.mark.parametrize(
    "asked", [{"code_challenge_method": "plain"}, {"code_challenge": "short"}, {"code_challenge": ""}]
)
async def test_a_log_in_needs_an_s256_challenge(bank: Bank, asked: dict[str, str]) -> None:
    body = {"client_id": bank.clients["app"].id, "identifier": "a", "code_challenge": "A" * 43, "resources": [CORE]}
    answer = await bank.http.post("/v1/logins", json=body | asked)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_another_client_gets_nothing_for_it_and_spends_nothing(bank: Bank) -> None:
    rival = await bank.client(
        "rival", kind=ClientKind.FRONTEND, grants=[Grant.AUTHORIZATION_CODE], first_party=True, confidential=False
    )
    login = await proven(bank)
    code = await code_of(login)
    assert refused(await login.bring(code, client_id=rival.id))
    assert (await login.bring(code)).status_code == 200


async def test_a_redirect_that_was_never_asked_for_is_refused(bank: Bank) -> None:
    login = await proven(bank)
    assert refused(await login.exchange(redirect_uri="https://elsewhere.example/cb"))


@pytest.mark.parametrize("code", ["hac_unknown", "\0", "x" * 5_000, ""])
async def test_an_unknown_code_is_refused(bank: Bank, code: str) -> None:
    login = await bank.begin()
    assert refused(await login.bring(code))


async def test_the_token_is_for_the_first_resource_or_the_one_named(bank: Bank) -> None:
    login = await proven(bank, resources=[CORE, ISSUER])
    issued = (await login.exchange(resource=ISSUER)).json()
    assert claims_of(issued["access_token"])["aud"] == ISSUER
    assert (await bank.http.get("/v1/me", headers=bearer(issued["access_token"]))).status_code == 200


async def test_a_resource_the_log_in_was_not_for_is_refused(bank: Bank) -> None:
    login = await proven(bank, resources=[CORE])
    assert refused(await login.exchange(resource=ISSUER), "invalid_target")


async def test_the_token_grants_what_the_log_in_asked_for_and_no_more(bank: Bank) -> None:
    issued = (await (await proven(bank, scope="payments:read")).exchange()).json()
    assert issued["scope"] == claims_of(issued["access_token"])["scope"] == "payments:read"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"scope": "payments:read admin"}, "invalid_scope"),
        ({"resources": ["https://elsewhere.example"]}, "invalid_target"),
        ({"client_id": "cli_nobody"}, "invalid_client"),
    ],
)
async def test_a_log_in_cannot_ask_beyond_its_client(bank: Bank, asked: dict[str, Any], code: str) -> None:
    body = {"client_id": bank.clients["app"].id, "identifier": "a", "code_challenge": "A" * 43, "resources": [CORE]}
    assert (await bank.http.post("/v1/logins", json=body | asked)).json()["code"] == code
    assert bank.events("login.begin")[-1]["reason"] == code


@pytest.mark.parametrize("first_party", [True, False])
async def test_only_the_banks_own_front_ends_collect_proofs(bank: Bank, first_party: bool) -> None:  # noqa: FBT001
    grants = [Grant.CLIENT_CREDENTIALS] if first_party else [Grant.AUTHORIZATION_CODE]
    client = await bank.client("other", kind=ClientKind.FRONTEND, grants=grants, first_party=first_party)
    body = {"client_id": client.id, "identifier": "a", "code_challenge": "A" * 43, "resources": [CORE]}
    answer = await bank.http.post("/v1/logins", json=body, auth=client.basic)
    assert (answer.status_code, answer.json()["code"]) == (400, "unauthorized_client")


async def test_a_front_end_with_a_secret_must_bring_it_and_under_its_own_name(bank: Bank) -> None:
    client = await bank.client("kept", kind=ClientKind.FRONTEND, grants=[Grant.AUTHORIZATION_CODE], first_party=True)
    body = {"client_id": client.id, "identifier": "a", "code_challenge": "A" * 43, "resources": [CORE]}
    bare = await bank.http.post("/v1/logins", json=body)
    other = await bank.http.post("/v1/logins", json=body | {"client_id": bank.clients["app"].id}, auth=client.basic)
    right = await bank.http.post("/v1/logins", json=body, auth=client.basic)
    assert [answer.status_code for answer in (bare, other, right)] == [401, 401, 201]


@pytest.mark.rule("A79", "A124")
async def test_of_ten_exchanges_at_once_one_wins_and_the_replay_ends_it(bank: Bank, twin: Bank) -> None:
    login = await proven(bank)
    code = await code_of(login)
    both = (login, LogIn(twin, login.id, login.verifier))
    answers = await asyncio.gather(*(both[n % 2].bring(code) for n in range(10)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 9}
    assert bank.sql("SELECT count(*) FROM sessions") == [(1,)]


@pytest.mark.rule("A124")
async def test_of_ten_completions_at_once_one_yields_a_code(bank: Bank, twin: Bank) -> None:
    login = await proven(bank)
    both = (login, LogIn(twin, login.id, login.verifier))
    answers = await asyncio.gather(*(both[n % 2].complete() for n in range(10)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}
    assert bank.sql("SELECT count(*) FROM authorization_codes") == [(1,)]


@pytest.mark.rule("A119")
async def test_no_code_is_kept(bank: Bank) -> None:
    code = await code_of(await proven(bank))
    assert code[4:].encode() not in bank.dump()
