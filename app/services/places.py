"""How many may be inside at once? A bounded number for each process, for what is large while it lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.core.refusal import Unavailable

RETRY_AFTER_SECONDS = 5


class Places:
    """Places of one process, one for each key; whoever finds none is told to come later, and nothing waits."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: set[str] = set()

    @contextmanager
    def taken(self, key: str) -> Iterator[None]:
        """Hold a place; raises Unavailable where all are taken, or this key's own."""
        if len(self._taken) >= self._most or key in self._taken:
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS)
        self._taken.add(key)
        try:
            yield
        finally:
            self._taken.remove(key)
