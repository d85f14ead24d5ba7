"""Is somebody there, asked by plain requests: the same as over a socket, whatever becomes of a batch on its way?"""

import asyncio
from typing import Any

import pytest

from app.services.liveness_batches import LivenessBatches
from app.specimens.impostures import Disobedient, Swapped
from app.specimens.performing import Person
from tests.flows.conftest import Applicant, Bank, inner_of
from tests.flows.filming import Kiosk, challenge, consenting, filmed, kiosk, socket, stalled, still, verdicts
from tests.verification.liveness.acting import Actor

SEED = 2201
FINISHED = [{"say": "finished"}]


@pytest.fixture
async def applicant(bank: Bank) -> Applicant:
    """Somebody who has answered both notices."""
    return await consenting(bank)


def batches_of(bank: Bank) -> LivenessBatches:
    """What its process holds."""
    found: LivenessBatches = inner_of(bank.envelope).state.house.liveness_batches  # type: ignore[arg-type]
    return found


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.rule("R83")
@pytest.mark.parametrize("together", [1, 3, 5])
async def test_who_does_what_is_asked_passes_without_a_socket(applicant: Applicant, together: int) -> None:
    stage = await kiosk(applicant)
    answer = await filmed(stage, Actor(SEED), together=together)
    assert answer.json()["told"] == FINISHED
    assert [each["number"] for each in stage.told if each["say"] == "step"] == [1, 2, 3, 4]
    assert "face" in (await applicant.get()).json()["evidence"]
    assert verdicts(applicant.bank) == ["bona_fide"]


async def test_a_mirrored_film_is_turned_over(applicant: Applicant) -> None:
    stage = await kiosk(applicant, mirrored=True)
    assert told(await filmed(stage, Actor(SEED))) == (422, "liveness_not_shown")


async def test_one_thing_is_shown_at_a_time_and_a_colour_first(applicant: Applicant) -> None:
    stage = await kiosk(applicant)
    assert [each["say"] for each in stage.told] == ["colour"]
    assert (await stage.send(still(120), still(240))).json() == {"batch": 1, "told": []}


@pytest.mark.parametrize("person", [Disobedient, Swapped])
async def test_whoever_does_not_pass_learns_nothing_of_why(applicant: Applicant, person: type[Person]) -> None:
    answer = await filmed(await kiosk(applicant), Actor(SEED, person))
    silent = await kiosk(applicant)
    await stalled(applicant.bank)
    assert answer.json() == (await silent.send(still(120))).json()
    assert told(answer) == (422, "liveness_not_shown")
    assert (await applicant.get()).json()["evidence"] == []


async def test_a_batch_whose_answer_was_lost_is_answered_again_and_looked_at_once(applicant: Applicant) -> None:
    stage, looked = await kiosk(applicant), []
    usual = applicant.bank.eyes.film
    applicant.bank.eyes.film = lambda *given: looked.append(given[0]) or usual(*given)  # type: ignore[func-returns-value]
    first = await stage.send(still(120), still(240))
    again = await stage.send(still(120), still(240), number=1)
    assert (again.status_code, again.content, len(looked)) == (200, first.content, 2)


async def test_batches_sent_twice_each_are_no_repeated_frames(applicant: Applicant) -> None:
    class Twice(Kiosk):
        async def send(self, *frames: tuple[int, bytes], number: int | None = None, **more: Any) -> Any:
            answer = await super().send(*frames, number=number, **more)
            again = await super().send(*frames, number=self.batches + (answer.status_code != 200), **more)
            assert (again.status_code, again.content) == (answer.status_code, answer.content)
            return answer

    begun = await kiosk(applicant)
    stage = Twice(applicant, begun.path, begun.told)
    assert (await filmed(stage, Actor(SEED))).json()["told"] == FINISHED


async def test_the_last_word_is_told_again_and_then_nothing_more_is_taken(applicant: Applicant) -> None:
    stage = await kiosk(applicant)
    answer = await stage.send(still(240), still(120))
    assert told(answer) == (409, "frame_out_of_order")
    assert (await stage.send(still(240), still(120))).content == answer.content
    assert told(await stage.send(still(360), number=2)) == (409, "challenge_over")


@pytest.mark.parametrize("number", [2, 9, 750])
async def test_a_batch_that_skips_another_is_refused_and_changes_nothing(applicant: Applicant, number: int) -> None:
    stage = await kiosk(applicant)
    answer = await stage.send(still(120), number=number)
    assert told(answer) == (409, "batch_out_of_order")
    assert "1" in answer.json()["detail"]
    assert (await filmed(stage, Actor(SEED))).json()["told"] == FINISHED


async def test_an_older_batch_is_refused_and_changes_nothing(applicant: Applicant) -> None:
    stage = await kiosk(applicant)
    for at in (1, 2):
        assert (await stage.send(still(120 * at))).status_code == 200
    assert told(await stage.send(still(120), number=1)) == (409, "batch_out_of_order")
    assert (await stage.send(still(360))).status_code == 200


async def test_other_frames_under_the_last_number_are_another_camera(applicant: Applicant) -> None:
    stage = await kiosk(applicant)
    assert (await stage.send(still(120))).status_code == 200
    assert told(await stage.send(still(130), number=1)) == (409, "challenge_elsewhere")
    assert (await stage.send(still(240))).status_code == 200


async def test_of_two_that_send_one_number_at_once_one_is_taken(applicant: Applicant) -> None:
    stage = await kiosk(applicant)
    answers = await asyncio.gather(*(stage.send(still(at), number=1) for at in (120, 130)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_of_two_that_begin_at_once_one_performs(applicant: Applicant) -> None:
    path = await challenge(applicant)
    answers = await asyncio.gather(*(Kiosk(applicant).begin(path) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 503]


async def test_a_beginning_whose_answer_was_lost_is_asked_for_again_by_its_key(applicant: Applicant) -> None:
    path = (await challenge(applicant)).removeprefix(f"/v1/proofings/{applicant.id}").removesuffix("/frames")
    key = {"idempotency-key": "begin-4711"}
    answers = [await applicant.post(f"{path}/performances", json={}, headers=key) for _ in range(2)]
    assert answers[0].status_code == 201
    assert answers[0].json() == answers[1].json()


async def test_a_socket_beside_a_kiosk_is_a_second_camera(applicant: Applicant) -> None:
    path = await challenge(applicant)
    assert (await Kiosk(applicant).begin(path)).status_code == 201
    async with socket(applicant, path) as other:
        assert other.denied is not None
    assert (other.denied[0], other.accepted) == (503, False)


async def test_a_kiosk_beside_a_socket_is_a_second_camera(applicant: Applicant) -> None:
    path = await challenge(applicant)
    async with socket(applicant, path) as one:
        assert one.accepted
        assert told(await Kiosk(applicant).begin(path)) == (503, "unavailable")
    assert told(await Kiosk(applicant).begin(path)) == (409, "challenge_over")


class Slow:
    """Eyes that take a while."""

    def __init__(self, bank: Bank) -> None:
        self._usual = bank.eyes.read_frame
        self.looking = asyncio.Event()
        bank.eyes.read_frame = self.read_frame  # type: ignore[method-assign]

    async def read_frame(self, jpeg: bytes, **more: Any) -> Any:
        self.looking.set()
        await asyncio.sleep(0.1)
        return await self._usual(jpeg, **more)


async def test_another_batch_while_one_is_looked_at_is_another_camera(applicant: Applicant) -> None:
    stage, slow = await kiosk(applicant), Slow(applicant.bank)
    first = asyncio.create_task(stage.send(still(120)))
    await slow.looking.wait()
    assert told(await stage.send(still(240), number=2)) == (409, "challenge_elsewhere")
    assert (await first).status_code == 200


async def test_the_same_batch_while_it_is_looked_at_waits_for_its_answer(applicant: Applicant) -> None:
    stage, slow = await kiosk(applicant), Slow(applicant.bank)
    first = asyncio.create_task(stage.send(still(120)))
    await slow.looking.wait()
    again = await stage.send(still(120), number=1)
    assert (again.status_code, again.content) == (200, (await first).content)


@pytest.mark.rule("R89")
async def test_a_kiosk_that_stalls_is_not_waited_for_and_nobody_is_accused(applicant: Applicant) -> None:
    stage = await kiosk(applicant)
    assert (await stage.send(still(120))).status_code == 200
    await stalled(applicant.bank)
    assert verdicts(applicant.bank) == ["non_response"]
    assert told(await stage.send(still(240))) == (422, "liveness_not_shown")
    assert told(await stage.send(still(360), number=3)) == (409, "challenge_over")


async def test_a_kiosk_that_stalled_leaves_its_place_to_the_next(applicant: Applicant) -> None:
    await kiosk(applicant)
    await stalled(applicant.bank)
    assert (await filmed(await kiosk(applicant), Actor(SEED))).json()["told"] == FINISHED


async def test_what_was_seen_is_forgotten_with_the_last_word(applicant: Applicant) -> None:
    stage = await kiosk(applicant)
    assert (await filmed(stage, Actor(SEED))).status_code == 200
    (held,) = batches_of(applicant.bank)._held.values()
    assert held.performance is None
