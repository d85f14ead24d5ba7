"""Does somebody with a browser come through the page, and does it tell them what they need to know?"""

import asyncio
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from app.verification.examination import FaceDeclined
from tests.flows.conftest import PICTURE, Applicant, Bank, seen
from tests.flows.reviewing import unclear
from tests.interop.conftest import Visitor
from tests.interop.pictures import emblem_side, in_the_dark, out_of_focus, portrait_side

pytestmark = pytest.mark.timeout(180)
WATCHED = """
(async () => {
  const { shine } = await import("/static/capture/surround.js");
  const changes = [], root = document.documentElement;
  new MutationObserver(() => changes.push(performance.now())).observe(root, { attributeFilter: ["style"] });
  for (const colour of ["#2040ff", "#ff2020", "#20ff40", "#ffffff"]) shine(colour, 50);
  await new Promise((done) => setTimeout(done, 2500));
  return changes;
})()
"""
"""Asked for four colours at once, each for a twentieth of a second."""


async def presented(bank: Bank, *, face: bool = False) -> Applicant:
    """Somebody who has shown the card elsewhere."""
    applicant = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        await applicant.answer(purpose)
    for path in ("/evidence/resident-card/portrait", "/evidence/resident-card/emblem", *(("/face",) if face else ())):
        assert (await applicant.put(path, content=PICTURE)).status_code == 201
    return applicant


async def test_a_code_becomes_a_cookie_that_no_script_sees(bank: Bank, visitor: Visitor) -> None:
    await visitor.come(await bank.applicant())
    await visitor.see("identity")
    assert await visitor.tab.evaluate("document.cookie") == ""
    assert await visitor.tab.evaluate("location.search") == "?language=en"
    (cookie,) = (await visitor.tab.call("Network.getAllCookies"))["cookies"]
    facts = {"name": "__Host-hufu-capture", "path": "/", "secure": True, "httpOnly": True, "sameSite": "Strict"}
    assert cookie.items() >= (facts | {"session": True}).items()


async def test_a_card_shown_to_the_camera_is_accepted(bank: Bank, visitor: Visitor) -> None:
    applicant = await bank.applicant()
    await visitor.come(applicant)
    await visitor.consent()
    await visitor.see("kind")
    assert (await applicant.put("/face", content=PICTURE)).status_code == 201
    await visitor.choose("resident-card/portrait")
    await visitor.photograph(portrait_side().jpeg())
    await visitor.tab.until("document.querySelector('[data-screen=document] h1').textContent.includes('emblem')")
    await visitor.photograph(emblem_side().jpeg())
    await visitor.see("review")
    await visitor.choose("send")
    await visitor.see("result")
    assert await visitor.tab.evaluate("document.querySelector('[data-screen=result] h1').textContent") == "Confirmed"
    assert (await applicant.get()).json()["state"] == "accepted"
    assert await visitor.tab.evaluate("camera.opened") == 0


@pytest.mark.rule("R96")
@pytest.mark.parametrize("ticked", [True, False])
async def test_to_be_known_again_is_asked_by_itself_and_nothing_depends_on_it(
    bank: Bank, visitor: Visitor, *, ticked: bool
) -> None:
    await visitor.come(await bank.applicant())
    await visitor.see("identity")
    await visitor.choose("agree")
    await visitor.choose("consent")
    await visitor.see("optional")
    await visitor.tab.until("!document.querySelector('[data-screen=optional] [data-choice=go]').disabled")
    assert not await visitor.tab.evaluate("document.querySelector('[data-tick]').checked")
    if ticked:
        await visitor.tab.press("[data-tick]")
    await visitor.choose("go")
    await visitor.see("kind")
    answers = bank.sql("SELECT purpose, given FROM consents ORDER BY at")
    assert answers[1:] == [("face_comparison", True), ("face_enrolment", ticked)]


async def test_what_hinders_is_said_before_the_photograph_is_taken(bank: Bank, visitor: Visitor) -> None:
    await visitor.come(await bank.applicant())
    await visitor.consent()
    await visitor.choose("resident-card/portrait")
    await visitor.see("document")
    shown = [
        (in_the_dark(), "It is too dark"),
        (out_of_focus(), "It is not sharp"),
        (portrait_side(), "Good. Hold still"),
    ]
    for held, said in shown:
        await visitor.show(held.jpeg())
        await visitor.hear(said)


async def test_a_spoiled_photograph_is_better_taken_again(bank: Bank, visitor: Visitor) -> None:
    await visitor.come(await bank.applicant())
    await visitor.consent()
    await visitor.choose("resident-card/portrait")
    await visitor.see("document")
    await visitor.show(out_of_focus().jpeg())
    await visitor.choose("take")
    await visitor.hear("better to take it again")
    await visitor.choose("again")
    assert visitor.pictures == []
    await visitor.photograph(portrait_side().jpeg())
    assert len(visitor.pictures) == 1


async def test_an_older_phone_photographs_too(bank: Bank, visitor: Visitor) -> None:
    await visitor.tab.call("Page.addScriptToEvaluateOnNewDocument", source="delete window.OffscreenCanvas")
    await visitor.come(await bank.applicant())
    await visitor.consent()
    await visitor.choose("resident-card/portrait")
    await visitor.photograph(portrait_side().jpeg())
    assert visitor.pictures[0].startswith(b"\xff\xd8")


async def test_a_file_may_be_chosen_and_a_refusal_of_it_is_told(bank: Bank, visitor: Visitor, folder: Path) -> None:
    (folder / "words.jpg").write_bytes(b"not a photograph")
    (folder / "card.jpg").write_bytes(portrait_side().jpeg())
    await visitor.come(await bank.applicant())
    await visitor.consent()
    await visitor.choose("resident-card/portrait")
    await visitor.see("document")
    await visitor.tab.until("!document.querySelector('[data-choice=take]').disabled")
    await visitor.tab.give("[data-file]", folder / "words.jpg")
    await visitor.choose("use")
    await visitor.hear("Send a still JPEG")
    await visitor.tab.until("!document.querySelector('[data-choice=take]').disabled")
    await visitor.tab.give("[data-file]", folder / "card.jpg")
    await visitor.choose("use")
    await visitor.tab.until("document.querySelector('[data-screen=document] h1').textContent.includes('emblem')")
    assert visitor.pictures[-1] == portrait_side().jpeg()


@pytest.mark.rule("R98")
async def test_the_way_without_a_face_is_as_short_as_the_other(bank: Bank, visitor: Visitor) -> None:
    applicant = await bank.applicant()
    await visitor.come(applicant)
    await visitor.see("identity")
    await visitor.choose("agree")
    await visitor.choose("without")
    await visitor.choose("resident-card/portrait")
    await visitor.photograph(portrait_side().jpeg())
    await visitor.photograph(emblem_side().jpeg())
    bank.eyes.examined = seen(face=FaceDeclined.CONSENT_REFUSED)
    await visitor.choose("send")
    await visitor.see("result")
    assert (await applicant.get()).json()["state"] == "referred"
    assert "come to a branch" in await visitor.tab.evaluate("document.querySelector('.verdict').textContent")
    assert await visitor.tab.evaluate("camera.asked") == ["environment", "environment"]


@pytest.mark.rule("R109")
async def test_whoever_consented_may_turn_back_before_the_camera(bank: Bank, visitor: Visitor) -> None:
    applicant = await presented(bank)
    await visitor.come(applicant)
    await visitor.see("face")
    await visitor.choose("without")
    await visitor.see("review")
    assert "member of staff at a branch" in await visitor.tab.evaluate("document.body.innerText")
    assert [needed for needed in (await applicant.get()).json()["needed"] if "face" in needed] == []
    assert await visitor.tab.evaluate("camera.opened") == 0


async def test_a_camera_that_may_not_be_used_leaves_two_ways(bank: Bank, visitor: Visitor) -> None:
    await visitor.come(await presented(bank))
    await visitor.see("face")
    await visitor.tab.evaluate("camera.denied = true")
    await visitor.choose("begin")
    await visitor.hear("No camera can be used here")
    await visitor.tab.evaluate("camera.denied = false")
    await visitor.choose("camera")
    await visitor.tab.until("camera.opened === 1")


async def test_what_could_not_be_read_is_typed_beside_its_picture(bank: Bank, visitor: Visitor) -> None:
    applicant = await unclear(bank)
    await visitor.come(applicant)
    await visitor.see("again")
    await visitor.choose("go")
    await visitor.see("fields")
    await visitor.tab.until("document.querySelector('.field label')?.textContent.startsWith('name')")
    await visitor.choose("send")  # nothing typed: the field takes the focus
    await visitor.tab.until("document.activeElement.matches('.field input')")
    await visitor.tab.write("欧阳样例")
    await visitor.tab.key("Enter")
    await visitor.see("review")
    assert (await applicant.get()).json()["needed"] == []


async def test_whoever_uses_no_mouse_comes_as_far(bank: Bank, visitor: Visitor) -> None:
    await visitor.come(await bank.applicant())
    await visitor.see("identity")
    assert await visitor.tab.evaluate("document.activeElement.id") == "identity-title"
    await visitor.walk_to("agree")
    await visitor.tab.key("Enter")
    await visitor.see("consent")
    assert await visitor.tab.evaluate("document.activeElement.id") == "consent-title"
    await visitor.walk_to("consent")
    await visitor.tab.key(" ")
    await visitor.see("optional")
    await visitor.walk_to("go")
    await visitor.tab.key("Enter")
    await visitor.see("kind")
    await visitor.walk_to("passport/data-page")
    await visitor.tab.key("Enter")
    await visitor.see("document")
    assert "Passport" in await visitor.tab.evaluate("document.activeElement.textContent")


@pytest.mark.parametrize(("language", "said"), [("en", "Before we begin"), ("zh-CN", "开始之前")])
async def test_it_speaks_the_browsers_language_and_changes_it_when_asked(
    bank: Bank, visitor: Visitor, language: str, said: str
) -> None:
    await visitor.come(await bank.applicant(), language=language)
    await visitor.see("identity")
    assert await visitor.tab.evaluate("document.querySelector('#identity-title').textContent") == said
    text = await visitor.tab.until("document.querySelector('[data-screen=identity] [data-text]').textContent")
    assert ("customer due diligence" in text) == (language == "en")
    await visitor.tab.press(".bar a[hreflang]")
    await visitor.tab.until(f"document.documentElement.lang !== '{language}'")
    await visitor.see("identity")


@pytest.mark.parametrize("wiped_by", ["time", "hand"])
async def test_a_kiosk_nobody_stands_before_is_wiped(bank: Bank, visitor: Visitor, wiped_by: str) -> None:
    applicant = await presented(bank)
    await visitor.come(applicant, kiosk=True)
    await visitor.see("face")
    await visitor.tab.evaluate("camera.pass(41)")
    await visitor.tab.until("document.querySelector('dialog').open")
    if wiped_by == "time":
        await visitor.tab.evaluate("camera.pass(20)")
    else:
        await visitor.tab.press("dialog [data-leave]")
    await visitor.tab.until("document.querySelector('h1').textContent === 'Finished here'")
    assert (await visitor.tab.call("Network.getAllCookies"))["cookies"] == []
    assert bank.sql("SELECT count(*) FROM captures WHERE ended_at IS NULL") == [(0,)]
    await visitor.tab.go(f"{bank.ground.settings.base_url}/capture")
    assert applicant.id not in await visitor.tab.evaluate("document.documentElement.outerHTML")


async def test_a_kiosk_s_entrance_that_somebody_walked_off_from_is_wiped(bank: Bank, visitor: Visitor) -> None:
    made = (await (await bank.applicant()).post("/captures", json={"kiosk": True})).json()
    await visitor.tab.speaks("en")
    await visitor.tab.go(made["address"])
    await visitor.tab.evaluate("camera.pass(41)")
    await visitor.tab.until("document.querySelector('dialog').open")
    await visitor.tab.press("dialog [data-stay]")
    await visitor.tab.evaluate("camera.pass(35)")
    await visitor.tab.until("!document.querySelector('dialog').open && location.search.includes('code')")
    await visitor.tab.evaluate("camera.pass(61)")
    await visitor.tab.until("document.querySelector('h1').textContent === 'Nothing is open here'")
    assert made["code"] not in await visitor.tab.evaluate("document.documentElement.outerHTML + location.href")
    await visitor.tab.evaluate("void setTimeout(() => history.back())")
    await asyncio.sleep(1)
    assert made["code"] not in await visitor.tab.evaluate("document.documentElement.outerHTML + location.href")


async def test_whoever_is_still_there_stays(bank: Bank, visitor: Visitor) -> None:
    await visitor.come(await presented(bank), kiosk=True)
    await visitor.see("face")
    await visitor.tab.evaluate("camera.pass(41)")
    await visitor.tab.until("document.querySelector('dialog').open")
    await visitor.tab.press("dialog [data-stay]")
    await visitor.tab.evaluate("camera.pass(35)")
    await visitor.tab.until("!document.querySelector('dialog').open")
    await visitor.see("face")


async def test_a_session_that_ended_leaves_nothing_to_be_seen(bank: Bank, visitor: Visitor) -> None:
    applicant = await presented(bank)
    await visitor.come(applicant)
    await visitor.see("face")
    bank.clock.move(timedelta(minutes=16))
    await visitor.choose("without")
    await visitor.tab.until("document.querySelector('h1').textContent === 'This page is over'")


async def test_the_surround_changes_three_times_a_second_at_most(bank: Bank, visitor: Visitor) -> None:
    await visitor.come(await bank.applicant())
    await visitor.see("identity")
    changes = await visitor.tab.evaluate(WATCHED)
    assert len(changes) >= 4
    assert min(later - earlier for earlier, later in pairwise(changes)) >= 1000 / 3
