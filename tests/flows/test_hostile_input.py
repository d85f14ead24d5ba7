"""Does bad input always get a typed problem, never a 500? (An error of ours would be raised through this transport.)"""

import pytest
from httpx import Response

from tests.flows.conftest import Bank, bearer

JSON = {"content-type": "application/json", "accept-language": "en"}
BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe{",
    "null": b"null",
    "a list": b"[]",
    "a text": b'"x"',
    "deep lists": b"[" * 30_000,
    "deep objects": b'{"a":' * 9_000,
    "a huge integer": b'{"client_id":' + b"9" * 5_000 + b"}",
    "numbers that are none": b'{"client_id": 1e999, "identifier": NaN}',
    "an unknown field": b'{"zzz": 1}',
    "a surrogate as name": b'{"\\ud800": 1}',
    "a NUL as name": b'{"\\u0000": 1}',
    "a text for a truth": b'{"purpose": "face_comparison", "given": "maybe"}',
}
ADDRESSES = [
    "/v1/logins", "/v1/logins/lgn_none/password", "/v1/logins/lgn_none/totp", "/v1/proofings",
    "/v1/proofings/prf_none/consents", "/v1/proofings/prf_none/contact", "/v1/proofings/prf_none/contact/code",
]  # fmt: skip

IDS = [
    ("POST", "/v1/logins/{}/completion"), ("GET", "/v1/proofings/{}"), ("PUT", "/v1/proofings/{}/face"),
    ("PUT", "/v1/proofings/prf_none/evidence/resident-card/{}"), ("DELETE", "/v1/me/sessions/{}"), ("GET", "/problems/{}"),
]  # fmt: skip


def is_problem(answer: Response, *statuses: int) -> bool:
    written = answer.headers["content-type"] == "application/problem+json"
    return written and answer.status_code in statuses and answer.json()["status"] == answer.status_code


async def test_a_misshapen_body_is_a_problem_at_every_address(bank: Bank) -> None:
    headers = JSON | bearer(await bank.kiosk_token())
    for address in ADDRESSES:
        for what, body in BODIES.items():
            answer = await bank.http.post(address, content=body, headers=headers)
            assert is_problem(answer, 422), f"{what} at {address}: {answer.text}"


@pytest.mark.parametrize("character", ["\\u0000", "\\ud800", "\\ud800\\ud800", "\\u202e"])
async def test_a_character_no_text_may_hold_is_refused_in_every_field_of_a_log_in(bank: Bank, character: str) -> None:
    fields = {"client_id": bank.clients["app"].id, "identifier": "a", "code_challenge": "x" * 43, "scope": "a"}
    for field in fields:
        body = ",".join(f'"{name}":"{character if name == field else value}"' for name, value in fields.items())
        answer = await bank.http.post("/v1/logins", content=f"{{{body}}}", headers=JSON)
        assert is_problem(answer, 400, 401, 422), f"{field}: {answer.text}"


@pytest.mark.parametrize("password", ["\\u0000", "\\ud800", ""])
async def test_a_password_that_cannot_be_one_is_a_wrong_password(bank: Bank, password: str) -> None:
    login = await bank.begin()
    answer = await bank.http.post(
        f"/v1/logins/{login.id}/password",
        content=f'{{"password":"{password}"}}',
        headers={"content-type": "application/json"},
    )
    assert is_problem(answer, 401)
    assert answer.content == (await login.password("wrong")).content


async def test_an_id_that_cannot_be_one_is_a_problem_wherever_one_stands(bank: Bank) -> None:
    for method, address in IDS:
        for name in ("%00", "a%00b", "%ff", "%ED%A0%80", "x" * 5_000, "a%0D%0Ab", "%E8%99%8E"):
            answer = await bank.http.request(method, address.format(name), headers=bearer("hat_none"))
            assert is_problem(answer, 404, 422), f"{address} with {name[:9]}: {answer.text}"


async def test_an_id_that_cannot_be_one_is_not_written_into_the_audit(bank: Bank) -> None:
    await bank.http.post(f"/v1/logins/{'x' * 5_000}/completion")
    assert bank.sql("SELECT count(*) FROM audit_events WHERE length(object_id) > 64") == [(0,)]


async def test_a_problem_never_quotes_what_was_sent(bank: Bank) -> None:
    login = await bank.begin()
    answer = await bank.http.post(f"/v1/logins/{login.id}/password", json={"password": ["Kranich-Lotus-47"]})
    assert is_problem(answer, 422)
    assert "Kranich" not in answer.text


async def test_an_unknown_fields_name_is_shown_short_and_harmless(bank: Bank) -> None:
    body = {"client_id": "a", "identifier": "a", "code_challenge": "a", "z\u202e" * 50: 1}
    answer = await bank.http.post("/v1/logins", json=body, headers=JSON)
    assert answer.json()["detail"] == "body.?: not a field of this request"


async def test_a_wrong_content_type_is_a_problem(bank: Bank) -> None:
    answer = await bank.http.post("/v1/logins", content=b"{}", headers={"content-type": "text/plain"})
    assert is_problem(answer, 422)


@pytest.mark.parametrize("header", [b"\xff\xfe", b"Basic \xff\xfe", b"Bearer \xff.\xff.\xff", b"Bearer", b"Basic", b""])
@pytest.mark.parametrize("address", ["/v1/me", "/v1/proofings/prf_none"])
async def test_an_unreadable_authorization_header_is_nobodys(bank: Bank, header: bytes, address: str) -> None:
    assert is_problem(await bank.http.get(address, headers={b"authorization": header}), 401)


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh-CN", "没有此地址"), ("en", "No such address"), ("en;q=0.1, zh;q=0.9", "没有此地址"), ("zh;q=0.1, en-GB", "No such address"), ("", "没有此地址"), ("fr, *;q=x", "没有此地址")],
)  # fmt: skip
async def test_problems_speak_the_callers_language(bank: Bank, language: str, title: str) -> None:
    answer = await bank.http.get("/nowhere", headers={"accept-language": language})
    assert is_problem(answer, 404)
    assert answer.json()["title"] == title
    assert answer.headers["content-language"] == ("en" if title.isascii() else "zh-CN")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_what_is_malformed_is_told_in_the_callers_language(bank: Bank, language: str) -> None:
    answer = await bank.http.post("/v1/logins", json={}, headers={"accept-language": language})
    told = {"zh-CN": "body.client_id:缺少", "en": "body.client_id: missing"}
    assert answer.json()["detail"] == told[language]


async def test_a_method_an_address_does_not_take_is_a_problem_naming_those_it_takes(bank: Bank) -> None:
    answer = await bank.http.patch("/v1/me")
    assert is_problem(answer, 405)
    assert answer.headers["allow"] == "GET"


async def test_every_answer_carries_its_request_id_and_is_never_cached(bank: Bank) -> None:
    answer = await bank.http.get("/v1/me", headers={"x-request-id": "teller-0001"})
    assert answer.headers["x-request-id"] == "teller-0001"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("given", ["short", "x" * 65, "new\tline id", "héllo-wörld"])
async def test_a_request_id_of_another_form_is_replaced(bank: Bank, given: str) -> None:
    answer = await bank.http.get("/livez", headers={b"x-request-id": given.encode()})
    assert answer.headers["x-request-id"] not in {given, ""}
