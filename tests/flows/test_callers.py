"""Does every route know its caller, and turn everybody else away? A table over all routes of the application."""

import re
from typing import Any

import httpx
import jwt
import pytest
from fastapi import FastAPI

from app.main import create_app
from app.routers.description import METHODS
from app.settings import Settings
from tests.flows.conftest import ISSUER, Bank, bearer, claims_of

ANYONE, CLAIMANT, BASIC = "anyone", "claimant", "basic"
CLIENT, APPLICANT, SUBSCRIBER, STAFF, CAPTURE = "client", "applicant", "subscriber", "staff", "capture"
PRESENTING = f"{APPLICANT} {CAPTURE}"
OF_AN_APPLICANT = {APPLICANT, PRESENTING}
CALLERS = {
    ANYONE: {
        "read_notices", "read_stylesheet", "show_doors", "read_messages", "show_messages", "read_discovery", "read_server_metadata",
        "read_keys", "show_problem_type", "read_liveness", "read_readiness", "read_metrics", "read_capture_file",
    },
    # Whoever holds the log-in's or sign-in's id, an enrolment or capture code: the proof is what the request brings.
    CLAIMANT: {
        "show_capture", "enter_capture", "end_capture",
        "prove_password", "prove_totp", "change_password", "complete_login", "send_sms_code", "prove_sms_code",
        "enrol_staff", "confirm_staff", "begin_sign_in", "prove_staff_password", "prove_staff_totp",
    },
    BASIC: {"begin_login", "token", "introspect", "revoke"},
    CLIENT: {
        "open_proofing", "read_document", "enrol_faces", "read_faces", "erase_faces", "answer_face_notice", "compare_face",
        "compare_pictures",
    },
    f"{APPLICANT} {CAPTURE} {CLIENT}": {"read_proofing", "follow_proofing"},
    PRESENTING: {
        "answer_notice", "present_document", "present_face", "submit_proofing", "read_fields", "type_fields",
        "open_challenge", "read_challenge", "begin_performance", "send_frames",
    },
    APPLICANT: {
        "withdraw_proofing", "send_code", "prove_contact", "set_password", "begin_totp", "confirm_totp",
        "appeal_decision", "open_capture",
    },
    SUBSCRIBER: {"read_account", "read_sessions", "end_sessions", "end_session", "read_devices", "forget_device"},
    STAFF: {
        "sign_out", "read_myself", "read_people", "make_proposal", "read_proposals", "read_face_listings", "approve_proposal",
        "reject_proposal", "declare_number", "read_reviews", "claim_review", "read_review", "read_review_image",
        "vote_on_review", "compare_in_person", "read_events",
    },
}  # fmt: skip
"""Who may knock where. A new route is written down here, or this test is red."""

CODE: dict[str, object] = {"code": "000000"}
BODIES: dict[str, dict[str, object]] = {
    "answer_notice": {"purpose": "face_comparison", "given": True, "text_sha256": "0" * 64, "channel": "web"},
    "send_code": {"channel": "phone", "address": "13800138000"},
    "prove_contact": CODE, "confirm_totp": CODE, "set_password": {"password": "x"},
    "appeal_decision": {"statement": "It is me, look again, please."},
    "answer_face_notice": {"purpose": "face_enrolment", "given": True, "text_sha256": "0" * 64, "channel": "web"},
    "type_fields": {"fields": {"resident-card/portrait/name": "x"}}, "open_capture": {}, "begin_performance": {},
}  # fmt: skip
"""What a well-meant request holds, so that it is the caller who is refused and not the form."""


def operations() -> dict[str, tuple[str, str, str]]:
    """Operation → method, address, and the kinds of credentials it names."""
    application = create_app(Settings()).inner
    assert isinstance(application, FastAPI)
    found = {}
    for path, told in application.openapi()["paths"].items():
        for method in METHODS & told.keys():
            wanted = told[method].get("security", ())
            found[told[method]["operationId"]] = (
                method.upper(),
                path,
                " ".join(sorted({s for w in wanted for s in w})),
            )
    return found


OPERATIONS = operations()
KIND = {operation: kind for kind, members in CALLERS.items() for operation in members}
GUARDED = [operation for operation, kind in KIND.items() if kind not in {ANYONE, CLAIMANT, BASIC}]


async def knock(bank: Bank, operation: str, headers: dict[str, str], name: str = "prf_none") -> httpx.Response:
    """A request at this route, as if the id in its address were `name`."""
    method, path, _ = OPERATIONS[operation]
    address = re.sub(r"{\w+}", name, path.replace("{side}", "portrait").replace("{kind}", "face"))
    return await bank.http.request(method, address, headers=headers, json=BODIES.get(operation))


def test_every_route_names_its_caller_and_nothing_else_is_in_the_table() -> None:
    assert set(KIND) == set(OPERATIONS)


@pytest.mark.parametrize("operation", sorted(KIND))
def test_a_route_asks_for_the_credentials_of_its_caller(operation: str) -> None:
    kind = KIND[operation]
    assert OPERATIONS[operation][2] == ("" if kind in {ANYONE, CLAIMANT} else kind)


async def test_without_credentials_every_guarded_route_says_what_to_bring(bank: Bank) -> None:
    for operation in GUARDED:
        answer = await knock(bank, operation, {})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), operation
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"


async def hostile(bank: Bank) -> dict[str, str]:
    """Tokens that are good nowhere at our own interface, by what is wrong with them."""
    good = await bank.kiosk_token()
    header, payload, signature = good.split(".")
    revoked = await bank.kiosk_token()
    await bank.http.post("/oauth2/revoke", data={"token": revoked}, auth=bank.clients["kiosk"].basic)
    form = {"grant_type": "client_credentials"}
    elsewhere = (await bank.http.post("/oauth2/token", data=form, auth=bank.clients["core"].basic)).json()
    return {
        "nothing of ours": "x",
        "three dots": "...",
        "longer than any of ours": "x" * 9_000,
        "unsigned": jwt.encode(claims_of(good), None, "none", headers={"typ": "at+jwt"}),  # type: ignore[arg-type]
        "another key": jwt.encode(claims_of(good), "x" * 32, "HS256", headers={"typ": "at+jwt"}),
        "another signature": f"{header}.{payload}.{'A' * len(signature)}",
        "another payload": f"{header}.{payload[:-4]}AAAA.{signature}",
        "padding": f"{good}=",
        "revoked": revoked,
        "another audience": elsewhere["access_token"],
    }


@pytest.mark.rule("A86", "A95", "A96")
async def test_no_hostile_token_opens_any_door(bank: Bank) -> None:
    somebodys = (await bank.applicant()).id
    for flaw, token in (await hostile(bank)).items():
        for operation in GUARDED:
            answer = await knock(bank, operation, bearer(token), somebodys)
            expected = (404, "not_found") if KIND[operation] in OF_AN_APPLICANT else (401, "invalid_token")
            assert (answer.status_code, answer.json()["code"]) == expected, f"{flaw} at {operation}"


async def test_the_refusals_of_hostile_tokens_are_equal_to_the_byte(bank: Bank) -> None:
    tokens = await hostile(bank)
    answers = [await knock(bank, "read_account", bearer(token)) for token in tokens.values()]
    assert len({(answer.status_code, answer.content, answer.headers["www-authenticate"]) for answer in answers}) == 1


async def test_a_token_of_one_kind_opens_no_door_of_another(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    applicant, another = await bank.applicant(), await bank.applicant()
    tokens: dict[str, Any] = {
        CLIENT: await bank.kiosk_token(),
        APPLICANT: applicant.token,
        SUBSCRIBER: (await subscriber.signed_in(resources=[ISSUER]))["access_token"],
    }
    for kind, token in tokens.items():
        for operation in (each for each in GUARDED if kind not in KIND[each]):
            answer = await knock(bank, operation, bearer(token), another.id)
            assert answer.status_code == (404 if KIND[operation] in OF_AN_APPLICANT else 401), f"{kind} at {operation}"


async def test_a_clients_token_without_the_scope_is_told_which(bank: Bank) -> None:
    token = await bank.kiosk_token(scope="proofing:read")
    answer = await bank.http.post("/v1/proofings", json={}, headers=bearer(token))
    assert (answer.status_code, answer.json()["scope"]) == (403, "proofing:create")


@pytest.mark.rule("A107")
async def test_a_token_in_an_address_or_a_body_is_no_credential(bank: Bank) -> None:
    token = await bank.kiosk_token()
    in_the_address = await bank.http.post(f"/v1/proofings?access_token={token}", json={})
    assert (in_the_address.status_code, in_the_address.json()["code"]) == (422, "malformed")
    in_the_body = await bank.http.post("/v1/proofings", json={"access_token": token})
    assert (in_the_body.status_code, in_the_body.json()["code"]) == (401, "unauthenticated")
    assert bank.sql("SELECT count(*) FROM proofings") == [(0,)]


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer "])
async def test_the_schemes_spelling_is_free(bank: Bank, scheme: str) -> None:
    headers = {"authorization": f"{scheme} {await bank.kiosk_token()}"}
    assert (await bank.http.post("/v1/proofings", json={}, headers=headers)).status_code == 201


@pytest.mark.rule("A120")
async def test_whoever_is_turned_away_is_remembered_with_the_reason_and_never_the_token(bank: Bank) -> None:
    token = await bank.kiosk_token(scope="proofing:read")
    for headers in ({}, bearer("x"), bearer(token)):
        await bank.http.post("/v1/proofings", json={}, headers=headers)
    await bank.http.get("/v1/me", headers=bearer(token))
    await bank.http.post("/v1/proofings/prf_none/submission")
    found = [(e["reason"], e["detail"]["flaw"], e["actor_kind"]) for e in bank.events("caller.admit")]
    assert found == [
        ("unauthenticated", None, "anyone"), ("invalid_token", "shape", "anyone"), ("insufficient_scope", None, "client"),
        ("invalid_token", "another_kind", "client"), ("unauthenticated", None, "anyone"),
    ]  # fmt: skip
    assert token[-40:].encode() not in bank.dump()
