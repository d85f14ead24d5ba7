"""How full is something bounded at this moment? For the figures of /metrics."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """What is in use, who waits for it, and how much of it there is."""

    in_use: int
    waiting: int
    limit: int
