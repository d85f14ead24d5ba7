"""Can one read at a desk what would have been sent, and does nothing of a desk or a sandbox reach production?"""

from dataclasses import replace

import pytest

from app.building import examinations_of, ground
from app.core.environment import Environment
from app.gateways.master_key import MasterKeyUnfit
from app.gateways.nulls import NullInProduction
from tests.flows.conftest import PHONE, Bank


async def test_a_sent_code_stands_on_the_page_of_messages(bank: Bank) -> None:
    applicant = await bank.accepted()
    code = await applicant.contact_code(PHONE)
    page = await bank.http.get("/sandbox/messages", headers={"accept-language": "en"})
    assert code in page.text
    assert "<h1>Messages</h1>" in page.text


async def test_the_page_may_load_its_stylesheet(bank: Bank) -> None:
    page = await bank.http.get("/sandbox/messages")
    sheet = await bank.http.get("/static/hufu.css")
    assert 'href="/static/hufu.css"' in page.text
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert sheet.headers["content-type"].startswith("text/css")


async def test_production_is_not_built_with_eyes_that_see_what_they_are_told(bank: Bank) -> None:
    production = bank.ground.settings.model_copy(update={"environment": Environment.PRODUCTION})
    with pytest.raises(NullInProduction, match="production refuses NullVision"):
        examinations_of(replace(bank.ground, settings=production), bank.eyes)


async def test_production_does_not_start_on_what_a_desk_has_made(bank: Bank) -> None:
    production = bank.ground.settings.model_copy(update={"environment": Environment.PRODUCTION})
    with pytest.raises(MasterKeyUnfit, match="was made in development, this is production"):
        await ground(production, clock=bank.clock)
