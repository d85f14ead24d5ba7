"""What becomes of a liveness try that something breaks into: a dead vision process, a submission, a withdrawal, another try?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.core.refusal import Unavailable
from app.gateways.vision import VisionFailed, Why
from app.specimens.impostures import Swapped
from app.verification.faces.five_points import Box
from app.verification.faces.liveness.frame import FrameView
from tests.flows.conftest import PICTURE, Applicant, Bank
from tests.flows.filming import Socket, challenge, frame, left, performed, socket
from tests.verification.liveness.acting import Actor, read

SEED = 2101


@pytest.fixture
async def applicant(bank: Bank) -> Applicant:
    """Somebody who has answered both notices."""
    opened = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        assert (await opened.answer(purpose)).status_code == 201
    return opened


def breaking(error: Exception) -> Callable[[bytes, Box | None, bool], FrameView]:
    """Eyes that give out at the first frame."""

    def film(_jpeg: bytes, _near: Box | None, _wants_descriptor: bool) -> FrameView:  # noqa: FBT001  as it is asked
        raise error

    return film


async def spoilt(applicant: Applicant, error: Exception) -> Socket:
    """A try that fails through us."""
    applicant.bank.eyes.film = breaking(error)
    async with socket(applicant, await challenge(applicant)) as stage:
        await stage.tell(frame(0, 1, b"{}"))
        await stage.last()
    return stage


def verdicts(applicant: Applicant) -> list[Any]:
    found = applicant.bank.sql("SELECT verdict FROM liveness_challenges ORDER BY opened_at, id")
    return [verdict for (verdict,) in found]


@pytest.mark.parametrize("error", [*(VisionFailed(why) for why in Why), Unavailable(retry_after_seconds=7)])
async def test_who_is_not_looked_at_through_us_is_told_so_and_has_not_tried(
    applicant: Applicant, error: Exception
) -> None:
    stage = await spoilt(applicant, error)
    assert (stage.heard[-1]["problem"]["code"], stage.closed) == ("unavailable", 4001)
    assert verdicts(applicant) == ["unavailable"]


async def test_a_try_that_failed_through_us_is_given_back(applicant: Applicant) -> None:
    await spoilt(applicant, VisionFailed(Why.DIED))
    for _ in range(3):
        await left(applicant)
    answer = await applicant.post("/liveness")
    assert (answer.status_code, answer.json()["code"]) == (429, "liveness_tries_over")


async def test_whoever_can_kill_who_looks_does_not_draw_for_ever(applicant: Applicant) -> None:
    for _ in range(6):
        await spoilt(applicant, VisionFailed(Why.DIED))
    answer = await applicant.post("/liveness")
    assert (answer.status_code, answer.json()["code"]) == (429, "liveness_tries_over")


async def test_frames_looked_at_too_late_are_not_held_against_whom_they_show(applicant: Applicant) -> None:
    def slow(jpeg: bytes, near: Box | None, wants_descriptor: bool) -> FrameView:  # noqa: FBT001  as it is asked
        applicant.bank.clock.move(timedelta(seconds=4))
        return read(jpeg, near, wants_descriptor)

    async with socket(applicant, await challenge(applicant)) as stage:
        applicant.bank.eyes.film = slow
        await stage.tell(frame(0, 1, Actor(SEED).frame(1, step=None, light=(235, 235, 235))))
        said = await stage.last()
    assert (said["problem"]["code"], verdicts(applicant)) == ("liveness_not_shown", ["unavailable"])


async def met_midway(applicant: Applicant, actor: Actor, meanwhile: Callable[[], Any], *, frames: int) -> Socket:
    """A try into which something breaks after so many frames, and that is then broken off."""
    async with socket(applicant, await challenge(applicant)) as stage:
        await performed(stage, actor, frames=frames)
        assert not stage.over
        await meanwhile()
        await stage.tell('{"say":"stop"}')
        await stage.last()
    return stage


ENOUGH_FOR_TWO_FACES = 75
"""Frames of Swapped, seed 2101: the third step was asked for, and the other face was described."""


@pytest.mark.rule("R82")
async def test_another_try_opened_in_the_middle_hides_no_attack(applicant: Applicant) -> None:
    await met_midway(applicant, Actor(SEED, Swapped), lambda: challenge(applicant), frames=ENOUGH_FOR_TWO_FACES)
    assert verdicts(applicant) == ["attack", None]


@pytest.mark.rule("R82")
async def test_a_submission_in_the_middle_hides_no_attack(applicant: Applicant) -> None:
    for page in ("/evidence/resident-card/portrait", "/evidence/resident-card/emblem", "/face"):
        assert (await applicant.put(page, content=PICTURE)).status_code == 201
    stage = await met_midway(
        applicant, Actor(SEED, Swapped), lambda: applicant.post("/submission"), frames=ENOUGH_FOR_TWO_FACES
    )
    assert (stage.heard[-1]["problem"]["code"], verdicts(applicant)) == ("illegal_move", ["attack"])


async def test_another_try_opened_in_the_middle_ends_this_one(applicant: Applicant) -> None:
    stage = await met_midway(applicant, Actor(SEED), lambda: challenge(applicant), frames=20)
    assert (stage.heard[-1]["problem"]["code"], verdicts(applicant)) == ("not_found", ["non_response", None])


@pytest.mark.rule("R97")
async def test_who_takes_everything_back_while_they_are_filmed_leaves_nothing(applicant: Applicant) -> None:
    stage = await met_midway(applicant, Actor(SEED), lambda: applicant.call("DELETE"), frames=20)
    assert (stage.heard[-1]["say"], verdicts(applicant)) == ("refused", [])


@pytest.mark.rule("R109")
async def test_whoever_withdrew_by_another_process_is_not_looked_at_until_the_end(
    applicant: Applicant, twin: Bank
) -> None:
    elsewhere = replace(applicant, bank=twin)
    async with socket(applicant, await challenge(applicant)) as stage:
        await performed(stage, Actor(SEED), frames=10)
        assert (await elsewhere.answer("face_comparison", given=False)).status_code == 201
        await performed(stage, Actor(SEED), frames=40, first=10)
        assert stage.over  # of some hundred
        said = await stage.last()
    assert (said["problem"]["code"], verdicts(applicant)) == ("consent_needed", ["non_response"])


@pytest.mark.rule("R82", "R109")
async def test_a_withdrawal_in_the_middle_hides_no_attack(applicant: Applicant) -> None:
    stage = await met_midway(
        applicant,
        Actor(SEED, Swapped),
        lambda: applicant.answer("face_comparison", given=False),
        frames=ENOUGH_FOR_TWO_FACES,
    )
    assert (stage.heard[-1]["problem"]["code"], verdicts(applicant)) == ("consent_needed", ["attack"])


async def test_a_clock_set_back_in_the_middle_refuses_and_breaks_nothing(applicant: Applicant) -> None:
    applicant.bank.eyes.film, actor = read, Actor(SEED)
    async with socket(applicant, await challenge(applicant)) as stage:
        for sequence, step in enumerate((1, -5)):
            applicant.bank.clock.move(timedelta(seconds=step))
            await stage.tell(frame(sequence, sequence, actor.frame(sequence, step=None, light=(235, 235, 235))))
        said = await stage.last()
    assert (said["problem"]["code"], verdicts(applicant)) == ("frame_out_of_order", ["non_response"])
