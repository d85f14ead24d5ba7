"""Is every act of signing in remembered once: who, what, on whom, from where, when, with which factors? (A120)"""

import base64
import io
from collections import Counter
from datetime import timedelta

import pytest
import structlog

from app.core.clock import SystemClock
from app.routers import answers, repeatable
from app.routers.answered import Answered
from tests.flows.conftest import ISSUER, PASSWORD, PHONE, Bank, Subscriber, bearer, claims_of
from tests.verification.examinations import PORTRAIT

pytestmark = pytest.mark.rule("A120")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch, bank: Bank) -> io.StringIO:
    """Every line the API logs from here on, as it would be written."""
    written = io.StringIO()
    told = structlog.wrap_logger(structlog.WriteLogger(written), processors=[structlog.processors.JSONRenderer()])
    for module in (answers, repeatable):
        monkeypatch.setattr(module, "LOG", told)
    monkeypatch.setattr(bank.envelope, "_answered", Answered(SystemClock(), written.write))
    return written


def counted(bank: Bank) -> Counter[str]:
    return Counter(row[0] for row in bank.sql("SELECT action FROM audit_events WHERE action <> 'data.unseal'"))


async def test_a_log_in_leaves_one_event_for_each_step(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    before = counted(bank)
    await subscriber.signed_in()
    steps = ("login.begin", "login.prove_password", "login.prove_totp", "login.complete", "token.authorization_code")
    assert counted(bank) - before == Counter(steps)


async def test_each_step_tells_who_from_where_and_what_was_proven_so_far(bank: Bank) -> None:
    person = claims_of((await (await bank.enrolled()).signed_in())["access_token"])["sub"]
    app = bank.clients["app"].id
    found = [bank.events(f"login.{step}")[0] for step in ("begin", "prove_password", "prove_totp", "complete")]
    assert [event["factors"] for event in found] == [[], [], ["pwd"], ["pwd", "otp", "mfa"]]
    assert {(e["outcome"], e["client_id"], e["network"], e["subject"]) for e in found} == {
        ("allowed", app, "127.0.0.1", person)
    }
    assert len({event["object_id"] for event in found}) == 1


async def test_a_wrong_proof_is_one_event_with_its_reason_and_the_count(bank: Bank) -> None:
    await bank.enrolled()
    login = await bank.begin()
    await login.password("wrong")
    await login.password("wrong again")
    found = bank.events("login.prove_password")
    assert [(e["outcome"], e["reason"], e["detail"]["strikes"]) for e in found] == [
        ("refused", "wrong_proof", 1), ("refused", "wrong_proof", 2),
    ]  # fmt: skip


async def test_a_try_at_an_unknown_name_is_an_event_on_nobody(bank: Bank) -> None:
    await (await bank.begin("13900139000")).password("x")
    assert [event["subject"] for event in bank.events("login.prove_password")] == [None]


async def test_a_blocked_try_is_an_event_too(bank: Bank) -> None:
    for _ in range(6):
        await (await bank.begin()).password("wrong")
    assert [event["reason"] for event in bank.events("login.prove_password")] == ["wrong_proof"] * 5 + [
        "too_many_tries"
    ]


async def test_a_step_out_of_order_is_one_event(bank: Bank) -> None:
    login = await bank.begin()
    await login.complete()
    await login.totp("000000")
    reasons = [bank.events(f"login.{step}")[0]["reason"] for step in ("complete", "prove_totp")]
    assert reasons == ["step_out_of_order", "step_out_of_order"]
    assert counted(bank)["login.complete"] == counted(bank)["login.prove_totp"] == 1


async def test_acts_on_an_account_are_events_with_person_client_and_factors(bank: Bank) -> None:
    issued = await (await bank.enrolled()).signed_in(resources=[ISSUER])
    headers, claims = bearer(issued["access_token"]), claims_of(issued["access_token"])
    for method, path in (("GET", ""), ("GET", "/sessions"), ("DELETE", "/sessions/ses_none"), ("DELETE", "/sessions")):
        await bank.http.request(method, f"/v1/me{path}", headers=headers)
    found = [bank.events(act)[0] for act in ("account.read", "session.list", "session.end", "session.end_all")]
    assert {(e["actor_kind"], e["actor_id"], e["client_id"]) for e in found} == {
        ("subscriber", claims["sub"], bank.clients["app"].id)
    }
    assert [(e["outcome"], e["reason"]) for e in found][2] == ("refused", "not_found")
    assert {tuple(event["factors"]) for event in found} == {("pwd", "otp", "mfa")}


async def test_events_carry_the_banks_time_in_order(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    at = bank.clock.now()
    await subscriber.signed_in()
    moments = [row[0] for row in bank.sql("SELECT at FROM audit_events ORDER BY sequence")]
    assert moments == sorted(moments)
    assert bank.sql("SELECT at FROM audit_events WHERE action = 'login.complete'") == [(at,)]


async def test_reading_an_account_tells_of_each_value_that_was_unsealed(bank: Bank) -> None:
    issued = await (await bank.enrolled()).signed_in(resources=[ISSUER])
    before = len(bank.events("data.unseal"))
    await bank.http.get("/v1/me", headers=bearer(issued["access_token"]))
    found = bank.events("data.unseal")[before:]
    assert {(e["detail"]["what"], e["reason"], e["actor_kind"]) for e in found} == {
        ("subscribers.sealed_attributes", "self_service", "subscriber"),
        ("aliases.sealed_address", "self_service", "subscriber"),
    }


async def test_a_refused_change_of_password_still_tells_what_was_unsealed_for_it(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    login = await bank.begin()
    await login.password(PASSWORD)
    await login.totp(subscriber.code())
    before = len(bank.events("data.unseal"))
    answer = await bank.http.put(f"/v1/logins/{login.id}/new-password", json={"password": "password1"})
    assert answer.status_code == 422
    assert {event["reason"] for event in bank.events("data.unseal")[before:]} == {"password_judgement"}


async def walked(bank: Bank, subscriber: Subscriber) -> list[str]:
    """A whole day of one subscriber; everything secret that was said but the six digits, which may stand in any ciphertext."""
    issued = await subscriber.signed_in(resources=[ISSUER])
    bank.clock.move(timedelta(seconds=60))
    login = await bank.begin()
    await login.password(PASSWORD)
    await login.totp(subscriber.code())
    authorization_code = (await login.complete()).json()["code"]
    again = (await login.bring(authorization_code)).json()
    refreshed = (await bank.refresh(again["refresh_token"])).json()
    seed = base64.b32encode(subscriber.seed).decode()
    tokens = [each[kind] for each in (issued, again, refreshed) for kind in ("access_token", "refresh_token")]
    return [PASSWORD, seed, authorization_code, login.verifier, *(token[-40:] for token in tokens)]


@pytest.mark.rule("A107", "A116")
async def test_no_secret_rests_anywhere_nor_in_any_line_of_the_log(bank: Bank, log: io.StringIO) -> None:
    subscriber = await bank.enrolled()
    secrets = await walked(bank, subscriber)
    kept, logged = bank.dump(), log.getvalue()
    assert "/v1/logins/{login_id}/password" in logged
    assert [secret for secret in secrets if secret.encode() in kept or secret in logged] == []
    assert subscriber.seed not in kept


async def test_no_code_number_or_address_stands_in_the_audit(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    code = subscriber.code()
    await subscriber.signed_in()
    written = " ".join(row[0] for row in bank.sql("SELECT to_jsonb(audit_events)::text FROM audit_events"))
    for secret in (f'"{code}"', PHONE, str(PORTRAIT.number.value)):
        assert secret not in written
