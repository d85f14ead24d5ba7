"""How is a challenge performed where each batch of frames is a request of its own? A kiosk may have no WebSocket.

What a socket's connection holds is held here, in the memory of the process that began it, under a name only whoever began
it was told. A batch is known by its number: one whose answer was lost is sent again, answered again, and not looked at again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from app.core.refusal import Refusal
from app.services.callers import ApplicantCaller, CaptureCaller, PresentingCaller
from app.services.liveness import Liveness
from app.services.performance import LOOKS_EVERY_SECONDS, News, Performance, Sent
from app.verification.faces.liveness.batch import BatchOutOfOrder
from app.verification.faces.liveness.challenge import TURNED_AWAY, ChallengeElsewhere, ChallengeOver

REMEMBERED_SECONDS: Final = 60.0
"""How long the last word of a performance can be asked for again."""
MOST_REMEMBERED: Final = 1_000
"""Of one process; of one that is over no frame is left, only its last answer."""
MOST_READ: Final = 2
"""Bodies at once of one performance: one, and the same again after a line broke that still seems to be there."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Frames that came together: milliseconds by the device's clock, and a JPEG, of each."""

    number: int
    """From 1."""
    frames: tuple[tuple[int, bytes], ...]

    def digest(self) -> bytes:
        """Two batches of one number are told apart by it."""
        found = sha256()
        for client_ms, jpeg in self.frames:
            found.update(b"%d %d\n" % (client_ms, len(jpeg)))
            found.update(jpeg)
        return found.digest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a batch is answered with."""

    news: tuple[News, ...]
    finished: bool = False


@dataclass(slots=True)
class _Held:
    """One performance and its last answer."""

    caller: PresentingCaller
    performance: Performance | None
    """None: it is over, and nothing that was seen is left."""
    place: ExitStack
    challenge_id: str
    proofing_id: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by whoever looks, or ends it."""
    reading: int = 0
    looking_at: int | None = None
    number: int = 0
    """Of the batch that was answered last."""
    digest: bytes | None = None
    """None: it was answered before it came, since none came for too long."""
    answer: Answer | Refusal = field(default_factory=lambda: Answer(()))

    def is_of(self, caller: PresentingCaller, proofing_id: str, challenge_id: str) -> bool:
        """Whether this very caller began it, there: another who may present is another camera."""
        addressed = (self.proofing_id, self.challenge_id) == (proofing_id, challenge_id)
        return addressed and _same(caller, self.caller)

    def answered(self, number: int, digest: bytes | None, answer: Answer | Refusal) -> None:
        """Remember it, should it be asked for again."""
        self.number, self.digest, self.answer = number, digest, answer

    def let_go(self) -> None:
        """It is over: forget what was seen, and leave the place to others."""
        self.performance = None
        self.place.close()


class LivenessBatches:
    """Performances of this process whose frames come by requests."""

    def __init__(
        self,
        liveness: Liveness,
        *,
        remembered_seconds: float = REMEMBERED_SECONDS,
        most_remembered: int = MOST_REMEMBERED,
    ) -> None:
        self._liveness = liveness
        self._remembered_seconds = remembered_seconds
        self._most_remembered = most_remembered
        self._held: dict[str, _Held] = {}
        self._watches: dict[str, asyncio.Task[None]] = {}

    async def begin(
        self, caller: PresentingCaller, proofing_id: str, challenge_id: str, *, mirrored: bool
    ) -> tuple[str, Answer]:
        """The name it is performed under, and what is shown first. Raises Unavailable where it is performed already."""
        with ExitStack() as stack:
            stack.enter_context(await self._liveness.room(caller, proofing_id, challenge_id))
            performance = await self._liveness.begin(caller, proofing_id, challenge_id, mirrored=mirrored)
            place = stack.pop_all()
        name = performance.challenge.source or ""
        self._make_room()
        held = self._held[name] = _Held(caller, performance, place, challenge_id, proofing_id)
        self._watches[name] = asyncio.create_task(self._watch(name, held), name=f"performance {name}")
        return name, Answer(performance.news())

    async def take(
        self,
        caller: PresentingCaller,
        proofing_id: str,
        challenge_id: str,
        name: str,
        read: Callable[[], Awaitable[Batch]],
    ) -> tuple[int, Answer]:
        """Look at the next batch, and answer; raises what a socket is told in the end, ChallengeElsewhere, BatchOutOfOrder."""
        held = self._held.get(name)
        if held is None or not held.is_of(caller, proofing_id, challenge_id):
            state, _ = await self._liveness.state(caller, proofing_id, challenge_id)
            raise TURNED_AWAY[state]
        batch = await _read(held, read)
        if held.looking_at not in {None, batch.number}:
            raise ChallengeElsewhere
        async with held.lock:
            answer = await self._answered(held, batch)
        if isinstance(answer, Refusal):
            raise _anew(answer)
        return batch.number, answer

    def __len__(self) -> int:
        return len(self._held)

    async def stop(self) -> None:
        """Judge what is under way: it is broken off through us, and given back."""
        for held in tuple(self._held.values()):
            async with held.lock:
                if held.performance is not None:
                    held.performance.spoilt = True
                    await self._ended(held, held.performance)
        watches = [self._forget(name) for name in tuple(self._held)]
        await asyncio.gather(*watches, return_exceptions=True)

    async def _answered(self, held: _Held, batch: Batch) -> Answer | Refusal:
        digest = batch.digest()
        if batch.number == held.number:
            # Two who send under one number are two cameras; the one that came second would otherwise take the other's answer.
            return held.answer if held.digest in {None, digest} else ChallengeElsewhere()
        if held.performance is None:
            return ChallengeOver()
        if batch.number != held.number + 1:
            return BatchOutOfOrder(expected=held.number + 1)
        held.looking_at = batch.number
        try:
            held.answered(batch.number, digest, await self._looked_at(held, held.performance, batch))
        finally:
            held.looking_at = None
        return held.answer

    async def _looked_at(self, held: _Held, performance: Performance, batch: Batch) -> Answer | Refusal:
        first = len(performance.challenge.frames)
        sent = [Sent(at, client_ms, jpeg) for at, (client_ms, jpeg) in enumerate(batch.frames, start=first)]
        try:
            await self._liveness.take(held.caller, performance, sent)
        except Refusal as met:
            return await self._ended(held, performance, met)
        if performance.is_over():
            return await self._ended(held, performance)
        return Answer(performance.news())

    async def _ended(self, held: _Held, performance: Performance, met: Refusal | None = None) -> Answer | Refusal:
        refusal = await self._liveness.outcome(held.caller, performance, met)
        held.let_go()
        return Answer((), finished=True) if refusal is None else _anew(refusal)

    async def _watch(self, name: str, held: _Held) -> None:
        """End it where nothing comes, as a socket does; then forget it."""
        try:
            while held.performance is not None:
                await asyncio.sleep(LOOKS_EVERY_SECONDS)
                async with held.lock:
                    await self._passed(held)
            await asyncio.sleep(self._remembered_seconds)
        finally:
            held.let_go()
            self._held.pop(name, None)
            self._watches.pop(name, None)

    async def _passed(self, held: _Held) -> None:
        performance = held.performance
        if performance is None:
            return
        self._liveness.passed(performance)
        if performance.is_over():
            held.answered(held.number + 1, None, await self._ended(held, performance))

    def _make_room(self) -> None:
        """Of those that are over the oldest is forgotten; those under way are as many as have places."""
        over = [name for name, held in self._held.items() if held.performance is None]
        for name in over[: max(0, len(self._held) + 1 - self._most_remembered)]:
            self._forget(name)

    def _forget(self, name: str) -> asyncio.Task[None]:
        """A watch that has not begun runs nothing of its own when it is cancelled."""
        del self._held[name]
        watch = self._watches.pop(name)
        watch.cancel()
        return watch


async def _read(held: _Held, read: Callable[[], Awaitable[Batch]]) -> Batch:
    if held.reading >= MOST_READ:
        raise ChallengeElsewhere
    held.reading += 1
    try:
        return await read()
    finally:
        held.reading -= 1


def _anew(refusal: Refusal) -> Refusal:
    """The same words without their trace: that would keep every picture it came by."""
    return type(refusal)(**refusal.facts)


def _same(one: PresentingCaller, other: PresentingCaller) -> bool:
    if isinstance(one, ApplicantCaller) and isinstance(other, ApplicantCaller):
        return one.token.matches(other.token.reveal())
    if isinstance(one, CaptureCaller) and isinstance(other, CaptureCaller):
        return one.capture_id == other.capture_id
    return False
