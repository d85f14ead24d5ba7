"""Is every state of a proofing told, in order, to whoever may know, from where they left off?"""

import asyncio
import json
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.core.refusal import Unavailable
from app.core.secret import Secret
from app.services.callers import ApplicantCaller, Origin
from app.services.progress import MOST_OF_ONE, Progress
from app.storage.notices import Notices
from tests.flows.conftest import Applicant, Bank, bearer

ROAD = ["open", "examining", "accepted", "withdrawn"]


def told(answer: httpx.Response) -> list[dict[str, Any]]:
    """The events of a whole stream."""
    found = []
    for block in answer.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "data" in lines:
            found.append({"id": int(lines["id"]), "event": lines["event"], **json.loads(lines["data"])})
    return found


def states(answer: httpx.Response) -> list[str]:
    return [event["state"] for event in told(answer)]


async def withdrawn(bank: Bank) -> Applicant:
    """An applicant who went some way and turned back."""
    applicant = await bank.accepted()
    assert (await applicant.call("DELETE")).status_code == 200
    return applicant


async def test_a_stream_tells_every_state_in_order_and_ends_with_the_last(bank: Bank) -> None:
    answer = await (await withdrawn(bank)).get("/events")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert states(answer) == ROAD
    assert [event["whose_move"] for event in told(answer)] == ["applicant", "us", "applicant", "nobody"]


async def test_a_follower_is_told_as_it_happens_also_by_another_process(bank: Bank, twin: Bank) -> None:
    applicant = await bank.applicant()
    following = asyncio.create_task(replace(applicant, bank=twin).get("/events"))
    await applicant.complete_evidence()
    await applicant.post("/submission")
    await bank.work()
    await applicant.call("DELETE")
    assert states(await following) == ROAD


async def test_a_stream_goes_on_after_the_last_event_seen(bank: Bank) -> None:
    applicant = await withdrawn(bank)
    first = told(await applicant.get("/events"))
    rest = await applicant.get("/events", headers={"last-event-id": str(first[1]["id"])})
    assert told(rest) == first[2:]


async def test_who_was_told_all_need_not_come_again(bank: Bank) -> None:
    applicant = await withdrawn(bank)
    last = told(await applicant.get("/events"))[-1]["id"]
    answer = await applicant.get("/events", headers={"last-event-id": str(last)})
    assert (answer.status_code, answer.content) == (204, b"")


async def test_the_client_may_follow_and_a_stranger_may_not(bank: Bank) -> None:
    applicant, stranger = await withdrawn(bank), await bank.applicant()
    kiosk = await bank.http.get(f"/v1/proofings/{applicant.id}/events", headers=bearer(await bank.kiosk_token()))
    assert states(kiosk) == ROAD
    answer = await replace(applicant, token=stranger.token).get("/events")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_an_event_carries_nothing_personal(bank: Bank) -> None:
    event = told(await (await withdrawn(bank)).get("/events"))[0]
    assert set(event) == {"id", "event", "state", "whose_move", "at"}


async def test_no_event_is_told_twice_for_one_state(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    assert bank.sql("SELECT state FROM proofing_events") == [("open",)]


async def test_a_forged_event_id_is_refused(bank: Bank) -> None:
    applicant = await bank.applicant()
    for forged in ("-1", "x", str(2**63)):
        answer = await applicant.get("/events", headers={"last-event-id": forged})
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


async def test_silence_is_broken_and_a_place_is_given_back(bank: Bank) -> None:
    applicant = await bank.applicant()
    progress = Progress(
        bank.ground.journal, bank.ground.vault, Notices(""), most=1, heartbeat=timedelta(milliseconds=1)
    )
    caller = ApplicantCaller(Secret(applicant.token), Origin(None))
    following = await progress.begin(caller, applicant.id, after=0)
    assert following is not None
    async with aclosing(progress.states(following)) as stream:
        first, second = await anext(stream), await anext(stream)
        with pytest.raises(Unavailable):
            await progress.begin(caller, applicant.id, after=0)
    assert (first is not None, second) == (True, None)
    assert await progress.begin(caller, applicant.id, after=0) is not None


def following(bank: Bank, *, most: int) -> Progress:
    """Those who follow in a process of its own."""
    beat = timedelta(milliseconds=1)
    return Progress(bank.ground.journal, bank.ground.vault, Notices(""), most=most, heartbeat=beat)


async def test_of_many_who_begin_together_no_more_stay_than_there_are_places(bank: Bank) -> None:
    applicant, progress = await bank.applicant(), following(bank, most=1)
    caller = ApplicantCaller(Secret(applicant.token), Origin(None))
    begun = [await progress.begin(caller, applicant.id, after=0) for _ in range(3)]
    streams = [progress.states(each) for each in begun if each is not None]
    told = [await anext(stream, "left") for stream in streams]
    assert (told[0] != "left", told[1:]) == (True, ["left", "left"])
    await streams[0].aclose()


async def test_one_proofing_cannot_take_everybodys_places(bank: Bank) -> None:
    greedy, other, progress = await bank.applicant(), await bank.applicant(), following(bank, most=500)
    caller = ApplicantCaller(Secret(greedy.token), Origin(None))
    async with AsyncExitStack() as open_streams:
        for _ in range(MOST_OF_ONE):
            begun = await progress.begin(caller, greedy.id, after=0)
            assert begun is not None
            await anext(await open_streams.enter_async_context(aclosing(progress.states(begun))))
        with pytest.raises(Unavailable):
            await progress.begin(caller, greedy.id, after=0)
        assert await progress.begin(ApplicantCaller(Secret(other.token), Origin(None)), other.id, after=0)
    assert await progress.begin(caller, greedy.id, after=0) is not None
