"""What is one unit of work? One connection, one commit, every store; leaving commits, raising rolls back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic
from types import TracebackType
from typing import Any

from procrastinate import App as Queue
from psycopg import AsyncConnection, OperationalError
from psycopg_pool import AsyncConnectionPool

from app.core.load import Load
from app.core.refusal import OutcomeUnknown, Unavailable
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
ANSWER_SECONDS = 2.0


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


class Begun:
    """A connection with its BEGIN said. One that died in the pool tells so then, with nothing done yet: the next is taken.

    After a restart of the database each pooled connection would cost a request otherwise; asking each whether it lives,
    before every unit of work, would cost a round trip.
    """

    def __init__(self, pool: AsyncConnectionPool[Connection], patience_seconds: float) -> None:
        self._pool, self._patience_seconds = pool, patience_seconds

    async def __aenter__(self) -> Connection:
        deadline = monotonic() + self._patience_seconds
        while True:
            connection = await self._pool.getconn(deadline - monotonic())
            self._connection, self._transaction = connection, connection.transaction()
            try:
                await self._transaction.__aenter__()
            except BaseException as error:
                await self._pool.putconn(connection)
                if not isinstance(error, OperationalError) or not connection.closed:
                    raise
            else:
                return connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._transaction.__aexit__(kind, error, trace)
        finally:
            await self._pool.putconn(self._connection)


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
            url,
            min_size=1,
            max_size=connections,
            timeout=acquire_seconds,
            # Its pauses double; given up, a new one is begun by whoever needs it, so that an hour's outage ends at once.
            reconnect_timeout=acquire_seconds,
            open=False,
            kwargs={"autocommit": True},
        )

    async def open(self) -> None:
        """Connect; requests before that are refused as unavailable."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Give every connection back."""
        await self._pool.close()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One unit of work; raises Unavailable where the database cannot be reached (A123), OutcomeUnknown where it was lost at COMMIT."""
        committing: Connection | None = None
        try:
            async with Begun(self._pool, self._pool.timeout) as connection:
                work = Work(connection, self._queue)
                if self._begun is not None:
                    await self._begun(work)
                yield work
                committing = connection
        except OperationalError as error:
            unanswered = committing is not None and committing.closed
            raise (OutcomeUnknown if unanswered else Unavailable)(retry_after_seconds=RETRY_AFTER.seconds) from error

    def load(self) -> Load:
        """Connections in use, and units of work waiting for one."""
        stats = self._pool.get_stats()
        in_use = stats.get("pool_size", 0) - stats.get("pool_available", 0)
        return Load(in_use=in_use, waiting=stats.get("requests_waiting", 0), limit=self._pool.max_size)

    async def answers(self) -> bool:
        """Whether a statement runs now; for readiness."""
        try:
            async with Begun(self._pool, ANSWER_SECONDS) as connection:
                await connection.execute("SELECT 1")
        except OperationalError:
            return False
        return True
