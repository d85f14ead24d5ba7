"""What is held of a liveness challenge while it is performed, and what is said of it? In one process, nowhere else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from app.verification.faces.five_points import Box
from app.verification.faces.liveness.challenge import Challenge, ChallengeState
from app.verification.faces.liveness.hints import Hint, hint_of
from app.verification.faces.liveness.steps import Colour, Step
from app.verification.policy import Policy
from app.verification.thresholds import Thresholds

LOOKS_EVERY_SECONDS: Final = 0.5
"""Where nothing comes: how often it is asked whether the time for a prompt is over."""
HINTS_APART_MS: Final = 700
"""Or they would flicker."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One frame as it was sent."""

    sequence: int
    client_ms: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step to be asked for."""

    number: int
    """From 1."""
    step: Step


@dataclass(frozen=True, slots=True)
class ShownHint:
    """What to do better; None: nothing any more."""

    code: Hint | None


News = ShownStep | Colour | ShownHint
"""What whoever films is told next."""


@dataclass(slots=True)
class Performance:
    """A challenge under way, held for the one carrier of its frames."""

    proofing_id: str
    challenge: Challenge
    policy: Policy
    near: Box | None = None
    """Where the face was last."""
    described: dict[int, bytes] = field(default_factory=dict)
    """JPEG of the few frames of which one may be compared; all others are forgotten where they were looked at."""
    spoilt: bool = False
    """Whether a frame was not looked at, or so late that those behind it came too late: through us."""

    _told: int = 0
    """Prompts."""
    _hint: Hint | None = None
    _hinted_ms: int = 0

    @property
    def limits(self) -> Thresholds:
        """Of the policy that was in force when it began."""
        return self.policy.thresholds

    def is_over(self) -> bool:
        """Whether there is nothing more to perform."""
        return self.challenge.state not in {ChallengeState.OPEN, ChallengeState.RUNNING}

    def news(self) -> tuple[News, ...]:
        """What there is to tell since it was asked last; each word once."""
        return (*self._hints(), *self._prompts())

    def _prompts(self) -> Iterator[News]:
        prompts = self.challenge.prompts
        for at in range(self._told, len(prompts)):
            ask = prompts[at].ask
            if isinstance(ask, Step):
                yield ShownStep(sum(isinstance(each.ask, Step) for each in prompts[: at + 1]), ask)
            else:
                yield ask
        self._told = len(prompts)

    def _hints(self) -> Iterator[News]:
        asked = self.challenge.asked
        if not self.challenge.frames or asked is None:
            return
        frame, moving = self.challenge.frames[-1], isinstance(asked.ask, Step)
        hint = hint_of(frame.view, self.limits, moving=moving)
        if hint is not self._hint and frame.server_ms - self._hinted_ms >= HINTS_APART_MS:
            self._hint, self._hinted_ms = hint, frame.server_ms
            yield ShownHint(hint)
