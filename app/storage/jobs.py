"""What is queued? Jobs are enqueued on the unit's own connection: they exist only if the row they serve does."""

from typing import Any

from procrastinate import App as Queue
from procrastinate import PsycopgConnector
from psycopg import AsyncConnection

from app.core.ids import MessageId, ProofingId

EXAMINE = "examine"
DELIVER = "deliver"


def make_queue(url: str = "") -> Queue:
    """The queue; a worker gives its database, the API enqueues on its own connections and needs none."""
    return Queue(connector=PsycopgConnector(conninfo=url))


class Jobs:
    """Work for later."""

    def __init__(self, connection: AsyncConnection[Any], queue: Queue) -> None:
        self._connection = connection
        self._queue = queue

    async def examine(self, proofing_id: ProofingId) -> None:
        """Queue the examination of a submission; one at a time for one proofing."""
        await self._defer(EXAMINE, lock=proofing_id, proofing_id=proofing_id)

    async def deliver(self, message_id: MessageId) -> None:
        """Queue the delivery of a message."""
        await self._defer(DELIVER, lock=message_id, message_id=message_id)

    async def _defer(self, task: str, *, lock: str, **arguments: str) -> None:
        job = self._queue.configure_task(name=task, queue=task, lock=lock, connection=self._connection)
        await job.defer_async(**arguments)
