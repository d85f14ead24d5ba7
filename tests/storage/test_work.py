"""Does a unit of work commit whole or not at all, and say so where the database is away?"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from app.core.ids import MessageId, PersonId, ProofingId
from app.core.refusal import OutcomeUnknown, Unavailable
from app.embedded import Database as Cluster
from app.storage.jobs import make_queue
from app.storage.persons import WrappedPersonKey
from app.storage.work import Database
from tests.flows.conftest import START

CUT = (
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND usename = current_user AND datname = current_database()"
)


@pytest.fixture
async def database(fresh_database: Cluster) -> AsyncIterator[Database]:
    url = fresh_database.app_url.reveal()
    made = Database(url, make_queue(url), connections=2, acquire_seconds=5)
    await made.open()
    yield made
    await made.close()


def rows(cluster: Cluster, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.owner_url.reveal()) as connection:
        return connection.execute(statement.encode()).fetchall()


def somebody(name: str) -> WrappedPersonKey:
    return WrappedPersonKey(PersonId(name), b"wrapped")


async def test_leaving_commits_every_store(database: Database, fresh_database: Cluster) -> None:
    async with database.work() as work:
        await work.persons.add(somebody("per_1"), START)
        await work.jobs.examine(ProofingId("prf_1"))
    assert rows(fresh_database, "SELECT id FROM persons") == [("per_1",)]
    assert rows(fresh_database, "SELECT args FROM procrastinate_jobs") == [({"proofing_id": "prf_1"},)]


async def test_a_rollback_leaves_no_row_and_no_job(database: Database, fresh_database: Cluster) -> None:
    async def fails() -> None:
        async with database.work() as work:
            await work.persons.add(somebody("per_1"), START)
            await work.jobs.examine(ProofingId("prf_1"))
            await work.jobs.deliver(MessageId("msg_1"), "phone")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert rows(fresh_database, "SELECT 1 FROM persons UNION ALL SELECT 1 FROM procrastinate_jobs") == []


async def test_a_cancelled_unit_leaves_nothing(database: Database, fresh_database: Cluster) -> None:
    async def written() -> None:
        async with database.work() as work:
            await work.persons.add(somebody("per_1"), START)
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await written()
    assert rows(fresh_database, "SELECT id FROM persons") == []


async def test_a_part_fails_alone(database: Database, fresh_database: Cluster) -> None:
    async with database.work() as work:
        await work.persons.add(somebody("per_1"), START)
        with pytest.raises(psycopg.errors.UniqueViolation):
            async with work.part():
                await work.persons.add(somebody("per_1"), START)
        await work.persons.add(somebody("per_2"), START)
    assert rows(fresh_database, "SELECT id FROM persons ORDER BY id") == [("per_1",), ("per_2",)]


async def test_when_every_connection_is_taken_the_next_is_told_to_come_later(database: Database) -> None:
    async with database.work(), database.work():
        with pytest.raises(Unavailable) as refused:
            async with database.work():
                pass
    assert refused.value.facts == {"retry_after_seconds": 5}
    assert await database.answers()


async def test_a_database_that_is_away_is_unavailable_and_comes_back_by_itself(
    database: Database, fresh_database: Cluster
) -> None:
    async def add(other: "psycopg.Connection[tuple[object, ...]] | None" = None) -> None:
        async with database.work() as work:
            if other is not None:
                other.execute(CUT)
            await work.persons.add(somebody("per_1"), START)

    with cutter(fresh_database) as other, pytest.raises(Unavailable) as told:
        await add(other)
    assert type(told.value) is Unavailable
    async with asyncio.timeout(10):
        while not await database.answers():  # noqa: ASYNC110  another process's doing is only seen by looking
            await asyncio.sleep(0.1)
    await add()
    assert rows(fresh_database, "SELECT id FROM persons") == [("per_1",)]


@contextmanager
def cutter(cluster: Cluster) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """Somebody beside the pool, who ends all of its connections by `CUT`."""
    with psycopg.connect(cluster.app_url.reveal(), autocommit=True) as other:
        yield other


@pytest.mark.rule("A123")
async def test_connections_that_died_in_the_pool_cost_nobody_an_answer(
    database: Database, fresh_database: Cluster
) -> None:
    async with database.work(), database.work():
        pass
    assert database.load().limit == 2
    with cutter(fresh_database) as other:
        other.execute(CUT)
    for name in ("per_1", "per_2"):
        async with database.work() as work:
            await work.persons.add(somebody(name), START)
    assert await database.answers()
    assert len(rows(fresh_database, "SELECT id FROM persons")) == 2


@pytest.mark.rule("A123")
async def test_a_connection_lost_at_the_commit_leaves_the_outcome_unknown(
    database: Database, fresh_database: Cluster
) -> None:
    async def add(other: "psycopg.Connection[tuple[object, ...]]") -> None:
        async with database.work() as work:
            await work.persons.add(somebody("per_1"), START)
            other.execute(CUT)

    with cutter(fresh_database) as other, pytest.raises(OutcomeUnknown):
        await add(other)


async def test_a_queue_that_lost_the_connection_is_unavailable_like_any_store(
    database: Database, fresh_database: Cluster
) -> None:
    async def queue(other: "psycopg.Connection[tuple[object, ...]]") -> None:
        async with database.work() as work:
            other.execute(CUT)
            await work.jobs.examine(ProofingId("prf_1"))

    with cutter(fresh_database) as other, pytest.raises(Unavailable):
        await queue(other)


@pytest.mark.rule("A123")
async def test_they_cost_nobody_an_answer_who_asks_one_statement_alone(
    database: Database, fresh_database: Cluster
) -> None:
    async with database.work(), database.work():
        pass
    with cutter(fresh_database) as other:
        other.execute(CUT)
    assert [await database.gathered.client("cli_nobody") for _ in range(2)] == [None, None]
