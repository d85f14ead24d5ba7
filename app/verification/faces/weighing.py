"""What are two people's faces worth beside each other, by what was measured here? A score, and the limits that follow.

Where no calibration covers what is compared there is no such score: a fit alone says who is nearer, not how near is near enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.verification.examination import FaceDeclined, FaceEvidence
from app.verification.faces.calibration import (
    Calibration,
    Point,
    Profile,
    Usage,
    fitting,
    may_accept,
    stated,
)
from app.verification.faces.comparison import Descriptor, from_octets
from app.verification.faces.fit import Fit
from app.verification.faces.person_score import person_score
from app.verification.faces.score import UNWEIGHED, Uncalibrated, Weighed

SELFIE_SELFIE: Final = "selfie_selfie"
DOC_SELFIE: Final = "doc_selfie"
"""A portrait that was printed, small, years ago: a slot of its own (R-section 6.4)."""
KINDS: Final = (SELFIE_SELFIE, DOC_SELFIE)
REJECTS_AT_MOST: Final = 1e-2
"""R75: FNMR of a face that rejects by itself; of the upper bound, as with what accepts."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What faces are compared by, all of it of one model."""

    model: str
    """`name@version`; empty: nothing is loaded, and nobody asked which it is."""
    fit: Fit | None
    calibrations: tuple[Calibration, ...]


UNJUDGED: Final = Judged("", None, ())


def weighed(
    by: Judged,
    model: str,
    kind: str,
    references: Sequence[Descriptor],
    probe: Descriptor,
    profile: Profile = Profile.NIST,
) -> Weighed | Uncalibrated:
    """The probe beside as many of the person's photographs as a calibration covers, the first ones; or why by none.

    Which photographs they are never depends on the probe: choosing the nearest would let more strangers in than were counted.
    Raises NotADescriptor.
    """
    fit = None if by.fit is None else by.fit.id
    usages = [Usage(model, fit, kind, many) for many in range(len(references), 0, -1)]
    found = [(usage, fitting(by.calibrations, usage)) for usage in usages]
    for usage, calibration in found:
        if isinstance(calibration, Calibration):
            value = person_score(by.fit, references[: usage.references], probe)
            return _weighed(value, usage, calibration, profile)
    return found[0][1] if isinstance(found[0][1], Uncalibrated) else Uncalibrated("nothing is compared")


def document_weighed(
    face: FaceEvidence | FaceDeclined,
    portrait: bytes | None,
    applicant: bytes | None,
    by: Judged,
    profile: Profile = Profile.NIST,
) -> FaceEvidence | FaceDeclined:
    """The comparison with the printed portrait under what is loaded here; whatever it said of a score before is dropped."""
    if isinstance(face, FaceDeclined) or face.comparison is None:
        return face
    found: Weighed | Uncalibrated = UNWEIGHED if not by.calibrations else Uncalibrated("no descriptors to score")
    if portrait and applicant:
        known, given = [from_octets(portrait)], from_octets(applicant)
        found = weighed(by, face.comparison.model, DOC_SELFIE, known, given, profile)
    return replace(face, comparison=replace(face.comparison, worth=found))


def _weighed(value: float, usage: Usage, calibration: Calibration, profile: Profile) -> Weighed:
    """Accepted from the lowest threshold whose bound is low enough; where there is none, the strictest is only gone by."""
    points = calibration.points
    enough = [each.threshold for each in points if each.upper <= profile.fmr]
    accept = enough[0] if enough else points[-1].threshold
    return Weighed(
        score=stated(value, usage, calibration, threshold=accept),
        calibration=calibration.id,
        accept=accept,
        reject=points[0].threshold,
        may_accept=bool(enough) and may_accept(calibration, accept),
        may_reject=_seldom_wrong(points[0]),
    )


def _seldom_wrong(lowest: Point) -> bool:
    """Whether whoever lies below every threshold that was measured may be taken for another without anybody looking."""
    return lowest.fnmr_high <= REJECTS_AT_MOST
