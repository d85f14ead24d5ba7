"""Was the record tampered with? Everything the auditor can read against what the witness saw, batch by batch."""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass

from app.audit.findings import Finding, Kind
from app.audit.head import SignedHead, TreeHead
from app.audit.verification import Batch, Verification, cut, stray
from app.core.secret import Secret
from app.storage.audit_trail import AuditTrail, opened


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a verification is, and what the step found."""

    judged: int
    """Events judged so far."""
    size: int
    """Events there are to judge."""
    findings: tuple[Finding, ...]


class Witnessed:
    """The heads a witness saw, in order, asked for one after the other: a long file is never held whole."""

    def __init__(self, heads: Iterable[SignedHead]) -> None:
        self._heads = iter(heads)
        self._ahead = next(self._heads, None)
        self._newest = self._ahead

    def of(self, number: int) -> SignedHead | None:
        """The head of a batch; None: it was not witnessed."""
        while self._ahead is not None and self._ahead.head.number < number:
            self._advance()
        return self._ahead if self._ahead is not None and self._ahead.head.number == number else None

    def passed_over(self, number: int) -> bool:
        """Whether the witness knows later heads and not this one."""
        return self.of(number) is None and self._ahead is not None

    def newest(self) -> TreeHead | None:
        """The last head there is; ends the reading."""
        while self._ahead is not None:
            self._advance()
        return None if self._newest is None else self._newest.head

    def _advance(self) -> None:
        self._newest, self._ahead = self._ahead, next(self._heads, None)
        self._newest = self._ahead or self._newest


class AuditVerification:
    """Verifies as the auditor; needs neither the application nor the master key."""

    def __init__(self, url: Secret[str], genuine: Callable[[SignedHead], bool]) -> None:
        self._url = url
        self._genuine = genuine

    async def verify(self, heads: Iterable[SignedHead]) -> AsyncIterator[Progress]:
        """Judge the whole log; `heads`: the witness's, in order, none where there is no witness."""
        witnessed, verification = Witnessed(heads), Verification(self._genuine)
        async with opened(self._url) as trail:
            last = await trail.last()
            size, number = (last.head.size, last.head.number) if last else (0, 0)
            async for stored in _numbered(trail, number):
                found = await _judged(trail, verification, witnessed, *stored)
                yield Progress(verification.size, size, tuple(found))
            left = await _left(trail, last, verification.size)
            left += cut(number, witnessed.newest(), await trail.beyond(0))
            yield Progress(verification.size, size, tuple(left))


async def _numbered(trail: AuditTrail, last: int) -> AsyncIterator[tuple[int, SignedHead | None]]:
    """The stored head of each batch from the first to the last, None for one that is gone."""
    expected = 1
    async for stored in trail.heads():
        while expected < min(stored.head.number, last):
            yield expected, None
            expected += 1
        yield stored.head.number, stored
        expected = stored.head.number + 1


async def _judged(
    trail: AuditTrail, verification: Verification, witnessed: Witnessed, number: int, stored: SignedHead | None
) -> list[Finding]:
    seen = witnessed.of(number)
    found = []
    if witnessed.passed_over(number):
        found.append(Finding(Kind.UNWITNESSED, "the witness knows later heads and not this one", batch=number))
    head = verification.head(stored, seen)
    leaves = () if head is None else await trail.leaves(verification.size, head.size)
    return [*found, *verification.judged(Batch(number, stored, seen, leaves))]


async def _left(trail: AuditTrail, last: SignedHead | None, size: int) -> list[Finding]:
    """What no batch tells of: leaves after the last head, and events that were never appended."""
    beyond = await trail.beyond(size)
    found = (
        [Finding(Kind.MISSING, f"{beyond} leaves after leaf {size} belong to no head that is there")] if beyond else []
    )
    if last is None:
        return found
    ceiling = await trail.ceiling()
    strays = (stray(entry, last.head, ceiling) for entry in await trail.never_appended())
    return [*found, *(each for each in strays if each is not None)]
