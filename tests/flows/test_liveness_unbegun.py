"""What does a challenge cost that nobody began? Nothing was revealed by it: it is handed back, and is no try."""

import asyncio
from datetime import timedelta

import pytest

from app.gateways.vision import VisionFailed, Why
from app.verification.faces.liveness.challenge import LIFE
from tests.flows.conftest import Applicant, Bank, inner_of
from tests.flows.filming import Kiosk, challenge, consenting, left, performed, socket, verdicts
from tests.flows.test_capture import entered
from tests.verification.liveness.acting import Actor

SEED = 2001


@pytest.fixture
async def applicant(bank: Bank) -> Applicant:
    """Somebody who has answered both notices."""
    return await consenting(bank)


def rows(bank: Bank) -> int:
    return len(bank.sql("SELECT 1 FROM liveness_challenges"))


@pytest.mark.rule("R115")
@pytest.mark.parametrize("later", [timedelta(0), LIFE, 5 * LIFE])
async def test_the_one_nobody_began_is_handed_back_and_its_time_begins_anew(
    applicant: Applicant, later: timedelta
) -> None:
    before = (await applicant.post("/liveness")).json()
    applicant.bank.clock.move(later)
    for _ in range(5):
        answer = await applicant.post("/liveness")
    assert (answer.status_code, rows(applicant.bank)) == (201, 1)
    anew = answer.json()
    assert {**before, "expires_at": anew["expires_at"]} == anew
    assert (anew["expires_at"] == before["expires_at"]) is (later == timedelta(0))
    async with socket(applicant, anew["frames"]) as stage:
        await performed(stage, Actor(SEED))
        assert await stage.last() == {"say": "finished"}


async def test_of_one_that_is_handed_back_nothing_was_drawn_again(applicant: Applicant, nonces: list[bytes]) -> None:
    for _ in range(3):
        await challenge(applicant)
    assert len([each for each in nonces if len(each) == 32]) == 1


async def test_two_who_ask_at_once_are_handed_the_same(applicant: Applicant) -> None:
    found = await asyncio.gather(*(applicant.post("/liveness") for _ in range(3)))
    assert len({answer.json()["id"] for answer in found}) == 1


@pytest.mark.rule("R91", "R115")
@pytest.mark.parametrize("by_kiosk", [False, True])
async def test_whoever_finds_no_place_has_not_tried(applicant: Applicant, *, by_kiosk: bool) -> None:
    bank = applicant.bank
    assert bank.envelope is not None
    with inner_of(bank.envelope).state.house.liveness.place(applicant.id):
        for _ in range(4):
            frames = await challenge(applicant)
            if by_kiosk:
                assert (await Kiosk(applicant).begin(frames)).status_code == 503
                continue
            async with socket(applicant, frames) as stage:
                assert stage.denied is not None
            assert stage.denied[0] == 503
    await left(applicant)
    assert verdicts(bank) == ["non_response"]


@pytest.mark.rule("R91", "R115")
async def test_whoever_nobody_could_look_at_yet_has_not_tried(
    applicant: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames, bank = await challenge(applicant), applicant.bank

    async def dead() -> None:
        raise VisionFailed(Why.DIED)

    with monkeypatch.context() as patched:
        patched.setattr(bank.eyes, "ready_for_film", dead)
        async with socket(applicant, frames) as stage:
            assert stage.denied is not None
    assert (stage.denied[0], await challenge(applicant)) == (503, frames)


@pytest.mark.rule("R91", "R109")
async def test_a_withdrawal_leaves_nothing_of_it_and_counts_it_nowhere(applicant: Applicant) -> None:
    bank, first = applicant.bank, await challenge(applicant)
    await applicant.answer("face_comparison", given=False)
    assert (rows(bank), bank.sql("SELECT counter FROM face_counts")) == (0, [])
    assert (await applicant.post("/liveness")).json()["code"] == "consent_needed"
    await applicant.answer("face_comparison")
    assert await challenge(applicant) != first


@pytest.mark.rule("R83")
async def test_one_that_was_begun_is_not_handed_back(applicant: Applicant) -> None:
    first = await challenge(applicant)
    assert (await Kiosk(applicant).begin(first)).status_code == 201
    assert await challenge(applicant) != first
    assert set(verdicts(applicant.bank)) == {"non_response", None}


async def test_whoever_may_present_the_same_is_handed_it_and_one_of_them_performs(applicant: Applicant) -> None:
    bank, frames, page = applicant.bank, await challenge(applicant), await entered(applicant.bank, applicant)
    assert (await bank.http.post(f"/v1/proofings/{applicant.id}/liveness", headers=page)).json()["frames"] == frames
    async with socket(applicant, frames) as one:
        begun = await bank.http.post(frames.removesuffix("/frames") + "/performances", json={}, headers=page)
        assert (one.accepted, begun.status_code) == (True, 503)
    begun = await bank.http.post(frames.removesuffix("/frames") + "/performances", json={}, headers=page)
    assert (begun.status_code, begun.json()["code"]) == (409, "challenge_over")
