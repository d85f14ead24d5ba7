"""Does a registered client get its token, and nobody else any? Point 1 of the main road: clients."""

import base64
from typing import Any

import pytest
from httpx import Response

from app.assertion.client import ClientKind, Grant
from tests.flows.conftest import CORE, ISSUER, Bank, Registered, bearer, claims_of

GRANT = {"grant_type": "client_credentials"}


async def ask(bank: Bank, client: Registered, **more: Any) -> Response:
    return await bank.http.post("/oauth2/token", data=GRANT | more, auth=client.basic)


def refused(answer: Response, status: int, error: str) -> bool:
    uncached = answer.headers["cache-control"] == "no-store" and answer.headers["pragma"] == "no-cache"
    return uncached and (answer.status_code, answer.json()["error"]) == (status, error)


async def test_a_client_gets_an_access_token_by_basic(bank: Bank) -> None:
    answer = await ask(bank, bank.clients["core"])
    assert answer.status_code == 200
    assert {**answer.json(), "access_token": ""} == {
        "access_token": "", "token_type": "Bearer", "expires_in": 300, "scope": "payments:read",
    }  # fmt: skip


async def test_a_client_gets_an_access_token_by_its_form(bank: Bank) -> None:
    core = bank.clients["core"]
    answer = await bank.http.post("/oauth2/token", data=GRANT | {"client_id": core.id, "client_secret": core.secret})
    assert answer.status_code == 200


async def test_the_answer_is_never_cached(bank: Bank) -> None:
    answer = await ask(bank, bank.clients["core"])
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")


async def test_the_token_says_who_it_is_for_and_nothing_of_a_person(bank: Bank) -> None:
    core = bank.clients["core"]
    claims = claims_of((await ask(bank, core)).json()["access_token"])
    assert (claims["iss"], claims["sub"], claims["client_id"], claims["aud"]) == (ISSUER, core.id, core.id, CORE)
    assert claims["exp"] - claims["iat"] == 300
    assert claims.keys().isdisjoint({"acr", "amr", "auth_time", "ial", "sid"})


@pytest.mark.parametrize("twice", [{"client_secret": "x"}, {"client_id": "cli_other"}])
async def test_two_ways_of_authentication_at_once_are_refused(bank: Bank, twice: dict[str, str]) -> None:
    assert refused(await ask(bank, bank.clients["core"], **twice), 401, "invalid_client")


async def test_unknown_wrong_missing_and_disabled_are_the_same_to_the_byte(bank: Bank) -> None:
    core, gone = bank.clients["core"], await bank.client("gone")
    bank.sql("UPDATE clients SET disabled_at = now() WHERE id = %s", gone.id)
    tries = [("cli_nobody", "x"), (core.id, "wrong"), (core.id, ""), gone.basic, (core.id, f"{core.secret}x")]
    answers = [await bank.http.post("/oauth2/token", data=GRANT, auth=pair) for pair in tries]
    assert refused(answers[0], 401, "invalid_client")
    assert {visible(answer) for answer in answers} == {visible(answers[0])}


def visible(answer: Response) -> tuple[object, ...]:
    headers = {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "date"}}
    return answer.status_code, answer.content, tuple(sorted(headers.items()))


async def test_a_refused_client_is_told_how_to_authenticate(bank: Bank) -> None:
    answer = await bank.http.post("/oauth2/token", data=GRANT, auth=("cli_nobody", "x"))
    assert answer.headers["www-authenticate"].startswith("Basic ")


async def test_a_client_with_a_secret_may_not_leave_it_out(bank: Bank) -> None:
    answer = await bank.http.post("/oauth2/token", data=GRANT | {"client_id": bank.clients["core"].id})
    assert refused(answer, 401, "invalid_client")


async def test_a_client_without_a_secret_may_not_bring_one(bank: Bank) -> None:
    app = bank.clients["app"]
    answer = await bank.http.post("/oauth2/token", data=GRANT, auth=(app.id, "x"))
    assert refused(answer, 401, "invalid_client")


async def test_basic_credentials_are_form_encoded_within(bank: Bank) -> None:
    core = bank.clients["core"]
    encoded = "".join(f"%{octet:02X}" for octet in core.id.encode()) + f":{core.secret}"
    header = "Basic " + base64.b64encode(encoded.encode()).decode()
    answer = await bank.http.post("/oauth2/token", data=GRANT, headers={"authorization": header})
    assert answer.status_code == 200


@pytest.mark.parametrize("value", ["", "!", "bm9jb2xvbg==", "//8=", "gA"])
async def test_unreadable_basic_credentials_are_an_unknown_client(bank: Bank, value: str) -> None:
    answer = await bank.http.post("/oauth2/token", data=GRANT, headers={"authorization": f"Basic {value}"})
    assert refused(answer, 401, "invalid_client")


async def test_basic_credentials_beyond_ascii_are_an_unknown_client(bank: Bank) -> None:
    headers = {b"authorization": b"Basic \xff\xfe", b"content-type": b"application/x-www-form-urlencoded"}
    answer = await bank.http.post("/oauth2/token", content=b"grant_type=client_credentials", headers=headers)
    assert refused(answer, 401, "invalid_client")


@pytest.mark.parametrize("name", ["\0", "cli_\0", "虎", "x" * 5_000, "cli_'--"])
async def test_a_client_id_that_cannot_be_one_is_an_unknown_client(bank: Bank, name: str) -> None:
    answer = await bank.http.post("/oauth2/token", data=GRANT | {"client_id": name, "client_secret": "x"})
    assert refused(answer, 401, "invalid_client")
    assert bank.events("token.client_credentials")[-1]["actor_id"] is None


@pytest.mark.parametrize("name", ["grant_type", "scope", "client_id", "client_secret", "code", "refresh_token"])
async def test_a_parameter_sent_twice_is_refused(bank: Bank, name: str) -> None:
    core = bank.clients["core"]
    form = GRANT | {"client_id": core.id, "client_secret": core.secret, "scope": "payments:read"}
    doubled = {key: [value, value] if key == name else value for key, value in (form | {name: "x"}).items()}
    assert refused(await bank.http.post("/oauth2/token", data=doubled), 400, "invalid_request")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", ""])
async def test_another_content_type_is_refused(bank: Bank, kind: str) -> None:
    answer = await bank.http.post("/oauth2/token", content=b'{"grant_type": "x"}', headers={"content-type": kind})
    assert refused(answer, 400, "invalid_request")


@pytest.mark.parametrize("body", [b"", b"grant_type", b"grant_type=", b"\xff=\xff", b"grant_type=%ff", b"a=1&" * 60])
async def test_a_form_that_cannot_be_read_or_names_no_grant_is_refused(bank: Bank, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert refused(await bank.http.post("/oauth2/token", content=body, headers=headers), 400, "invalid_request")


async def test_a_form_too_large_is_refused(bank: Bank) -> None:
    answer = await bank.http.post("/oauth2/token", data=GRANT | {"x": "x" * 70_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("grant", ["password", "implicit", "urn:x", "CLIENT_CREDENTIALS", "\0"])
async def test_there_is_no_other_grant(bank: Bank, grant: str) -> None:
    answer = await ask(bank, bank.clients["core"], grant_type=grant)
    assert refused(answer, 400, "unsupported_grant_type")


@pytest.mark.parametrize("grant", ["authorization_code", "refresh_token"])
async def test_a_client_has_only_the_grants_of_its_registration(bank: Bank, grant: str) -> None:
    assert refused(await ask(bank, bank.clients["core"], grant_type=grant), 400, "unauthorized_client")


async def test_a_public_client_has_no_token_of_its_own(bank: Bank) -> None:
    answer = await bank.http.post("/oauth2/token", data=GRANT | {"client_id": bank.clients["app"].id})
    assert refused(answer, 400, "unauthorized_client")


@pytest.mark.parametrize(
    "scope", ["payments:write", "payments:read admin", "payments:read  payments:read", "\0", "a" * 2_000]
)
async def test_a_scope_beyond_the_registration_refuses_the_whole_request(bank: Bank, scope: str) -> None:
    assert refused(await ask(bank, bank.clients["core"], scope=scope), 400, "invalid_scope")


async def test_fewer_scopes_are_granted_where_fewer_are_asked_for(bank: Bank) -> None:
    answer = await ask(bank, bank.clients["kiosk"], scope="proofing:read")
    assert answer.json()["scope"] == claims_of(answer.json()["access_token"])["scope"] == "proofing:read"


@pytest.mark.parametrize(
    "resource", [[ISSUER], [CORE, ISSUER], [CORE, CORE], ["https://elsewhere.example"], [CORE + "/"]]
)
async def test_a_token_is_for_one_audience_of_the_registration(bank: Bank, resource: list[str]) -> None:
    assert refused(await ask(bank, bank.clients["core"], resource=resource), 400, "invalid_target")


async def test_a_client_of_several_audiences_must_say_which(bank: Bank) -> None:
    two = await bank.client("two", audiences=[ISSUER, CORE])
    assert refused(await ask(bank, two), 400, "invalid_target")
    assert claims_of((await ask(bank, two, resource=CORE)).json()["access_token"])["aud"] == CORE


async def test_a_secret_is_kept_as_a_keyed_hash_alone(bank: Bank) -> None:
    core = bank.clients["core"]
    await ask(bank, core)
    kept = bank.dump()
    assert core.id.encode() in kept
    assert (core.secret or "")[8:24].encode() not in kept


async def test_a_registration_is_an_event(bank: Bank) -> None:
    event = next(e for e in bank.events("client.create") if e["object_id"] == bank.clients["core"].id)
    assert (event["outcome"], event["actor_kind"], event["detail"]["kind"]) == ("allowed", "system", "service")


async def test_an_unsafe_registration_is_refused_and_remembered(bank: Bank) -> None:
    from app.assertion.client import InvalidRegistration

    with pytest.raises(InvalidRegistration):
        await bank.client("loose", kind=ClientKind.FRONTEND, confidential=False, grants=[Grant.CLIENT_CREDENTIALS])
    assert bank.events("client.create")[-1]["reason"] == "invalid_client_metadata"


async def test_each_grant_is_one_event_and_each_refusal_another(bank: Bank) -> None:
    core = bank.clients["core"]
    await ask(bank, core)
    await ask(bank, core, scope="admin")
    events = bank.events("token.client_credentials")
    assert [(e["outcome"], e["reason"]) for e in events] == [("allowed", None), ("refused", "invalid_scope")]
    assert {(e["actor_kind"], e["actor_id"], e["network"]) for e in events} == {("client", core.id, "127.0.0.1")}


async def test_the_kiosks_token_opens_a_proofing(bank: Bank) -> None:
    answer = await bank.http.post("/v1/proofings", json={}, headers=bearer(await bank.kiosk_token()))
    assert answer.status_code == 201
