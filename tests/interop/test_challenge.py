"""Does the page play its part of the liveness challenge? Its service stands in for itself; what it judges is not tried here."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from tests.flows.conftest import PICTURE, Bank
from tests.interop.conftest import Visitor
from tests.interop.test_capture import presented

pytestmark = pytest.mark.timeout(180)
SERVICE = (Path(__file__).parent / "challenge.js").read_text(encoding="utf-8")
MOST_A_SECOND = 15


async def begun(bank: Bank, visitor: Visitor) -> None:
    """Before the camera, the challenge running."""
    await visitor.come(await presented(bank))
    await visitor.see("face")
    await visitor.tab.evaluate(SERVICE)
    await visitor.sit_down()
    await visitor.choose("begin")
    await visitor.tab.until("window.challenge?.heard.length > 0")


async def test_frames_leave_in_order_and_no_more_of_them_than_are_taken(bank: Bank, visitor: Visitor) -> None:
    await begun(bank, visitor)
    frames = await visitor.tab.until("challenge.heard.length >= 20 && challenge.heard")
    assert [each["sequence"] for each in frames] == list(range(len(frames)))
    assert {each["soi"] for each in frames} == {0xFFD8}
    assert max(each["octets"] for each in frames) <= 256 * 1024
    assert all(later["ms"] > earlier["ms"] for earlier, later in pairwise(frames))
    assert (len(frames) - 1) / (frames[-1]["ms"] - frames[0]["ms"]) * 1000 <= MOST_A_SECOND
    assert (await visitor.tab.evaluate("challenge.address")).startswith("ws://127.0.0.1")


@pytest.mark.rule("R89")
async def test_frames_that_nobody_has_looked_at_yet_are_not_followed_by_more(bank: Bank, visitor: Visitor) -> None:
    await begun(bank, visitor)
    await visitor.tab.evaluate("window.isBlind = true")
    at = await visitor.tab.evaluate("challenge.heard.length")
    await visitor.tab.until(f"challenge.heard.length >= {at} + 4")
    await asyncio.sleep(1)
    assert at + 4 <= await visitor.tab.evaluate("challenge.heard.length") <= at + 5


@pytest.mark.rule("R89")
async def test_where_frames_pile_up_the_next_ones_are_smaller(bank: Bank, visitor: Visitor) -> None:
    await begun(bank, visitor)
    await visitor.tab.until("challenge.heard.length >= 5")
    before = await visitor.tab.evaluate("Math.min(...challenge.heard.map(each => each.octets))")
    for _ in range(2):
        await visitor.tab.evaluate("window.isBlind = true")
        at = await visitor.tab.evaluate("challenge.heard.length")
        await visitor.tab.until(f"challenge.heard.length >= {at} + 4")
        await asyncio.sleep(1)
        await visitor.tab.evaluate("window.isBlind = false")
        at = await visitor.tab.evaluate("challenge.heard.length")
        await visitor.tab.evaluate(f'challenge.tell({{say: "seen", sequence: {at} - 1}})')
        await visitor.tab.until(f"challenge.heard.length >= {at} + 4")
    after = await visitor.tab.evaluate(f"Math.max(...challenge.heard.slice({at}).map(each => each.octets))")
    assert after < before * 0.8


@pytest.mark.rule("R89")
@pytest.mark.parametrize("every_ms", [130, 350])
async def test_a_camera_slower_than_the_page_gives_each_picture_once(
    bank: Bank, visitor: Visitor, every_ms: int
) -> None:
    await begun(bank, visitor)
    await visitor.tab.evaluate(f"camera.pace({every_ms})")
    at = await visitor.tab.evaluate("challenge.heard.length")
    frames = await visitor.tab.until(f"challenge.heard.length >= {at} + 12 && challenge.heard", 30)
    assert len({each["jpeg"] for each in frames}) == len(frames)
    assert [each["sequence"] for each in frames] == list(range(len(frames)))


async def test_a_camera_that_goes_dark_ends_the_try_and_says_so(bank: Bank, visitor: Visitor) -> None:
    await begun(bank, visitor)
    await visitor.tab.evaluate("void camera.stream.getTracks()[0].dispatchEvent(new Event('mute'))")
    await visitor.hear("The camera stopped")
    assert await visitor.tab.evaluate("challenge.said") == ['{"say":"stop"}']
    await visitor.tab.until("camera.opened === 1 && !document.querySelector('[data-choice=begin]').disabled")


@pytest.mark.parametrize("lacking", ["OffscreenCanvas", "HTMLVideoElement.prototype.requestVideoFrameCallback"])
async def test_an_older_phone_sends_frames_too(bank: Bank, visitor: Visitor, lacking: str) -> None:
    await visitor.tab.call("Page.addScriptToEvaluateOnNewDocument", source=f"delete window.{lacking}")
    await visitor.come(await presented(bank))
    await visitor.see("face")
    await visitor.tab.evaluate(SERVICE)
    await visitor.tab.until("camera.opened === 1")
    await visitor.choose("begin")
    frames = await visitor.tab.until("window.challenge?.heard.length >= 1 && challenge.heard")
    assert {each["soi"] for each in frames} == {0xFFD8}


async def test_a_browser_that_counts_no_pictures_of_a_camera_sends_frames_too(bank: Bank, visitor: Visitor) -> None:
    """As some do: 0 for ever, and nothing that calls back."""
    uncounted = "HTMLVideoElement.prototype.getVideoPlaybackQuality = () => ({totalVideoFrames: 0})"
    lacking = "delete HTMLVideoElement.prototype.requestVideoFrameCallback"
    await visitor.tab.call("Page.addScriptToEvaluateOnNewDocument", source=f"{lacking}; {uncounted}")
    await begun(bank, visitor)
    await visitor.tab.until("challenge.heard.length >= 5")


async def test_where_no_socket_is_let_through_people_help(bank: Bank, visitor: Visitor) -> None:
    """A proxy drops them all: trying again leads nowhere, and nobody is told for ever that many people are here."""
    await visitor.come(await presented(bank))
    await visitor.see("face")
    await visitor.tab.evaluate(
        "window.WebSocket = class extends WebSocket { constructor() { super(location.origin.replace('http', 'ws') + '/nowhere'); } }"
    )
    await visitor.sit_down()
    for _ in range(2):
        await visitor.choose("begin")
        await visitor.see("trouble")
        await visitor.tab.until("!document.querySelector('[data-screen=trouble] [data-choice=retry]').disabled")
        await visitor.choose("retry")
        await visitor.see("face")
    await visitor.choose("begin")
    await visitor.hear("the network here does not let it through")
    assert bank.sql("SELECT count(*) FROM liveness_challenges WHERE state = 'open'") == [(1,)]


async def test_between_two_steps_one_looks_ahead(bank: Bank, visitor: Visitor) -> None:
    await begun(bank, visitor)
    await visitor.tab.evaluate('challenge.tell({say: "step", number: 1, of: 4, step: "look_up"})')
    await visitor.hear("Look up")
    await visitor.tab.evaluate('challenge.tell({say: "colour", colour: "#3cdcff", for_ms: 600})')
    await visitor.hear("Look straight at the camera")


async def test_a_hint_that_no_longer_holds_is_taken_back(bank: Bank, visitor: Visitor) -> None:
    await begun(bank, visitor)
    await visitor.tab.evaluate('challenge.tell({say: "step", number: 3, of: 4, step: "look_up"})')
    await visitor.tab.evaluate('challenge.tell({say: "hint", code: "too_far"})')
    await visitor.hear("Come a little closer")
    await visitor.tab.evaluate('challenge.tell({say: "hint", code: null})')
    await visitor.hear("3 of 4")


async def test_a_step_is_said_aloud_and_shown_and_a_hint_beside_it(bank: Bank, visitor: Visitor) -> None:
    await begun(bank, visitor)
    await visitor.tab.evaluate('challenge.tell({say: "step", number: 2, of: 4, step: "look_up"})')
    await visitor.hear("Look up")
    await visitor.hear("2 of 4")
    await visitor.tab.evaluate('challenge.tell({say: "hint", code: "too_far"})')
    await visitor.hear("Come a little closer")


async def test_a_colour_fills_the_surround_for_its_time(bank: Bank, visitor: Visitor) -> None:
    await begun(bank, visitor)
    await visitor.tab.evaluate('challenge.tell({say: "colour", colour: "#2040ff", for_ms: 3000})')
    await visitor.tab.until("getComputedStyle(document.body).backgroundColor === 'rgb(32, 64, 255)'")
    await visitor.tab.until("!document.documentElement.classList.contains('shining')")


async def test_what_is_no_colour_paints_nothing(bank: Bank, visitor: Visitor) -> None:
    await begun(bank, visitor)
    await visitor.tab.evaluate('challenge.tell({say: "colour", colour: "url(//evil.example)", for_ms: 400})')
    assert not await visitor.tab.evaluate("document.documentElement.style.length")


async def test_when_it_is_finished_the_proofing_goes_on(bank: Bank, visitor: Visitor) -> None:
    applicant = await presented(bank)
    await visitor.come(applicant)
    await visitor.see("face")
    await visitor.tab.evaluate(SERVICE)
    await visitor.choose("begin")
    await visitor.tab.until("window.challenge?.heard.length > 0")
    assert (await applicant.put("/face", content=PICTURE)).status_code == 201  # as the service does
    await visitor.tab.evaluate('challenge.tell({say: "finished"})')
    await visitor.see("review")
    assert await visitor.tab.evaluate("camera.opened") == 0


async def test_one_that_was_refused_may_be_tried_again_or_left(bank: Bank, visitor: Visitor) -> None:
    await begun(bank, visitor)
    await visitor.tab.evaluate(
        'challenge.tell({say: "refused", problem: {code: "not_live", detail: "Please try again."}})'
    )
    await visitor.hear("Please try again.")
    await visitor.choose("begin")
    await visitor.choose("without")  # at once: the second challenge may hardly have begun
    await visitor.see("review")


async def test_whoever_stops_is_heard_by_the_service(bank: Bank, visitor: Visitor) -> None:
    await begun(bank, visitor)
    await visitor.choose("stop")
    await visitor.tab.until("challenge.said.length === 1")
    assert await visitor.tab.evaluate("challenge.said") == ['{"say":"stop"}']
    await visitor.tab.until("!document.querySelector('[data-screen=face] [data-when=ready]').hidden")


@pytest.mark.parametrize("manner", ["honest", "wrong"])
async def test_the_camera_of_these_tests_does_what_its_manner_says(bank: Bank, visitor: Visitor, manner: str) -> None:
    await begun(bank, visitor)
    await visitor.tab.evaluate(f"camera.behave('{manner}')")
    await visitor.tab.evaluate('challenge.tell({say: "step", number: 1, of: 4, step: "turn_left"})')
    await visitor.hear("Turn your head to your left")
    expected = {
        "honest": "camera.pose.yaw > 15",
        "wrong": "camera.pose.pitch < -8 && camera.pose.yaw === 0",
    }
    await visitor.tab.until(expected[manner])
