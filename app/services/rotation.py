"""How does a key give way to its successor, while everything runs? Made known, taken into use, walked to, destroyed.

Nothing remembers how far a rotation has come but the rows: whoever starts one that was killed goes on where they say.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from app.assertion.key_ring import KEEP_AFTER, RELOAD_WITHIN
from app.core.audit import Actor, ActorKind, Event, Outcome
from app.core.entropy import Entropy
from app.core.wrapped_key import Family, Purpose, WrappedKey
from app.gateways.digests import head as digest_head
from app.gateways.keys import SIGNATURES, awaited, current, rotated
from app.gateways.live_keys import LiveKeys
from app.gateways.master_key import MasterKey
from app.gateways.sealing import Tampered
from app.gateways.sealing import header as sealed_head
from app.services.journal import Detail, Journal
from app.services.keyring import Keyring
from app.storage.rotations import OldRow, Walked
from app.storage.work import Work

LOOK_AGAIN = timedelta(seconds=1)
"""Times stand in rows; whoever waits for one reads it again this often."""
OWNER = Actor(ActorKind.SYSTEM, "hufu keys")
LOG = structlog.get_logger("rotation")
Renew = Callable[[Work, OldRow], Awaitable[bytes | None]]
"""A row's value made anew; None: its plain value is not to be had."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one step of a rotation has come."""

    step: str
    done: float
    total: float


@dataclass(frozen=True, slots=True)
class Stays:
    """An old key that is still needed, and what names it."""

    key: WrappedKey
    named: dict[str, int]


class Rotation:
    """What the rotations of all purposes share. Runs as the owner: the application may not change keys."""

    def __init__(
        self,
        journal: Journal,
        keys: LiveKeys,
        keyring: Keyring,
        master: MasterKey,
        entropy: Entropy,
        *,
        family: Family = Family.AES,
        unit: int = 500,
    ) -> None:
        self.keys = keys
        self.journal = journal
        self.unit = unit
        self._keyring = keyring
        self._master = master
        self._entropy = entropy
        self._family = family
        self._database = journal.database
        self._clock = journal.clock

    async def begin(self, purpose: Purpose, walked: tuple[Walked, ...] = ()) -> WrappedKey:
        """The key to rotate to: a new one, or the one that a rotation before this has not come to the end with."""
        async with self._database.work() as work:
            await work.rotations.alone()
            rows, now = await work.keys.all(), self._clock.now()
            if awaited(rows, purpose, now) or await self._unfinished(work, rows, purpose, walked):
                return max((row for row in rows if row.purpose is purpose), key=lambda row: row.version)
            made = rotated(rows, purpose, master=self._master, entropy=self._entropy, now=now, family=self._family)
            for key in made:
                await work.keys.put(key)
            await self.note(work, "keys.rotate", made[-1], takes_over=made[-1].not_before.isoformat())
        await self._keyring.read()
        return made[-1]

    async def known(self, key: WrappedKey, step: str) -> AsyncIterator[Progress]:
        """Until the key has taken over: from then on every process knows it, and may be shown what it made."""
        async for progress in self._until(key, step, timedelta()):
            yield progress
        await self._keyring.read()

    async def in_use(self, key: WrappedKey, step: str) -> AsyncIterator[Progress]:
        """Until every process makes with it: whoever read the keys just before it took over does not, for a while."""
        async for progress in self._until(key, step, RELOAD_WITHIN):
            yield progress

    async def walk(self, walked: Walked, key: WrappedKey, renew: Renew) -> AsyncIterator[Progress]:
        """Make every value of the column anew, unit by unit, until a whole pass finds none that can be."""
        head, after, hopeless, done = head_of(key), walked.first, set[str | bytes](), 0
        total = await self._left(walked, head)
        while total:
            async with self._database.work() as work:
                rows = await work.rotations.older(walked, head, after, self.unit)
                renewed = [await self._renewed(work, walked, row, renew) for row in rows]
                if any(renewed):
                    await self.note(work, "keys.renew", key, what=walked.name, rows=sum(renewed))
            done += sum(renewed)
            hopeless |= {row.key for row, made in zip(rows, renewed, strict=True) if not made}
            yield Progress(walked.name, min(done, total), total)
            if rows:
                after = rows[-1].key
            elif await self._left(walked, head) <= len(hopeless):
                return
            else:  # some were held by others, or came meanwhile
                after = walked.first
                await asyncio.sleep(LOOK_AGAIN.total_seconds() / 10)

    async def retire(self, key: WrappedKey, held_still: tuple[Walked, ...] = ()) -> tuple[Stays, ...]:
        """Destroy every older key of the purpose that nothing names any more; those that stay, and why."""
        stay = []
        async with self._database.work() as work:
            await work.rotations.alone()
            await work.rotations.hold_still(held_still)
            for old in await work.keys.all():
                if old.purpose is not key.purpose or old.version >= key.version:
                    continue
                if named := await self._needed(work, old):
                    stay.append(Stays(old, named))
                    continue
                await work.keys.remove(old)
                await self.note(work, "keys.destroy", old)
        await self._keyring.read()
        return tuple(stay)

    async def note(self, work: Work, action: str, key: WrappedKey, **detail: Detail) -> None:
        """One event: which key, and what was done."""
        told = {"purpose": key.purpose.value, "version": key.version, "suite": key.suite.name}
        await self.journal.note(
            work, Event(action, Outcome.ALLOWED, OWNER, self._clock.now(), detail={**told, **detail})
        )

    async def _unfinished(
        self, work: Work, rows: tuple[WrappedKey, ...], purpose: Purpose, walked: tuple[Walked, ...]
    ) -> bool:
        """Whether a rotation before this was broken off: rows are left to walk to, or a key to destroy."""
        newest = current(rows, purpose, self._clock.now())
        older = [row for row in rows if row.purpose is purpose and row.version != newest.version]
        if not older or not walked:
            return False
        left = [await work.rotations.left(each, head_of(newest)) for each in walked]
        return any(left) or not all([await self._needed(work, row) for row in older])

    async def _needed(self, work: Work, old: WrappedKey) -> dict[str, int]:
        """What names an old key; a pair that signed needs no more than time."""
        if old.purpose not in SIGNATURES:
            return await work.rotations.named(old.purpose, head_of(old))
        dead = old.retired_at is not None and old.retired_at + KEEP_AFTER <= self._clock.now()
        return {} if dead else {"tokens that still live": 1}

    async def _renewed(self, work: Work, walked: Walked, row: OldRow, renew: Renew) -> bool:
        try:
            value = await renew(work, row)
        except (Tampered, LookupError) as broken:
            LOG.warning("a row does not open", what=walked.name, row=named(row.key), reason=type(broken).__name__)
            return False
        if value is None:
            return False
        await work.rotations.put(walked, row.key, value)
        return True

    async def _left(self, walked: Walked, head: bytes) -> int:
        async with self._database.work() as work:
            return await work.rotations.left(walked, head)

    async def _until(self, key: WrappedKey, step: str, after: timedelta) -> AsyncIterator[Progress]:
        begun, until = self._clock.now(), await self._takes_over(key) + after
        while (now := self._clock.now()) < until:
            yield Progress(step, (now - begun).total_seconds(), (until - begun).total_seconds())
            await asyncio.sleep(min(LOOK_AGAIN, until - now).total_seconds())
            until = await self._takes_over(key) + after
        yield Progress(step, 1, 1)

    async def _takes_over(self, key: WrappedKey) -> datetime:
        async with self._database.work() as work:
            rows = await work.keys.all()
        return next(row.not_before for row in rows if (row.purpose, row.version) == (key.purpose, key.version))


def head_of(key: WrappedKey) -> bytes:
    """How everything begins that this key has made."""
    make = sealed_head if key.purpose is Purpose.DATA else digest_head
    return make(key.suite, key.version)


def named(key: str | bytes) -> str:
    """A row's key as text."""
    return key.hex() if isinstance(key, bytes) else key
