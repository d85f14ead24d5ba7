"""Does a message leave once, by a real gateway, after its commit; and what became of it, is it known and forgotten?"""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from asgi_lifespan import LifespanManager

from app.building import deliveries_of
from app.core.environment import Environment
from app.main import create_app
from app.services.deliveries import Deliveries
from app.settings import Settings
from tests.flows.conftest import ISSUER, PASSWORD, PHONE, Applicant, Bank
from tests.gateways.sms_server import DESCRIPTION, gateway


@pytest.fixture
async def waiting(bank: Bank) -> Applicant:
    """An applicant whose code lies in the outbox."""
    applicant = await bank.accepted()
    sent = await applicant.post("/contact", json={"channel": "phone", "address": PHONE})
    assert sent.status_code == 202
    return applicant


def by_gateway(bank: Bank, folder: Path, description: str, **more: Any) -> Deliveries:
    """The worker's own deliveries, over the gateway described."""
    return deliveries_of(replace(bank.ground, settings=with_gateway(bank, folder, description, **more)))


def with_gateway(bank: Bank, folder: Path, description: str, **more: Any) -> Settings:
    """The settings of a bank that sends through the gateway described."""
    file = folder / "gateway.toml"
    file.write_text(description, encoding="utf-8")
    secret = folder / "secret"
    secret.write_text("key")
    secret.chmod(0o600)
    chosen = {
        "messages": "gateways", "sms_gateway_file": file, "sms_gateway_hosts": "127.0.0.1",
        "sms_gateway_secret_file": secret, "smtp_host": "127.0.0.1",
        "smtp_from": "noreply@bank.example",
    } | more  # fmt: skip
    return bank.ground.settings.model_copy(update=chosen)


def queued(bank: Bank) -> list[str]:
    """The messages that wait to be delivered, taken out of the queue."""
    return [arguments["message_id"] for task, arguments in bank.take_jobs() if task == "deliver"]


def state(bank: Bank) -> str:
    return str(bank.sql("SELECT state FROM messages ORDER BY created_at DESC LIMIT 1")[0][0])


@pytest.mark.usefixtures("waiting")
async def test_a_code_reaches_the_phone_by_the_gateway(bank: Bank, tmp_path: Path) -> None:
    with gateway(tmp_path, "succeeds") as process:
        for message_id in queued(bank):
            await by_gateway(bank, tmp_path, process.description).deliver(message_id)
        (asked,) = process.received()
    told = json.loads(asked["body"])
    assert (told["to"], told["template"]) == ("+8613800138000", "contact_code")
    assert told["code"] in told["text"]
    assert state(bank) == "handed_over"


@pytest.mark.parametrize("behaviour", ["succeeds", "fails", "hangs", "lies", "closes", "refuses"])
@pytest.mark.usefixtures("waiting")
async def test_whatever_the_gateway_does_it_is_asked_once_for_one_code(
    bank: Bank, tmp_path: Path, behaviour: str
) -> None:
    (message_id,) = queued(bank)
    with gateway(tmp_path, behaviour) as process:
        deliveries = by_gateway(bank, tmp_path, process.description)
        for _ in range(3):
            await deliveries.deliver(message_id)
        assert len(process.received()) == 1
    assert queued(bank) == []
    expected = {"succeeds": "handed_over", "refuses": "failed"}
    assert state(bank) == expected.get(behaviour, "unknown")


@pytest.mark.rule("A28")
async def test_a_gateway_that_hangs_is_asked_after_the_answer_and_by_nobody_who_answers(
    bank: Bank, tmp_path: Path
) -> None:
    await bank.enrolled()
    bank.take_jobs()
    login = await bank.begin(PHONE)
    await login.password(PASSWORD)
    with gateway(tmp_path, "hangs") as process:
        settings = with_gateway(bank, tmp_path, process.description)
        application = create_app(settings, clock=bank.clock, vision=bank.eyes)
        async with LifespanManager(application), httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ISSUER) as http:  # fmt: skip
            sent = await http.post(f"/v1/logins/{login.id}/sms")
        assert (sent.status_code, process.received(), state(bank)) == (202, [], "queued")
        await deliveries_of(replace(bank.ground, settings=settings)).deliver(*queued(bank))
        assert (len(process.received()), state(bank)) == (1, "unknown")


@pytest.mark.usefixtures("waiting")
async def test_two_workers_with_one_message_send_it_once(bank: Bank, twin: Bank, tmp_path: Path) -> None:
    (message_id,) = queued(bank)
    with gateway(tmp_path, "succeeds") as process:
        both = [by_gateway(each, tmp_path, process.description) for each in (bank, twin)]
        await asyncio.gather(*(deliveries.deliver(message_id) for deliveries in both))
        assert len(process.received()) == 1


@pytest.mark.usefixtures("waiting")
async def test_what_never_left_is_tried_again_and_then_sent_once(bank: Bank, tmp_path: Path) -> None:
    (message_id,) = queued(bank)
    await by_gateway(bank, tmp_path, DESCRIPTION.format(port=1)).deliver(message_id)
    assert state(bank) == "queued"
    ((later,),) = bank.sql("SELECT scheduled_at > now() FROM procrastinate_jobs")
    assert later is True
    with gateway(tmp_path, "succeeds") as process:
        await by_gateway(bank, tmp_path, process.description).deliver(*queued(bank))
        assert len(process.received()) == 1
    assert [event["detail"]["state"] for event in bank.events("message.deliver")] == ["queued", "handed_over"]


@pytest.mark.rule("A39")
@pytest.mark.usefixtures("waiting")
async def test_a_code_past_its_life_is_not_sent(bank: Bank, tmp_path: Path) -> None:
    bank.clock.move(timedelta(minutes=10))
    with gateway(tmp_path, "succeeds") as process:
        await by_gateway(bank, tmp_path, process.description).deliver(*queued(bank))
        assert process.received() == []
    assert state(bank) == "failed"


@pytest.mark.usefixtures("waiting")
async def test_a_message_whose_worker_died_is_never_sent_again(bank: Bank, tmp_path: Path) -> None:
    (message_id,) = queued(bank)
    with gateway(tmp_path, "hangs") as process:
        slow = DESCRIPTION.format(port=process.port).replace("whole_seconds = 3.0", "whole_seconds = 60.0")
        dying = asyncio.create_task(by_gateway(bank, tmp_path, slow).deliver(message_id))
        await asyncio.to_thread(process.wait_for_one)
        dying.cancel()
        await asyncio.wait({dying})
        assert state(bank) == "sending"
        await by_gateway(bank, tmp_path, slow).deliver(message_id)
        assert len(process.received()) == 1
    assert state(bank) == "unknown"


@pytest.mark.usefixtures("waiting")
async def test_in_production_the_words_are_forgotten_once_they_left(bank: Bank, tmp_path: Path) -> None:
    with gateway(tmp_path, "succeeds") as process:
        real = {"environment": Environment.PRODUCTION, "policy": "development-1"}
        await by_gateway(bank, tmp_path, process.description, **real).deliver(*queued(bank))
    assert bank.sql("SELECT sealed_body, sealed_values, state FROM messages") == [(None, None, "handed_over")]


async def test_a_refused_or_undone_act_sends_nothing(bank: Bank) -> None:
    applicant = await bank.accepted()
    refused = await applicant.post("/contact", json={"channel": "phone", "address": "12"})
    assert refused.status_code == 422
    assert (queued(bank), bank.sql("SELECT count(*) FROM messages")) == ([], [(0,)])


@pytest.mark.rule("A31")
async def test_a_new_authenticator_is_told_to_the_proven_phone(bank: Bank) -> None:
    await bank.enrolled()
    newest = max(await bank.messages(), key=lambda message: "动态口令" in message["body"])
    assert newest["recipient"] == "+8613800138000"
    assert "如非本人操作" in newest["body"]


@pytest.mark.rule("A31")
async def test_a_changed_password_is_told_to_the_proven_phone(bank: Bank) -> None:
    subscriber = await bank.enrolled(language="en")
    login = await bank.begin(PHONE)
    await login.password(PASSWORD)
    await login.totp(subscriber.code())
    body = {"password": "Weide-Anker-83!"}
    assert (await bank.http.put(f"/v1/logins/{login.id}/new-password", json=body)).status_code == 200
    told = (await bank.messages())[0]["body"]
    assert "The password of your account was changed" in told
    assert "If this was not you" in told


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_a_code_says_what_it_is_for_and_to_tell_it_to_nobody(bank: Bank, language: str) -> None:
    await bank.enrolled(language=language)
    login = await bank.begin(PHONE)
    await login.password(PASSWORD)
    await bank.http.post(f"/v1/logins/{login.id}/sms")
    body = (await bank.messages())[0]["body"]
    wanted = {"zh-CN": ("正在登录", "请勿告诉任何人"), "en": ("logging in", "tell it to nobody")}[language]
    assert all(words in body for words in wanted)
