"""Was somebody there when the face was filmed? R82, R83; a figure refers, and nothing it says rejects anybody."""

from collections.abc import Iterator, Sequence

from app.verification.faces.liveness.judging import Judgement, Verdict
from app.verification.reasons import Outcome, Reason, ReasonCode


def liveness_findings(shown: Judgement | None, failed: Sequence[Judgement], *, required: bool) -> Iterator[Reason]:
    """What speaks against the try that is compared; what was taken for an attack before it is for people to see."""
    if shown is not None:
        yield from shown.reasons
    elif required:
        yield Reason(ReasonCode.LIVENESS_MISSING, Outcome.REFER)
    seen = set() if shown is None else {reason.code for reason in shown.reasons}
    for attempt in failed:
        if attempt.verdict is Verdict.ATTACK:
            yield from (reason for reason in attempt.reasons if reason.code not in seen)
            seen |= {reason.code for reason in attempt.reasons}
