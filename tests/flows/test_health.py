"""Does the service say when it can work, come back by itself, and let nobody in while it cannot? (A123)"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from httpx import Response
from prometheus_client.parser import text_string_to_metric_families
from psycopg import sql

from app.embedded import Database, EmbeddedPostgres
from tests.flows.conftest import PASSWORD, Bank, bearer

pytestmark = pytest.mark.rule("A123")


@contextmanager
def out_of_reach(postgres: EmbeddedPostgres, database: Database) -> Iterator[None]:
    """The database takes no connection and has dropped those it had, as a failing server does."""
    name = sql.Identifier(database.name)
    with postgres._connect("postgres") as owner:
        owner.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(name))
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database.name])
        yield
        owner.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true").format(name))


async def until_ready(bank: Bank) -> Response:
    """Asks until the answer is yes; the test's own time limit ends it otherwise."""
    answer = await bank.http.get("/readyz")
    if answer.status_code == 200:
        return answer
    await asyncio.sleep(0.1)
    return await until_ready(bank)


async def test_a_living_service_is_ready(bank: Bank) -> None:
    assert (await bank.http.get("/livez")).json() == {"live": True}
    needed = {"database": True, "keys": True, "clock": True}
    assert (await bank.http.get("/readyz")).json()["checks"].items() >= needed.items()


async def test_without_its_database_it_lives_and_is_not_ready(
    bank: Bank, postgres: EmbeddedPostgres, fresh_database: Database
) -> None:
    with out_of_reach(postgres, fresh_database):
        live, ready = await bank.http.get("/livez"), await bank.http.get("/readyz")
    assert (live.status_code, ready.status_code) == (200, 503)
    assert (ready.json()["ready"], ready.json()["checks"]["database"]) == (False, False)


async def test_it_comes_back_by_itself(bank: Bank, postgres: EmbeddedPostgres, fresh_database: Database) -> None:
    subscriber = await bank.enrolled()
    with out_of_reach(postgres, fresh_database):
        assert (await bank.http.get("/readyz")).status_code == 503
    assert (await until_ready(bank)).json()["ready"] is True
    assert await subscriber.signed_in()


async def test_without_its_database_nobody_comes_in_and_all_are_told_to_come_later(
    bank: Bank, postgres: EmbeddedPostgres, fresh_database: Database
) -> None:
    token, core = await bank.kiosk_token(), bank.clients["core"]
    login = await bank.begin()
    with out_of_reach(postgres, fresh_database):
        answers = [
            await bank.http.post("/oauth2/token", data={"grant_type": "client_credentials"}, auth=core.basic),
            await bank.http.post("/oauth2/introspect", data={"token": token}, auth=core.basic),
            await bank.http.post("/v1/proofings", json={}, headers=bearer(token)),
            await login.password(PASSWORD),
        ]
    assert {(a.status_code, a.json()["code"], a.headers["retry-after"]) for a in answers} == {(503, "unavailable", "5")}


async def test_keys_and_discovery_are_served_without_the_database(
    bank: Bank, postgres: EmbeddedPostgres, fresh_database: Database
) -> None:
    with out_of_reach(postgres, fresh_database):
        statuses = [
            (await bank.http.get(path)).status_code for path in ("/oauth2/jwks", "/.well-known/openid-configuration")
        ]
    assert statuses == [200, 200]


async def test_metrics_count_answers_by_route_and_never_by_address(bank: Bank) -> None:
    login = await bank.begin()
    await login.password("wrong")
    text = (await bank.http.get("/metrics")).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    labels = {"method": "POST", "route": "/v1/logins/{login_id}/password", "status": "401"}
    assert [s.value >= 1 for s in samples if s.name == "hufu_http_requests_total" and s.labels == labels] == [True]
    assert login.id not in text


@pytest.mark.parametrize("code", ["wrong_proof", "number_check_wrong", "malformed"])
async def test_a_problems_type_is_an_address_that_explains_it(bank: Bank, code: str) -> None:
    told = (await bank.http.get(f"/problems/{code}", headers={"accept": "application/json"})).json()
    assert told["code"] == code
    assert told["zh-CN"]["title"] != told["en"]["title"]


@pytest.mark.parametrize("code", ["nothing", "Malformed", "<script>"])
async def test_an_unknown_problem_is_not_found(bank: Bank, code: str) -> None:
    answer = await bank.http.get(f"/problems/{code}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "<script>" not in answer.text
