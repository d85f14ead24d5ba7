"""What becomes of a try whose page was left meanwhile, or went on at another device? It ends, and its face is nobody's."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from app.core.ids import CaptureId
from app.specimens.impostures import Swapped
from app.verification.faces.five_points import Box
from app.verification.faces.liveness.frame import FrameView
from app.verification.faces.liveness.steps import COLOURS_SHOWN, STEPS_ASKED
from tests.flows.conftest import Applicant, Bank
from tests.flows.filming import Socket, challenge, consenting, filmed, kiosk, performed, verdicts
from tests.flows.test_capture import entered
from tests.flows.test_liveness_interrupted import ENOUGH_FOR_TWO_FACES
from tests.verification.liveness.acting import Actor, read

SEED = 2101
PROMPTS = STEPS_ASKED + COLOURS_SHOWN


@dataclass
class OnThePage(Applicant):
    """Somebody who answered both notices, by the cookie alone."""

    cookie: dict[str, str]

    async def call(self, method: str, path: str = "", **more: Any) -> httpx.Response:
        headers = self.cookie | more.pop("headers", {})
        return await self.bank.http.request(method, f"/v1/proofings/{self.id}{path}", headers=headers, **more)

    async def elsewhere(self) -> None:
        """Another device enters."""
        await entered(self.bank, Applicant(self.bank, self.id, self.token))

    async def leaving(self) -> None:
        answer = await self.bank.http.post("/capture/end", headers=self.cookie)
        assert answer.status_code == 200

    def faces(self) -> list[tuple[Any, ...]]:
        return self.bank.sql("SELECT kind FROM images")


Left = Callable[[OnThePage], Awaitable[None]]


@pytest.fixture
async def page(bank: Bank) -> OnThePage:
    opened = await consenting(bank)
    return OnThePage(bank, opened.id, opened.token, await entered(bank, opened))


async def on_stage(page: OnThePage) -> Socket:
    return Socket(page.bank, await challenge(page), page.cookie)


def was_all_asked(told: list[dict[str, Any]]) -> bool:
    return sum(said["say"] in {"colour", "step"} for said in told) == PROMPTS


async def until_all_was_asked(stage: Socket, actor: Actor) -> int:
    """How many frames that took; from there on nothing is prompted."""
    for sequence in range(400):
        await performed(stage, actor, frames=1, first=sequence)
        if was_all_asked(stage.heard):
            return sequence + 1
    raise AssertionError(stage.heard)


async def test_whoever_stays_on_the_page_passes(page: OnThePage) -> None:
    async with await on_stage(page) as stage:
        await performed(stage, Actor(SEED))
        assert await stage.last() == {"say": "finished"}
    assert page.faces() == [("face",)]


@pytest.mark.parametrize("left", [OnThePage.elsewhere, OnThePage.leaving])
async def test_whoever_left_is_looked_at_until_the_next_prompt_and_their_face_is_not_kept(
    page: OnThePage, left: Left
) -> None:
    async with await on_stage(page) as stage:
        await performed(stage, Actor(SEED), frames=10)
        await left(page)
        await performed(stage, Actor(SEED), frames=40, first=10)
        assert stage.over  # of some hundred
        said = await stage.last()
    assert (said["problem"]["code"], said["problem"]["status"]) == ("unauthenticated", 401)
    assert (page.faces(), verdicts(page.bank)) == ([], ["non_response"])


@pytest.mark.parametrize("left", [OnThePage.elsewhere, OnThePage.leaving])
async def test_whoever_leaves_after_the_last_prompt_has_tried_and_their_face_is_not_kept(
    page: OnThePage, left: Left
) -> None:
    async with await on_stage(page) as stage:
        first = await until_all_was_asked(stage, Actor(SEED))
        await left(page)
        await performed(stage, Actor(SEED), first=first)
        assert (await stage.last())["problem"]["code"] == "unauthenticated"
    assert (page.faces(), verdicts(page.bank)) == ([], ["bona_fide"])
    assert [event["reason"] for event in page.bank.events("liveness.judge")] == ["unauthenticated"]


@pytest.mark.rule("R82")
async def test_leaving_in_the_middle_hides_no_attack(page: OnThePage) -> None:
    async with await on_stage(page) as stage:
        await performed(stage, Actor(SEED, Swapped), frames=ENOUGH_FOR_TWO_FACES)
        await page.leaving()
        await performed(stage, Actor(SEED, Swapped), first=ENOUGH_FOR_TWO_FACES)
    assert (page.faces(), verdicts(page.bank)) == ([], ["attack"])


async def waited_for(bank: Bank) -> None:
    """Somebody waits for a row that another holds."""
    async with asyncio.timeout(20):
        while bank.sql("SELECT 1 FROM pg_locks WHERE NOT granted") == []:  # noqa: ASYNC110  locks are only seen by looking
            await asyncio.sleep(0.02)


async def test_a_session_that_is_being_ended_while_it_is_judged_keeps_no_face(page: OnThePage) -> None:
    database, now = page.bank.ground.database, page.bank.clock.now()
    async with await on_stage(page) as stage:
        first = await until_all_was_asked(stage, Actor(SEED))
        async with database.work() as work:
            found = await work.captures.lock(CaptureId(page.bank.sql("SELECT id FROM captures")[0][0]))
            assert found is not None
            await work.captures.end(found, now)
            performing = asyncio.ensure_future(performed(stage, Actor(SEED), first=first))
            await waited_for(page.bank)
        await performing
        assert (await stage.last())["problem"]["code"] == "unauthenticated"
    assert page.faces() == []


async def test_a_batch_that_was_on_its_way_when_the_page_was_left_keeps_no_face(page: OnThePage) -> None:
    stage = await kiosk(page)

    def film(jpeg: bytes, near: Box | None, wants_descriptor: bool) -> FrameView:  # noqa: FBT001  as it is asked
        if was_all_asked(stage.told):
            page.bank.sql("UPDATE captures SET ended_at = %s", page.bank.clock.now())
        return read(jpeg, near, wants_descriptor)

    page.bank.eyes.film = film
    answer = await filmed(stage, Actor(SEED), together=8)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert (page.faces(), verdicts(page.bank)) == ([], ["bona_fide"])
