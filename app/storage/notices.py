"""When does something change? PostgreSQL tells: one listening connection a process wakes everyone who waits."""

import asyncio
import contextlib
from collections import defaultdict
from datetime import timedelta

from psycopg import AsyncConnection, OperationalError

CHANNEL = "hufu_proofing"
RECONNECT = timedelta(seconds=1)


class Notices:
    """Waiters by proofing id; a lost connection is opened again, and waiters look for themselves at their time limit."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._listener = asyncio.create_task(self._listen(), name="notices")

    async def stop(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener

    def watch(self, key: str) -> asyncio.Event:
        """An event set at the next change of `key`; give it back with `unwatch`."""
        event = asyncio.Event()
        self._waiting[key].add(event)
        return event

    def unwatch(self, key: str, event: asyncio.Event) -> None:
        """Forget a watch."""
        self._waiting[key].discard(event)
        if not self._waiting[key]:
            del self._waiting[key]

    async def _listen(self) -> None:
        while True:
            with contextlib.suppress(OperationalError):
                async with await AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._wake_all()
                    async for notice in connection.notifies():
                        for event in self._waiting.get(notice.payload, ()):
                            event.set()
            await asyncio.sleep(RECONNECT.total_seconds())

    def _wake_all(self) -> None:
        """A change may have passed while nobody listened."""
        for events in self._waiting.values():
            for event in events:
                event.set()
