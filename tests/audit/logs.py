"""A log in memory: honest batches under a signature that anybody can make who knows the word, and hands that tamper."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from app.audit.entry import Entry
from app.audit.findings import Finding, Kind
from app.audit.head import ALGORITHM, SignedHead, TreeHead
from app.audit.tree import Edge, Hashing
from app.audit.verification import Batch, Leaf, Place, Verification

START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def entry(sequence: int, **changes: object) -> Entry:
    """Event `evt_N`, written by unit of work N."""
    plain = Entry(
        sequence, f"evt_{sequence}", START + timedelta(seconds=sequence), "test.act", "allowed", "system", None, None, None,
        (), None, None, None, {"n": sequence}, sequence,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def signed(head: TreeHead, peaks: tuple[bytes, ...], word: bytes = b"ours") -> SignedHead:
    """Signed with a word."""
    return SignedHead(head, hashlib.sha256(word + head.octets()).digest(), {"kty": "EC"}, peaks)


def genuine(each: SignedHead) -> bool:
    """Whether it was our word."""
    return each.signature == hashlib.sha256(b"ours" + each.head.octets()).digest()


def batch(number: int, before: Edge, entries: list[Entry], /, **changes: object) -> Batch:
    """One honest batch, witnessed."""
    made = [each.leaf(before.hashing) for each in entries]
    edge, sequences, units = before.appended(made), [each.sequence for each in entries], [each.unit for each in entries]
    head = TreeHead(
        "log_1", number, edge.size, edge.root, before.hashing, max(each.at for each in entries), min(sequences),
        max(sequences), max(units) + 1, max(units) + 1, ALGORITHM, "key", 1,
    )  # fmt: skip
    head = replace(head, **changes)  # type: ignore[arg-type]
    leaves = [
        Leaf(before.size + at, each.sequence, each.id, made[at], each, Place(each.sequence, made[at]))
        for at, each in enumerate(entries)
    ]
    return Batch(number, signed(head, edge.peaks), signed(head, ()), tuple(leaves))


@dataclass
class Log:
    """Batches in order; `hands` change one before it is judged."""

    hashing: Hashing = Hashing.SHA_256
    batches: list[Batch] = field(default_factory=list)
    edge: Edge = field(init=False)

    def __post_init__(self) -> None:
        self.edge = Edge(self.hashing)

    def append(self, *entries: Entry, **changes: object) -> None:
        """One more honest batch."""
        self.batches.append(batch(len(self.batches) + 1, self.edge, list(entries), **changes))
        self.edge = self.edge.appended(each.leaf(self.hashing) for each in entries)

    def bend(self, number: int, **changes: object) -> None:
        """Change what is found of a batch."""
        self.batches[number - 1] = replace(self.batches[number - 1], **changes)  # type: ignore[arg-type]

    def bend_leaf(self, number: int, at: int, **changes: object) -> None:
        """Change one leaf of a batch."""
        leaves = list(self.batches[number - 1].leaves)
        leaves[at] = replace(leaves[at], **changes)  # type: ignore[arg-type]
        self.bend(number, leaves=tuple(leaves))

    def findings(self) -> list[Finding]:
        """What a verification finds."""
        verification = Verification(genuine)
        return [finding for each in self.batches for finding in verification.judged(each)]

    def found(self) -> list[tuple[Kind, int | None, int | None]]:
        """The same as kind, batch and sequence."""
        return [(each.kind, each.batch, each.sequence) for each in self.findings()]


def honest(*sizes: int, hashing: Hashing = Hashing.SHA_256) -> Log:
    """A log of batches of these sizes."""
    log, sequence = Log(hashing), 1
    for size in sizes:
        log.append(*(entry(each) for each in range(sequence, sequence + size)))
        sequence += size
    return log


def stored(log: Log, number: int) -> SignedHead:
    """The head that is stored for a batch."""
    found = log.batches[number - 1].stored
    assert found is not None
    return found
