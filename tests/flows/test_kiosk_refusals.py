"""What does a kiosk send that is no film of the one who began, and what becomes of the try?"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.gateways.vision import VisionFailed, Why
from app.routers.performances import BATCH_OCTETS
from app.services.liveness_batches import LivenessBatches
from app.specimens.impostures import Disobedient
from app.verification.faces.five_points import Box
from app.verification.faces.liveness.challenge import LIFE
from app.verification.faces.liveness.frame import FrameView, may_be_read
from tests.flows.conftest import PICTURE, Applicant, Bank, bearer, inner_of
from tests.flows.filming import GREY, Kiosk, challenge, consenting, filmed, kiosk, socket, stalled, still, verdicts
from tests.flows.test_capture import entered
from tests.flows.test_liveness_interrupted import breaking
from tests.verification.liveness.acting import Actor, read

SEED = 2201
ONE = (120, b"one")
SOON = 2.0
"""Seconds in which a kiosk that stalls is not waited for any longer."""


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


@pytest.mark.parametrize(
    ("times", "frames"),
    [
        ("", 1), ("x", 1), ("1,", 2), ("-1", 1), ("1.5", 1), ("1", 2), ("1,2", 1), ("4294967296", 1), ("1 ", 1), ("١", 1),
        (",".join(map(str, range(1, 10))), 8),
    ],
)  # fmt: skip
async def test_frames_and_times_that_do_not_agree_are_no_batch(applicant: Applicant, times: str, frames: int) -> None:
    stage = await kiosk(applicant)
    files: dict[str, Any] = {"times": (None, times)} | {str(at): b"x" for at in range(1, frames + 1)}
    assert told(await stage.send(still(120), **files)) == (422, "malformed")
    assert (await stage.send(still(120))).status_code == 200  # the same number: nothing was taken


@pytest.mark.parametrize("number", ["0", "-1", "751", "x", "", "1,2", "1e1"])
async def test_a_batch_has_a_number(applicant: Applicant, number: str) -> None:
    answer = await (await kiosk(applicant)).send(still(120), batch=(None, number))
    assert told(answer) == (422, "malformed")


async def test_more_frames_than_go_together_are_no_batch(applicant: Applicant) -> None:
    answer = await (await kiosk(applicant)).send(*(still(120 * at) for at in range(1, 10)))
    assert told(answer) == (422, "malformed")


async def test_a_batch_that_is_too_large_is_not_read_to_its_end(applicant: Applicant) -> None:
    stage = await kiosk(applicant)
    assert told(await stage.send((120, bytes(BATCH_OCTETS)))) == (413, "body_too_large")
    assert (await stage.send(still(120))).status_code == 200


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"GIF89a", "unsupported_image"), (b"", "empty_image"), (PICTURE, "unsupported_image"),
        (b"\xff\xd8\xff" + bytes(600_000), "frame_too_large"),
    ],
)  # fmt: skip
async def test_what_is_no_picture_of_a_film_ends_the_try_undecoded(
    applicant: Applicant, octets: bytes, code: str
) -> None:
    stage, decoded = await kiosk(applicant), []

    def film(jpeg: bytes, near: Box | None, wants_descriptor: bool) -> FrameView:  # noqa: FBT001  as it is asked
        if jpeg is octets or not jpeg.startswith(b"["):
            may_be_read(jpeg)
        decoded.append(jpeg)
        return read(jpeg, near, wants_descriptor)

    applicant.bank.eyes.film = film
    answer = await stage.send(still(120), (240, octets))
    assert (answer.json()["code"], len(decoded)) == (code, 1)
    assert verdicts(applicant.bank) == ["non_response"]


async def test_who_is_not_looked_at_through_us_has_not_tried(applicant: Applicant) -> None:
    stage = await kiosk(applicant)
    applicant.bank.eyes.film = breaking(VisionFailed(Why.DIED))
    answer = await stage.send(still(120))
    assert (told(answer), verdicts(applicant.bank)) == ((503, "unavailable"), ["unavailable"])
    assert (await stage.send(still(120))).content == answer.content


async def test_a_process_that_is_stopped_gives_the_try_back(applicant: Applicant) -> None:
    stage = await kiosk(applicant)
    assert (await stage.send(still(120))).status_code == 200
    await batches_of(applicant.bank).stop()
    assert verdicts(applicant.bank) == ["unavailable"]


async def test_a_process_that_does_not_hold_the_performance_says_where_to_go_on(applicant: Applicant) -> None:
    stage = await kiosk(applicant)
    batches = batches_of(applicant.bank)
    held = dict(batches._held)
    batches._held.clear()
    assert told(await stage.send(still(120))) == (409, "challenge_elsewhere")
    batches._held.update(held)


async def test_a_strangers_performance_is_nobodys(bank: Bank, applicant: Applicant) -> None:
    stage, stranger = await kiosk(applicant), await bank.applicant()
    files: dict[str, Any] = {"batch": (None, "1"), "times": (None, "120"), "1": still(120)[1]}
    path = f"/v1/proofings/{applicant.id}{stage.path}"
    answer = await bank.http.put(path, files=files, headers=bearer(stranger.token))
    assert told(answer) == (404, "not_found")
    assert (await stage.send(still(120))).status_code == 200


async def test_a_stranger_cannot_tell_whether_somebody_performs(bank: Bank, applicant: Applicant) -> None:
    frames, stranger = await challenge(applicant), await bank.applicant()
    path, headers = frames.removesuffix("/frames") + "/performances", bearer(stranger.token)
    before = await bank.http.post(path, json={}, headers=headers)
    assert (await Kiosk(applicant).begin(frames)).status_code == 201
    during = await bank.http.post(path, json={}, headers=headers)
    assert (told(during), during.content) == ((404, "not_found"), before.content)
    async with socket(stranger, frames) as refused:
        assert refused.denied is not None
        assert refused.denied[0] == 404
    assert told(await Kiosk(applicant).begin(frames)) == (503, "unavailable")


async def test_a_name_that_was_made_up_performs_nothing(applicant: Applicant) -> None:
    stage = await kiosk(applicant)
    stage.path = stage.path.replace("con_", "con_x")
    assert told(await stage.send(still(120))) == (409, "challenge_elsewhere")


async def test_frames_before_the_beginning_are_refused(applicant: Applicant) -> None:
    path = (await challenge(applicant)).removeprefix(f"/v1/proofings/{applicant.id}")
    stage = Kiosk(applicant, path.removesuffix("/frames") + "/performances/con_none/frames")
    assert told(await stage.send(still(120))) == (409, "challenge_not_begun")
    applicant.bank.clock.move(LIFE)
    assert told(await stage.send(still(120))) == (410, "challenge_expired")


@pytest.mark.rule("R109")
async def test_who_withdraws_while_they_are_filmed_leaves_nothing_but_a_try(applicant: Applicant) -> None:
    stage, person = await kiosk(applicant), Actor(SEED)
    assert (await filmed(stage, person, batches=5)).status_code == 200
    await applicant.answer("face_comparison", given=False)
    answer = await filmed(stage, person)
    assert told(answer) == (403, "consent_needed")
    assert verdicts(applicant.bank) == ["non_response"]


@pytest.mark.rule("R115")
async def test_tries_by_either_carrier_are_counted_together(applicant: Applicant) -> None:
    await filmed(await kiosk(applicant), Actor(SEED, Disobedient))
    async with socket(applicant, await challenge(applicant)):
        pass
    await kiosk(applicant)
    answer = await applicant.post("/liveness")
    assert told(answer) == (429, "liveness_tries_over")


async def test_what_was_performed_is_told_of_once_each(applicant: Applicant) -> None:
    await filmed(await kiosk(applicant), Actor(SEED))
    found = applicant.bank.sql(
        "SELECT action FROM audit_events WHERE starts_with(action, 'liveness.') ORDER BY sequence"
    )
    assert [action for (action,) in found] == ["liveness.open", "liveness.begin", "liveness.judge"]


def at_once(actor: Actor, step: str, after_ms: int) -> Iterator[list[tuple[int, bytes]]]:
    """A whole step in three batches, as if it had taken three seconds."""
    for batch in range(3):
        times = [after_ms + 120 * (8 * batch + place) for place in range(1, 9)]
        yield [(at_ms, actor.frame(at_ms, step=step, light=GREY)) for at_ms in times]


@pytest.mark.rule("R83")
async def test_a_whole_step_that_comes_as_soon_as_it_is_asked_for_is_an_attack(applicant: Applicant) -> None:
    stage, actor, bank = await kiosk(applicant), Actor(SEED), applicant.bank
    while stage.told[-1]["say"] != "step":
        assert (await filmed(stage, actor, batches=1)).status_code == 200
    asked = len(stage.told)
    for frames in at_once(actor, stage.told[-1]["step"], stage.batches * 360):
        bank.clock.move(timedelta(milliseconds=20))
        assert (await stage.send(*frames)).status_code == 200
    assert [each["say"] for each in stage.told[asked:]] == ["colour"]  # no word of what was noticed
    await stalled(bank)
    assert verdicts(bank) == ["attack"]


async def test_whoever_is_on_the_capture_page_is_another_camera_than_the_applicant(applicant: Applicant) -> None:
    page, bank = await entered(applicant.bank, applicant), applicant.bank
    path = (await challenge(applicant)).removesuffix("/frames") + "/performances"
    begun = await bank.http.post(path, json={}, headers=page)
    assert begun.status_code == 201
    files: dict[str, Any] = {"batch": (None, "1"), "times": (None, "120"), "1": still(120)[1]}
    bank.eyes.film = read
    frames = begun.json()["frames"]
    assert told(await bank.http.put(frames, files=files, headers=bearer(applicant.token))) == (
        409,
        "challenge_elsewhere",
    )
    assert (await bank.http.put(frames, files=files, headers=page)).status_code == 200
    assert told(await bank.http.put(frames, files=files)) == (401, "unauthenticated")
