"""Which document numbers does the bank know to be misused, and does a proofing show one? Kept as keyed hashes alone (R23)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.core.audit import Actor, ActorKind
from app.services.journal import Journal
from app.services.vault import Use, Vault
from app.storage.work import Work
from app.verification.examination import Kind, Side
from app.verification.misused import as_read

US = Actor(ActorKind.SYSTEM, "hufu documents")


@dataclass(frozen=True, slots=True)
class Added:
    """How many numbers of a list were new, and how many stood there before."""

    added: int
    known: int


@dataclass(frozen=True, slots=True)
class Removed:
    """How many numbers of a list were taken off, and how many did not stand there."""

    removed: int
    unknown: int


class CompromisedNumbers:
    """The bank's own list. Each change is one unit of work and one event, which counts and names no number."""

    def __init__(self, journal: Journal, vault: Vault) -> None:
        self._journal = journal
        self._database = journal.database
        self._vault = vault

    async def add(self, numbers: Collection[str], *, by: str) -> Added:
        """Put numbers on it, as `misused.spelled` has them.

        One that stands there under an older key is made anew: nobody else can, for its plain value rests nowhere.
        """
        async with self._journal.act("compromised_numbers.add", US) as act, self._database.work() as work:
            store, new, renewed, left = work.compromised_numbers, list[bytes](), dict[bytes, bytes](), list[bytes]()
            await store.alone()
            made = self._digests(numbers)
            held = await store.among([each for digests in made for each in digests])
            for current, *older in made:
                stale = [each for each in older if each in held]
                if current not in held and stale:
                    renewed[stale.pop()] = current
                elif current not in held:
                    new.append(current)
                left += stale
            await store.remove(left)
            await store.renew(renewed)
            await store.add(new, at=self._journal.clock.now(), by=by)
            found = Added(len(new), len(made) - len(new))
            await act.record(work, by=by, added=found.added, known=found.known, renewed=len(renewed))
        return found

    async def remove(self, numbers: Collection[str], *, by: str) -> Removed:
        """Take numbers off, under whichever key they stand there."""
        async with self._journal.act("compromised_numbers.remove", US) as act, self._database.work() as work:
            store = work.compromised_numbers
            await store.alone()
            made = self._digests(numbers)
            held = await store.among([each for digests in made for each in digests])
            await store.remove(sorted(held))
            gone = sum(not held.isdisjoint(digests) for digests in made)
            found = Removed(gone, len(made) - gone)
            await act.record(work, by=by, removed=found.removed, unknown=found.unknown)
        return found

    def _digests(self, numbers: Collection[str]) -> list[tuple[bytes, ...]]:
        """Of each number once, under every key, the current one's first."""
        return [self._vault.indexes(Use.COMPROMISED_NUMBER, number) for number in dict.fromkeys(numbers)]


async def pages_listed(
    work: Work, vault: Vault, shown: Iterable[tuple[tuple[Kind, Side], str]]
) -> tuple[tuple[Kind, Side], ...]:
    """The pages that show a number of the list."""
    made = [(page, vault.indexes(Use.COMPROMISED_NUMBER, number)) for page, number in shown]
    held = await work.compromised_numbers.among([each for _, digests in made for each in digests])
    return tuple(dict.fromkeys(page for page, digests in made if not held.isdisjoint(digests)))


async def is_listed(work: Work, vault: Vault, number: str) -> bool:
    """Whether a number that somebody typed stands on the list."""
    return bool(await work.compromised_numbers.among(vault.indexes(Use.COMPROMISED_NUMBER, as_read(number))))
