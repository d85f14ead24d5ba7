"""What becomes of a job whose worker was killed? Another does it, once; what every try died over goes to people."""

import pytest

from app.building import deliveries_of, examinations_of
from app.worker import HEARTBEAT, STALLED_AFTER, TRIES, register
from tests.flows.conftest import Applicant, Bank

LEFT = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL, attempts = %s"
LATE = "UPDATE procrastinate_workers SET last_heartbeat = now() - %s * interval '1 second'"
TAKEN = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM procrastinate_workers)"
JOBS = "SELECT status::text, attempts FROM procrastinate_jobs"


@pytest.fixture
async def submitted(bank: Bank) -> Applicant:
    """An applicant whose examination is queued; the upkeep's tasks are there to be called."""
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    assert (await applicant.post("/submission")).status_code == 202
    ground = bank.ground
    register(ground, examinations_of(ground, bank.eyes), deliveries_of(ground))
    return applicant


async def upkeep(bank: Bank, task: str) -> None:
    """One run of a task that the clock asks for."""
    async with bank.ground.queue.open_async():
        await bank.ground.queue.tasks[task](timestamp=0)


@pytest.mark.usefixtures("submitted")
async def test_what_a_dead_worker_had_begun_waits_for_another(bank: Bank) -> None:
    bank.sql(LEFT, 0)
    await upkeep(bank, "requeue_stalled")
    assert bank.sql(JOBS) == [("todo", 1)]


async def test_what_every_try_died_over_goes_to_people_and_not_round_for_ever(bank: Bank, submitted: Applicant) -> None:
    bank.sql(LEFT, TRIES)
    await upkeep(bank, "requeue_stalled")
    assert bank.sql(JOBS) == [("failed", TRIES + 1)]
    await upkeep(bank, "refer_stranded")
    assert (await submitted.get()).json()["state"] == "referred"


@pytest.mark.usefixtures("submitted")
@pytest.mark.parametrize(("beats", "found"), [(2, "doing"), (4, "todo")])
async def test_a_worker_is_dead_after_three_missed_heartbeats_and_not_before(
    bank: Bank, beats: int, found: str
) -> None:
    assert (HEARTBEAT.total_seconds(), STALLED_AFTER.total_seconds()) == (5, 15)
    bank.sql("INSERT INTO procrastinate_workers DEFAULT VALUES")
    bank.sql(TAKEN)
    bank.sql(LATE, beats * HEARTBEAT.total_seconds())
    await upkeep(bank, "requeue_stalled")
    assert [row[0] for row in bank.sql(JOBS)] == [found]


async def test_upkeep_that_a_dead_worker_had_begun_does_not_stand_in_the_way_of_the_next(bank: Bank) -> None:
    ground = bank.ground
    register(ground, examinations_of(ground, bank.eyes), deliveries_of(ground))
    async with ground.queue.open_async():
        await ground.queue.tasks["refer_stranded"].defer_async(timestamp=0)
        bank.sql(LEFT, 0)
        await ground.queue.tasks["refer_stranded"].defer_async(timestamp=1)
    await upkeep(bank, "requeue_stalled")
    assert bank.sql(JOBS) == [("todo", 0)]
