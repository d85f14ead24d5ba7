"""What time is it? The one place that asks the machine."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

STEP: Final = timedelta(seconds=30)
"""A clock that moves by more than this without time passing was set, by a person, an attacker or a time server gone wrong."""
SETTLING: Final = timedelta(seconds=60)
"""How long a step ahead must have stood before it is followed: one that is set back meanwhile never happened."""
_JITTER_SECONDS: Final = 0.001
_STEP_SECONDS: Final = STEP.total_seconds()
_TICKING: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux's goes on while the machine sleeps, so that waking up is no step."""


class Clock(Protocol):
    """Tells the time to whoever must decide by it."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class Machine(Clock, Protocol):
    """A clock, and beside it seconds that nobody can set."""

    def ticks(self) -> float:
        """Seconds since some moment in the past; never set, never back."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def ticks(self) -> float:
        """Seconds since the machine was started."""
        return time.clock_gettime(_TICKING)


class SteadyClock:
    """The machine's clock, but nobody sets it while we go by it (A123).

    A step back is never followed while this process lives: what has run out stays so. A step ahead is followed once it
    has stood for a while: blocks end early by it. Meanwhile time passes by the seconds that nobody can set.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._followed = self._measured()[1]
        self._ahead_since: float | None = None
        self._is_apart = False
        self.steps = 0
        """Seen so far, in either direction."""

    def now(self) -> datetime:
        """The present moment, no earlier than any told before."""
        wall, lead = self._measured()
        apart = lead - self._followed
        if -_JITTER_SECONDS <= apart <= _STEP_SECONDS:
            if apart > 0.0:
                self._followed = lead
            self._ahead_since, self._is_apart = None, False
            return wall
        self._notice(apart)
        if self._ahead_since is not None and self._machine.ticks() - self._ahead_since >= SETTLING.total_seconds():
            self._followed, self._ahead_since, self._is_apart = lead, None, False
            return wall
        return wall - timedelta(seconds=apart)

    def apart(self) -> timedelta:
        """By how much the machine's clock is ahead of this one, where it was set; negative: behind."""
        self.now()
        return timedelta(seconds=self._measured()[1] - self._followed)

    def _notice(self, apart: float) -> None:
        if not self._is_apart and abs(apart) > _STEP_SECONDS:
            self._is_apart = True
            self.steps += 1
        if apart < 0:
            self._ahead_since = None
        elif self._ahead_since is None:
            self._ahead_since = self._machine.ticks()

    def _measured(self) -> tuple[datetime, float]:
        """The clock and its lead over the ticks; in this order, or a pause between the two would look like a step ahead."""
        wall = self._machine.now()
        return wall, wall.timestamp() - self._machine.ticks()


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
        self._ticks = 0.0

    def now(self) -> datetime:
        """Where it was last set."""
        return self._moment

    def ticks(self) -> float:
        """Seconds that passed."""
        return self._ticks

    def move(self, by: timedelta) -> None:
        """Let `by` pass at once."""
        self._moment += by
        self._ticks += by.total_seconds()

    def step(self, by: timedelta) -> None:
        """Set it forward or back; no time passes."""
        self._moment += by
