"""Was somebody there? What the last try of a proofing leads to, and whether it passes for the control of that name (R77).

The challenge is tried again before a submission, not after it: what is left at a decision is for people to look at.
"""

from collections.abc import Iterator

from app.verification.faces.liveness.judging import Judgement, Verdict
from app.verification.policy import UNCALIBRATED
from app.verification.reasons import Outcome, Reason, ReasonCode


def liveness_findings(judged: Judgement | None, *, required: bool) -> Iterator[Reason]:
    """None: nobody tried, or the person was shown a way without motion; then people decide where the policy asks for it."""
    if judged is not None:
        yield from judged.reasons
    if required and (judged is None or judged.verdict is not Verdict.BONA_FIDE):
        yield Reason(ReasonCode.LIVENESS_MISSING, Outcome.REFER)


def liveness_passed(judged: Judgement | None) -> bool:
    """Attacks were looked for and none was found, under error rates that somebody has measured."""
    if judged is None or judged.calibration == UNCALIBRATED:
        return False
    return judged.verdict is Verdict.BONA_FIDE and not judged.findings
