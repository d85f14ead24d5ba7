"""Do real eyes accept what leaves the page? Its photographs are a canvas's JPEG, not a camera's."""

from collections.abc import AsyncIterator

import pytest

from app.gateways.vision.pooled import pooled_vision
from tests.flows.conftest import Bank
from tests.interop.conftest import Visitor
from tests.interop.pictures import emblem_side, face, portrait_side

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
async def seeing(bank: Bank) -> AsyncIterator[Bank]:
    """A bank whose eyes are real."""
    pools = pooled_vision(intake_processes=1, examiner_processes=1)
    await pools.start()
    bank.eyes.intake = pools.intake  # type: ignore[method-assign]
    bank.eyes.examine = pools.examine  # type: ignore[method-assign]
    yield bank
    await pools.stop()


async def test_a_drawn_card_and_its_holders_face_are_accepted(seeing: Bank, visitor: Visitor) -> None:
    applicant = await seeing.applicant()
    await visitor.come(applicant)
    await visitor.consent()
    await visitor.choose("resident-card/portrait")
    await visitor.photograph(portrait_side().jpeg())
    await visitor.photograph(emblem_side().jpeg())
    await visitor.face(face())
    await visitor.choose("send")
    ended = ":is([data-screen=result], [data-screen=again]):not([hidden])"
    await visitor.tab.until(f"!!document.querySelector('{ended}')", seconds=120)
    headers = {"authorization": f"Bearer {await seeing.kiosk_token()}", "accept-language": "en"}
    shown = (await seeing.http.get(f"/v1/proofings/{applicant.id}", headers=headers)).json()
    assert (shown["state"], shown["decision"]["staff_reasons"]) == ("accepted", [])
