"""How many may be inside at once? A bounded number for each process, for what is large while it lasts."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from app.core.refusal import Unavailable

RETRY_AFTER_SECONDS = 5


class Places:
    """Places of one process, one for each key; whoever finds none is told to come later, and nothing waits."""

    def __init__(self, most: int, *, of_one: int = 1) -> None:
        """`of_one`: as many as one owner may hold; who sends a picture octet by octet is not to keep out all others."""
        self._most, self._of_one = most, of_one
        self._taken: set[str] = set()
        self._owned: Counter[str] = Counter()

    @contextmanager
    def taken(self, key: str, owner: str | None = None) -> Iterator[None]:
        """Hold a place; raises Unavailable where all are taken, this key's own, or all that its owner may hold."""
        of_whom = key if owner is None else owner
        if len(self._taken) >= self._most or key in self._taken or self._owned[of_whom] >= self._of_one:
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS)
        self._taken.add(key)
        self._owned[of_whom] += 1
        try:
            yield
        finally:
            self._taken.remove(key)
            self._owned[of_whom] -= 1
            self._owned += Counter()  # whoever holds none is forgotten
