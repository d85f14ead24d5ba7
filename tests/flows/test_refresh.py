"""Does a session go on for its owner and for nobody else? Rotation, lost answers, reuse and the end (A88-A91)."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from httpx import Response

from app.assertion.refresh import Outcome as Presenting
from app.core.audit import Actor, ActorKind, Event, Outcome
from app.core.ids import EventId
from tests.flows.conftest import CORE, ISSUER, Bank, claims_of


async def refused(bank: Bank, token: str) -> bool:
    answer = await bank.refresh(token)
    return (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.rule("A89")
async def test_each_refresh_yields_a_successor(bank: Bank) -> None:
    first = await (await bank.enrolled()).signed_in()
    second = (await bank.refresh(first["refresh_token"])).json()
    third = (await bank.refresh(second["refresh_token"])).json()
    assert len({each["refresh_token"] for each in (first, second, third)}) == 3


async def test_a_refreshed_token_tells_of_the_same_log_in_and_session(bank: Bank) -> None:
    first = await (await bank.enrolled()).signed_in()
    bank.clock.move(timedelta(minutes=30))
    second = (await bank.refresh(first["refresh_token"])).json()
    names = ("sub", "sid", "acr", "amr", "auth_time", "ial", "aud", "scope")
    before, after = claims_of(first["access_token"]), claims_of(second["access_token"])
    assert [after[name] for name in names] == [before[name] for name in names]
    assert after["jti"] != before["jti"]


@pytest.mark.rule("A88")
@pytest.mark.parametrize("seconds", [0, 10])
async def test_a_lost_answer_may_be_asked_for_again_and_is_the_same(bank: Bank, seconds: int) -> None:
    first = await (await bank.enrolled()).signed_in()
    second = (await bank.refresh(first["refresh_token"])).json()
    bank.clock.move(timedelta(seconds=seconds))
    again = await bank.refresh(first["refresh_token"])
    assert (again.status_code, again.json()["refresh_token"]) == (200, second["refresh_token"])


@pytest.mark.rule("A89")
async def test_a_lost_answer_asked_for_too_late_ends_the_family(bank: Bank) -> None:
    first = await (await bank.enrolled()).signed_in()
    second = (await bank.refresh(first["refresh_token"])).json()
    bank.clock.move(timedelta(seconds=10, microseconds=1))
    assert await refused(bank, first["refresh_token"])
    assert await refused(bank, second["refresh_token"])


@pytest.mark.rule("A89")
async def test_a_token_whose_successor_was_used_ends_the_family_within_the_time_too(bank: Bank) -> None:
    first = await (await bank.enrolled()).signed_in()
    second = (await bank.refresh(first["refresh_token"])).json()
    third = (await bank.refresh(second["refresh_token"])).json()
    assert await refused(bank, first["refresh_token"])
    assert await refused(bank, third["refresh_token"])
    assert await bank.introspect(third["access_token"]) == {"active": False}


async def test_reuse_is_remembered_with_its_session(bank: Bank) -> None:
    first = await (await bank.enrolled()).signed_in()
    await bank.refresh(first["refresh_token"])
    bank.clock.move(timedelta(seconds=11))
    await bank.refresh(first["refresh_token"])
    outcomes = [(e["outcome"], e["detail"]["outcome"]) for e in bank.events("token.refresh_token")]
    assert outcomes == [("allowed", "rotated"), ("refused", "reused")]
    assert bank.sql("SELECT ended_reason FROM sessions") == [("refresh_token_reused",)]


@pytest.mark.rule("A91")
async def test_a_family_ends_after_a_day_however_often_it_was_rotated(bank: Bank) -> None:
    token = (await (await bank.enrolled()).signed_in())["refresh_token"]
    began = bank.sql("SELECT created_at FROM sessions")[0][0]
    bank.clock.move(began + timedelta(hours=24, microseconds=-1) - bank.clock.now())
    token = (await bank.refresh(token)).json()["refresh_token"]
    bank.clock.move(timedelta(microseconds=1))
    assert await refused(bank, token)


@pytest.mark.rule("A67", "A91")
async def test_no_access_token_outlives_its_session(bank: Bank) -> None:
    token = (await (await bank.enrolled()).signed_in())["refresh_token"]
    began = bank.sql("SELECT created_at FROM sessions")[0][0]
    bank.clock.move(began + timedelta(hours=23, minutes=59) - bank.clock.now())
    issued = (await bank.refresh(token)).json()
    bank.clock.move(timedelta(minutes=1))
    assert await bank.introspect(issued["access_token"]) == {"active": False}


async def test_scopes_may_be_narrowed_and_come_back(bank: Bank) -> None:
    first = await (await bank.enrolled()).signed_in()
    narrow = (await bank.refresh(first["refresh_token"], scope="payments:read")).json()
    wide = (await bank.refresh(narrow["refresh_token"])).json()
    assert narrow["scope"] == claims_of(narrow["access_token"])["scope"] == "payments:read"
    assert wide["scope"] == first["scope"]


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"scope": "payments:read admin"}, "invalid_scope"),
        ({"resource": "https://elsewhere.example"}, "invalid_target"),
    ],
)
async def test_asking_for_more_than_was_granted_is_refused_and_spends_nothing(
    bank: Bank, more: dict[str, str], error: str
) -> None:
    first = await (await bank.enrolled()).signed_in()
    assert (await bank.refresh(first["refresh_token"], **more)).json()["error"] == error
    assert (await bank.refresh(first["refresh_token"])).status_code == 200


@pytest.mark.rule("A95")
async def test_each_refresh_may_choose_one_of_the_resources_granted(bank: Bank) -> None:
    token = (await (await bank.enrolled()).signed_in())["refresh_token"]
    audiences = []
    for resource in (ISSUER, CORE):
        answer = (await bank.refresh(token, resource=resource)).json()
        audiences.append(claims_of(answer["access_token"])["aud"])
        token = answer["refresh_token"]
    assert audiences == [ISSUER, CORE]


async def test_another_client_cannot_refresh_it_and_does_no_harm(bank: Bank) -> None:
    token = (await (await bank.enrolled()).signed_in())["refresh_token"]
    own = bank.clients["app"]
    bank.clients["app"] = await bank.client(
        "rival", kind="frontend", grants=["authorization_code", "refresh_token"], first_party=True, confidential=False
    )
    assert await refused(bank, token)
    bank.clients["app"] = own
    assert (await bank.refresh(token)).status_code == 200


async def test_a_forged_refresh_token_is_refused_and_does_no_harm(bank: Bank) -> None:
    token = (await (await bank.enrolled()).signed_in())["refresh_token"]
    flipped = token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:]
    for forged in (flipped, token + "A", token[:-4], "\0" + token, "", "x" * 5_000):
        assert (await bank.refresh(forged)).status_code == 400
    assert (await bank.refresh(token)).status_code == 200


@pytest.mark.rule("A116")
async def test_no_refresh_token_is_kept(bank: Bank) -> None:
    token = (await (await bank.enrolled()).signed_in())["refresh_token"]
    assert token[:60].encode() not in bank.dump()
    assert token[-40:].encode() not in bank.dump()


@pytest.mark.rule("A90")
async def test_fifty_at_once_from_two_processes_are_one_rotation_and_log_nobody_out(bank: Bank, twin: Bank) -> None:
    first = await (await bank.enrolled()).signed_in()
    answers: list[Response] = await asyncio.gather(
        *((bank, twin)[n % 2].refresh(first["refresh_token"]) for n in range(50))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    outcomes = Counter(event["detail"]["outcome"] for event in bank.events("token.refresh_token"))
    assert outcomes == {"rotated": 1, "repeated": 49}
    assert bank.sql("SELECT generation, ended_at FROM sessions") == [(2, None)]


@pytest.mark.rule("A90")
async def test_a_refresh_racing_a_revocation_never_lives_on(bank: Bank, twin: Bank) -> None:
    first = await (await bank.enrolled()).signed_in()
    form = {"token": first["refresh_token"], "client_id": bank.clients["app"].id}
    answers = await asyncio.gather(
        twin.http.post("/oauth2/revoke", data=form), *(bank.refresh(first["refresh_token"]) for _ in range(10))
    )
    tokens = [answer.json()["access_token"] for answer in answers[1:] if answer.status_code == 200]
    assert [await bank.introspect(token) for token in tokens] == [{"active": False}] * len(tokens)


@pytest.mark.rule("A90")
async def test_of_fifty_who_bring_one_token_through_one_process_one_rotates(bank: Bank) -> None:
    first = await (await bank.enrolled()).signed_in()
    answers = await asyncio.gather(*(bank.refresh(first["refresh_token"]) for _ in range(50)))
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    outcomes = Counter(event["detail"]["outcome"] for event in bank.events("token.refresh_token"))
    assert outcomes == {"rotated": 1, "repeated": 49}


async def test_a_session_somebody_holds_is_waited_for_and_rotated_once(bank: Bank) -> None:
    first = await (await bank.enrolled()).signed_in()
    session = bank.sql("SELECT id FROM sessions")[0][0]
    async with bank.ground.database.work() as work:
        await work.sessions.lock(session)
        waiting = asyncio.create_task(bank.refresh(first["refresh_token"]))
        await asyncio.sleep(0.2)
        assert not waiting.done()
    assert (await waiting).status_code == 200
    assert bank.sql("SELECT generation FROM sessions") == [(2,)]


async def test_an_account_disabled_between_look_and_write_gets_nothing(bank: Bank) -> None:
    await (await bank.enrolled()).signed_in()
    gathered = bank.ground.database.gathered
    ((session_id, client_id),) = bank.sql("SELECT id, client_id FROM sessions")
    bank.sql("UPDATE subscribers SET state = 'disabled'")
    event = Event("test", Outcome.ALLOWED, Actor(ActorKind.CLIENT, client_id, client_id), bank.clock.now())
    assert await gathered.rotate(session_id, 1, event, EventId("evt_1")) is None
    assert (bank.sql("SELECT generation FROM sessions"), bank.events("test")) == ([(1,)], [])


@pytest.mark.rule("A88", "A90")
@pytest.mark.parametrize(
    "change",
    [
        "scopes = scopes",
        "generation = 2",
        "generation = 3",
        "generation = 0",
        "ended_at = now()",
        "expires_at = created_at",
    ],
)
async def test_the_statement_rotates_what_the_rule_rotates(bank: Bank, change: str) -> None:
    await (await bank.enrolled()).signed_in()
    gathered, now = bank.ground.database.gathered, bank.clock.now()
    ((session_id, client_id),) = bank.sql("SELECT id, client_id FROM sessions")
    bank.sql(f"UPDATE sessions SET {change}")  # noqa: S608  our own words
    live = await gathered.session(session_id)
    assert live is not None
    family, outcome, _ = live.session.family.exchange(1, client_id=client_id, now=now)
    event = Event("test", Outcome.ALLOWED, Actor(ActorKind.CLIENT, client_id, client_id), now)
    moved = await gathered.rotate(session_id, 1, event, EventId("evt_1"))
    assert (moved is not None) is (outcome is Presenting.ROTATED)
    assert moved is None or moved.family == family
