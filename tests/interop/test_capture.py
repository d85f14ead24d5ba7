"""Does somebody with a browser come through the page, and does it tell them what they need to know?"""

import asyncio
from datetime import date

import pytest

from tests.flows.conftest import Bank
from tests.interop.conftest import Visitor
from tests.interop.pictures import TRUTH, emblem_side, face, in_the_dark, out_of_focus, portrait_side

pytestmark = pytest.mark.timeout(180)


async def test_a_code_becomes_a_cookie_that_no_script_sees(bank: Bank, visitor: Visitor) -> None:
    await visitor.come(await bank.applicant())
    await visitor.see("identity")
    assert await visitor.tab.evaluate("document.cookie") == ""
    assert await visitor.tab.evaluate("location.search") == "?language=en"
    (cookie,) = (await visitor.tab.call("Network.getAllCookies"))["cookies"]
    facts = {"name": "__Host-hufu-capture", "path": "/", "secure": True, "httpOnly": True, "sameSite": "Strict"}
    assert cookie.items() >= (facts | {"session": True}).items()


async def test_a_card_and_a_face_shown_to_the_camera_are_accepted(bank: Bank, visitor: Visitor) -> None:
    applicant = await bank.applicant()
    await visitor.come(applicant)
    await visitor.consent()
    await visitor.see("kind")
    await visitor.choose("resident-card/portrait")
    await visitor.photograph(portrait_side().jpeg())
    await visitor.tab.until("document.querySelector('[data-screen=document] h1').textContent.includes('emblem')")
    await visitor.photograph(emblem_side().jpeg())
    await visitor.face(face())
    await visitor.see("review")
    await visitor.choose("send")
    await visitor.see("result")
    assert await visitor.tab.evaluate("document.querySelector('[data-screen=result] h1').textContent") == "Confirmed"
    assert (await applicant.get()).json()["state"] == "accepted"
    assert await visitor.tab.evaluate("camera.opened") == 0


async def test_the_photograph_that_leaves_the_page_reads_as_the_card(bank: Bank, visitor: Visitor) -> None:
    from app.gateways.vision.cards import CardReader
    from app.gateways.vision.decoding import decode
    from app.gateways.vision.ocr import RapidReader

    await visitor.come(await bank.applicant())
    await visitor.consent()
    await visitor.choose("resident-card/portrait")
    await visitor.photograph(portrait_side().jpeg())
    cards = CardReader(RapidReader(), lambda: date(2026, 11, 22))
    reading, _ = await asyncio.to_thread(lambda: cards.read(decode(visitor.pictures[0]).pixels))
    assert reading.fields["number"].value == TRUTH.person.number
    assert reading.fields["name"].value == TRUTH.person.name


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
