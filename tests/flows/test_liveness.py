"""Is somebody there, asked over a socket: who does what is asked passes, and whoever does not learns nothing of why?"""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.specimens.impostures import Alternating, Disobedient, Swapped
from app.specimens.performing import Person
from app.verification.faces.liveness.challenge import LIFE
from tests.flows.conftest import PICTURE, Applicant, Bank, bearer
from tests.flows.filming import Socket, challenge, frame, left, performed, socket
from tests.verification.liveness.acting import Actor, read

SEED = 2001
SLOW = timedelta(milliseconds=400)
"""From frame to frame: four take more than a second."""


@pytest.fixture
async def applicant(bank: Bank) -> Applicant:
    """Somebody who has answered both notices."""
    opened = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        assert (await opened.answer(purpose)).status_code == 201
    return opened


async def shown(applicant: Applicant, person: type[Person] = Person, *, seed: int = SEED) -> Socket:
    """A whole try."""
    async with socket(applicant, await challenge(applicant)) as stage:
        await performed(stage, Actor(seed, person))
        await stage.last()
    return stage


@pytest.mark.rule("R83")
async def test_who_does_what_is_asked_passes_and_the_server_chooses_the_picture(applicant: Applicant) -> None:
    stage = await shown(applicant)
    assert [stage.heard[-1], stage.closed] == [{"say": "finished"}, 1000]
    assert [each["say"] for each in stage.heard if each["say"] == "step"] == ["step"] * 4
    assert "face" in (await applicant.get()).json()["evidence"]
    assert applicant.bank.sql("SELECT verdict, sealed IS NULL FROM liveness_challenges") == [("bona_fide", True)]
    assert applicant.bank.sql("SELECT count(*) FROM images JOIN liveness_challenges ON image_id = images.id") == [(1,)]


async def test_one_thing_is_shown_at_a_time_and_a_colour_first(applicant: Applicant) -> None:
    async with socket(applicant, await challenge(applicant)) as stage:
        assert [each["say"] for each in stage.heard] == ["colour"]
        assert set(stage.heard[0]) == {"say", "colour", "for_ms"}


@pytest.mark.rule("R83")
async def test_every_challenge_is_drawn_by_chance_of_its_own(applicant: Applicant, nonces: list[bytes]) -> None:
    for _ in range(3):
        await left(applicant)
    nonces = [each for each in nonces if len(each) == 32]
    assert [len(each) for each in nonces] == [32] * 3
    assert len({each[:16] for each in nonces}) == len({each[16:] for each in nonces}) == 3


@pytest.mark.parametrize("person", [Alternating, Disobedient, Swapped])
async def test_whoever_does_not_pass_learns_nothing_of_why(applicant: Applicant, person: type[Person]) -> None:
    stage = await shown(applicant, person)
    assert (stage.heard[-1]["say"], stage.closed) == ("refused", 4001)
    assert stage.heard[-1]["problem"] == await silence(applicant)
    assert (await applicant.get()).json()["evidence"] == []


async def silence(applicant: Applicant) -> Any:
    """What is said to a page that sends nothing."""
    async with socket(applicant, await challenge(applicant)) as stage:
        applicant.bank.clock.move(timedelta(seconds=10))
        return (await stage.last())["problem"]


@pytest.mark.rule("R89")
async def test_nobody_is_asked_anything_before_somebody_can_look(applicant: Applicant) -> None:
    loaded = []

    async def loading() -> None:
        applicant.bank.clock.move(timedelta(seconds=10))
        loaded.append("film")

    applicant.bank.eyes.ready_for_film = loading  # type: ignore[method-assign]
    assert (await shown(applicant)).heard[-1] == {"say": "finished"}
    assert loaded == ["film", "film"]  # before it is drawn, and before anything of it is shown


async def test_a_page_hears_which_frame_was_looked_at(applicant: Applicant) -> None:
    applicant.bank.eyes.film = read
    async with socket(applicant, await challenge(applicant)) as stage:
        await stage.tell(frame(0, 0, Actor(SEED).frame(0, step=None, light=(235, 235, 235))))
        assert {"say": "seen", "sequence": 0} in stage.heard


async def test_it_is_spoken_in_the_language_its_address_asks_for(applicant: Applicant) -> None:
    path = await challenge(applicant)
    async with socket(applicant, f"{path}?language=zh-CN") as stage:
        await stage.tell(b"")
        said = await stage.last()
    assert said["problem"]["title"] == "不是画面"


@pytest.mark.rule("R89")
@pytest.mark.parametrize("person", [Person, Disobedient, Swapped])
async def test_of_a_slow_line_everybody_hears_the_same_whatever_was_found(
    applicant: Applicant, person: type[Person]
) -> None:
    async with socket(applicant, await challenge(applicant)) as stage:
        await performed(stage, Actor(SEED, person), every=SLOW)
        said = (await stage.last())["problem"]
    assert (said["code"], said["status"]) == ("liveness_line_slow", 422)
    assert "router" in said["detail"]
    assert {each for each in said if each not in {"type", "title", "status", "detail", "code"}} == set()


@pytest.mark.rule("R89", "R91")
async def test_a_slow_line_costs_a_try_of_a_counter_of_its_own_and_accuses_nobody(applicant: Applicant) -> None:
    for _ in range(3):
        async with socket(applicant, await challenge(applicant)) as stage:
            await performed(stage, Actor(SEED), every=SLOW)
    bank = applicant.bank
    assert bank.sql("SELECT DISTINCT verdict FROM liveness_challenges") == [("non_response",)]
    assert bank.sql("SELECT DISTINCT counter FROM face_counts") == [("failure_to_capture",)]
    assert (await applicant.post("/liveness")).json()["code"] == "liveness_tries_over"


@pytest.mark.rule("R89")
async def test_a_page_that_stalls_is_not_waited_for_and_nobody_is_accused(applicant: Applicant) -> None:
    assert (await silence(applicant))["code"] == "liveness_not_shown"
    assert applicant.bank.sql("SELECT verdict FROM liveness_challenges") == [("non_response",)]


async def test_a_page_that_goes_away_has_used_its_challenge(applicant: Applicant) -> None:
    path = await challenge(applicant)
    async with socket(applicant, path):
        pass
    assert applicant.bank.sql("SELECT verdict FROM liveness_challenges") == [("non_response",)]
    async with socket(applicant, path) as again:
        assert again.denied is not None
    assert (again.denied[0], again.denied[1]["code"], again.accepted) == (409, "challenge_over", False)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"", "frame_malformed"),
        (b"\x00" * 8, "frame_malformed"),
        (frame(1, 0, b"{}"), "frame_missing"),
        (frame(4_000_000_000, 0, b"{}"), "frame_missing"),
    ],
)
async def test_what_is_no_next_frame_ends_the_try_and_says_so(applicant: Applicant, sent: bytes, code: str) -> None:
    async with socket(applicant, await challenge(applicant)) as stage:
        await stage.tell(sent)
        said = await stage.last()
    assert (said["say"], said["problem"]["code"], stage.closed) == ("refused", code, 4001)
    assert applicant.bank.sql("SELECT verdict FROM liveness_challenges") == [("non_response",)]


@pytest.mark.parametrize("again", [0, 1])
async def test_a_frame_that_comes_twice_or_late_is_refused(applicant: Applicant, again: int) -> None:
    applicant.bank.eyes.film = read
    actor = Actor(SEED)
    async with socket(applicant, await challenge(applicant)) as stage:
        for sequence in (0, 1, again):
            applicant.bank.clock.move(timedelta(milliseconds=100))
            at_ms = 100 * (sequence + 1)
            await stage.tell(frame(sequence, at_ms, actor.frame(at_ms, step=None, light=(235, 235, 235))))
        said = await stage.last()
    assert said["problem"]["code"] == ("frame_out_of_order" if again == 0 else "frame_doubled")


async def test_two_sockets_of_one_challenge_are_two_cameras(applicant: Applicant) -> None:
    path = await challenge(applicant)
    async with socket(applicant, path) as one, socket(applicant, path) as other:
        assert one.accepted
        assert other.denied is not None
    assert not other.accepted


async def test_of_two_that_begin_at_once_one_performs(applicant: Applicant) -> None:
    path = await challenge(applicant)
    stages = [socket(applicant, path) for _ in range(2)]
    await asyncio.gather(*(stage.__aenter__() for stage in stages))
    assert sorted(stage.accepted for stage in stages) == [False, True]
    await asyncio.gather(*(stage.__aexit__(None) for stage in stages))


@pytest.mark.rule("R95")
async def test_nobody_is_filmed_without_their_consent(bank: Bank) -> None:
    opened = await bank.applicant()
    await opened.answer("identity_verification")
    answer = await opened.post("/liveness")
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_needed")


@pytest.mark.rule("R109")
async def test_who_withdraws_while_they_are_filmed_leaves_nothing_but_a_try(applicant: Applicant) -> None:
    async with socket(applicant, await challenge(applicant)) as stage:
        await applicant.answer("face_comparison", given=False)
        applicant.bank.clock.move(timedelta(seconds=10))
        said = await stage.last()
    assert said["say"] == "refused"
    assert applicant.bank.sql("SELECT verdict, sealed IS NULL FROM liveness_challenges") == [("non_response", True)]


async def test_a_strangers_challenge_is_nobodys(bank: Bank, applicant: Applicant) -> None:
    path = await challenge(applicant)
    stranger = await bank.applicant()
    async with socket(stranger, path) as stage:
        assert stage.denied is not None
        assert (stage.denied[0], stage.denied[1]["code"]) == (404, "not_found")


async def test_a_challenge_is_good_for_three_minutes(applicant: Applicant) -> None:
    path = await challenge(applicant)
    applicant.bank.clock.move(LIFE)
    async with socket(applicant, path) as stage:
        assert stage.denied is not None
    assert (stage.denied[0], stage.denied[1]["code"]) == (410, "challenge_expired")
    assert (await applicant.get(path.removeprefix(f"/v1/proofings/{applicant.id}").removesuffix("/frames"))).json()[
        "state"
    ] == "expired"


@pytest.mark.rule("R115")
async def test_after_three_tries_people_go_on(applicant: Applicant) -> None:
    for _ in range(3):
        await left(applicant)
    answer = await applicant.post("/liveness")
    assert (answer.status_code, answer.json()["code"]) == (429, "liveness_tries_over")


@pytest.mark.rule("R82")
async def test_an_attack_before_an_honest_try_is_for_people_to_see(bank: Bank, applicant: Applicant) -> None:
    await shown(applicant, Swapped)
    await shown(applicant)
    for page in ("portrait", "emblem"):
        assert (await applicant.put(f"/evidence/resident-card/{page}", content=PICTURE)).status_code == 201
    await applicant.post("/submission")
    await bank.work()
    decision = (await bank.http.get(f"/v1/proofings/{applicant.id}", headers=bearer(await bank.kiosk_token()))).json()
    assert decision["decision"]["outcome"] == "refer"
    assert "liveness_other_person" in [each["code"] for each in decision["decision"]["staff_reasons"]]


async def test_what_was_performed_rests_nowhere_and_is_told_of_without_its_figures(applicant: Applicant) -> None:
    await shown(applicant)
    events = applicant.bank.sql(
        "SELECT action, detail FROM audit_events WHERE starts_with(action, 'liveness.') ORDER BY at"
    )
    assert [action for action, _ in events] == ["liveness.open", "liveness.begin", "liveness.judge"]
    assert events[-1][1]["verdict"] == "bona_fide"
