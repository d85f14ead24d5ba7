"""Is whoever has to show something once more told what and why, and does another way stand open?"""

from dataclasses import replace

import pytest

from app.gateways.vision import Examined
from app.verification.examination import Side
from tests.flows.conftest import Applicant, Bank, seen
from tests.interop.conftest import Visitor
from tests.interop.pictures import emblem_side
from tests.interop.test_capture import presented
from tests.verification.examinations import CARD, EMBLEM, EVIDENCE, changed, shown

pytestmark = pytest.mark.timeout(180)
WITHOUT = "!!document.querySelector('[data-screen=again] [data-choice=without]:not([hidden])')"
"""Whether whoever is asked again is shown the way without a face."""


async def asked_again(bank: Bank, visitor: Visitor, examined: Examined) -> Applicant:
    """Somebody who sent everything, of which the worker saw this."""
    applicant = await presented(bank, face=True)
    bank.eyes.examined = examined
    await visitor.come(applicant)
    await visitor.see("review")
    await visitor.choose("send")
    await visitor.see("again")
    return applicant


async def test_pictures_are_asked_for_again_with_the_reasons(bank: Bank, visitor: Visitor) -> None:
    blurred = seen(emblem=changed(EMBLEM, view=replace(CARD, seen=Side.EMBLEM, blur=1)))
    applicant = await asked_again(bank, visitor, blurred)
    assert not await visitor.tab.evaluate(WITHOUT)
    assert "photograph is blurred" in await visitor.tab.evaluate("document.querySelector('.reasons').innerText")
    bank.eyes.examined = seen()
    await visitor.choose("go")
    await visitor.photograph(emblem_side().jpeg())
    await visitor.see("review")
    await visitor.choose("send")
    await visitor.see("result")
    assert (await applicant.get()).json()["state"] == "accepted"


@pytest.mark.rule("R98")
async def test_whoever_is_asked_for_their_face_again_may_go_without_it(bank: Bank, visitor: Visitor) -> None:
    applicant = await asked_again(bank, visitor, seen(face=changed(EVIDENCE, applicant=shown(blur=1))))
    assert await visitor.tab.evaluate(WITHOUT)
    await visitor.choose("without")
    await visitor.see("review")
    assert "face" not in (await applicant.get()).json()["evidence"]
