"""Is a repeated POST done once, whoever of two processes it reaches, and is a secret never told twice?"""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.flows.conftest import PHONE, Applicant, Bank, bearer

KEY = {"idempotency-key": "order-2026-0001"}


def repeated(answer: httpx.Response) -> bool:
    return "idempotency-replayed" in answer.headers


async def consent(applicant: Applicant, bank: Bank, **body: Any) -> httpx.Response:
    """An answer to the first notice, with the key."""
    notice = (await bank.http.get("/v1/notices", params={"purpose": "identity_verification"})).json()[0]
    body = {"purpose": notice["purpose"], "given": True, "text_sha256": notice["text_sha256"], "channel": "web"} | body
    headers = bearer(applicant.token) | KEY
    return await bank.http.post(f"/v1/proofings/{applicant.id}/consents", json=body, headers=headers)


async def test_a_repeated_post_is_done_once_and_answered_alike(bank: Bank) -> None:
    applicant = await bank.applicant()
    first, second = await consent(applicant, bank), await consent(applicant, bank)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert (repeated(first), repeated(second)) == (False, True)
    assert bank.sql("SELECT count(*) FROM consents") == [(1,)]
    assert [event["outcome"] for event in bank.events("answer.repeat")] == ["allowed"]


async def test_another_process_repeats_the_answer_too(bank: Bank, twin: Bank) -> None:
    applicant = await bank.applicant()
    assert (await consent(applicant, bank)).content == (await consent(applicant, twin)).content
    assert bank.sql("SELECT count(*) FROM consents") == [(1,)]


async def test_of_racers_at_two_processes_one_does_it(bank: Bank, twin: Bank) -> None:
    applicant = await bank.applicant()
    answers = await asyncio.gather(*(consent(applicant, (bank, twin)[turn % 2]) for turn in range(8)))
    codes = {answer.status_code for answer in answers}
    assert codes <= {201, 409}
    for answer in answers:
        if answer.status_code == 409:
            assert (answer.json()["code"], answer.headers["retry-after"]) == ("answer_in_progress", "1")
    assert bank.sql("SELECT count(*) FROM consents") == [(1,)]


async def test_a_key_with_another_body_or_address_is_refused(bank: Bank) -> None:
    applicant = await bank.applicant()
    await consent(applicant, bank)
    elsewhere = await applicant.post("/submission", headers=KEY)
    for answer in (await consent(applicant, bank, channel="kiosk"), elsewhere):
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_anothers_key_is_another_key(bank: Bank) -> None:
    one, other = await bank.applicant(), await bank.applicant()
    assert not repeated(await consent(one, bank))
    assert not repeated(await consent(other, bank))


async def test_a_token_shown_once_is_never_told_again(bank: Bank) -> None:
    headers = bearer(await bank.kiosk_token()) | KEY
    first = await bank.http.post("/v1/proofings", json={}, headers=headers)
    again = await bank.http.post("/v1/proofings", json={}, headers=bearer(await bank.kiosk_token()) | KEY)
    assert (again.status_code, again.json()["code"]) == (409, "answer_not_repeated")
    assert again.json()["resource"] == f"/v1/proofings/{first.json()['id']}"
    assert first.json()["applicant_token"].encode() not in bank.dump()
    assert bank.sql("SELECT count(*) FROM proofings") == [(1,)]


async def test_a_seed_is_never_told_again(bank: Bank) -> None:
    applicant = await bank.accepted()
    await applicant.bind_contact(PHONE)
    first, again = [await applicant.post("/totp", headers=KEY) for _ in range(2)]
    assert (first.status_code, again.json()["code"]) == (201, "answer_not_repeated")
    assert again.json()["resource"] == f"/v1/proofings/{applicant.id}"


async def test_a_refused_proof_repeated_is_one_strike(bank: Bank) -> None:
    await bank.enrolled()
    login = await bank.begin()
    path, body = f"/v1/logins/{login.id}/password", {"password": "wrong-Wrong-12"}
    first, again = [await bank.http.post(path, json=body, headers=KEY) for _ in range(2)]
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.status_code == 401
    assert bank.sql("SELECT strikes FROM logins WHERE id = %s", login.id) == [(1,)]


async def test_what_came_to_nothing_may_be_tried_again_with_its_key(bank: Bank) -> None:
    applicant = await bank.accepted()
    contact = {"channel": "phone", "address": PHONE}
    assert (await applicant.post("/contact", json=contact)).status_code == 202
    assert (await applicant.post("/contact", json=contact, headers=KEY)).status_code == 429
    bank.clock.move(timedelta(minutes=2))
    assert (await applicant.post("/contact", json=contact, headers=KEY)).status_code == 202


async def test_a_request_lost_with_its_process_is_never_done_again(bank: Bank) -> None:
    applicant = await bank.applicant()
    await consent(applicant, bank)
    bank.sql("UPDATE idempotency_keys SET answered_at = NULL, sealed_answer = NULL")
    bank.clock.move(timedelta(seconds=59))
    assert (await consent(applicant, bank)).json()["code"] == "answer_in_progress"
    bank.clock.move(timedelta(seconds=1))
    assert (await consent(applicant, bank)).json()["code"] == "answer_not_repeated"


async def test_an_answer_is_kept_a_day_and_sealed(bank: Bank) -> None:
    applicant = await bank.applicant()
    first = await consent(applicant, bank)
    assert first.content not in bank.dump()
    bank.clock.move(timedelta(hours=24, seconds=-1))
    assert repeated(await consent(applicant, bank))
    bank.clock.move(timedelta(seconds=1))
    assert not repeated(await consent(applicant, bank))


@pytest.mark.parametrize("key", ["short", "a" * 65, "with space", "semi;colon"])
async def test_a_key_that_is_no_key_is_refused(bank: Bank, key: str) -> None:
    applicant = await bank.applicant()
    answer = await applicant.post("/submission", headers={"idempotency-key": key})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


AT_COMMIT = """
CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON consents DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die();
"""


@pytest.mark.rule("A124")
async def test_what_may_have_been_committed_when_the_database_was_lost_is_not_done_again(bank: Bank) -> None:
    applicant = await bank.applicant()
    bank.sql(AT_COMMIT)
    lost = await consent(applicant, bank)
    assert (lost.status_code, lost.json()["code"]) == (503, "outcome_unknown")
    bank.sql("DROP TRIGGER dies ON consents")
    again = await consent(applicant, bank)
    assert (again.status_code, again.json()["code"]) == (409, "answer_not_repeated")
    assert again.json()["resource"] == f"/v1/proofings/{applicant.id}"
