"""Does the house stand what an attacker, or bad luck, does to it? Each of these once succeeded."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from httpx import Response
from starlette.requests import Request
from starlette.types import Message

from app.building import examinations_of, passwords_of
from app.core.refusal import Unavailable
from app.embedded import EmbeddedError
from app.embedded.cluster import passwords
from app.mfa.guessing import NIST
from app.mfa.password_policy import POLICIES
from app.routers.bodies import octets_of
from app.routers.refusals import Malformed
from app.services.authenticators import AuthenticatorBinder
from app.services.places import Places
from tests.flows.conftest import ISSUER, PASSWORD, PHONE, PICTURE, Bank, LogIn, bearer

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


def test_no_owner_holds_the_places_of_all_others() -> None:
    """Three applicants who send their pictures an octet at a time kept out everybody else."""
    places = Places(most=8, of_one=2)
    with places.taken("a front", "a"), places.taken("a back", "a"):
        with pytest.raises(Unavailable), places.taken("a face", "a"):
            pass
        with places.taken("b front", "b"):
            pass
    with places.taken("a face", "a"):
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


async def test_a_password_proven_before_it_was_replaced_opens_nothing_after(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    old, changing = await bank.begin(), await bank.begin()
    for login in (old, changing):
        assert (await login.password(PASSWORD)).status_code == 200
    assert (await changing.totp(subscriber.code())).status_code == 200
    assert (await change(changing)).status_code == 200
    bank.clock.move(timedelta(seconds=60))
    assert (await old.totp(subscriber.code())).json()["code"] == "login_closed"
    assert (await changing.complete()).status_code == 201


async def test_a_code_that_lay_ready_when_the_password_was_replaced_yields_no_token(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    ready, changing = await bank.begin(), await bank.begin()
    for login in (ready, changing):
        await login.password(PASSWORD)
        await login.totp(subscriber.code())
        bank.clock.move(timedelta(seconds=30))
    code = (await ready.complete()).json()["code"]
    assert (await change(changing)).status_code == 200
    assert (await ready.bring(code)).json()["error"] == "invalid_grant"


async def test_ending_all_sessions_ends_the_codes_that_would_become_one(bank: Bank) -> None:
    subscriber = await bank.enrolled()
    mine = (await subscriber.signed_in(resources=[ISSUER]))["access_token"]
    waiting = await bank.begin()
    await waiting.password(PASSWORD)
    await waiting.totp(subscriber.code())
    code = (await waiting.complete()).json()["code"]
    assert (await bank.http.delete("/v1/me/sessions", headers=bearer(mine))).status_code == 200
    assert (await waiting.bring(code)).json()["error"] == "invalid_grant"


async def test_nobodys_password_is_looked_for_as_long_as_somebodys(bank: Bank) -> None:
    await bank.enrolled()
    binder, asked = binder_of(bank), []
    for login_id in ((await bank.begin(PHONE)).id, (await bank.begin("13900139000")).id, "lgn_none"):
        async with bank.ground.database.work() as work:
            counted: Any = Counted(work)
            _, stored = await binder.password_at(counted, login_id)
            await binder.is_present(counted, stored)
        asked.append(counted.asked)
    assert asked == 3 * [["verifiers.of_login", "verifiers.is_present"]]


class Counted:
    """A unit of work that notes what it was asked."""

    def __init__(self, inner: object, name: str = "", asked: list[str] | None = None) -> None:
        self.inner, self.name, self.asked = inner, name, [] if asked is None else asked

    def __getattr__(self, name: str) -> "Counted":
        return Counted(getattr(self.inner, name), f"{self.name}.{name}".removeprefix("."), self.asked)

    def __call__(self, *given: object) -> object:
        self.asked.append(self.name)
        return self.inner(*given)  # type: ignore[operator]


def binder_of(bank: Bank) -> AuthenticatorBinder:
    ground = bank.ground
    passwords = passwords_of(ground.settings, ground.entropy)
    return AuthenticatorBinder(
        ground.journal, ground.vault, passwords, (), POLICIES["nist"], NIST, ground.entropy, issuer_name="Hufu"
    )


async def change(login: LogIn) -> Response:
    """A new password through a log-in with every factor proven."""
    address = f"/v1/logins/{login.id}/new-password"
    return await login.bank.http.put(address, json={"password": "Seerose-Falke-93"})


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_folder_of_secrets_that_others_may_enter_is_refused(tmp_path: Path, mode: int) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets").chmod(mode)
    with pytest.raises(EmbeddedError, match="mode 0700"):
        passwords(tmp_path)
