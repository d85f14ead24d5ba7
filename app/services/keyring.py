"""Where does a process get its keys, and how does it learn of new ones? From rows the owner adds, read again while it runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from app.assertion.key_ring import RELOAD_WITHIN
from app.core.clock import Clock
from app.core.entropy import Entropy
from app.core.refusal import Unavailable
from app.core.wrapped_key import Family, Purpose
from app.gateways.keys import KeyChain, KeyMissing, audit_keys, face_keys
from app.gateways.live_keys import LiveKeys
from app.gateways.master_key import MasterKey, MasterKeyUnfit
from app.gateways.signing import SigningPair
from app.storage.work import Database

READ_EVERY_SECONDS = RELOAD_WITHIN.total_seconds() / 3
"""So that one reading, or two, may fail and a new key is known in time all the same."""
LATER = frozenset({Purpose.AUDIT, Purpose.FACES})
"""Purposes that older houses have no key for. One of the others that is gone is not made again: it is to be brought back."""
LOG = structlog.get_logger("keyring")


async def make_first_keys(
    database: Database, master: MasterKey, entropy: Entropy, clock: Clock, family: Family = Family.AES
) -> bool:
    """The first keys, and those of purposes a house of older times has none for; whether one was made.

    Runs as the owner: the application only reads.
    """
    async with database.work() as work:
        held = {row.purpose for row in await work.keys.all()}
        missing = [purpose for purpose in Purpose if purpose not in held and (not held or purpose in LATER)]
        for key in KeyChain.fresh(master, entropy, clock.now(), purposes=missing, family=family):
            await work.keys.add(key)
    return bool(missing)


async def unwrapped(database: Database, master: MasterKey, clock: Clock) -> LiveKeys:
    """Every key of the house; raises KeyMissing or MasterKeyUnfit, and then nothing may start."""
    async with database.work() as work:
        rows = await work.keys.all()
    return await asyncio.to_thread(LiveKeys, master, rows, clock.now())


class Keyring:
    """The keys of a process, kept up to date while it runs."""

    def __init__(self, database: Database, keys: LiveKeys, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._keys = keys
        self._read_at: float | None = None

    async def read(self) -> None:
        """Read the rows again and go by them. Raises where that cannot be done; the keys then stay what they were."""
        async with self._database.work() as work:
            rows = await work.keys.all()
        # In a thread: a key service may be asked for what is new.
        self._keys.follow(await asyncio.to_thread(self._keys.read, rows, self._clock.now()))
        self._read_at = asyncio.get_running_loop().time()

    def is_fresh(self) -> bool:
        """Whether the keys are as new as everybody relies on; for readiness."""
        now = asyncio.get_running_loop().time()
        return self._read_at is not None and now - self._read_at <= RELOAD_WITHIN.total_seconds()

    @asynccontextmanager
    async def followed(self, *, every_seconds: float = READ_EVERY_SECONDS) -> AsyncIterator[None]:
        """Keep up with the rows for as long as this lasts."""
        self._read_at = asyncio.get_running_loop().time()
        following = asyncio.create_task(self._follow(every_seconds), name="keyring")
        try:
            yield
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    async def _follow(self, every_seconds: float) -> None:
        while True:
            await asyncio.sleep(every_seconds)
            try:
                await self.read()
            except (Unavailable, KeyMissing, MasterKeyUnfit) as failure:
                LOG.warning("keys not read again", reason=type(failure).__name__)
            except Exception:  # the one task that must not end: without it nobody would learn of the next key
                LOG.exception("keys not read again")


async def unwrapped_for_audit(database: Database, master: MasterKey) -> dict[int, SigningPair]:
    """Version → the keys that sign the audit's heads; raises KeyMissing, which `hufu keys init` mends."""
    async with database.work() as work:
        found = audit_keys(master, await work.keys.all())
    if not found:
        raise KeyMissing(f"no key for {Purpose.AUDIT}; run `hufu keys init`")
    return found


async def unwrapped_for_faces(database: Database, master: MasterKey) -> dict[int, SigningPair]:
    """Version → the keys that sign fits and calibrations; raises KeyMissing, which `hufu keys init` mends."""
    async with database.work() as work:
        found = face_keys(master, await work.keys.all())
    if not found:
        raise KeyMissing(f"no key for {Purpose.FACES}; run `hufu keys init`")
    return found
