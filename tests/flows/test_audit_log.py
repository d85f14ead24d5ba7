"""Is every event appended once, by one worker, whenever it commits; and does every head reach the witness?"""

import asyncio
import stat

import psycopg
import pytest

from app.audit.head import Handed
from app.gateways.witness import WitnessUnavailable
from app.gateways.witness.file import witnessed
from app.services.appending import LogBroken
from app.storage.audit_log import NotLeading, leading
from tests.flows.appended import House
from tests.flows.conftest import Bank

pytestmark = pytest.mark.rule("A121")
LATE = "INSERT INTO audit_events (id, at, action, outcome, actor_kind, factors, detail) VALUES ('evt_late', now(), 'test.late', 'allowed', 'system', '{}', '{}')"


@pytest.fixture
async def house(bank: Bank) -> House:
    return await House.of(bank)


async def test_what_happened_is_appended_once_and_an_honest_log_has_no_findings(house: House) -> None:
    await house.batches(3, 1, 5)
    assert await house.beat() is None
    events = house.bank.sql("SELECT sequence FROM audit_events ORDER BY 1")
    assert house.bank.sql("SELECT sequence FROM audit_leaves ORDER BY 1") == events
    assert await house.findings() == []


async def test_a_unit_of_work_that_commits_late_is_in_a_later_batch(house: House) -> None:
    with psycopg.connect(house.bank.ground.settings.application_url()) as slow:
        slow.execute(LATE.encode())
        await house.batches(3, 3)
        slow.commit()
    await house.batches(1)
    (late,) = house.bank.sql("SELECT sequence FROM audit_events WHERE id = 'evt_late'")
    assert late[0] < house.heads[0].head.last
    assert late[0] in house.sequences(3)
    assert await house.findings() == []


async def test_more_than_a_batch_may_hold_is_appended_in_several(house: House) -> None:
    house.appending.most = 4
    await house.record(9)
    while await house.beat() is not None:
        pass
    assert max(len(house.sequences(n + 1)) for n in range(len(house.heads))) == 4
    assert house.bank.sql("SELECT count(*) FROM audit_leaves") == house.bank.sql("SELECT count(*) FROM audit_events")
    assert await house.findings() == []


async def test_two_workers_never_append_at_once(house: House) -> None:
    async with leading(house.url):
        with pytest.raises(NotLeading):
            async with leading(house.url):
                pass
    await house.batches(1)


async def test_a_head_not_handed_over_is_handed_over_later(house: House) -> None:
    await house.batches(2)
    for _ in range(3):
        await house.record(2)
        await house.beat(witness=False)
    again = await House.of(house.bank)
    await again.beat()
    assert [each.head for each in witnessed(house.file)] == [each.head for each in house.heads]


class Forgetful:
    """Takes a head, and dies before that can be noted."""

    name = "file"

    def __init__(self, inner: object) -> None:
        self.inner = inner

    async def take(self, handed: Handed) -> None:
        await self.inner.take(handed)  # type: ignore[attr-defined]
        raise WitnessUnavailable("killed")


async def test_a_head_taken_twice_is_written_once(house: House) -> None:
    from app.gateways.witness.file import FileWitness

    await house.record()
    await house.beat(witness=False)
    async with leading(house.url) as log:
        with pytest.raises(WitnessUnavailable):
            await house.appending.hand_over(log, Forgetful(FileWitness(house.file)))
        assert await house.appending.hand_over(log, FileWitness(house.file)) == 1
    assert len(list(witnessed(house.file))) == 1


async def test_nothing_is_built_on_a_head_that_is_not_ours(house: House) -> None:
    await house.batches(2)
    house.bank.sql("UPDATE audit_heads SET signature = '\\x00'")
    await house.record(1)
    with pytest.raises(LogBroken):
        await house.beat()


async def eventually(house: House, statement: str) -> None:
    """Until there is a row."""
    async with asyncio.timeout(30):
        while not house.bank.sql(statement):  # noqa: ASYNC110  another task's doing
            await asyncio.sleep(0.1)


ALL = "SELECT 1 WHERE NOT EXISTS (SELECT FROM audit_events e WHERE NOT EXISTS (SELECT FROM audit_leaves l WHERE l.sequence = e.sequence))"
LEADER = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"


async def test_the_worker_goes_on_after_its_connection_was_lost(house: House) -> None:
    lane = asyncio.create_task(house.appending.run())
    await house.record()
    await eventually(house, ALL)
    with psycopg.connect(house.url.reveal(), autocommit=True) as same_role:
        assert same_role.execute(LEADER.encode()).fetchall() == [(True,)]
    await house.record()
    await eventually(house, ALL)
    assert not lane.done()
    lane.cancel()


async def test_the_witness_file_is_for_its_owner_alone(house: House) -> None:
    await house.batches(1)
    assert stat.S_IMODE(house.file.stat().st_mode) == 0o600


async def test_a_torn_last_line_is_taken_off_and_the_log_goes_on(house: House) -> None:
    await house.batches(1)
    with house.file.open("ab") as file:
        file.write(b'{"head": {"log"')
    await house.batches(1)
    assert [each.head.number for each in witnessed(house.file)] == [1, 2]


@pytest.mark.rule("A120")
@pytest.mark.parametrize("role", ["application", "appender", "auditor"])
@pytest.mark.parametrize("table", ["audit_events", "audit_leaves", "audit_heads", "audit_witnessed"])
async def test_no_role_changes_or_deletes_anything_of_the_log(house: House, role: str, table: str) -> None:
    await house.batches(1)
    settings = house.bank.ground.settings
    auditor = settings.auditor_url()
    assert auditor is not None
    urls = {"application": settings.application_url(), "appender": settings.appender_url(), "auditor": auditor.reveal()}
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}", f"UPDATE {table} SET {'id' if table == 'audit_events' else 'number' if table != 'audit_leaves' else 'event'} = NULL"):  # noqa: S608  # fmt: skip
        with psycopg.connect(urls[role]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("application", "SELECT 1 FROM audit_leaves"), ("application", "INSERT INTO audit_witnessed VALUES ('x', 1, now())"),
        ("application", LATE.replace("(id,", "(unit, id,").replace("VALUES (", "VALUES (1, ")),
        ("appender", "SELECT 1 FROM keys"), ("appender", "SELECT 1 FROM subscribers"), ("appender", LATE),
        ("auditor", "INSERT INTO audit_witnessed VALUES ('x', 1, now())"),
    ],
)  # fmt: skip
async def test_each_role_of_the_log_has_one_duty(house: House, role: str, statement: str) -> None:
    settings = house.bank.ground.settings
    auditor = settings.auditor_url()
    assert auditor is not None
    urls = {"application": settings.application_url(), "appender": settings.appender_url(), "auditor": auditor.reveal()}
    with psycopg.connect(urls[role]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())
