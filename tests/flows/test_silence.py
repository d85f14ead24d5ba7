"""When something is gone, is nobody let in, nothing lost, and is it said? The database, its disk, its answer. (A123)"""

import os
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.secret import Secret
from app.embedded import Database, EmbeddedPostgres
from app.services.callers import ApplicantCaller, Origin
from tests.flows.conftest import PASSWORD, Bank, bearer, open_bank
from tests.flows.test_health import out_of_reach, until_ready
from tests.flows.test_progress import following

pytestmark = pytest.mark.rule("A123")
GRANT = "client_credentials"
SOMEBODY = bearer("somebody")
Asked = tuple[str, str, dict[str, Any]]
WITH_A_DATABASE: list[Asked] = [
    ("POST", "/v1/staff/sign-ins", {"json": {"login_name": "anna"}}),
    ("POST", "/v1/staff/enrolment", {"json": {"enrolment_code": "somebody", "password": "Seidenstrasse-Kompass-88"}}),
    ("GET", "/v1/reviews", {"headers": SOMEBODY}),
    ("GET", "/v1/staff/proposals", {"headers": SOMEBODY}),
    ("GET", "/v1/audit/events", {"headers": SOMEBODY}),
    ("POST", "/v1/logins/lgn_somebody/password", {"json": {"password": PASSWORD}}),
    ("POST", "/v1/logins/lgn_somebody/totp", {"json": {"code": "123456"}}),
    ("POST", "/v1/logins/lgn_somebody/completion", {}),
    ("GET", "/v1/proofings/prf_somebody", {"headers": bearer("hat_somebody")}),
    ("GET", "/v1/proofings/prf_somebody/events", {"headers": bearer("hat_somebody")}),
    ("PUT", "/v1/proofings/prf_somebody/face", {"headers": bearer("hat_somebody"), "content": b"picture"}),
    ("POST", "/v1/proofings/prf_somebody/submission", {"headers": bearer("hat_somebody")}),
    ("POST", "/oauth2/revoke", {"data": {"token": "somebody", "client_id": "cli_somebody"}}),
    ("GET", "/sandbox/messages.json", {}),
]
WITHOUT = ["/doors", "/v1/notices", "/problems/unavailable", "/oauth2/jwks", "/livez", "/metrics"]


def told_to_come_later(answers: list[httpx.Response]) -> set[tuple[int, str, str]]:
    return {(a.status_code, a.json()["code"], a.headers.get("retry-after", "")) for a in answers}


async def test_every_kind_of_route_that_needs_the_database_says_later(
    bank: Bank, postgres: EmbeddedPostgres, fresh_database: Database
) -> None:
    with out_of_reach(postgres, fresh_database):
        answers = [await bank.http.request(method, path, **more) for method, path, more in WITH_A_DATABASE]
        others = [(await bank.http.get(path)).status_code for path in WITHOUT]
    assert told_to_come_later(answers) == {(503, "unavailable", "5")}
    assert others == [200] * len(WITHOUT)


async def test_who_brings_a_good_token_is_not_let_in_on_its_signature_alone(
    bank: Bank, postgres: EmbeddedPostgres, fresh_database: Database
) -> None:
    tokens = await (await bank.enrolled()).signed_in()
    with out_of_reach(postgres, fresh_database):
        answer = await bank.http.get("/v1/me", headers=bearer(tokens["access_token"]))
        renewed = await bank.refresh(tokens["refresh_token"])
    assert told_to_come_later([answer, renewed]) == {(503, "unavailable", "5")}
    await until_ready(bank)
    assert (await bank.refresh(tokens["refresh_token"])).status_code == 200


async def test_who_follows_a_proofing_is_kept_and_told_when_it_is_back(
    bank: Bank, postgres: EmbeddedPostgres, fresh_database: Database
) -> None:
    applicant, progress = await bank.applicant(), following(bank, most=1)
    begun = await progress.begin(ApplicantCaller(Secret(applicant.token), Origin(None)), applicant.id, after=0)
    assert begun is not None
    async with aclosing(progress.states(begun)) as stream:
        assert await anext(stream)
        with out_of_reach(postgres, fresh_database):
            assert [await anext(stream) for _ in range(3)] == [None, None, None]
        await until_ready(bank)
        assert (await applicant.call("DELETE")).status_code == 200
        told = await anext(each async for each in stream if each is not None)
    assert told.state == "withdrawn"


@contextmanager
def no_room(bank: Bank) -> Iterator[None]:
    """A database whose disk is full, as far as anybody can tell who writes to it: synthetic, by a trigger of its owner."""
    bank.sql("CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE SQLSTATE '53100'; END $$")
    tables = [row[0] for row in bank.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    for table in tables:
        bank.sql(f"CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {table} EXECUTE FUNCTION no_room()")
    yield
    bank.sql("DROP FUNCTION no_room CASCADE")


async def test_where_nothing_can_be_recorded_nothing_is_granted(bank: Bank) -> None:
    core, token = bank.clients["core"], await bank.kiosk_token()
    subscriber = await bank.enrolled()
    login = await bank.begin()
    await login.password(PASSWORD)
    with no_room(bank):
        answers = [
            await bank.http.post("/oauth2/token", data={"grant_type": "client_credentials"}, auth=core.basic),
            await bank.http.post("/oauth2/introspect", data={"token": token}, auth=core.basic),
            await bank.http.post("/v1/proofings", json={}, headers=bearer(token)),
            await login.totp(subscriber.code()),
        ]
    assert told_to_come_later(answers) == {(503, "unavailable", "5")}
    assert (await login.totp(subscriber.code())).status_code == 200


@contextmanager
def small_disk(postgres: EmbeddedPostgres, database: Database, folder: Path) -> Iterator[Path]:
    """The database moved onto a disk of its own, of 48 MB; needs the right to mount one."""
    owner = Path(f"/proc/{postgres.pid}").stat()
    disk = folder / "disk"
    disk.mkdir()
    options = f"size=48m,uid={owner.st_uid},gid={owner.st_gid},mode=0700"
    if subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], check=False, capture_output=True
    ).returncode:
        pytest.skip("no disk of its own may be mounted here")
    with postgres._connect("postgres") as as_owner:
        as_owner.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
        as_owner.execute(f"ALTER DATABASE {database.name} SET TABLESPACE small")
        try:
            yield disk
        finally:
            as_owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database.name]
            )
            as_owner.execute(f"ALTER DATABASE {database.name} SET TABLESPACE pg_default")
            as_owner.execute("DROP TABLESPACE small")
            subprocess.run(["/bin/umount", "--lazy", disk], check=True)


async def until_refused(ask: Callable[[], Awaitable[httpx.Response]]) -> tuple[list[Any], httpx.Response]:
    """Asked as long as there is room: what was acknowledged, and the first no."""
    acknowledged = []
    while (answer := await ask()).is_success:
        acknowledged.append(answer.json())
    return acknowledged, answer


def fill(disk: Path) -> None:
    """No room is left there."""
    with (disk / "filling").open("wb") as filling:
        os.posix_fallocate(filling.fileno(), 0, os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize)


async def test_a_full_disk_loses_nothing_that_was_acknowledged_and_lets_nobody_in(
    postgres: EmbeddedPostgres, fresh_database: Database, folder: Path, start_bank: Callable[..., Any]
) -> None:
    with small_disk(postgres, fresh_database, folder) as disk:
        async with open_bank(fresh_database, await start_bank(fresh_database)) as bank:
            token, basic, grant = await bank.kiosk_token(), bank.clients["core"].basic, {"grant_type": GRANT}
            fill(disk)
            opened, refused = await until_refused(
                lambda: bank.http.post("/v1/proofings", json={}, headers=bearer(token))
            )
            granted, denied = await until_refused(lambda: bank.http.post("/oauth2/token", data=grant, auth=basic))
            assert told_to_come_later([refused, denied]) == {(503, "unavailable", "5")}
            (disk / "filling").unlink()
            assert (await bank.http.post("/oauth2/token", data=grant, auth=basic)).status_code == 200
            assert {row[0] for row in bank.sql("SELECT id FROM proofings")} == {each["id"] for each in opened}
            assert len(bank.events(f"token.{GRANT}")) == len(granted) + 2
