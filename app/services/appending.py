"""Who appends what happened to the audit's log? One worker at a time, a batch a second; a request never waits for it."""

import asyncio
import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Never

import structlog

from app.audit.entry import Entry
from app.audit.head import SignedHead, TreeHead
from app.audit.tree import Edge, Hashing
from app.core import ids
from app.core.clock import Clock
from app.core.entropy import Entropy
from app.core.refusal import Unavailable
from app.core.secret import Secret
from app.gateways.audit_signing import HeadSigner
from app.gateways.witness import Witness, WitnessRefused, WitnessUnavailable
from app.storage.audit_log import MOST, AuditLog, ConnectionLost, NotLeading, Unappended, leading, opened

BEAT: Final = timedelta(seconds=1)
"""A batch holds what happened within it, at most."""
GIVES_WAY: Final = 16
LOG = structlog.get_logger("audit")


class LogBroken(Exception):
    """The last head is not ours or its edge does not make its root: nothing is built on it."""


class Appending:
    """The lane of a worker that appends, and hands each head to the witnesses."""

    def __init__(
        self,
        url: Secret[str],
        signer: HeadSigner,
        witnesses: Sequence[Witness],
        clock: Clock,
        entropy: Entropy,
        *,
        hashing: Hashing,
    ) -> None:
        self._url = url
        self._signer = signer
        self._witnesses = witnesses
        self._clock = clock
        self._entropy = entropy
        self._hashing = hashing
        self.most = MOST
        """Events of one batch."""

    async def run(self) -> Never:
        """Append for ever, or stand by while another worker does."""
        while True:
            try:
                await self._lead()
            except* NotLeading:
                pass
            except* (Unavailable, ConnectionLost, LogBroken) as trouble:
                LOG.warning("not appending", reason=_first(trouble))
            await asyncio.sleep(BEAT.total_seconds())

    async def _lead(self) -> None:
        """Append and hand over until something ends it."""
        async with leading(self._url) as log, asyncio.TaskGroup() as lanes:
            lanes.create_task(self._append_forever(log))
            for witness in self._witnesses:
                lanes.create_task(self._hand_over_forever(witness))

    async def append(self, log: AuditLog) -> SignedHead | None:
        """Append what is there, one batch; None: nothing was. Raises LogBroken."""
        async with log.unit():
            last = await log.last()
            before = self._built_on(last)
            found = await log.unappended(last, most=self.most)
            if not found.entries:
                return None
            # Hashing thousands of events would hold up the worker's other lanes.
            hashes, edge = await asyncio.to_thread(_grown, before, found.entries)
            signed = self._signed(last, edge, found)
            await log.append(signed, found.entries, hashes)
        return signed

    async def hand_over(self, log: AuditLog, witness: Witness) -> int:
        """Hand the witness what it has not taken yet; how many. After the commit, so a lost one is handed again."""
        handed = await log.unwitnessed(witness.name)
        for each in handed:
            if not self._signer.own(each.signed):
                raise LogBroken(f"head {each.signed.head.number} is not ours")
            await witness.take(each)
            await log.witnessed(witness.name, each.signed.head.number, self._clock.now())
        return len(handed)

    def _built_on(self, last: SignedHead | None) -> Edge:
        if last is None:
            return Edge(self._hashing)
        edge = last.edge
        if edge is None or not self._signer.own(last):
            raise LogBroken(f"head {last.head.number} is not ours or its edge is wrong")
        return edge

    def _signed(self, last: SignedHead | None, edge: Edge, found: Unappended) -> SignedHead:
        now = self._clock.now()
        head = TreeHead(
            log=last.head.log if last else ids.named("log", self._entropy.draw(ids.NONCE_BYTES)),
            number=last.head.number + 1 if last else 1,
            size=edge.size,
            root=edge.root,
            hashing=edge.hashing,
            at=now,
            first=found.entries[0].sequence,
            last=found.entries[-1].sequence,
            horizon=found.horizon,
            ceiling=found.ceiling,
            algorithm="",
            key="",
            key_version=0,
        )
        return self._signer.signed(head, edge, now=now)

    async def _append_forever(self, log: AuditLog) -> Never:
        while True:
            await self.append(log)
            await asyncio.sleep(BEAT.total_seconds())

    async def _hand_over_forever(self, witness: Witness) -> Never:
        async with opened(self._url) as log:
            while True:
                try:
                    await self.hand_over(log, witness)
                except (WitnessRefused, WitnessUnavailable) as reason:
                    LOG.warning("not witnessed", witness=witness.name, reason=f"{type(reason).__name__}: {reason}")
                await asyncio.sleep(BEAT.total_seconds())


def _grown(edge: Edge, entries: Sequence[Entry]) -> tuple[list[bytes], Edge]:
    """The hashes of their leaves, and the edge with them.

    Whoever waits for this core, the database before all, goes first every few events: sealing slows no request.
    """
    hashes: list[bytes] = []
    for begin in range(0, len(entries), GIVES_WAY):
        os.sched_yield()
        piece = [each.leaf(edge.hashing) for each in entries[begin : begin + GIVES_WAY]]
        hashes.extend(piece)
        edge = edge.appended(piece)
    return hashes, edge


def _first(trouble: BaseExceptionGroup[BaseException]) -> str:
    """The kind of the first of several, never its words: an error of the database may quote a value."""
    first = trouble.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else type(first).__name__
