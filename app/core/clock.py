"""What time is it? The one place that asks the machine."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time to whoever must decide by it."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


class SandboxClock:
    """The machine's clock and what the sandbox was told to let pass; it never goes back."""

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The present moment of the sandbox."""
        return self._machine.now() + self._ahead

    def follow(self, ahead: timedelta) -> None:
        """Go by this; an answer that was overtaken on its way does not turn the clock back."""
        self._ahead = max(self._ahead, ahead)


class SetClock:
    """A clock that stands until it is moved; for tests."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Where it was last set."""
        return self._moment

    def move(self, by: timedelta) -> None:
        """Let `by` pass at once."""
        self._moment += by
