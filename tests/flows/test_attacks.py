"""Does the house stand what an attacker, or bad luck, does to it? Each of these once succeeded."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from starlette.requests import Request
from starlette.types import Message

from app.building import examinations_of
from app.core.refusal import Unavailable
from app.routers.bodies import octets_of
from app.routers.refusals import Malformed
from app.services.places import Places
from tests.flows.conftest import PICTURE, Bank

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


class Unread:
    """A body that notes whether anybody asked for it."""

    def __init__(self) -> None:
        self.asked = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.asked = True
        yield PICTURE


@pytest.mark.parametrize("path", ["/face", "/evidence/resident-card/portrait"])
async def test_a_strangers_picture_is_not_even_read(bank: Bank, path: str) -> None:
    applicant, body = await bank.applicant(), Unread()
    applicant.token = "hat_guessed"
    assert (await applicant.put(path, content=body)).status_code == 404
    assert not body.asked


async def test_a_picture_before_its_consent_is_not_even_read(bank: Bank) -> None:
    applicant, body = await bank.applicant(), Unread()
    assert (await applicant.put("/face", content=body)).status_code == 403
    assert not body.asked


def test_one_key_holds_one_place_and_all_keys_together_no_more_than_there_are() -> None:
    places = Places(most=2)
    with places.taken("a"), places.taken("b"):
        for key in ("a", "c"):
            with pytest.raises(Unavailable), places.taken(key):
                pass
    with places.taken("a"), places.taken("c"):
        pass


async def test_no_header_decides_where_a_caller_is_sent(bank: Bank) -> None:
    answer = await bank.http.get("/v1/notices/", headers={"host": "evil.example"})
    assert (answer.status_code, answer.headers.get("location")) == (404, None)


async def test_a_caller_who_goes_in_the_middle_of_a_body_is_no_error_of_ours() -> None:
    async def cut_short() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "POST", "path": "/oauth2/token", "headers": []}
    with pytest.raises(Malformed):
        await octets_of(Request(scope, cut_short), limit=9)
