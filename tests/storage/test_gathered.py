"""Is what is asked together the same as what is asked alone, and durable when it is answered?"""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from app.core.audit import Actor, ActorKind, Event, Outcome
from app.core.ids import EventId
from app.embedded import Database as Cluster
from app.storage.jobs import make_queue
from app.storage.work import Database
from tests.flows.conftest import START


@pytest.fixture
async def database(fresh_database: Cluster) -> AsyncIterator[Database]:
    url = fresh_database.app_url.reveal()
    made = Database(url, make_queue(url), connections=2)
    await made.open()
    yield made
    await made.close()


def event(action: str, **detail: str | int | None) -> Event:
    actor = Actor(ActorKind.CLIENT, "cli_1", "cli_1", "192.0.2.7", ("pwd", "otp"))
    return Event(action, Outcome.ALLOWED, actor, START, subject="per_1", reason="why", detail=detail)


def stored(cluster: Cluster, columns: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.owner_url.reveal()) as connection:
        return connection.execute(f"SELECT {columns} FROM audit_events ORDER BY sequence".encode()).fetchall()  # noqa: S608


COLUMNS = "at, action, outcome, actor_kind, actor_id, client_id, network, factors, subject, object_id, reason, detail"


async def test_an_event_recorded_alone_is_the_event_of_a_unit_of_work(
    database: Database, fresh_database: Cluster
) -> None:
    told = event("same", text='中文 "quoted"', number=7, nothing=None)
    async with database.work() as work:
        await work.audit.record(told, EventId("evt_1"))
    await database.gathered.record(told, EventId("evt_2"))
    first, second = stored(fresh_database, COLUMNS)
    assert first == second


async def test_a_hundred_at_once_are_a_hundred_events(database: Database, fresh_database: Cluster) -> None:
    await asyncio.gather(*(database.gathered.record(event("many"), EventId(f"evt_{n}")) for n in range(100)))
    assert {row[0] for row in stored(fresh_database, "id")} == {f"evt_{n}" for n in range(100)}


async def test_an_event_that_cannot_be_kept_fails_alone(database: Database, fresh_database: Cluster) -> None:
    told = [event("good"), event("bad", text="\0"), event("good")]
    recorded = (database.gathered.record(each, EventId(f"evt_{n}")) for n, each in enumerate(told))
    failed = await asyncio.gather(*recorded, return_exceptions=True)
    assert [each is None for each in failed] == [True, False, True]
    assert [row[0] for row in stored(fresh_database, "id")] == ["evt_0", "evt_2"]
