"""Is everything that happens written down where nobody can rewrite it, and nothing that should not be?"""

import json
from typing import Any

import psycopg
import pytest

from app.core.audit import Actor, ActorKind, Event, Outcome
from app.core.ids import EventId
from app.core.refusal import NotAllowed
from app.services.examinations import US
from tests.flows.conftest import PASSWORD, PHONE, START, Bank
from tests.verification.examinations import PORTRAIT

ALL = "SELECT json_agg(e)::text FROM audit_events e"
EVENT = Event("test.act", Outcome.ALLOWED, US, START)


def recorded(bank: Bank, where: str = "true") -> list[dict[str, Any]]:
    found = bank.sql(f"SELECT to_json(e)::text FROM audit_events e WHERE {where} ORDER BY sequence")  # noqa: S608
    return [json.loads(row[0]) for row in found]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT action FROM audit_events",
        "SELECT count(*) FROM audit_events",
        "UPDATE audit_events SET outcome = 'allowed'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        "ALTER TABLE audit_events ADD COLUMN forged text",
        "DROP TABLE audit_events",
        "CREATE RULE forget AS ON INSERT TO audit_events DO INSTEAD NOTHING",
    ],
)
async def test_the_applications_role_can_do_nothing_to_an_event_but_add_one(bank: Bank, statement: str) -> None:
    await bank.applicant()
    before = bank.sql(ALL)
    with (
        psycopg.connect(bank.ground.settings.application_url()) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())
    assert bank.sql(ALL) == before


async def test_the_applications_role_does_add_events(bank: Bank) -> None:
    async with bank.ground.database.work() as work:
        await work.audit.record(EVENT, EventId("evt_1"))
    assert [event["id"] for event in recorded(bank, "action = 'test.act'")] == ["evt_1"]


async def test_what_was_rolled_back_did_not_happen(bank: Bank) -> None:
    async def fails() -> None:
        async with bank.ground.database.work() as work:
            await bank.ground.journal.note(work, EVENT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert recorded(bank, "action = 'test.act'") == []


async def test_a_refusal_is_recorded_once_although_its_unit_was_rolled_back(bank: Bank) -> None:
    async def refused_within() -> None:
        async with bank.ground.journal.act("test.act", US) as act, bank.ground.database.work() as work:
            await act.record(work)
            raise NotAllowed

    with pytest.raises(NotAllowed):
        await refused_within()
    (event,) = recorded(bank, "action = 'test.act'")
    assert (event["outcome"], event["reason"]) == ("refused", "not_allowed")


async def test_a_refusal_that_leaves_a_mark_is_recorded_once_with_it(bank: Bank) -> None:
    async def refused_after(refusal: NotAllowed) -> None:
        async with bank.ground.journal.act("test.act", US) as act:
            async with bank.ground.database.work() as work:
                await act.record(work, refusal)
            raise refusal

    with pytest.raises(NotAllowed):
        await refused_after(NotAllowed())
    assert [event["reason"] for event in recorded(bank, "action = 'test.act'")] == ["not_allowed"]


async def test_an_act_that_forgets_its_event_is_a_bug(bank: Bank) -> None:
    with pytest.raises(RuntimeError, match="without an event"):
        async with bank.ground.journal.act("test.act", US), bank.ground.database.work():
            pass


async def test_each_act_of_an_applicant_is_one_event_about_a_pseudonym(bank: Bank) -> None:
    applicant = await bank.accepted()
    person = bank.sql("SELECT person_id FROM proofings")[0][0]
    acts = recorded(bank, "starts_with(action, 'proofing.') AND actor_kind = 'applicant'")
    assert [act["action"].removeprefix("proofing.") for act in acts] == [
        "answer_notice", "answer_notice", "present", "present", "present", "submit", "read",
    ]  # fmt: skip
    assert {(act["outcome"], act["subject"], act["object_id"]) for act in acts} == {("allowed", person, applicant.id)}
    assert {act["network"] for act in acts} == {"127.0.0.1"}


async def test_a_refused_act_is_an_event_with_the_reason(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.post("/submission")
    (event,) = bank.events("proofing.submit")
    assert (event["outcome"], event["reason"], event["object_id"]) == ("refused", "still_needed", applicant.id)
    assert event["subject"] == bank.sql("SELECT person_id FROM proofings")[0][0]


async def test_every_waking_of_personal_data_says_who_what_whose_and_why(bank: Bank) -> None:
    await bank.enrolled()
    woken = recorded(bank, "action = 'data.unseal' AND actor_kind <> 'anyone'")
    reasons = {(event["detail"]["what"], event["reason"]) for event in woken}
    assert {
        ("images.sealed", "examination"),
        ("proofings.sealed_examination", "enrolment"),
        ("contacts.sealed_address", "enrolment"),
        ("subscribers.sealed_attributes", "password_judgement"),
        ("aliases.sealed_address", "totp_enrolment"),
        ("messages.sealed_body", "delivery"),
    } <= reasons
    person = bank.sql("SELECT id FROM subscribers")[0][0]
    assert {event["subject"] for event in woken} == {person}
    assert {event["actor_kind"] for event in woken} == {ActorKind.SYSTEM, ActorKind.APPLICANT}


@pytest.mark.rule("R23")
async def test_no_event_holds_a_number_a_name_an_address_or_a_secret(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    issued = await subscriber.signed_in()
    login = await bank.begin(PHONE)
    await login.password("Wrong-Heron.11")
    number, name = PORTRAIT.number.value, PORTRAIT.name.value
    told = bank.sql(ALL)[0][0]
    secrets = [
        number,
        str(number)[:-4],
        name,
        PHONE,
        PASSWORD,
        "Wrong-Heron.11",
        issued["access_token"],
        issued["refresh_token"],
    ]
    assert not [secret for secret in secrets if str(secret) in told]


async def test_an_actor_without_a_pseudonym_is_named_by_kind_and_place(bank: Bank) -> None:
    async with bank.ground.journal.act("test.act", Actor(ActorKind.ANYONE, network="192.0.2.1")) as act:
        async with bank.ground.database.work() as work:
            await act.record(work, tries=3)
    (event,) = recorded(bank, "action = 'test.act'")
    assert (event["actor_kind"], event["actor_id"], event["network"], event["detail"]) == (
        "anyone", None, "192.0.2.1", {"tries": 3},
    )  # fmt: skip
