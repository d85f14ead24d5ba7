"""Was the audit tampered with? The whole log is walked and judged; and one event of it is proven to somebody outside."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from app.audit.findings import Finding
from app.audit.head import HeadMalformed, SignedHead, TreeHead
from app.audit.proof import Proof
from app.audit.tree import Edge, Growth
from app.audit.verification import Batch, Verification, cut, stray
from app.core.secret import Secret
from app.gateways.audit_signing import sound
from app.gateways.witness.file import witnessed
from app.storage.audit_walk import AuditWalk, walking

MOST_NAMED: Final = 1000
"""Of batches that are gone one after the other; a head of a number far off must not keep us for ever."""
Genuine = Callable[[SignedHead], bool]


class CannotVerify(Exception):
    """It cannot be judged; the message says why."""


class NotInLog(Exception):
    """The event has no leaf, or is not what was appended; the message says which."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How far the walk is, and what was found on the last step."""

    leaves: int
    of: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a witness's file held when we began: what it is handed meanwhile is newer than the snapshot."""

    path: Path
    newest: SignedHead
    kids: frozenset[str]
    """Of the keys it names."""

    def heads(self) -> Iterator[SignedHead]:
        """In order, as far as it went."""
        return takewhile(lambda each: each.head.number <= self.newest.head.number, _witnessed(self.path))


def seen(path: Path | None) -> Seen | None:
    """What the witness saw; None: nothing, or there is no witness. Raises CannotVerify where it is not to be believed."""
    newest, kids = None, set()
    for expected, signed in enumerate(_witnessed(path) if path else (), start=1):
        if signed.head.number != expected:
            raise CannotVerify(f"the witness's line {expected} is about batch {signed.head.number}")
        newest = signed
        kids.add(signed.head.key)
    return None if path is None or newest is None else Seen(path, newest, frozenset(kids))


def _witnessed(path: Path) -> Iterator[SignedHead]:
    try:
        yield from witnessed(path)
    except (OSError, HeadMalformed) as error:
        raise CannotVerify(f"the witness cannot be read: {error}") from error


class Lines:
    """The witness's heads beside the stored ones, whose numbers may leap."""

    def __init__(self, heads: Iterator[SignedHead]) -> None:
        self._heads = heads
        self._next = next(heads, None)

    def of(self, number: int) -> SignedHead | None:
        """What it saw of this batch; asked in rising order."""
        while self._next is not None and self._next.head.number < number:
            self._next = next(self._heads, None)
        return self._next if self._next is not None and self._next.head.number == number else None


class AuditVerification:
    """Walks the log of one database. `witness` is what `seen` returned before."""

    def __init__(self, url: Secret[str], genuine: Genuine, witness: Seen | None) -> None:
        self._url = url
        self._witness = witness
        self._verification = Verification(genuine)
        self._last: TreeHead | None = None

    async def judged(self) -> AsyncIterator[Judged]:
        """Each step's findings; raises Unavailable, Unreadable or CannotVerify."""
        async with walking(self._url) as walk:
            newest, leaves = await walk.sizes()
            async for found in self._batches(walk):
                yield Judged(min(self._verification.size, leaves), leaves, tuple(found))
            last_seen = self._witness.newest.head if self._witness else None
            yield Judged(leaves, leaves, tuple(cut(newest, last_seen, leaves)))
            async for finding in self._strays(walk):
                yield Judged(leaves, leaves, (finding,))

    async def _batches(self, walk: AuditWalk) -> AsyncIterator[list[Finding]]:
        lines, expected = Lines(self._witness.heads() if self._witness else iter(())), 1
        async for number, stored in walk.heads():
            for gone in range(expected, min(number, expected + MOST_NAMED)):
                yield await self._judge(walk, gone, None, lines.of(gone))
            yield await self._judge(walk, number, stored, lines.of(number))
            expected = max(expected, number + 1)

    async def _judge(
        self, walk: AuditWalk, number: int, stored: SignedHead | None, witnessed_head: SignedHead | None
    ) -> list[Finding]:
        before, head = self._verification.size, self._verification.head(stored, witnessed_head)
        leaves = await walk.leaves(before, head.size) if head is not None else ()
        batch = Batch(number, stored, witnessed_head, leaves)
        found = await asyncio.to_thread(self._verification.judged, batch)
        if head is not None and self._verification.size > before:
            self._last = head
        return found

    async def _strays(self, walk: AuditWalk) -> AsyncIterator[Finding]:
        """Events that no batch holds. Before the first batch everything waits."""
        if self._last is None:
            return
        ceiling = await walk.ceiling()
        async for entry in walk.strays(self._verification.size):
            if finding := stray(entry, self._last, ceiling):
                yield finding


async def prove(url: Secret[str], event: str) -> Proof:
    """That an event is in the log; raises NotInLog, ProofBroken or Unavailable. The proof was checked, but for whose key it is."""
    async with walking(url) as walk:
        stood = await walk.stood(event)
    if stood is None:
        raise NotInLog("no batch holds this event: it does not exist, or waits for the next")
    entry, index = stood.leaf.entry, stood.leaf.index
    if entry is None or entry.id != event:
        raise NotInLog(f"the event is gone from sequence {stood.leaf.sequence}, where it was appended")
    before = stood.before.edge if stood.before else Edge(stood.signed.head.hashing)
    if before is None or not before.size <= index < before.size + len(stood.hashes):
        raise NotInLog("its batch is not whole; verify the log")
    path = Growth(before, stood.hashes).inclusion(index)
    proof = Proof(entry.document(), index, path, stood.signed)
    await asyncio.to_thread(proof.check, sound)
    return proof
