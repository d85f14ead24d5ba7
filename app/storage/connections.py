"""How is the database reached, and what becomes of those who ask while it cannot be? Nobody waits long, and few do."""

import asyncio
import os
import select
import socket
from contextlib import suppress
from time import monotonic
from types import TracebackType
from typing import Any, Final

import structlog
from psycopg import AsyncConnection, OperationalError
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from app.core.load import Load
from app.core.share import SHARE, Share

Connection = AsyncConnection[Any]
LOG = structlog.get_logger("database")
WAITING_EACH: Final = 8
"""Units of work that wait for each connection there is; the next is told to come later at once."""
RESERVED: Final = 0.4
"""Of the connections, what log-ins and tokens have to themselves."""
PROBE_SECONDS: Final = 2.0
PROBE_PAUSE_SECONDS: Final = 0.5
NETWORK: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,  # milliseconds: what was sent and is not acknowledged; a host that is gone says nothing
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""Unless the address of the database says otherwise."""
BOUND = "SELECT set_config('statement_timeout', %(most)s, false), set_config('idle_in_transaction_session_timeout', %(most)s, false)"
"""So that the server, too, gives up what we have given up: a lock held for nobody would keep others out."""


def connecting(url: str) -> dict[str, Any]:
    """How to connect: as the address says, and within a time."""
    return NETWORK | conninfo_to_dict(url)


class KnownDown(OperationalError):
    """The database was not to be reached a moment ago; nobody else is sent to find out."""


class Connections:
    """The pool of one process, and the door before it."""

    def __init__(self, url: str, *, most: int, acquire_seconds: float, longest_seconds: float) -> None:
        self._patience_seconds = acquire_seconds
        self._longest_seconds = longest_seconds
        self._connecting = connecting(url)
        self._lesser = asyncio.Semaphore(max(1, int(most * (1 - RESERVED))))
        self._lesser_waiting, self._most_waiting = 0, WAITING_EACH * most
        self._is_down = False
        self._probing: asyncio.Task[None] | None = None
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            kwargs={**self._connecting, "autocommit": True},
            min_size=1,
            max_size=most,
            max_waiting=self._most_waiting,
            timeout=acquire_seconds,
            # Its pauses double; given up, a new one is begun by whoever needs it, so that an hour's outage ends at once.
            reconnect_timeout=acquire_seconds,
            configure=self._configure,
            open=False,
        )

    async def open(self) -> None:
        """Connect; whoever asks before that waits."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Give every connection back."""
        if self._probing is not None:
            self._probing.cancel()
            with suppress(asyncio.CancelledError):
                await self._probing
        await self._pool.close()

    def taken(self) -> "Taken":
        """A connection for as long as one piece of work may last; entering raises OperationalError."""
        return Taken(self, self._patience_seconds)

    def begun(self, patience_seconds: float | None = None) -> "Begun":
        """The same with its BEGIN said."""
        return Begun(self, self._patience_seconds if patience_seconds is None else patience_seconds)

    async def take(self, patience_seconds: float) -> tuple[Connection, asyncio.TimerHandle]:
        """A connection, to be given back with its watch."""
        if self._is_down:
            raise KnownDown
        lesser = SHARE.get() is Share.LESSER
        if lesser:
            await self._wait_for_lesser(patience_seconds)
        try:
            connection = await self._living(patience_seconds)
        except BaseException:
            if lesser:
                self._lesser.release()
            raise
        return connection, asyncio.get_running_loop().call_later(self._longest_seconds, _hang_up, connection)

    async def give_back(self, connection: Connection, watch: asyncio.TimerHandle) -> None:
        """The work is over, or has failed."""
        watch.cancel()
        try:
            await self._pool.putconn(connection)
        finally:
            if SHARE.get() is Share.LESSER:
                self._lesser.release()

    def suspect(self, error: OperationalError) -> None:
        """Look whether the database is there at all, after an error that it did not send itself or took leave with.

        Until it is found again everybody is refused at once: a queue before a dead database helps nobody, and fills up.
        """
        told = error.sqlstate is not None and not error.sqlstate.startswith(("57P", "08"))
        if not told and self._probing is None and not isinstance(error, TooManyRequests | PoolClosed):
            self._probing = asyncio.get_running_loop().create_task(self._find(), name="database")

    def load(self) -> Load:
        """Connections in use, and units of work waiting for one."""
        stats = self._pool.get_stats()
        in_use = stats.get("pool_size", 0) - stats.get("pool_available", 0)
        waiting = stats.get("requests_waiting", 0) + self._lesser_waiting
        return Load(in_use=in_use, waiting=waiting, limit=self._pool.max_size)

    async def _living(self, patience_seconds: float) -> Connection:
        """A connection whose server has not hung up: after a restart each that died in the pool would cost a request."""
        deadline = monotonic() + patience_seconds
        while True:
            connection = await self._pool.getconn(deadline - monotonic())
            try:
                if _spoken_to(connection):
                    await connection.execute("")
            except OperationalError as error:
                await self._pool.putconn(connection)
                self.suspect(error)
            except BaseException:
                await self._pool.putconn(connection)
                raise
            else:
                return connection

    async def _wait_for_lesser(self, patience_seconds: float) -> None:
        if self._lesser.locked() and self._lesser_waiting >= self._most_waiting:
            raise TooManyRequests
        self._lesser_waiting += 1
        try:
            async with asyncio.timeout(patience_seconds):
                await self._lesser.acquire()
        except TimeoutError:
            raise PoolTimeout from None
        finally:
            self._lesser_waiting -= 1

    async def _find(self) -> None:
        try:
            while not await self._reached():
                if not self._is_down:
                    LOG.error("database_down")
                self._is_down = True
                await asyncio.sleep(PROBE_PAUSE_SECONDS)
            if self._is_down:
                LOG.warning("database_back")
        finally:
            self._is_down, self._probing = False, None

    async def _reached(self) -> bool:
        """By a connection of its own: those of the pool may all be waiting for an answer that never comes."""
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                async with await AsyncConnection.connect(**self._connecting, autocommit=True) as connection:
                    await connection.execute("SELECT 1")
        except (OperationalError, TimeoutError):
            return False
        return True

    async def _configure(self, connection: Connection) -> None:
        await connection.execute(BOUND, {"most": f"{int(self._longest_seconds * 1000)}ms"})


class Taken:
    """A connection on loan. By hand: three of contextlib's managers cost more than a statement."""

    def __init__(self, home: Connections, patience_seconds: float) -> None:
        self._home, self._patience_seconds = home, patience_seconds

    async def __aenter__(self) -> Connection:
        self._connection, self._watch = await self._home.take(self._patience_seconds)
        return self._connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._home.give_back(self._connection, self._watch)


class Begun:
    """A connection with its BEGIN said. One that died in the pool tells so then, with nothing done yet: the next is taken.

    After a restart of the database each pooled connection would cost a request otherwise; asking each whether it lives,
    before every unit of work, would cost a round trip.
    """

    def __init__(self, home: Connections, patience_seconds: float) -> None:
        self._home, self._patience_seconds = home, patience_seconds

    async def __aenter__(self) -> Connection:
        deadline = monotonic() + self._patience_seconds
        while True:
            connection, watch = await self._home.take(max(deadline - monotonic(), 0.0))
            self._connection, self._watch, self._transaction = connection, watch, connection.transaction()
            try:
                await self._transaction.__aenter__()
            except BaseException as error:
                await self._home.give_back(connection, watch)
                if not isinstance(error, OperationalError) or not connection.closed:
                    raise
                self._home.suspect(error)
            else:
                return connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._transaction.__aexit__(kind, error, trace)
        finally:
            await self._home.give_back(self._connection, self._watch)


def _spoken_to(connection: Connection) -> bool:
    """Whether the server said something while nobody asked: its farewell, mostly. A look at the socket, no round trip."""
    waiting = select.poll()
    waiting.register(connection.pgconn.socket, select.POLLIN)
    return bool(waiting.poll(0))


def _hang_up(connection: Connection) -> None:
    """End a connection from which no answer comes: its socket reads as closed, and whoever waits for it goes on.

    Cancelling would not do: psycopg then asks the server to stop, and waits for its answer.
    """
    LOG.error("database_hung")
    with suppress(OSError, OperationalError):
        line = socket.socket(fileno=os.dup(connection.pgconn.socket))
        try:
            line.shutdown(socket.SHUT_RDWR)
        finally:
            line.close()
