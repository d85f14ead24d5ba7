"""Does an accepted applicant become a subscriber by a proven address, once, and nobody twice?"""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.mfa.contact_code import MOST_SENT, MOST_STRIKES
from tests.flows.conftest import PHONE, Applicant, Bank, seen
from tests.verification.examinations import PORTRAIT, read

MAILBOX = "wang@example.com"
OTHER_NUMBER = "110101199003070046"


def of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def send(applicant: Applicant, address: str = PHONE, channel: str = "phone") -> httpx.Response:
    return await applicant.post("/contact", json={"channel": channel, "address": address})


async def enter(applicant: Applicant, code: str) -> httpx.Response:
    return await applicant.post("/contact/code", json={"code": code})


def another_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def subscribers(bank: Bank) -> int:
    return int(bank.sql("SELECT count(*) FROM subscribers")[0][0])


async def somebody_else(bank: Bank, **opening: Any) -> Applicant:
    """An accepted applicant with a card of their own."""
    bank.eyes.examined = seen(portrait=replace(PORTRAIT, number=read(OTHER_NUMBER)))
    return await bank.accepted(**opening)


async def test_the_right_code_makes_a_subscriber_under_the_applicants_own_pseudonym(bank: Bank) -> None:
    applicant = await bank.accepted(customer_ref="CIF-1")
    answer = await enter(applicant, await applicant.contact_code(PHONE))
    assert (answer.status_code, answer.json()["state"], answer.json()["needed"]) == (
        201,
        "binding",
        ["password", "totp"],
    )
    found = bank.sql(
        "SELECT s.id = p.person_id, s.customer_ref, a.subscriber_id = s.id, a.channel FROM subscribers s "
        "JOIN proofings p ON p.id = s.proofing_id JOIN aliases a ON a.subscriber_id = s.id"
    )
    assert found == [(True, "CIF-1", True, "phone")]


async def test_a_wrong_code_proves_nothing_and_leaves_a_strike(bank: Bank) -> None:
    applicant = await bank.accepted()
    code = await applicant.contact_code(PHONE)
    assert of(await enter(applicant, another_than(code))) == (403, "wrong_contact_code")
    assert (subscribers(bank), bank.sql("SELECT strikes FROM contacts")) == (0, [(1,)])
    assert (await enter(applicant, code)).status_code == 201


async def test_after_too_many_wrong_codes_the_right_one_is_too_late(bank: Bank) -> None:
    applicant = await bank.accepted()
    code = await applicant.contact_code(PHONE)
    for _ in range(MOST_STRIKES):
        assert of(await enter(applicant, another_than(code))) == (403, "wrong_contact_code")
    assert of(await enter(applicant, code)) == (409, "contact_code_closed")
    bank.clock.move(timedelta(minutes=2))
    assert of(await send(applicant)) == (409, "contact_code_closed")


@pytest.mark.parametrize(("seconds", "status"), [(599, 201), (600, 409)])
async def test_a_code_is_good_for_ten_minutes(bank: Bank, seconds: int, status: int) -> None:
    applicant = await bank.accepted()
    code = await applicant.contact_code(PHONE)
    bank.clock.move(timedelta(seconds=seconds))
    assert (await enter(applicant, code)).status_code == status


async def test_a_code_works_once_even_when_raced_from_two_processes(bank: Bank, twin: Bank) -> None:
    applicant = await bank.accepted()
    code = await applicant.contact_code(PHONE)
    racers = [Applicant(instance, applicant.id, applicant.token) for instance in (bank, twin) * 3]
    answers = await asyncio.gather(*(enter(racer, code) for racer in racers))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert subscribers(bank) == 1


async def test_a_newer_code_replaces_the_older(bank: Bank) -> None:
    applicant = await bank.accepted()
    first = await applicant.contact_code(PHONE)
    bank.clock.move(timedelta(seconds=60))
    second = await applicant.contact_code(PHONE)
    if first != second:
        assert of(await enter(applicant, first)) == (403, "wrong_contact_code")
    assert (await enter(applicant, second)).status_code == 201


async def test_a_code_proves_the_address_it_went_to_and_no_other(bank: Bank) -> None:
    applicant = await bank.accepted()
    first = await applicant.contact_code(PHONE)
    bank.clock.move(timedelta(seconds=60))
    await send(applicant, MAILBOX, "email")
    assert of(await enter(applicant, first)) == (403, "wrong_contact_code")


async def test_before_a_code_was_sent_there_is_none_to_enter(bank: Bank) -> None:
    assert of(await enter(await bank.accepted(), "123456")) == (409, "contact_code_closed")


@pytest.mark.rule("A41")
async def test_codes_are_sent_a_minute_apart_and_five_times_at_most(bank: Bank) -> None:
    applicant = await bank.accepted()
    for count in range(1, MOST_SENT + 1):
        assert (await send(applicant)).json()["sent"] == count
        soon = await send(applicant, MAILBOX, "email")
        assert of(soon) == (429, "sent_too_often")
        bank.clock.move(timedelta(seconds=60))
    assert of(await send(applicant)) == (429, "sent_too_often")
    assert len(await bank.messages()) == MOST_SENT


async def test_how_long_to_wait_for_another_code_is_told(bank: Bank) -> None:
    applicant = await bank.accepted()
    await send(applicant)
    bank.clock.move(timedelta(seconds=20))
    assert (await send(applicant)).headers["retry-after"] == "40"


@pytest.mark.parametrize(
    ("channel", "address"),
    [("phone", "110"), ("phone", "wang@example.com"), ("email", "13800138000"), ("email", "a@b"), ("pigeon", "coop 7")],
)
async def test_what_is_no_address_gets_no_code(bank: Bank, channel: str, address: str) -> None:
    applicant = await bank.accepted()
    assert (await send(applicant, address, channel)).status_code == 422
    assert bank.sql("SELECT count(*) FROM messages") == [(0,)]


@pytest.mark.parametrize(
    ("language", "warning"),
    [("zh-CN", "请勿告诉任何人"), ("en", "Bank staff will never ask for it: tell it to nobody")],
)
@pytest.mark.parametrize(("channel", "address"), [("phone", PHONE), ("email", MAILBOX)])
async def test_the_message_warns_in_the_chosen_language(
    bank: Bank, language: str, warning: str, channel: str, address: str
) -> None:
    applicant = await bank.accepted(language=language)
    await send(applicant, address, channel)
    (message,) = await bank.messages()
    assert warning in message["body"]
    assert re.search(r"(?<!\d)\d{6}(?!\d)", message["body"])
    assert message["recipient"] == (MAILBOX if channel == "email" else f"+86{PHONE}")


async def test_neither_code_nor_address_rests_in_clear(bank: Bank) -> None:
    applicant = await bank.accepted()
    code = await applicant.contact_code(PHONE)
    dump = bank.dump()
    assert PHONE.encode() not in dump
    assert not re.search(rb"(?<![0-9])" + code.encode() + rb"(?![0-9])", dump)


async def test_an_address_of_another_subscriber_is_told_only_to_who_proved_it(bank: Bank) -> None:
    await bank.enrolled(PHONE)
    applicant = await somebody_else(bank)
    assert (await send(applicant)).status_code == 202
    code = (await bank.messages())[0]["body"]
    found = re.search(r"\d{6}", code)
    assert found is not None
    assert of(await enter(applicant, found[0])) == (409, "contact_taken")
    assert subscribers(bank) == 1


async def test_who_finds_an_address_taken_can_prove_another(bank: Bank) -> None:
    await bank.enrolled(PHONE)
    applicant = await somebody_else(bank)
    await enter(applicant, await applicant.contact_code(PHONE))
    bank.clock.move(timedelta(seconds=60))
    await applicant.bind_contact("13900139000")
    assert ((await applicant.get()).json()["state"], subscribers(bank)) == ("binding", 2)


async def both_ready(bank: Bank, twin: Bank, refs: tuple[str | None, str | None]) -> list[tuple[Applicant, str]]:
    """Two accepted applicants, each at an instance of its own, each with the code of its own address."""
    first = await bank.accepted(customer_ref=refs[0])
    second = await somebody_else(bank, customer_ref=refs[1])
    ready = []
    for applicant, phone in ((first, PHONE), (second, "13900139000")):
        ready.append((applicant, await applicant.contact_code(phone)))
        bank.clock.move(timedelta(seconds=1))
    ready[1][0].bank = twin
    return ready


async def test_of_two_racing_for_one_customer_reference_exactly_one_gets_it(bank: Bank, twin: Bank) -> None:
    ready = await both_ready(bank, twin, ("CIF-7", "CIF-7"))
    answers = await asyncio.gather(*(enter(applicant, code) for applicant, code in ready))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert {of(answer) for answer in answers if answer.is_error} == {(409, "customer_ref_taken")}
    assert bank.sql("SELECT customer_ref FROM subscribers") == [("CIF-7",)]


async def test_applicants_without_a_reference_do_not_meet(bank: Bank, twin: Bank) -> None:
    ready = await both_ready(bank, twin, (None, None))
    answers = await asyncio.gather(*(enter(applicant, code) for applicant, code in ready))
    assert [answer.status_code for answer in answers] == [201, 201]


async def test_of_two_accepted_with_one_identity_number_exactly_one_is_enrolled(bank: Bank, twin: Bank) -> None:
    first, second = await bank.accepted(), await bank.accepted()
    codes = [await first.contact_code(PHONE)]
    bank.clock.move(timedelta(seconds=1))
    codes.append(await second.contact_code("13900139000"))
    second.bank = twin
    answers = await asyncio.gather(enter(first, codes[0]), enter(second, codes[1]))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert {of(answer) for answer in answers if answer.is_error} == {(409, "already_enrolled")}
    assert subscribers(bank) == 1
