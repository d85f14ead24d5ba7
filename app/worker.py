"""What works in the background? Queued examinations and the outbox, through the same services as the API."""

import asyncio
from datetime import timedelta

import structlog
from procrastinate import JobContext, RetryStrategy

from app import log
from app.building import Ground, deliveries_of, examinations_of, ground
from app.gateways.vision.pooled import pooled_vision
from app.services.deliveries import Deliveries
from app.services.examinations import Examinations
from app.settings import Settings
from app.storage.jobs import DELIVER, EXAMINE

TRIES = 3
RETRY_WAIT_SECONDS = 5
STALLED_AFTER = timedelta(seconds=30)
LOG = structlog.get_logger("worker")


def main() -> None:
    """Run one worker until it is told to stop."""
    settings = Settings()
    log.configure(settings.log_level)
    asyncio.run(run(settings))


async def run(settings: Settings) -> None:
    """Claim and do jobs: examinations one at a time for each examiner process, messages besides."""
    base = await ground(settings)
    vision = pooled_vision(intake_processes=0, examiner_processes=settings.examiner_processes)
    try:
        await vision.start()
        register(base, examinations_of(base, vision), deliveries_of(base))
        async with base.queue.open_async():
            LOG.info("ready")
            await base.queue.run_worker_async(
                concurrency=settings.examiner_processes + 1,
                install_signal_handlers=True,
                update_heartbeat_interval=5,
                stalled_worker_timeout=15,
                delete_jobs="successful",
                listen_notify=True,
                fetch_job_polling_interval=5.0,
            )
    finally:
        await vision.stop()
        await base.database.close()


def register(base: Ground, examinations: Examinations, deliveries: Deliveries) -> None:
    """The tasks by name; a job says no more than which row it is about."""
    queue = base.queue

    @queue.task(
        name=EXAMINE, queue=EXAMINE, pass_context=True, retry=RetryStrategy(max_attempts=TRIES, wait=RETRY_WAIT_SECONDS)
    )
    async def examine(context: JobContext, proofing_id: str) -> None:
        await examinations.examine(proofing_id, last_try=context.job.attempts >= TRIES)

    @queue.task(name=DELIVER, queue=DELIVER, retry=RetryStrategy(max_attempts=TRIES, wait=RETRY_WAIT_SECONDS))
    async def deliver(message_id: str) -> None:
        await deliveries.deliver(message_id)

    @queue.periodic(cron="* * * * * */15")
    @queue.task(name="requeue_stalled", queueing_lock="requeue_stalled", pass_context=True)
    async def requeue_stalled(_context: JobContext, timestamp: int) -> None:
        """A killed worker's job would stay `doing` for ever."""
        del timestamp
        for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER.total_seconds()):
            LOG.warning("requeued", job=job.id, task=job.task_name)
            await queue.job_manager.retry_job(job)
