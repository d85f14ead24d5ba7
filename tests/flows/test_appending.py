"""Does the appending lane go on through lost connections, full batches, torn lines and forged heads, and double nothing?"""

import asyncio
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import BigInteger, literal, select

from app.audit.head import Handed
from app.gateways.witness import WitnessRefused, WitnessUnavailable
from app.gateways.witness.file import FileWitness, witnessed
from app.services.appending import LogBroken
from app.services.standing import LONGEST_UNAPPENDED
from app.storage import audit_log
from app.storage.audit_log import opened
from app.storage.statement import Statement
from tests.flows.conftest import Bank
from tests.flows.logging_audit import Record, record_of

pytestmark = pytest.mark.rule("A121")
ALL_APPENDED = "SELECT 1 WHERE NOT EXISTS (SELECT FROM audit_events e WHERE NOT EXISTS (SELECT FROM audit_leaves l WHERE l.sequence = e.sequence))"
OF_ANOTHER_CLUSTER = "UPDATE audit_events e SET unit = unit + %s WHERE NOT EXISTS (SELECT FROM audit_leaves l WHERE l.sequence = e.sequence)"
OLD_UNITS = 10**12
END_LEADER = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"


@pytest.fixture
async def record(bank: Bank, folder: Path) -> Record:
    return await record_of(bank, folder / "heads.jsonl")


async def eventually(record: Record, statement: str) -> None:
    """Until there is a row."""
    async with asyncio.timeout(30):
        while not record.bank.sql(statement):  # noqa: ASYNC110  another task's doing
            await asyncio.sleep(0.1)


async def test_the_lane_goes_on_after_its_connection_was_lost(record: Record) -> None:
    lane = asyncio.create_task(record.appending.run())
    await record.happens(2)
    await eventually(record, ALL_APPENDED)
    with psycopg.connect(record.url.reveal(), autocommit=True) as same_role:
        assert same_role.execute(END_LEADER.encode()).fetchall() == [(True,)]
    await record.happens(2)
    await eventually(record, ALL_APPENDED)
    assert not lane.done()
    lane.cancel()


async def test_more_than_a_batch_may_hold_is_appended_in_several(record: Record) -> None:
    record.appending.most = 4
    before = record.batches
    await record.happens(9)
    for _ in range(3):
        await record.append()
    await record.hand_over()
    assert record.batches == before + 3
    assert record.bank.sql(ALL_APPENDED)
    assert await record.found() == []


async def test_more_than_a_batch_that_waited_while_the_database_was_restored_elsewhere_is_appended(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the log had grown in a cluster that had done a million million units of work."""
    with monkeypatch.context() as old:
        far = select(
            literal(OLD_UNITS, BigInteger).label("horizon"), literal(OLD_UNITS + 1, BigInteger).label("ceiling")
        )
        old.setattr(audit_log, "SPAN", Statement(far))
        await record.batch(1)
    await record.happens(9)
    record.bank.sql(OF_ANOTHER_CLUSTER, OLD_UNITS + 1)
    record.appending.most = 4
    await record.happens(6)
    for _ in range(5):
        await record.append()
    await record.hand_over()
    assert record.bank.sql(ALL_APPENDED)
    assert await record.found() == []


class Dying:
    """Takes a head, and is killed before that is noted."""

    name = "file"

    def __init__(self, inner: FileWitness) -> None:
        self._inner = inner

    async def take(self, handed: Handed) -> None:
        await self._inner.take(handed)
        raise WitnessUnavailable("killed")


async def test_a_head_taken_twice_is_written_once(record: Record) -> None:
    await record.happens()
    number = await record.append()
    async with opened(record.url) as log:
        with pytest.raises(WitnessUnavailable):
            await record.appending.hand_over(log, Dying(FileWitness(record.file)))
    assert await record.hand_over() == 1
    assert [each.head.number for each in witnessed(record.file)] == list(range(1, number + 1))


async def test_a_torn_last_line_is_taken_off_and_the_log_goes_on(record: Record) -> None:
    with record.file.open("ab") as file:
        file.write(b'{"head": {"log"')
    await record.batch(1)
    assert [each.head.number for each in witnessed(record.file)] == list(range(1, record.batches + 1))


async def test_nothing_is_built_on_a_head_that_is_not_ours(record: Record) -> None:
    record.tamper("UPDATE audit_heads SET signature = '\\x00'")
    await record.happens()
    with pytest.raises(LogBroken):
        await record.append()


async def test_the_witness_takes_nothing_that_continues_another_past(record: Record) -> None:
    record.tamper("DELETE FROM audit_leaves", "DELETE FROM audit_heads", "DELETE FROM audit_witnessed")
    await record.append()
    with pytest.raises(WitnessRefused):
        await record.hand_over()


@pytest.mark.parametrize("statement", ["INSERT INTO audit_events (unit, id, at, action, outcome, actor_kind, factors, detail) VALUES (1, 'x', now(), 'a', 'allowed', 'system', '{}', '{}')"])  # fmt: skip
def test_the_application_cannot_choose_the_unit_of_work_of_an_event(bank: Bank, statement: str) -> None:
    with psycopg.connect(bank.ground.settings.application_url()) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())


async def told(record: Record) -> tuple[int, bool]:
    """Readiness, and what it says of the log."""
    answer = await record.bank.http.get("/readyz")
    return answer.status_code, answer.json()["checks"]["audit_log"]


async def test_a_log_that_takes_nothing_is_seen_and_the_api_stays_ready(record: Record) -> None:
    await record.happens()
    assert await told(record) == (200, True)
    record.bank.clock.move(LONGEST_UNAPPENDED + timedelta(seconds=1))
    assert await told(record) == (200, False)
    assert "hufu_audit_unappended_seconds 61.0" in (await record.bank.http.get("/metrics")).text
    await record.append()
    assert await told(record) == (200, True)


async def test_it_is_seen_where_the_database_was_restored_and_numbers_its_units_anew(record: Record) -> None:
    record.bank.sql("UPDATE audit_heads SET horizon = 4611686018427387904")
    await record.happens()
    record.bank.clock.move(LONGEST_UNAPPENDED + timedelta(seconds=1))
    assert await told(record) == (200, False)


async def test_a_database_that_was_not_migrated_lets_nobody_in_and_is_looked_at_again(record: Record) -> None:
    record.bank.sql("ALTER FUNCTION oldest_unappended RENAME TO elsewhere")
    assert (await told(record))[0] == 503
    record.bank.sql("ALTER FUNCTION elsewhere RENAME TO oldest_unappended")
    assert (await told(record))[0] == 200
