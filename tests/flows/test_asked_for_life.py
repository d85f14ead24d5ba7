"""Where a policy asks for a challenge, is it the face that was seen there which is compared, and no other?"""

from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from app.embedded import Database
from tests.flows.conftest import PICTURE, Applicant, Bank, bearer, open_bank
from tests.flows.filming import challenge, performed, socket
from tests.verification.liveness.acting import Actor

SEED = 2001


@pytest.fixture
async def asking(fresh_database: Database, start_bank: Any, folder: Path) -> AsyncIterator[Bank]:
    """A bank whose policy asks for a challenge."""
    own = folder / "policies"
    own.mkdir()
    text = (resources.files("app.verification") / "policies" / "development-1.toml").read_text(encoding="utf-8")
    text = text.replace('version = "development-1"', 'version = "asking-1"')
    text = text.replace("requires_liveness = false", "requires_liveness = true")
    (own / "asking-1.toml").write_text(text, encoding="utf-8")
    settings = await start_bank(fresh_database, policies_folder=own, policy="asking-1")
    async with open_bank(fresh_database, settings) as opened:
        yield opened


async def seen_at_a_challenge(bank: Bank) -> Applicant:
    """Somebody who has answered both notices, shown the card and done what was asked."""
    applicant = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        assert (await applicant.answer(purpose)).status_code == 201
    for page in ("portrait", "emblem"):
        assert (await applicant.put(f"/evidence/resident-card/{page}", content=PICTURE)).status_code == 201
    async with socket(applicant, await challenge(applicant)) as stage:
        await performed(stage, Actor(SEED))
        assert await stage.last() == {"say": "finished"}
    return applicant


async def reasons(bank: Bank, applicant: Applicant) -> tuple[str, list[str]]:
    """As the bank's client reads them."""
    assert (await applicant.post("/submission")).status_code == 202
    await bank.work()
    answer = await bank.http.get(f"/v1/proofings/{applicant.id}", headers=bearer(await bank.kiosk_token()))
    decision = answer.json()["decision"]
    return decision["outcome"], [each["code"] for each in decision["staff_reasons"]]


@pytest.mark.rule("R77", "R83")
async def test_whoever_was_seen_at_the_challenge_is_decided_by_what_was_seen(asking: Bank) -> None:
    applicant = await seen_at_a_challenge(asking)
    assert await reasons(asking, applicant) == ("accept", [])


@pytest.mark.rule("R77", "R83")
async def test_no_face_is_taken_that_was_not_seen_at_the_challenge(asking: Bank) -> None:
    applicant = await seen_at_a_challenge(asking)
    answer = await applicant.put("/face", content=PICTURE)
    assert (answer.status_code, answer.json()["code"]) == (409, "liveness_needed")
    assert await reasons(asking, applicant) == ("accept", [])
