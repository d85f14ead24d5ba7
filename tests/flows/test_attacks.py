"""Does the house stand what an attacker, or bad luck, does to it? Each of these once succeeded."""

import psycopg
import pytest

from app.building import examinations_of
from tests.flows.conftest import Bank

FORGED = (
    "INSERT INTO audit_events (sequence, id, at, action, outcome, actor_kind, factors, detail)"
    " OVERRIDING SYSTEM VALUE VALUES (-1, 'x', now(), 'x', 'x', 'x', '{}', '{}')"
)


async def test_a_proofing_whose_job_failed_to_the_end_goes_to_a_person(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    await applicant.post("/submission")
    bank.sql("UPDATE procrastinate_jobs SET status = 'failed'")
    await examinations_of(bank.ground, bank.eyes).refer_stranded()
    assert (await applicant.get()).json()["state"] == "referred"


@pytest.mark.parametrize("status", ["todo", "doing"])
async def test_a_proofing_whose_job_is_alive_is_left_to_it(bank: Bank, status: str) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    await applicant.post("/submission")
    bank.sql("UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status", status)
    assert await examinations_of(bank.ground, bank.eyes).refer_stranded() == ()


@pytest.mark.rule("R96")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consents SET given = true",
        "DELETE FROM consents",
        "DELETE FROM clients",
        "DELETE FROM persons",
        "DELETE FROM subscribers",
        "DELETE FROM authenticators",
        "UPDATE keys SET retired_at = now()",
        FORGED,
    ],
)
async def test_the_applications_role_rewrites_no_evidence(bank: Bank, statement: str) -> None:
    with (
        psycopg.connect(bank.ground.settings.application_url()) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.encode())
