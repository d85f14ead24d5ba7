"""What is one unit of work? One connection, one commit, every store; leaving commits, raising rolls back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from procrastinate import App as Queue
from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from app.core.load import Load
from app.core.refusal import Unavailable
from app.storage.audit import Audit
from app.storage.authenticators import Authenticators
from app.storage.clients import Clients
from app.storage.consents import Consents
from app.storage.contacts import Contacts
from app.storage.guesses import Guesses
from app.storage.idempotency import Idempotency
from app.storage.images import Images
from app.storage.jobs import Jobs
from app.storage.keys import Keys
from app.storage.leftovers import Leftovers
from app.storage.logins import Logins
from app.storage.messages import Messages
from app.storage.persons import Persons
from app.storage.proofings import Proofings
from app.storage.proposals import Proposals
from app.storage.reviews import Reviews
from app.storage.rotations import Rotations
from app.storage.sandbox_clock import SandboxClockRow
from app.storage.sendings import Sendings
from app.storage.sessions import Sessions
from app.storage.sms_codes import SmsCodes
from app.storage.staff import Staff
from app.storage.staff_sessions import StaffSessions
from app.storage.subscribers import Subscribers
from app.storage.tokens import Tokens

Connection = AsyncConnection[Any]
RETRY_AFTER = timedelta(seconds=5)


class Work:
    """Every store over one connection; what is written through any of them commits together or not at all."""

    def __init__(self, connection: Connection, queue: Queue) -> None:
        self._connection = connection
        self.audit = Audit(connection)
        self.authenticators = Authenticators(connection)
        self.clients = Clients(connection)
        self.consents = Consents(connection)
        self.contacts = Contacts(connection)
        self.guesses = Guesses(connection)
        self.idempotency = Idempotency(connection)
        self.images = Images(connection)
        self.jobs = Jobs(connection, queue)
        self.keys = Keys(connection)
        self.leftovers = Leftovers(connection)
        self.logins = Logins(connection)
        self.messages = Messages(connection)
        self.persons = Persons(connection)
        self.proofings = Proofings(connection)
        self.proposals = Proposals(connection)
        self.rotations = Rotations(connection)
        self.sandbox_clock = SandboxClockRow(connection)
        self.sendings = Sendings(connection)
        self.reviews = Reviews(connection)
        self.sessions = Sessions(connection)
        self.staff = Staff(connection)
        self.staff_sessions = StaffSessions(connection)
        self.sms_codes = SmsCodes(connection)
        self.subscribers = Subscribers(connection)
        self.tokens = Tokens(connection)

    @asynccontextmanager
    async def part(self) -> AsyncIterator[None]:
        """A part that may fail alone: raising out of it undoes the part and leaves the rest of the unit standing."""
        async with self._connection.transaction():
            yield


class Database:
    """The pool of connections; `async with database.work() as work` is the only way in."""

    def __init__(
        self,
        url: str,
        queue: Queue,
        *,
        connections: int,
        acquire_seconds: float = 5.0,
        begun: Callable[[Work], Awaitable[None]] | None = None,
    ) -> None:
        self._queue = queue
        self._begun = begun
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url, min_size=1, max_size=connections, timeout=acquire_seconds, open=False, kwargs={"autocommit": True}
        )

    async def open(self) -> None:
        """Connect; requests before that are refused as unavailable."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Give every connection back."""
        await self._pool.close()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One unit of work; raises Unavailable where the database cannot be reached (A123)."""
        try:
            async with self._pool.connection() as connection, connection.transaction():
                work = Work(connection, self._queue)
                if self._begun is not None:
                    await self._begun(work)
                yield work
        except (PoolTimeout, OperationalError) as error:
            raise Unavailable(retry_after_seconds=RETRY_AFTER.seconds) from error

    def load(self) -> Load:
        """Connections in use, and units of work waiting for one."""
        stats = self._pool.get_stats()
        in_use = stats.get("pool_size", 0) - stats.get("pool_available", 0)
        return Load(in_use=in_use, waiting=stats.get("requests_waiting", 0), limit=self._pool.max_size)

    async def answers(self) -> bool:
        """Whether a statement runs now; for readiness."""
        try:
            async with self._pool.connection(timeout=2.0) as connection:
                await connection.execute("SELECT 1")
        except (PoolTimeout, OperationalError):
            return False
        return True
