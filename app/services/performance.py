"""What is held of a liveness challenge while it is performed? In the process of the one connection that performs it, nowhere else."""

from dataclasses import dataclass, field

from app.verification.faces.five_points import Box
from app.verification.faces.liveness.challenge import Challenge, ChallengeState
from app.verification.policy import Policy, Thresholds


@dataclass(frozen=True, slots=True)
class Sent:
    """One frame as the page sent it."""

    sequence: int
    client_ms: int
    jpeg: bytes


@dataclass(slots=True)
class Performance:
    """A challenge under way, held by the one connection that performs it."""

    proofing_id: str
    challenge: Challenge
    policy: Policy
    near: Box | None = None
    """Where the face was last."""
    described: dict[int, bytes] = field(default_factory=dict)
    """JPEG of the few frames of which one may be compared; all others are forgotten where they were looked at."""
    spoilt: bool = False
    """Whether a frame was not looked at, or so late that those behind it came too late: through us."""

    @property
    def limits(self) -> Thresholds:
        """Of the policy that was in force when it began."""
        return self.policy.thresholds

    def is_over(self) -> bool:
        """Whether there is nothing more to perform."""
        return self.challenge.state not in {ChallengeState.OPEN, ChallengeState.RUNNING}
