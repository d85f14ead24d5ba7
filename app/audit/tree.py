"""How are events bound so that none can be changed, moved or taken out unseen? The Merkle tree of RFC 9162 §2.1.

Nothing here needs the whole tree: its right edge and what was appended since are enough to append and to prove.
"""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives import hashes


class ProofBroken(Exception):
    """A proof does not lead from what was shown to the root it was shown for."""


class Hashing(StrEnum):
    """What the tree is made with; every head names it."""

    SHA_256 = "sha-256"
    SM3 = "sm3"  # GB/T 32905-2016

    def digest(self, octets: bytes) -> bytes:
        """The hash of these octets."""
        if self is Hashing.SHA_256:
            return hashlib.sha256(octets).digest()
        made = hashes.Hash(hashes.SM3())  # hashlib has it only where its OpenSSL was built with it
        made.update(octets)
        return made.finalize()

    def leaf(self, entry: bytes) -> bytes:
        """The hash of a leaf; the prefix keeps a node from being passed off as an event, §2.1.1."""
        return self.digest(b"\x00" + entry)

    def node(self, left: bytes, right: bytes) -> bytes:
        """The hash of an inner node, §2.1.1."""
        return self.digest(b"\x01" + left + right)


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree: the roots of the perfect subtrees it is made of, the largest first."""

    hashing: Hashing
    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"a tree of {self.size} leaves has no {len(self.peaks)} peaks")

    def appended(self, leaves: Iterable[bytes]) -> "Edge":
        """The edge after these leaf hashes; the work is that of the leaves alone."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            node, below = leaf, size
            while below & 1:
                node, below = self.hashing.node(peaks.pop(), node), below >> 1
            peaks.append(node)
            size += 1
        return Edge(self.hashing, size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """MTH(D_n), §2.1.1."""
        if not self.peaks:
            return self.hashing.digest(b"")
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = self.hashing.node(peak, root)
        return root

    def spans(self) -> Iterator[tuple[tuple[int, int], bytes]]:
        """Each peak and the leaves below it, as (first, one after the last)."""
        start = 0
        for level, peak in zip(
            (bit for bit in reversed(range(self.size.bit_length())) if self.size >> bit & 1), self.peaks, strict=True
        ):
            yield (start, start + (1 << level)), peak
            start += 1 << level


class Growth:
    """A tree as it was at some edge, and the leaf hashes appended since: whatever is proven about those, from these."""

    def __init__(self, before: Edge, leaves: Sequence[bytes]) -> None:
        self.before = before
        self.size = before.size + len(leaves)
        self._hashing = before.hashing
        self._leaves = leaves
        self._known = dict(before.spans())

    @property
    def root(self) -> bytes:
        """The root of the grown tree."""
        return self.before.appended(self._leaves).root

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """PATH(m, D_n), §2.1.3.1, of a leaf appended since; from the leaf upwards."""
        if not self.before.size <= index < self.size:
            raise ValueError(f"leaf {index} was not appended in this growth")
        start, end, path = 0, self.size, []
        while end - start > 1:
            split = start + _split(end - start)
            if index < split:
                path.append(self._node(split, end))
                end = split
            else:
                path.append(self._node(start, split))
                start = split
        return tuple(reversed(path))

    def consistency(self) -> tuple[bytes, ...]:
        """PROOF(m, D_n), §2.1.4.1, that the grown tree begins with the tree before; empty where that was empty."""
        old = self.before.size
        if old in {0, self.size}:
            return ()
        start, end, path = 0, self.size, []
        while old != end:
            split = start + _split(end - start)
            if old <= split:
                path.append(self._node(split, end))
                end = split
            else:
                path.append(self._node(start, split))
                start = split
        if start > 0:  # else it is the whole old tree, whose root the asker has
            path.append(self._node(start, end))
        return tuple(reversed(path))

    def _node(self, start: int, end: int) -> bytes:
        """MTH(D[start:end]). What lies left of the old edge is needed in whole peaks alone."""
        if end <= self.before.size:
            return self._known[start, end]
        if end - start == 1:
            return self._leaves[start - self.before.size]
        split = start + _split(end - start)
        return self._hashing.node(self._node(start, split), self._node(split, end))


def check_inclusion(hashing: Hashing, leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """The algorithm of §2.1.3.2: the leaf hash stands at this place of the tree; raises ProofBroken."""
    if not 0 <= index < size:
        raise ProofBroken(f"there is no leaf {index} in a tree of {size}")
    at, last, made = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise ProofBroken("the path is too long")
        if at & 1 or at == last:
            made = hashing.node(step, made)
            while not at & 1 and at != 0:
                at, last = at >> 1, last >> 1
        else:
            made = hashing.node(made, step)
        at, last = at >> 1, last >> 1
    if last != 0 or not hmac.compare_digest(made, root):
        raise ProofBroken("the path does not lead to the root")


def check_consistency(hashing: Hashing, old: tuple[int, bytes], new: tuple[int, bytes], path: Sequence[bytes]) -> None:
    """The algorithm of §2.1.4.2 for (size, root) of two trees: the new begins with the old; raises ProofBroken."""
    (old_size, old_root), (new_size, new_root) = old, new
    if old_size > new_size:
        raise ProofBroken("the tree has shrunk")
    if old_size in {0, new_size}:
        _check_nothing_new(new_root if old_size else Edge(hashing).root, old_root, path)
        return
    steps = [old_root, *path] if old_size.bit_count() == 1 else list(path)
    if not steps:
        raise ProofBroken("the path is empty")
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old_made = new_made = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise ProofBroken("the path is too long")
        if at & 1 or at == last:
            old_made, new_made = hashing.node(step, old_made), hashing.node(step, new_made)
            while not at & 1 and at != 0:
                at, last = at >> 1, last >> 1
        else:
            new_made = hashing.node(new_made, step)
        at, last = at >> 1, last >> 1
    if last != 0 or not (hmac.compare_digest(old_made, old_root) and hmac.compare_digest(new_made, new_root)):
        raise ProofBroken("the old tree is not the beginning of the new")


def _check_nothing_new(expected: bytes, root: bytes, path: Sequence[bytes]) -> None:
    """The cases the algorithm leaves out: the same tree again, and growth from nothing; both need no proof."""
    if path or not hmac.compare_digest(expected, root):
        raise ProofBroken("another tree of the same size")


def _split(size: int) -> int:
    """The largest power of two smaller than `size`, §2.1.1."""
    return 1 << (size - 1).bit_length() - 1
