"""Does every magic specimen lead where the README says, through the real engines and the sandbox's own policy?"""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from app.core.environment import Environment
from app.embedded import Database
from app.gateways.vision.pooled import PooledVision, pooled_vision
from app.specimens.conjured import magic_upload
from app.specimens.magic import KINDS, Leads, Magic
from app.specimens.portraits import astronaut, grace_hopper
from tests.flows.conftest import START, Bank, bearer, open_bank

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]
CONSEQUENCES = {"portrait_face_unclear", "face_not_compared", "field_unclear", "number_unclear"}
STATES = {Leads.RETRY: "open"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def vision() -> AsyncIterator[PooledVision]:
    pools = pooled_vision(intake_processes=1, examiner_processes=1)
    await pools.start()
    yield pools
    await pools.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def seeing(fresh_database: Database, start_bank: Callable[..., Any], vision: PooledVision) -> AsyncIterator[Bank]:
    """A sandbox whose eyes are real."""
    settings = await start_bank(fresh_database, environment=Environment.SANDBOX, issuer="https://sandbox.hufu.example")
    async with open_bank(fresh_database, settings) as opened:
        opened.eyes.intake = vision.intake  # type: ignore[method-assign]  # the same pools for every test
        opened.eyes.examine = vision.examine  # type: ignore[method-assign]
        yield opened


async def examined(bank: Bank, magic: Magic, seed: int) -> tuple[str, list[str]]:
    """The state it led to, and the reasons as staff see them."""
    upload = magic_upload(magic, seed, START.date(), astronaut(), grace_hopper())
    applicant = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        await applicant.answer(purpose)
    for path, picture in (("portrait", upload.portrait_side), ("emblem", upload.emblem_side)):
        assert (await applicant.put(f"/evidence/resident-card/{path}", content=picture)).status_code == 201
    assert (await applicant.put("/face", content=upload.face)).status_code == 201
    assert (await applicant.post("/submission")).status_code == 202
    await bank.work()
    address, kiosk = f"/v1/proofings/{applicant.id}", bearer(await bank.kiosk_token())
    shown = (await bank.http.get(address, headers=kiosk)).json()
    return shown["state"], [reason["code"] for reason in shown["decision"]["staff_reasons"]]


@pytest.mark.parametrize("magic", Magic)
async def test_a_magic_specimen_leads_where_it_says(seeing: Bank, magic: Magic) -> None:
    state, reasons = await examined(seeing, magic, seed=1)
    assert (state, set(reasons) - CONSEQUENCES) == (
        STATES.get(KINDS[magic].leads, KINDS[magic].leads.value),
        {magic.value} - {Magic.ACCEPT},
    )


@pytest.mark.parametrize("seed", range(3))
async def test_another_seed_is_another_person_who_is_accepted(seeing: Bank, seed: int) -> None:
    assert await examined(seeing, Magic.ACCEPT, seed) == ("accepted", [])
