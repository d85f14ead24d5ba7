"""May a message leave, and may it leave again? Once a gateway may have taken it, never: a doubled code is a puzzle to its reader."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)
MOST_TRIES = 20
NOTICE_LIFE = timedelta(days=3)
"""How long a message that carries no code is worth sending."""


class State(StrEnum):
    """Whose move it is."""

    QUEUED = "queued"  # worker: hand it over
    SENDING = "sending"  # worker: it has begun to
    HANDED_OVER = "handed_over"  # nobody: a gateway took it
    FAILED = "failed"  # nobody: no gateway took it
    UNKNOWN = "unknown"  # nobody: a gateway may have taken it


OPEN = frozenset({State.QUEUED, State.SENDING})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Where one message stands on its way out."""

    state: State
    expires_at: datetime
    """From when it says nothing worth sending: the end of its code's life."""
    tries: int = 0
    settled_at: datetime | None = None

    def begun(self, now: datetime) -> "Outgoing":
        """Take it up: on its way, or at its end without being sent.

        Found on its way already, a worker died over it or lives on elsewhere: it may have left.
        """
        if self.state is State.SENDING:
            return self._settled(State.UNKNOWN, now)
        if self.state is not State.QUEUED:
            return self
        if now >= self.expires_at:
            return self._settled(State.FAILED, now)
        return replace(self, state=State.SENDING, tries=self.tries + 1)

    def handed_over(self, now: datetime) -> "Outgoing":
        """The gateway says that it took it."""
        return self._settled(State.HANDED_OVER, now)

    def refused(self, now: datetime) -> "Outgoing":
        """The gateway says that it will not take it."""
        return self._settled(State.FAILED, now)

    def lost_sight_of(self, now: datetime) -> "Outgoing":
        """The gateway may have taken it, and may not."""
        return self._settled(State.UNKNOWN, now)

    def unsent(self, now: datetime) -> tuple["Outgoing", timedelta | None]:
        """Not one byte of it left: try again after the pause given, while it is worth it."""
        if self.state is not State.SENDING:
            return self, None
        pause = min(FIRST_PAUSE * 2 ** min(self.tries - 1, 16), LONGEST_PAUSE)
        if self.tries >= MOST_TRIES or now + pause >= self.expires_at:
            return self._settled(State.FAILED, now), None
        return replace(self, state=State.QUEUED), pause

    def _settled(self, state: State, now: datetime) -> "Outgoing":
        if self.state not in OPEN:
            return self
        return replace(self, state=state, settled_at=now)


def queued(expires_at: datetime) -> Outgoing:
    """A message just written."""
    return Outgoing(State.QUEUED, expires_at)
