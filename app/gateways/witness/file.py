"""How does a file witness heads? One line each, added and never changed; what does not continue the last is refused."""

import asyncio
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from app.audit.head import Handed, HeadMalformed, SignedHead, parsed
from app.audit.tree import ProofBroken, check_consistency
from app.gateways.audit_signing import sound
from app.gateways.witness import WitnessRefused, WitnessUnavailable

LONGEST_LINE = 64 * 1024


class FileWitness:
    """Heads in a file, durable when taken."""

    name = "file"

    def __init__(self, path: Path) -> None:
        self._path = path

    async def take(self, handed: Handed) -> None:
        """Add a line, or raise."""
        await asyncio.to_thread(self._take, handed)

    def _take(self, handed: Handed) -> None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise WitnessUnavailable(str(error)) from error
        with os.fdopen(descriptor, "rb+", buffering=0) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                last = _last(file.fileno())
                if last is not None and last.head == handed.signed.head:
                    return
                _check(last, handed)
                file.write(handed.line())
                os.fsync(file.fileno())
            except OSError as error:
                raise WitnessUnavailable(str(error)) from error


def witnessed(path: Path) -> Iterator[SignedHead]:
    """Every head the file holds, in order; raises HeadMalformed."""
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):  # a torn last line was never acknowledged
                yield parsed(line)


def _check(last: SignedHead | None, handed: Handed) -> None:
    head = handed.signed.head
    if not sound(handed.signed):
        raise WitnessRefused(f"head {head.number}: its signature is not good")
    if last is None:
        if head.number != 1:
            raise WitnessRefused(f"head {head.number} comes first")
        return
    before = last.head
    if (before.log, before.number + 1) != (head.log, head.number):
        raise WitnessRefused(f"head {head.number} of {head.log} does not follow {before.number} of {before.log}")
    try:
        check_consistency(head.hashing, (before.size, before.root), (head.size, head.root), handed.consistency)
    except ProofBroken as error:
        raise WitnessRefused(f"head {head.number}: {error}") from error


def _last(descriptor: int) -> SignedHead | None:
    """The last whole line; a torn one after it, which a crash left and nobody was promised, is taken off."""
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, LONGEST_LINE, max(0, size - LONGEST_LINE))
    whole = tail[: tail.rfind(b"\n") + 1]
    if len(whole) < len(tail):
        os.ftruncate(descriptor, size - len(tail) + len(whole))
    if not whole:
        return None
    try:
        return parsed(whole.splitlines()[-1])
    except HeadMalformed as error:
        raise WitnessRefused(f"its last line is no head: {error}") from error
