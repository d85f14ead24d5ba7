"""What is queued? Jobs are enqueued on the unit's own connection: they exist only if the row they serve does."""

from datetime import timedelta
from typing import Any, Final

from procrastinate import App as Queue
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.types import TimeDeltaParams
from psycopg import AsyncConnection, OperationalError
from sqlalchemy import Text, bindparam, cast, column, exists, func, literal_column, or_, select, table

from app.core.ids import MessageId, ProofingId
from app.mfa.contact_address import Channel
from app.storage.statement import Statement
from app.storage.tables import proofings

EXAMINE = "examine"
DELIVER = "deliver"
UPKEEP = "upkeep"
"""What is done, each on a queue of its name."""
ROADS: Final = {Channel.PHONE: "deliver_phone", Channel.EMAIL: "deliver_email"}
"""But for messages, which have one for each kind of gateway: mail goes on while text messages hang."""
PATIENCE_SECONDS = 5.0
"""A worker whose database is away ends after as long, and is started again, instead of standing half-dead."""
JOBS = table("procrastinate_jobs", column("status"), column("lock", Text), column("queue_name", Text))
STATUS = cast(JOBS.c.status, Text)
STRANDED = Statement(
    select(proofings.c.id).where(
        proofings.c.state
        == literal_column("'examining'"),  # not a parameter: the plan may use the index of these alone
        ~exists().where(
            JOBS.c.queue_name == EXAMINE, JOBS.c.lock == proofings.c.id, or_(STATUS == "todo", STATUS == "doing")
        ),
    )
)

WAITING = Statement(
    select(func.count().label("waiting")).select_from(
        select(literal_column("1"))
        .select_from(JOBS)
        .where(JOBS.c.queue_name == EXAMINE, STATUS == "todo")
        .limit(bindparam("most"))
        .subquery()
    )
)


def make_queue(url: str = "") -> Queue:
    """The queue; a worker gives its database, the API enqueues on its own connections and needs none."""
    return Queue(connector=PsycopgConnector(conninfo=url, timeout=PATIENCE_SECONDS, reconnect_timeout=PATIENCE_SECONDS))


class Jobs:
    """Work for later."""

    def __init__(self, connection: AsyncConnection[Any], queue: Queue) -> None:
        self._connection = connection
        self._queue = queue

    async def examine(self, proofing_id: ProofingId) -> None:
        """Queue the examination of a submission; one at a time for one proofing."""
        await self._defer(EXAMINE, queue=EXAMINE, lock=proofing_id, proofing_id=proofing_id)

    async def deliver(self, message_id: MessageId, channel: str, *, after: timedelta = timedelta()) -> None:
        """Queue the delivery of a message; the pause is the machine's own, whatever clock the sandbox shows."""
        await self._defer(DELIVER, queue=ROADS[Channel(channel)], lock=message_id, after=after, message_id=message_id)

    async def stranded(self) -> tuple[ProofingId, ...]:
        """The proofings that wait for an examination nobody will make: their job failed to the end, or is gone."""
        return tuple(ProofingId(row["id"]) for row in await STRANDED.rows(self._connection))

    async def examinations_waiting(self, most: int) -> int:
        """How many examinations nobody has begun, counted up to `most`."""
        row = await WAITING.row(self._connection, most=most)
        return 0 if row is None else int(row["waiting"])

    async def _defer(
        self, task: str, *, queue: str, lock: str, after: timedelta = timedelta(), **arguments: str
    ) -> None:
        pause: TimeDeltaParams | None = {"seconds": int(after.total_seconds())} if after else None
        job = self._queue.configure_task(
            name=task, queue=queue, lock=lock, schedule_in=pause, connection=self._connection
        )
        try:
            await job.defer_async(**arguments)
        except ConnectorException as hidden:
            if isinstance(hidden.__cause__, OperationalError):  # a lost connection is no mistake of ours
                raise hidden.__cause__ from hidden
            raise
