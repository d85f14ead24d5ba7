"""Does the worker decide by the policy two officers chose, and by no other environment's?"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from importlib import resources
from pathlib import Path

import httpx
import pytest
from asgi_lifespan import LifespanManager

from app.building import policies_of
from app.core.environment import Environment
from app.main import create_app
from app.services.policies import UnknownPolicy
from app.settings import Settings
from app.verification.policy import PolicyBroken
from tests.flows import staffing
from tests.flows.conftest import ISSUER, PICTURE, Bank, inner_of

BUILT_IN = (resources.files("app.verification") / "policies" / "development-1.toml").read_text(encoding="utf-8")


@pytest.fixture
async def choosing(bank: Bank, folder: Path) -> AsyncIterator[Bank]:
    """An API and a worker whose bank brought a second policy of its own."""
    own = folder / "policies"
    own.mkdir()
    text = BUILT_IN.replace('version = "development-1"', 'version = "development-2"')
    text = text.replace("accepts_seen_images = true", "accepts_seen_images = false")
    (own / "development-2.toml").write_text(text, encoding="utf-8")
    settings = bank.ground.settings.model_copy(update={"policies_folder": own})
    application = create_app(settings, clock=bank.clock, vision=bank.eyes)
    async with (
        LifespanManager(application, startup_timeout=30),
        httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ISSUER) as http,
    ):
        yield replace(bank, http=http, ground=inner_of(application).state.ground)


async def decided_by(bank: Bank) -> object:
    """The policy the worker decides a new proofing by."""
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    assert (await applicant.post("/submission")).status_code == 202
    await bank.work()
    return bank.events("proofing.decide")[-1]["detail"]["policy"]


async def test_the_chosen_policy_decides_from_the_approval_on(choosing: Bank) -> None:
    officers = await choosing.officers()
    assert await decided_by(choosing) == "development-1"
    wish = await staffing.propose(choosing.http, officers[0], kind="policy.choose", policy="development-2")
    assert await decided_by(choosing) == "development-1"
    await staffing.approve(choosing.http, officers[1], wish)
    assert await decided_by(choosing) == "development-2"


async def test_a_policy_may_refer_a_picture_that_was_sent_for_somebody_else(choosing: Bank) -> None:
    await staffing.agreed(choosing.http, await choosing.officers(), kind="policy.choose", policy="development-2")
    for _ in ("the first to send it", "somebody else"):
        await decided_by(choosing)
    reasons = [event["detail"]["reasons"] for event in choosing.events("proofing.decide")]
    assert reasons == ["", "image_seen_before"]


async def test_the_last_choice_counts(choosing: Bank) -> None:
    for version in ("development-2", "development-1"):
        await staffing.agreed(choosing.http, await choosing.officers(), kind="policy.choose", policy=version)
        choosing.clock.move(timedelta(seconds=1))
    assert await decided_by(choosing) == "development-1"


@pytest.mark.parametrize("version", ["production-1", "sandbox-1", "development-9", "../development-1"])
async def test_no_policy_of_elsewhere_can_be_proposed(bank: Bank, version: str) -> None:
    headers = await (await bank.officers())[0].present()
    body = {"kind": "policy.choose", "policy": version}
    answer = await bank.http.post("/v1/staff/proposals", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_policy")


async def test_a_chosen_policy_that_is_gone_decides_nothing(choosing: Bank, bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    assert (await applicant.post("/submission")).status_code == 202
    await staffing.agreed(choosing.http, await choosing.officers(), kind="policy.choose", policy="development-2")
    with pytest.raises(KeyError):
        await bank.work()
    assert bank.sql("SELECT state FROM proofings") == [("examining",)]


async def test_where_a_chosen_policy_is_gone_pictures_are_asked_for_later(choosing: Bank, bank: Bank) -> None:
    await staffing.agreed(choosing.http, await choosing.officers(), kind="policy.choose", policy="development-2")
    applicant = await bank.applicant()
    await applicant.answer("identity_verification")
    answer = await applicant.put("/evidence/resident-card/portrait", content=PICTURE)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


def test_production_cannot_choose_a_lax_policy(folder: Path) -> None:
    key = folder / "master.key"
    production = Settings.model_construct(
        environment=Environment.PRODUCTION, policy="", master_key_file=key, policies_folder=None
    )
    policies = policies_of(production)
    for lax in ("development-1", "sandbox-1"):
        with pytest.raises(UnknownPolicy):
            policies.check(lax)
    policies.check("production-1")


def test_a_lax_policy_cannot_be_brought_under_a_production_name(folder: Path) -> None:
    text = BUILT_IN.replace("development", "production")
    (folder / "own.toml").write_text(text.replace("production-1", "production-2"), encoding="utf-8")
    with pytest.raises(PolicyBroken):
        policies_of(Settings(policies_folder=folder))


def test_two_policies_of_one_version_stop_the_start(folder: Path) -> None:
    (folder / "own.toml").write_text(BUILT_IN, encoding="utf-8")
    with pytest.raises(PolicyBroken, match="one version"):
        policies_of(Settings(policies_folder=folder))
