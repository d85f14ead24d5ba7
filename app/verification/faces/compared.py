"""Is the probe the person? One score from all of their photographs, with all that a score never travels without (R92).

THE SEAM: whoever compares a probe with enrolled descriptors calls `compare` and nothing else; services, storage and the
interface show what it returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.verification.examination import FaceComparison
from app.verification.faces.comparison import Descriptor, NotADescriptor, distance, from_octets
from app.verification.faces.reference import Reference
from app.verification.faces.score import UNCALIBRATED, FmrClaim, Uncalibrated, Weighed
from app.verification.faces.weighing import SELFIE_SELFIE, Judged, weighed
from app.verification.findings.faces import comparison_findings, distance_limits
from app.verification.policy import Policy
from app.verification.reasons import Outcome, Reason, ReasonCode, worst
from app.verification.thresholds import Thresholds

SCORE: Final = "score"
"""Of the person as a whole by the bank's calibration: higher is nearer."""
DISTANCE: Final = "distance"
"""Mean Euclidean distance from the probe to every photograph: lower is nearer. Never the least of them: with every further
photograph a stranger would have one more try (R-section 6.4).

The thresholds were made for single photographs, so until a calibration maps scores of several it has to be a score that lets
no more strangers in. Of 20 people of ORL (grey, small, easy; 2,280 comparisons of strangers with three photographs each) at
0.55: one photograph 0.61 %, the least of three 1.23 %, the mean of the two nearest 0.88 %, the distance to the mean
descriptor 1.18 %, the mean of all 0.53 %."""
YEAR: Final = timedelta(days=365.25)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A person compared with one probe."""

    score: float
    measure: str
    """SCORE or DISTANCE."""
    model: str
    """`name@version` of the network that made both."""
    fit: str | None
    """Id of the fit the score was reached by."""
    references: int
    """How many photographs the score is of, the first of those that were given."""
    threshold: float
    """From which, or of a distance up to which, it matches."""
    calibration: str
    """Id of the one the threshold is of, or `uncalibrated`."""
    claim: FmrClaim | Uncalibrated
    """How often strangers score as high, or why nobody can say."""
    reasons: tuple[Reason, ...]

    @property
    def outcome(self) -> Outcome:
        """What it leads to; where nobody measured how often strangers match, to a person (R75, R92)."""
        return worst(self.reasons)


def compare(
    probe: bytes, references: Sequence[bytes], model: str, policy: Policy, by: Judged, kind: str = SELFIE_SELFIE
) -> Comparison:
    """The probe beside the descriptors of one person, all made by `model`; raises NotADescriptor where there is none.

    `kind`: of what the references are, one of `weighing.KINDS`.
    """
    if not references:
        raise NotADescriptor
    given, known = from_octets(probe), [from_octets(each) for each in references]
    worth = weighed(by, model, kind, known, given, policy.face_profile)
    measured = FaceComparison(_apart(given, known), model, worth)
    reasons = tuple(comparison_findings(measured, policy, firm=True))
    if isinstance(worth, Weighed):
        return _by_score(worth, model, reasons)
    return Comparison(
        score=measured.distance,
        measure=DISTANCE,
        model=model,
        fit=None,
        references=len(known),
        threshold=distance_limits(model, policy.thresholds)[0],
        calibration=UNCALIBRATED,
        claim=worth,
        reasons=reasons,
    )


def old_references(references: Sequence[Reference], limits: Thresholds, *, now: datetime) -> tuple[Reason, ...]:
    """A warning for each photograph that faces have aged away from; it decides nothing."""
    most = limits.face_reference_most_years.value
    ages = [(each, (now - each.taken_at) / YEAR) for each in references]
    return tuple(
        Reason(
            ReasonCode.FACE_REFERENCE_OLD,
            Outcome.ACCEPT,
            {"slot": each.slot, "measured": round(years, 2), "threshold": most},
        )
        for each, years in ages
        if years > most
    )


def _apart(probe: Descriptor, references: Sequence[Descriptor]) -> float:
    return sum(distance(probe, each) for each in references) / len(references)


def _by_score(worth: Weighed, model: str, reasons: tuple[Reason, ...]) -> Comparison:
    return Comparison(
        score=worth.score.value,
        measure=SCORE,
        model=model,
        fit=worth.score.fit,
        references=worth.score.references,
        threshold=worth.accept,
        calibration=worth.calibration,
        claim=worth.score.claim,
        reasons=reasons,
    )
