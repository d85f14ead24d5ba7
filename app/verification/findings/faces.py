"""Is the face in the applicant's photograph the one on the card, and was it seen well enough to say? R92, R98.

Limits are asked as `not measured <= most`: a measure that is no number is never good enough.
"""

from collections.abc import Iterator

from app.verification.examination import FaceComparison, FaceDeclined, FaceEvidence, FaceView
from app.verification.policy import Policy, Thresholds
from app.verification.reasons import Fact, Outcome, Reason, ReasonCode


def face_findings(face: FaceEvidence | FaceDeclined, policy: Policy) -> Iterator[Reason]:
    """What the face leads to; whoever declines is referred to a person, never rejected (R98)."""
    if isinstance(face, FaceDeclined):
        yield Reason(ReasonCode.FACE_DECLINED, Outcome.REFER)
        return
    poor = tuple(view_findings(face.applicant, policy.thresholds))
    yield from poor
    if face.portrait.faces != 1:
        yield Reason(ReasonCode.PORTRAIT_FACE_UNCLEAR, Outcome.REFER, {"faces": face.portrait.faces})
    if face.comparison is None:
        yield Reason(ReasonCode.FACE_NOT_COMPARED, Outcome.REFER)
        return
    yield from comparison_findings(face.comparison, policy, firm=not poor and face.portrait.faces == 1)
    if not policy.calibrated and not policy.accepts_uncalibrated:
        yield Reason(ReasonCode.CALIBRATION_MISSING, Outcome.REFER, {"calibration": policy.calibration})


def view_findings(view: FaceView, limits: Thresholds) -> Iterator[Reason]:
    """How one photograph shows the face, judged."""
    if view.faces == 0:
        yield Reason(ReasonCode.FACE_ABSENT, Outcome.REFER)
        return
    if view.faces > 1:
        yield Reason(ReasonCode.FACES_MANY, Outcome.REFER, {"faces": view.faces})
    if not view.eye_distance_px >= limits.face_eye_distance_least_px.value:
        yield _measured(ReasonCode.FACE_SMALL, view.eye_distance_px, limits.face_eye_distance_least_px.value)
    elif not view.box_share >= limits.face_share_least.value:
        yield _measured(ReasonCode.FACE_SMALL, view.box_share, limits.face_share_least.value)
    if not abs(view.turn) <= limits.face_turn_most.value:
        yield _measured(ReasonCode.FACE_TURNED, view.turn, limits.face_turn_most.value)
    if not view.blur >= limits.face_blur_least.value:
        yield _measured(ReasonCode.FACE_BLURRED, view.blur, limits.face_blur_least.value)
    if not view.brightness >= limits.face_brightness_least.value:
        yield _measured(ReasonCode.FACE_DARK, view.brightness, limits.face_brightness_least.value)
    if not view.brightness <= limits.face_brightness_most.value:
        yield _measured(ReasonCode.FACE_BRIGHT, view.brightness, limits.face_brightness_most.value)


def comparison_findings(comparison: FaceComparison, policy: Policy, *, firm: bool) -> Iterator[Reason]:
    """At most `face_accept` is no finding; above `face_reject` rejects where both pictures were good."""
    accept, reject = policy.thresholds.face_accept.value, policy.thresholds.face_reject.value
    if comparison.distance > reject:
        outcome = Outcome.REJECT if firm else Outcome.REFER
        yield Reason(ReasonCode.FACE_DIFFERS, outcome, _score(comparison, reject, policy))
    elif not comparison.distance <= accept:
        yield Reason(ReasonCode.FACE_DOUBTFUL, Outcome.REFER, _score(comparison, accept, policy))


def _score(comparison: FaceComparison, threshold: float, policy: Policy) -> dict[str, Fact]:
    """A score with all that R92 wants beside it."""
    return {
        "distance": round(comparison.distance, 4),
        "threshold": threshold,
        "model": comparison.model,
        "calibration": policy.calibration,
    }


def _measured(code: ReasonCode, measured: float, threshold: float) -> Reason:
    return Reason(code, Outcome.REFER, {"measured": round(measured, 4), "threshold": threshold})
