"""How is a long list read piece by piece? From the mark where the piece before ended, so that new rows shift nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ended: the moment the list is ordered by, and the id that tells rows of one moment apart."""

    at: datetime
    id: str


BEFORE_ALL: Final = Mark(datetime.min.replace(tzinfo=UTC), "")
"""Where a list begins that runs from old to new."""
AFTER_ALL: Final = Mark(datetime.max.replace(tzinfo=UTC), "")
"""Where a list begins that runs from new to old."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a list the caller asks for: so many, after this mark."""

    limit: int
    after: Mark | None = None

    @property
    def reach(self) -> int:
        """How many rows to fetch: one more than are shown says whether others follow."""
        return self.limit + 1


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One part of a list, and where the next begins; None: this was the last."""

    items: tuple[T, ...]
    next: Mark | None


def page(found: Sequence[T], wanted: Wanted, mark: Callable[[T], Mark]) -> Page[T]:
    """The page of these rows, fetched in order up to `wanted.reach`."""
    shown = tuple(found[: wanted.limit])
    return Page(shown, mark(shown[-1]) if len(found) > wanted.limit else None)
