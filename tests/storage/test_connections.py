"""Does nobody wait long, whatever the database does, and do log-ins get what pictures leave them? (A123, A126)"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import pytest

from app.core.refusal import Unavailable
from app.core.share import SHARE, Share
from app.embedded import Database as Cluster
from app.embedded import EmbeddedPostgres
from app.storage.connections import RESERVED, WAITING_EACH
from app.storage.jobs import make_queue
from app.storage.work import Database, Work
from tests.flows.conftest import START
from tests.flows.test_health import out_of_reach
from tests.storage.test_work import somebody

pytestmark = pytest.mark.rule("A123", "A126")


@asynccontextmanager
async def opened(cluster: Cluster, *, connections: int = 2, **more: object) -> AsyncIterator[Database]:
    url = cluster.app_url.reveal()
    made = Database(url, make_queue(url), connections=connections, **({"acquire_seconds": 5.0} | more))  # type: ignore[arg-type]
    await made.open()
    yield made
    await made.close()


async def backend_of(work: Work) -> int:
    cursor = await work.connection.execute("SELECT pg_backend_pid()")
    row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110  the test's own time limit ends it
        await asyncio.sleep(0.01)


async def held(database: Database, count: int, stack: AsyncExitStack) -> None:
    for _ in range(count):
        await stack.enter_async_context(database.work())


async def test_a_unit_whose_database_stops_answering_is_given_up(fresh_database: Cluster) -> None:
    stopped = []

    async def hang(database: Database) -> None:
        async with database.work() as work:
            stopped.append(await backend_of(work))
            os.kill(stopped[0], signal.SIGSTOP)
            await work.persons.add(somebody("per_1"), START)

    async with opened(fresh_database, longest=timedelta(seconds=0.5)) as database:
        try:
            with pytest.raises(Unavailable):
                await hang(database)
        finally:
            os.kill(stopped[0], signal.SIGCONT)
        async with database.work() as work:
            assert await backend_of(work) != stopped[0]


async def test_once_it_is_known_to_be_down_nobody_waits_for_it(
    postgres: EmbeddedPostgres, fresh_database: Cluster
) -> None:
    async with opened(fresh_database, acquire_seconds=60.0) as database:
        assert await database.answers()
        with out_of_reach(postgres, fresh_database):
            assert not await database.answers()
            await until(lambda: database._connections._is_down)
            asked = database._connections._pool.get_stats()["requests_num"]
            for _ in range(20):  # with sixty seconds of patience each, the test would not end if one of them queued
                with pytest.raises(Unavailable):
                    await held(database, 1, AsyncExitStack())
            assert database._connections._pool.get_stats()["requests_num"] == asked
        await until(lambda: not database._connections._is_down)
        async with database.work() as work:
            await work.persons.add(somebody("per_1"), START)


async def test_the_queue_before_the_database_is_bounded(fresh_database: Cluster) -> None:
    async def one() -> None:
        async with database.work():
            pass

    async with opened(fresh_database) as database, AsyncExitStack() as holding:
        await held(database, 2, holding)
        waiting = [asyncio.create_task(one()) for _ in range(2 * WAITING_EACH)]
        await until(lambda: database.load().waiting == 2 * WAITING_EACH)
        with pytest.raises(Unavailable):
            await one()
        assert not any(task.done() for task in waiting)
        await holding.aclose()
        await asyncio.gather(*waiting)


async def test_what_can_wait_leaves_connections_to_log_ins(fresh_database: Cluster) -> None:
    lesser = int(10 * (1 - RESERVED))
    async with opened(fresh_database, connections=10, acquire_seconds=0.3) as database, AsyncExitStack() as holding:
        token = SHARE.set(Share.LESSER)
        await held(database, lesser, holding)
        with pytest.raises(Unavailable):
            await held(database, 1, holding)
        SHARE.reset(token)
        async with database.work() as work:
            await work.persons.add(somebody("per_1"), START)


async def test_what_waits_for_the_lesser_share_is_bounded_too(fresh_database: Cluster) -> None:
    async def one() -> None:
        async with database.work():
            pass

    async with opened(fresh_database) as database, AsyncExitStack() as holding:
        SHARE.set(Share.LESSER)
        await held(database, 1, holding)
        waiting = [asyncio.create_task(one()) for _ in range(2 * WAITING_EACH)]
        await until(lambda: database.load().waiting == 2 * WAITING_EACH)
        with pytest.raises(Unavailable):
            await one()
        await holding.aclose()
        await asyncio.gather(*waiting)
        SHARE.set(Share.FULL)
