"""How slow was the line? By our own clock alone: what a device says of its line is no measure of ours.

Whoever makes theirs slow gains nothing by it: what could not be seen in time is not accepted, and costs a try (R89).
"""

from typing import Final

from app.core.refusal import Refusal
from app.verification.faces.liveness.challenge import Challenge
from app.verification.faces.liveness.judgement import LivenessNotShown
from app.verification.thresholds import Thresholds

FOLLOWING: Final = 4
"""Frames a page keeps unseen at most: that many come in one round of the line, and no more, however slow it is."""


class LivenessLineSlow(Refusal, code="liveness_line_slow"):
    """The try did not succeed, and the line was slow: said of every such try, whatever else was found in it."""


def round_ms(challenge: Challenge) -> int:
    """The longest time in which four further frames came; where so few never came, the time in which those did."""
    came = [frame.server_ms for frame in challenge.frames]
    if len(came) <= FOLLOWING:
        return came[-1] - challenge.prompts[0].revealed_ms if came else 0
    return max(after - before for before, after in zip(came, came[FOLLOWING:], strict=False))


def is_slow(challenge: Challenge, limits: Thresholds) -> bool:
    """Whether a round of it takes longer than a face may take to answer a colour: then no answer can be in time."""
    return round_ms(challenge) > limits.liveness_colour_lag_most_ms.value


def not_shown(challenge: Challenge, limits: Thresholds) -> Refusal:
    """What is said of a try that did not succeed: by the line alone, of which its owner knows as much as we do."""
    return LivenessLineSlow() if is_slow(challenge, limits) else LivenessNotShown()
