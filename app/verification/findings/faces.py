"""Is the face in the applicant's photograph the one on the card, and was it seen well enough to say? R92, R98.

Limits are asked as `not measured <= most`: a measure that is no number is never good enough.
"""

from collections.abc import Iterator
from math import inf, isfinite
from typing import Final

from app.verification.examination import FaceComparison, FaceDeclined, FaceEvidence
from app.verification.faces.score import UNCALIBRATED, Uncalibrated, Weighed
from app.verification.findings.face_gate import gate_findings
from app.verification.policy import Policy
from app.verification.reasons import Fact, Outcome, Reason, ReasonCode
from app.verification.thresholds import Thresholds

MEASURED: Final = "dlib"
"""How the names of dlib's network begin, whatever runs it: the policy's distances are of that one, and the manifest of no other may begin so."""


def face_findings(face: FaceEvidence | FaceDeclined, policy: Policy) -> Iterator[Reason]:
    """What the face leads to; whoever declines is referred to a person, never rejected (R98)."""
    if isinstance(face, FaceDeclined):
        yield Reason(ReasonCode.FACE_DECLINED, Outcome.REFER)
        return
    poor = gate_findings(face.applicant, policy.thresholds)
    yield from poor
    if face.portrait.faces != 1:
        yield Reason(ReasonCode.PORTRAIT_FACE_UNCLEAR, Outcome.REFER, {"faces": face.portrait.faces})
    if face.comparison is None:
        yield Reason(ReasonCode.FACE_NOT_COMPARED, Outcome.REFER)
        return
    yield from comparison_findings(face.comparison, policy, firm=not poor and face.portrait.faces == 1)


def comparison_findings(comparison: FaceComparison, policy: Policy, *, firm: bool) -> Iterator[Reason]:
    """What a score leads to: by the calibration that covers it, else by the policy's distances, which nobody measured here."""
    if isinstance(comparison.worth, Weighed):
        yield from _of_score(comparison.worth, firm=firm)
        return
    yield from _of_distance(comparison, policy, firm=firm)
    if not (policy.accepts_uncalibrated and comparison.model.startswith(MEASURED)):
        yield Reason(ReasonCode.CALIBRATION_MISSING, Outcome.REFER, _nobody_measured(comparison.worth))


def distance_limits(model: str, limits: Thresholds) -> tuple[float, float]:
    """Up to which distance two faces match, and beyond which they are two people's, where no calibration says so.

    Another network's distances mean what nobody here has seen: ArcFace puts two pictures of one person farther apart than dlib's
    network puts strangers. None of them is near enough, none too far, and people look.
    """
    if model.startswith(MEASURED):
        return limits.face_accept.value, limits.face_reject.value
    return 0.0, inf


def candidate_distance(model: str, limits: Thresholds) -> float:
    """Up to which distance one of many is a candidate, where no calibration says so: of another network's none."""
    return limits.face_candidate_most.value if model.startswith(MEASURED) else 0.0


def calibrated(face: FaceEvidence) -> bool:
    """The comparison rests on error rates that were measured for just this."""
    return face.comparison is not None and isinstance(face.comparison.worth, Weighed)


def comparison_facts(comparison: FaceComparison, policy: Policy) -> dict[str, Fact]:
    """The score, whatever it led to, with all that R92 wants beside it."""
    if isinstance(comparison.worth, Weighed):
        return _weighed(comparison.worth) | {"accept": comparison.worth.accept, "reject": comparison.worth.reject}
    accept, reject = distance_limits(comparison.model, policy.thresholds)
    told: dict[str, Fact] = {"distance": round(comparison.distance, 4), "model": comparison.model, "accept": accept}
    return told | ({"reject": reject} if isfinite(reject) else {}) | _nobody_measured(comparison.worth)


def _of_score(worth: Weighed, *, firm: bool) -> Iterator[Reason]:
    """Accepted alone where the bound of the FMR is low enough (R75), rejected alone where that of the FNMR is."""
    value = worth.score.value
    if value < worth.reject:
        outcome = Outcome.REJECT if firm and worth.may_reject else Outcome.REFER
        yield Reason(ReasonCode.FACE_DIFFERS, outcome, _weighed(worth) | {"threshold": worth.reject})
    elif not value >= worth.accept:
        yield Reason(ReasonCode.FACE_DOUBTFUL, Outcome.REFER, _weighed(worth) | {"threshold": worth.accept})
    elif not worth.may_accept:
        yield Reason(ReasonCode.FACE_CLAIM_WEAK, Outcome.REFER, _weighed(worth) | {"threshold": worth.accept})


def _of_distance(comparison: FaceComparison, policy: Policy, *, firm: bool) -> Iterator[Reason]:
    """At most `face_accept` is no finding; above `face_reject` rejects where both pictures were good.

    And only where a distance may accept, too: who has measured nothing here turns nobody away by it (R75).
    """
    accept, reject = distance_limits(comparison.model, policy.thresholds)
    if comparison.distance > reject:
        outcome = Outcome.REJECT if firm and policy.accepts_uncalibrated else Outcome.REFER
        yield Reason(ReasonCode.FACE_DIFFERS, outcome, _distance(comparison, reject))
    elif not comparison.distance <= accept:
        yield Reason(ReasonCode.FACE_DOUBTFUL, Outcome.REFER, _distance(comparison, accept))


def _nobody_measured(worth: Uncalibrated) -> dict[str, Fact]:
    return {"calibration": UNCALIBRATED, "why": worth.why}


def _weighed(worth: Weighed) -> dict[str, Fact]:
    score = worth.score
    facts: dict[str, Fact] = {
        "score": round(score.value, 4),
        "model": f"{score.model}@{score.version}",
        "calibration": worth.calibration,
        "references": score.references,
    }
    if score.fit is not None:
        facts["fit"] = score.fit
    if isinstance(score.claim, Uncalibrated):
        return facts | {"fmr": UNCALIBRATED, "why": score.claim.why}
    return facts | {"fmr": score.claim.fmr, "fmr_upper": score.claim.upper}


def _distance(comparison: FaceComparison, threshold: float) -> dict[str, Fact]:
    return {
        "distance": round(comparison.distance, 4),
        "threshold": threshold,
        "model": comparison.model,
        "calibration": UNCALIBRATED,
    }
