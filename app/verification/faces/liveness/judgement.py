"""What was made of one try? The value that outlives its frames, and where it is counted.

What is found is for staff. The applicant is told that it did not succeed, and of nothing by which a forger would learn.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from app.core.refusal import Refusal
from app.verification.faces.liveness.steps import Step
from app.verification.reasons import Fact, Outcome, Reason, ReasonCode


class LivenessNotShown(Refusal, code="liveness_not_shown"):
    """The try did not succeed; which figure spoke against it is told to nobody but staff (R-section 6.5)."""


class Verdict(StrEnum):
    """What a presentation was taken for."""

    BONA_FIDE = "bona_fide"
    ATTACK = "attack"
    NON_RESPONSE = "non_response"
    """R89: something was not answered, or could not be seen; nobody is accused, and nobody is accepted."""
    UNAVAILABLE = "unavailable"
    """We could not look, or not in time: nobody is accused or accepted, and the try is given back."""


class Count(StrEnum):
    """R91: five counters, none of which is folded into another."""

    FAILURE_TO_CAPTURE = "failure_to_capture"
    PAD_REJECT = "pad_reject"
    QUALITY_REJECT = "quality_reject"
    NO_MATCH = "no_match"
    HUMAN_OVERRIDE = "human_override"


UNANSWERED: Final = frozenset(
    {
        ReasonCode.LIVENESS_UNDONE,
        ReasonCode.LIVENESS_ASTRAY,
        ReasonCode.LIVENESS_UNSTEADY,
        ReasonCode.LIVENESS_FACE_LOST,
        ReasonCode.LIVENESS_GAP,
        ReasonCode.LIVENESS_STALLED,
        ReasonCode.LIVENESS_CLOCKS,
        ReasonCode.LIVENESS_COLOUR_FAINT,
        ReasonCode.LIVENESS_LINE_SLOW,
        ReasonCode.LIVENESS_UNDESCRIBED,
        ReasonCode.LIVENESS_UNCLEAR,
    }
)
"""What a slow line or camera, a dark room, the sun, a trembling head or a left taken for a right does to honest people: not accepted, nor accused."""
SIGNALS: Final = frozenset(
    {
        ReasonCode.LIVENESS_TEXTURE,
        ReasonCode.LIVENESS_SPECTRUM,
        ReasonCode.LIVENESS_EDGES,
        ReasonCode.LIVENESS_OTHER_FACE,
        ReasonCode.LIVENESS_TOO_SOON,
    }
)
"""Calibrated by nobody, or what brisk people do (R-section 6.5: suspicious): a person looks, and nothing is judged by them alone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure beyond its threshold."""

    code: ReasonCode
    score: float
    threshold: float
    step: Step | None = None

    @property
    def reason(self) -> Reason:
        """As a decision takes it: a person looks (R82), or the applicant tries again."""
        facts: dict[str, Fact] = {"measured": round(self.score, 4), "threshold": self.threshold}
        if self.step is not None:
            facts["step"] = self.step.value
        return Reason(self.code, Outcome.REFER, facts)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was made of one try; kept when its frames are not."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    still: int | None
    """Number of the frame that is compared; None: none will do, or nobody is to be compared."""
    frames: int
    calibration: str
    """R92: of the thresholds."""

    def spoilt(self) -> "Judgement":
        """The same where frames were not looked at in time: what was not answered may have been; an attack that was seen was."""
        return replace(self, verdict=Verdict.UNAVAILABLE) if self.verdict is Verdict.NON_RESPONSE else self

    def late(self) -> "Judgement":
        """The same where it is too late for anything to come of it but what speaks against it."""
        return replace(self, still=None)

    @property
    def count(self) -> Count | None:
        """Where it is counted, for the person, the device and the network; None: it succeeded, or failed through us."""
        if self.verdict in {Verdict.BONA_FIDE, Verdict.UNAVAILABLE}:
            return None
        if self.verdict is Verdict.ATTACK:
            return Count.PAD_REJECT
        unclear = {finding.code for finding in self.findings} & UNANSWERED == {ReasonCode.LIVENESS_UNCLEAR}
        return Count.QUALITY_REJECT if unclear else Count.FAILURE_TO_CAPTURE

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """For a decision; empty: nothing speaks against that somebody was there."""
        return tuple(finding.reason for finding in self.findings)
