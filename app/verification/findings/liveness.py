"""Was somebody there? What the tries of a proofing lead to, and whether one passes for the control of that name (R77).

The challenge is tried again before a submission, not after it: what is left at a decision is for people to look at.
"""

from collections.abc import Iterator, Sequence

from app.verification.faces.liveness.judgement import Judgement, Verdict
from app.verification.policy import UNCALIBRATED
from app.verification.reasons import Outcome, Reason, ReasonCode


def liveness_findings(shown: Judgement | None, failed: Sequence[Judgement] = (), *, required: bool) -> Iterator[Reason]:
    """What speaks against the try that is compared; what was taken for an attack before it is for people to see.

    `shown` is None where nobody tried, or the person was shown a way without motion: people decide where the policy asks.
    """
    seen: set[ReasonCode] = set()
    tries = (() if shown is None else (shown,), (each for each in failed if each.verdict is Verdict.ATTACK))
    for reason in (reason for some in tries for judged in some for reason in judged.reasons):
        if reason.code not in seen:
            yield reason
        seen.add(reason.code)
    if required and (shown is None or shown.verdict is not Verdict.BONA_FIDE):
        yield Reason(ReasonCode.LIVENESS_MISSING, Outcome.REFER)


def liveness_passed(judged: Judgement | None) -> bool:
    """Attacks were looked for and none was found, under error rates that somebody has measured."""
    if judged is None or judged.calibration == UNCALIBRATED:
        return False
    return judged.verdict is Verdict.BONA_FIDE and not judged.findings
