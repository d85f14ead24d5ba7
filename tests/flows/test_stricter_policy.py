"""Does a policy made stricter bind what was presented before, and does one proofing take only so many documents?"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from app.embedded import Database
from app.verification.evidence import Measured
from app.verification.examination import Kind, Side
from tests.flows import staffing
from tests.flows.conftest import PICTURE, Applicant, Bank, open_bank
from tests.flows.test_documents import PASSPORT, presenting
from tests.verification.examinations import EVIDENCE, measured, presented, read
from tests.verification.licence_pages import PAGE

LICENCE = replace(PAGE, valid_from=read("2025-06-01"), valid_to=read("2031-06-01"), name=read(None))
CARDS_ALONE = 'documents = ["resident_card"]\n'


@pytest.fixture
async def choosing(fresh_database: Database, start_bank: Any, folder: Path) -> AsyncIterator[Bank]:
    """A bank with a second policy, that takes resident cards alone."""
    own = folder / "policies"
    own.mkdir()
    text = (resources.files("app.verification") / "policies" / "development-1.toml").read_text(encoding="utf-8")
    begin, end = text.index("documents = ["), text.index("]\n", text.index("documents = [")) + 2
    text = (text[:begin] + CARDS_ALONE + text[end:]).replace('version = "development-1"', 'version = "development-2"')
    (own / "development-2.toml").write_text(text, encoding="utf-8")
    async with open_bank(fresh_database, await start_bank(fresh_database, policies_folder=own)) as opened:
        yield opened


async def examined(bank: Bank, applicant: Applicant) -> dict[str, Any]:
    assert (await applicant.post("/submission")).status_code == 202
    await bank.work()
    return dict((await applicant.get()).json())


@pytest.mark.rule("R42")
async def test_what_the_policy_takes_no_more_is_given_up_and_another_document_asked_for(choosing: Bank) -> None:
    applicant = await presenting(choosing, (PASSPORT,))
    await staffing.agreed(choosing.http, await choosing.officers(), kind="policy.choose", policy="development-2")
    shown = await examined(choosing, applicant)
    assert (shown["state"], shown["needed"]) == ("open", ["resident-card/portrait", "resident-card/emblem"])
    assert [each["code"] for each in shown["decision"]["reasons"]] == ["document_not_accepted"]
    assert choosing.sql("SELECT kind FROM images") == [("face",)]


@pytest.mark.rule("R42")
async def test_of_two_documents_the_one_that_is_still_taken_stays(choosing: Bank) -> None:
    licence = presented(Kind.DRIVING_LICENCE, Side.MAIN, LICENCE)
    applicant = await presenting(choosing, (*measured().pages, licence))
    await staffing.agreed(choosing.http, await choosing.officers(), kind="policy.choose", policy="development-2")
    shown = await examined(choosing, applicant)
    assert (shown["state"], shown["needed"]) == ("open", [])
    assert "driving-licence/main" not in shown["evidence"]
    choosing.eyes.examined = replace(choosing.eyes.examined, measured=Measured(measured().pages, EVIDENCE))
    assert (await examined(choosing, applicant))["state"] == "accepted"


async def test_a_fourth_document_is_refused_and_nothing_of_it_kept(bank: Bank) -> None:
    applicant = await begun(bank, "resident-card/portrait", "passport/data-page", "driving-licence/main")
    answer = await applicant.put("/evidence/visa/data-page", content=PICTURE, headers={"accept-language": "zh"})
    assert (answer.status_code, answer.json()["code"], answer.json()["most"]) == (422, "too_many_documents", 3)
    assert answer.json()["detail"] == "一次办理最多接受 3 种证件。"
    assert bank.sql("SELECT count(*) FROM images") == [(3,)]
    assert (await applicant.put("/evidence/resident-card/emblem", content=PICTURE)).status_code == 201


async def test_of_two_documents_that_race_for_the_last_place_one_is_refused(bank: Bank, twin: Bank) -> None:
    applicant = await begun(bank, "resident-card/portrait", "passport/data-page")
    racer = Applicant(twin, applicant.id, applicant.token)
    answers = await asyncio.gather(
        applicant.put("/evidence/visa/data-page", content=PICTURE),
        racer.put("/evidence/driving-licence/main", content=PICTURE),
    )
    assert sorted(each.status_code for each in answers) == [201, 422]
    assert bank.sql("SELECT count(*) FROM images") == [(3,)]


async def begun(bank: Bank, *pages: str) -> Applicant:
    applicant = await bank.applicant()
    await applicant.answer("identity_verification")
    for page in pages:
        assert (await applicant.put(f"/evidence/{page}", content=PICTURE)).status_code == 201
    return applicant
