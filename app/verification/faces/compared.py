"""Is the probe the person? One score from all of their photographs, with all that a score never travels without (R92).

THE SEAM: whoever compares a probe with enrolled descriptors calls `compare` and nothing else. A fit, a calibration or another
person score take the place of its body; services, storage and the interface show what it returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.verification.examination import FaceComparison
from app.verification.faces.comparison import NotADescriptor, distance, from_octets
from app.verification.findings.faces import comparison_findings
from app.verification.policy import Policy
from app.verification.reasons import Outcome, Reason, ReasonCode, worst

MEASURE: Final = "distance"
"""Mean Euclidean distance from the probe to every photograph: lower is nearer. Never the least of them: with every further
photograph a stranger would have one more try (R-section 6.4).

The thresholds were made for single photographs, so until a calibration maps scores of several it has to be a score that lets
no more strangers in. Of 20 people of ORL (grey, small, easy; 2,280 comparisons of strangers with three photographs each) at
0.55: one photograph 0.61 %, the least of three 1.23 %, the mean of the two nearest 0.88 %, the distance to the mean
descriptor 1.18 %, the mean of all 0.53 %."""
NOBODY_MEASURED: Final = "no calibration was measured on the population this policy decides about"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A person compared with one probe."""

    score: float
    measure: str
    model: str
    """`name@version` of the network that made both."""
    references: int
    threshold: float
    """Up to which it matches."""
    calibration: str
    """Its id, or `uncalibrated`."""
    fmr: float | None
    """How often strangers match, as the calibration claims; None: nobody can say."""
    why: str | None
    """Why nobody can say."""
    reasons: tuple[Reason, ...]

    @property
    def outcome(self) -> Outcome:
        """What it leads to; where nobody measured how often strangers match, to a person (R75, R92)."""
        return worst(self.reasons)


def compare(probe: bytes, references: Sequence[bytes], model: str, policy: Policy) -> Comparison:
    """The probe beside every descriptor of one person, all made by `model`; raises NotADescriptor where there is none."""
    if not references:
        raise NotADescriptor
    given = from_octets(probe)
    score = sum(distance(given, from_octets(each)) for each in references) / len(references)
    reasons = [*comparison_findings(FaceComparison(score, model), policy, firm=True)]
    if not policy.calibrated and not policy.accepts_uncalibrated:
        reasons.append(Reason(ReasonCode.CALIBRATION_MISSING, Outcome.REFER, {"calibration": policy.calibration}))
    return Comparison(
        score=score,
        measure=MEASURE,
        model=model,
        references=len(references),
        threshold=policy.thresholds.face_accept.value,
        calibration=policy.calibration,
        fmr=None,
        why=None if policy.calibrated else NOBODY_MEASURED,
        reasons=tuple(reasons),
    )
