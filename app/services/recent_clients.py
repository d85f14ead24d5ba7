"""Who was here a moment ago? Registrations as they were read, and who proved themselves by them, for one second."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

from app.assertion.client import Client
from app.core.clock import SystemClock
from app.storage.clients import StoredClient
from app.storage.gathered import Gathered

FRESH_SECONDS = 1.0
"""How long a registration is gone by after it was read: a client put out gets its last token within this time (A70)."""
MOST_REMEMBERED = 1_000
_MACHINE = SystemClock()
Name = TypeVar("Name", str, bytes)


@dataclass(frozen=True, slots=True)
class Read:
    """A registration, and when it was read."""

    # Not by the house's clock, which may be set back; this one counts what passes, while the machine sleeps too.
    at: float
    stored: StoredClient

    @property
    def fresh(self) -> bool:
        """Whether it may still be gone by."""
        return _MACHINE.ticks() - self.at < FRESH_SECONDS


class RecentClients:
    """What is not there, or no longer fresh, is asked for."""

    def __init__(self, gathered: Gathered, key: bytes) -> None:
        """`key`: 32 bytes of chance, under which headers are remembered."""
        self._gathered = gathered
        self._read: dict[str, Read] = {}
        self._believed: dict[bytes, Read] = {}
        self._key = key

    async def find(self, client_id: str) -> Read | None:
        """A client that was not disabled a second ago."""
        read = self._read.get(client_id)
        if read is not None and read.fresh:
            return read
        at = _MACHINE.ticks()
        stored = await self._gathered.client(client_id)
        self._read.pop(client_id, None)
        if stored is None:
            return None
        return _kept(self._read, client_id, Read(at, stored))

    def believe(self, header: str, read: Read) -> None:
        """Remember that this header proved this client, for as long as the registration is fresh; never the secret in it."""
        _kept(self._believed, self._digest(header), read)

    def believed(self, header: str) -> Client | None:
        """The client this very header proved."""
        read = self._believed.get(self._digest(header))
        return read.stored.client if read is not None and read.fresh else None

    def _digest(self, header: str) -> bytes:
        return blake2b(header.encode("utf-8", "surrogatepass"), digest_size=32, key=self._key).digest()


def _kept(kept: dict[Name, Read], name: Name, read: Read) -> Read:
    if len(kept) >= MOST_REMEMBERED:
        kept.clear()
    kept[name] = read
    return read
