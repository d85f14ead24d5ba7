"""What works in the background? Queued examinations and the outbox, through the same services as the API."""

import asyncio
import signal
import sys
from datetime import timedelta

import structlog
from procrastinate import App as Queue
from procrastinate import JobContext, RetryStrategy
from procrastinate.jobs import Job, Status

from app import log
from app.building import Ground, appending_of, deliveries_of, examinations_of, ground
from app.building.faces import face_choice
from app.building.judged import judged_of
from app.core.refusal import Unavailable
from app.gateways.face_calibration import FaceFileRefused
from app.gateways.precedence import give_way
from app.gateways.vision.own_models.manifest import ManifestRefused
from app.gateways.vision.pooled import pooled_vision
from app.services.deliveries import Deliveries
from app.services.examinations import Examinations
from app.services.purges import Purges
from app.settings import Settings
from app.storage.jobs import DELIVER, EXAMINE, ROADS, UPKEEP

TRIES = 3
TRIES_WHERE_STUCK = 1
"""The same, where an examiner had to be killed for taking too long: one may be stuck for a reason of its own, and pictures
that take so long twice take as long a third time, a minute of an examiner each."""
RETRY_WAIT_SECONDS = 5
HEARTBEAT = timedelta(seconds=5)
STALLED_AFTER = timedelta(seconds=15)
"""Three heartbeats missed: the worker is dead, and what it had begun is another's."""
ERRANDS = 4
MESSAGES = 8
"""Under way at once on each road; a gateway that hangs holds a place for a minute at most."""
LOG = structlog.get_logger("worker")


class Ended(Exception):
    """A lane stopped though nobody asked it to: whoever keeps this process must start it again."""


def main() -> None:
    """Run one worker until it is told to stop; ends with status 1 where it stopped by itself, after a lost database say."""
    settings = Settings()
    log.configure(settings.log_level)
    give_way(5)  # nobody waits for it as long as for an answer
    try:
        asyncio.run(run(settings))
    except (Ended, Unavailable) as reason:
        LOG.error("ended", reason=type(reason).__name__)  # noqa: TRY400  no trace: it is an ordinary day's event
        sys.exit(1)
    except ManifestRefused as refused:
        LOG.error("model_refused", why=str(refused))  # noqa: TRY400  as above
        sys.exit(1)
    except FaceFileRefused as refused:
        LOG.error("face_file_refused", why=str(refused))  # noqa: TRY400  as above
        sys.exit(1)


async def run(settings: Settings) -> None:
    """Claim and do jobs until told to stop."""
    faces = face_choice(settings)
    base = await ground(settings)
    vision = pooled_vision(intake_processes=0, examiner_processes=settings.examiner_processes, faces=faces)
    try:
        await vision.start()
        examinations = examinations_of(base, vision, judged=await judged_of(base, vision))
        register(base, examinations, deliveries_of(base))
        register_purges(base.queue, Purges(base.journal))
        appending = await appending_of(base)
        async with base.keyring.followed(), base.queue.open_async():
            LOG.info("ready")
            working = lanes(base.queue, examiners=settings.examiner_processes)
            keeping = (("appending", appending.run()), ("face search", examinations.search.follow()))
            await _until_told([*working, *(asyncio.create_task(each, name=name) for name, each in keeping)])
    finally:
        await vision.stop()
        await base.database.close()


def lanes(queue: Queue, *, examiners: int) -> list[asyncio.Task[None]]:
    """A lane of its own for what may hold others up: an examination, each kind of gateway, and what repairs the rest."""
    return [
        _lane(queue, [EXAMINE], at_once=examiners),
        *(_lane(queue, [road], at_once=MESSAGES) for road in ROADS.values()),
        _lane(queue, [DELIVER, UPKEEP, "default"], at_once=ERRANDS),
    ]


def _lane(queue: Queue, names: list[str], *, at_once: int) -> asyncio.Task[None]:
    working = queue.run_worker_async(
        queues=names,
        concurrency=at_once,
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT.total_seconds(),
        stalled_worker_timeout=STALLED_AFTER.total_seconds(),
        delete_jobs="successful",
        listen_notify=True,
        fetch_job_polling_interval=5.0,
    )
    return asyncio.create_task(working, name=" ".join(names))


async def _until_told(working: list[asyncio.Task[None]]) -> None:
    """Until SIGTERM or SIGINT; a lane that ends before takes the others along, for half a worker looks like a whole one."""
    told = asyncio.Event()
    for asking in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(asking, told.set)
    waiting = asyncio.create_task(told.wait())
    try:
        await asyncio.wait({*working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (*working, waiting):
            task.cancel()  # a lane that is cancelled finishes what it has begun
        fates = await asyncio.gather(*working, waiting, return_exceptions=True)
    for lane, fate in zip(working, fates, strict=False):
        if isinstance(fate, Exception):
            LOG.error("lane_failed", lane=lane.get_name(), kind=type(fate).__name__)
    if not told.is_set():
        raise Ended


def register(base: Ground, examinations: Examinations, deliveries: Deliveries) -> None:
    """The tasks by name; a job says no more than which row it is about."""
    queue = base.queue

    @queue.task(
        name=EXAMINE, queue=EXAMINE, pass_context=True, retry=RetryStrategy(max_attempts=TRIES, wait=RETRY_WAIT_SECONDS)
    )
    async def examine(context: JobContext, proofing_id: str) -> None:
        before = context.job.attempts
        await examinations.examine(proofing_id, last_try=before >= TRIES, last_if_stuck=before >= TRIES_WHERE_STUCK)

    @queue.task(name=DELIVER, queue=DELIVER, retry=RetryStrategy(max_attempts=TRIES, wait=RETRY_WAIT_SECONDS))
    async def deliver(message_id: str) -> None:
        await deliveries.deliver(message_id)

    @queue.periodic(cron="* * * * * */5")
    @queue.task(name="requeue_stalled", queue=UPKEEP, queueing_lock="requeue_stalled")
    async def requeue_stalled(timestamp: int) -> None:
        """A killed worker's job would stay `doing` for ever."""
        del timestamp
        for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER.total_seconds()):
            await _inherit(queue, job)

    @queue.periodic(cron="* * * * * */15")
    @queue.task(name="refer_stranded", queue=UPKEEP, queueing_lock="refer_stranded")
    async def refer_stranded(timestamp: int) -> None:
        """A proofing whose job failed to the end would stay `examining` for ever."""
        del timestamp
        for proofing_id in await examinations.refer_stranded():
            LOG.warning("stranded", proofing=proofing_id)


async def _inherit(queue: Queue, job: Job) -> None:
    """Let another worker do what a dead one had begun; what every try of it died over is left to people.

    A message needs no such end: found on its way, it is settled and never sent again.
    """
    fate = "left"
    if job.queue == UPKEEP:  # the clock asks again, and two of a kind may not wait
        await queue.job_manager.finish_job(job, Status.FAILED, delete_job=True)
    elif job.queue == EXAMINE and job.attempts >= TRIES:
        await queue.job_manager.finish_job(job, Status.FAILED, delete_job=False)
    else:
        fate = "requeued"
        await queue.job_manager.retry_job(job)
    LOG.warning("stalled", job=job.id, task=job.task_name, attempts=job.attempts, fate=fate)


def register_purges(queue: Queue, purges: Purges) -> None:
    """What is taken away by the clock: the unfinished every minute, what has lost its use every hour."""

    @queue.periodic(cron="* * * * *")
    @queue.task(name="purge_abandoned", queue=UPKEEP, queueing_lock="purge_abandoned")
    async def purge_abandoned(timestamp: int) -> None:
        """An abandoned proofing and all its pictures are gone when its time is over."""
        del timestamp
        LOG.info("purged", proofings=await purges.abandoned())

    @queue.periodic(cron="7 * * * *")
    @queue.task(name="purge_faces", queue=UPKEEP, queueing_lock="purge_faces")
    async def purge_faces(timestamp: int) -> None:
        """A face that nobody will compare any more is gone; by itself, so that one that cannot go holds nothing else up."""
        del timestamp
        LOG.info("purged", faces=await purges.faces())

    @queue.periodic(cron="17 * * * *")
    @queue.task(name="purge_outdated", queue=UPKEEP, queueing_lock="purge_outdated")
    async def purge_outdated(timestamp: int) -> None:
        """Log-ins, codes, revocations, counters and kept answers whose time is over."""
        del timestamp
        LOG.info("purged", **await purges.outdated())
