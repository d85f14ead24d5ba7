"""Was the log tampered with, how, and where? Judged batch by batch, so that a log of any length takes little memory.

Each batch is judged from the signed head before it: what is wrong in one does not blame the next.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from app.audit.entry import Entry
from app.audit.findings import Finding, Kind
from app.audit.head import SignedHead, TreeHead
from app.audit.tree import Edge, Growth

REMEMBERED: Final = 4096
"""Heads looked back to for what claims to be older than it is; at one a second more than an hour of writing."""
CLOCK_MAY_STEP: Final = timedelta(hours=4)
"""Clocks are set back by as much as two hours, on either side."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event was appended."""

    sequence: int
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Leaf:
    """One stored leaf, with the event found at its place now."""

    index: int
    sequence: int
    event: str
    leaf_hash: bytes
    entry: Entry | None
    home: Place | None = None
    """Where the event found here was appended, by its id."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is found of one batch: its head as stored, as witnessed, and its leaves; either head may be gone."""

    number: int
    stored: SignedHead | None
    witnessed: SignedHead | None
    leaves: tuple[Leaf, ...] = ()


class Verification:
    """Judges one batch after the other. `genuine`: whether a head's signature is good, by a key that is trusted."""

    def __init__(self, genuine: Callable[[SignedHead], bool]) -> None:
        self._genuine = genuine
        self._edge: Edge | None = None
        self._log: str | None = None
        self._heads: deque[TreeHead] = deque(maxlen=REMEMBERED)
        self.size = 0
        """Leaves judged so far: the next batch begins there."""

    def head(self, stored: SignedHead | None, witnessed: SignedHead | None) -> TreeHead | None:
        """The head to go by: the witness's, which whoever owns the database cannot have written; None: neither is good."""
        good = [each.head for each in (witnessed, stored) if each is not None and self._genuine(each)]
        return good[0] if good else None

    def judged(self, batch: Batch) -> list[Finding]:
        """What is wrong with the batch that follows; its leaves are those from `size` to its head's."""
        found = list(self._heads_judged(batch))
        head = self.head(batch.stored, batch.witnessed)
        if head is None or head.size <= self.size:
            self._edge = None
            return found
        found += self._leaves_judged(batch, head)
        self._remember(batch, head)
        return found

    def _heads_judged(self, batch: Batch) -> Iterator[Finding]:
        stored, witnessed = batch.stored, batch.witnessed
        if stored is None:
            yield _about(batch, Kind.MISSING, "its head is gone")
        for signed, holder in ((stored, "stored"), (witnessed, "witnessed")):
            if signed is not None and not self._genuine(signed):
                yield _about(batch, Kind.FORGED_HEAD, f"the signature of the {holder} head is not good")
            elif signed is not None and not self._follows(signed.head, batch.number):
                yield _about(batch, Kind.FORGED_HEAD, f"the {holder} head does not follow the one before")
        if stored is not None and witnessed is not None and stored.head != witnessed.head:
            yield _about(batch, Kind.FORGED_HEAD, "the stored head is not the one that was witnessed")
        if stored is not None and stored.edge is None:
            yield _about(batch, Kind.FORGED_HEAD, "the stored edge does not make the signed root")

    def _follows(self, head: TreeHead, number: int) -> bool:
        return head.number == number and head.size > self.size and self._log in {None, head.log}

    def _leaves_judged(self, batch: Batch, head: TreeHead) -> Iterator[Finding]:
        gaps = list(_gaps(batch.leaves, self.size, head.size))
        for start, end, after in gaps:
            which = f"leaf {start} is" if end - start == 1 else f"leaves {start} to {end - 1} are"
            where = "" if after is None else f", after sequence {after}"
            yield _about(
                batch, Kind.MISSING, f"{which} gone{where}; the batch held sequences {head.first} to {head.last}"
            )
        for leaf in batch.leaves:
            yield from self._leaf_judged(batch, leaf, head)
        if not gaps and (self._edge is not None or self.size == 0):
            yield from self._root_judged(batch, head, self._edge or Edge(head.hashing))

    def _leaf_judged(self, batch: Batch, leaf: Leaf, head: TreeHead) -> Iterator[Finding]:
        entry = leaf.entry
        if entry is None:
            yield _of(batch, leaf, Kind.MISSING, "the event is gone; its leaf is there")
            return
        if entry.leaf(head.hashing) == leaf.leaf_hash:
            yield from self._age_judged(batch, leaf, entry)
            return
        home = leaf.home
        if home is not None and home.sequence != leaf.sequence:
            moved = replace(entry, sequence=home.sequence).leaf(head.hashing) == home.leaf_hash
            also = "" if moved else ", and altered"
            words = f"event {entry.id} stands here; it was appended as sequence {home.sequence}{also}"
            yield _of(batch, leaf, Kind.REORDERED, words)
            return
        yield _of(batch, leaf, Kind.ALTERED, "the event is not what was appended")

    def _age_judged(self, batch: Batch, leaf: Leaf, entry: Entry) -> Iterator[Finding]:
        """An event whose unit of work began after a batch claims no place and no time from before that batch."""
        began_after = bisect_right(self._heads, entry.unit, key=lambda head: head.ceiling)
        # One batch of grace: a unit of work draws the sequence a moment before it gets its own number.
        if began_after < 2:
            return
        bound = self._heads[began_after - 2]
        if entry.sequence <= bound.last:
            words = f"it was written after batch {bound.number} into a place before sequence {bound.last}"
            yield _of(batch, leaf, Kind.INSERTED, words)
        elif entry.at < bound.at - CLOCK_MAY_STEP:
            yield _of(batch, leaf, Kind.INSERTED, f"it was written after batch {bound.number} and claims to be older")

    def _root_judged(self, batch: Batch, head: TreeHead, before: Edge) -> Iterator[Finding]:
        if Growth(before, [leaf.leaf_hash for leaf in batch.leaves]).root == head.root:
            return
        misplaced = [
            late for early, late in zip(batch.leaves, batch.leaves[1:], strict=False) if late.sequence < early.sequence
        ]
        for leaf in misplaced:
            yield _of(batch, leaf, Kind.REORDERED, "the leaf does not stand where it was appended")
        if not misplaced:
            words = f"the leaves of sequences {head.first} to {head.last} do not make the signed root"
            yield _about(batch, Kind.ALTERED, words)

    def _remember(self, batch: Batch, head: TreeHead) -> None:
        grown = None
        if self._edge is not None or self.size == 0:
            grown = (self._edge or Edge(head.hashing)).appended(leaf.leaf_hash for leaf in batch.leaves)
        stored = batch.stored.edge if batch.stored is not None and batch.stored.head.root == head.root else None
        self._edge = stored or (grown if grown is not None and grown.root == head.root else None)
        if self._heads and head.ceiling < self._heads[-1].ceiling:
            self._heads.clear()  # restored into another cluster, which numbers its units of work anew
        self._heads.append(head)
        self.size, self._log = head.size, head.log


def cut(newest_stored: int, witnessed: TreeHead | None, leaves_left: int) -> list[Finding]:
    """Whether the witness knows a longer log than the database."""
    if witnessed is None or witnessed.number <= newest_stored:
        return []
    words = f"batches {newest_stored + 1} to {witnessed.number} are gone; the witness saw {witnessed.size} events, {leaves_left} are left"
    return [Finding(Kind.CUT_TAIL, words, batch=newest_stored + 1)]


def stray(entry: Entry, newest: TreeHead, ceiling: int) -> Finding | None:
    """Whether an event that was never appended can be there honestly: only while it waits for the next batch."""
    if newest.horizon <= entry.unit < ceiling or newest.horizon > ceiling:
        return None
    words = f"it claims to be older than batch {newest.number}, and was never appended"
    if entry.unit >= ceiling:
        words = "it claims a unit of work that has not begun"
    return Finding(Kind.INSERTED, words, sequence=entry.sequence, event=entry.id)


def _gaps(leaves: Sequence[Leaf], start: int, end: int) -> Iterator[tuple[int, int, int | None]]:
    """Runs of absent leaves, as (first, one after the last, the sequence of the leaf before it)."""
    expected, before = start, None
    for leaf in leaves:
        if leaf.index > expected:
            yield expected, leaf.index, before
        expected, before = leaf.index + 1, leaf.sequence
    if expected < end:
        yield expected, end, before


def _about(batch: Batch, kind: Kind, words: str) -> Finding:
    return Finding(kind, words, batch=batch.number)


def _of(batch: Batch, leaf: Leaf, kind: Kind, words: str) -> Finding:
    return Finding(kind, words, batch=batch.number, sequence=leaf.sequence, event=leaf.event)
