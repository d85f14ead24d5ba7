"""Is a face shown well enough to be compared, and alone? What is not is told how to do better, and nothing is compared.

A score of a poor picture would be believed; a refused one is taken again (R91 counts the two apart).
"""

from collections.abc import Iterator
from dataclasses import replace

from app.verification.examination import FaceView, ShownFace
from app.verification.reasons import Outcome, Reason, ReasonCode
from app.verification.thresholds import Threshold, Thresholds


def gate_findings(shown: ShownFace, limits: Thresholds) -> tuple[Reason, ...]:
    """What is wrong with the photograph; empty: its largest face may be compared."""
    view = replace(shown.view, faces=near(shown, limits))
    told = {reason.code: reason for reason in (*_view_findings(view, limits), *_measured(shown, limits))}
    return tuple(told.values())


def near(shown: ShownFace, limits: Thresholds) -> int:
    """How many faces the photograph shows, but for those in the background, on a wall or in the street."""
    return shown.view.faces + sum(1 for share in shown.beside if not share < limits.face_background_below.value)


def _view_findings(view: FaceView, limits: Thresholds) -> Iterator[Reason]:
    """How one photograph shows the face, judged."""
    if view.faces == 0:
        yield Reason(ReasonCode.FACE_ABSENT, Outcome.REFER)
        return
    if view.faces > 1:
        yield Reason(ReasonCode.FACES_MANY, Outcome.REFER, {"faces": view.faces})
    if not view.eye_distance_px >= limits.face_eye_distance_least_px.value:
        yield _figure(ReasonCode.FACE_SMALL, view.eye_distance_px, limits.face_eye_distance_least_px.value)
    elif not view.box_share >= limits.face_share_least.value:
        yield _figure(ReasonCode.FACE_SMALL, view.box_share, limits.face_share_least.value)
    if not abs(view.turn) <= limits.face_turn_most.value:
        yield _figure(ReasonCode.FACE_TURNED, view.turn, limits.face_turn_most.value)
    if not view.blur >= limits.face_blur_least.value:
        yield _figure(ReasonCode.FACE_BLURRED, view.blur, limits.face_blur_least.value)
    if not view.brightness >= limits.face_brightness_least.value:
        yield _figure(ReasonCode.FACE_DARK, view.brightness, limits.face_brightness_least.value)
    if not view.brightness <= limits.face_brightness_most.value:
        yield _figure(ReasonCode.FACE_BRIGHT, view.brightness, limits.face_brightness_most.value)


def _measured(shown: ShownFace, limits: Thresholds) -> Iterator[Reason]:
    bounds: dict[ReasonCode, Threshold] = {
        ReasonCode.FACE_PITCHED: limits.face_pitch_most,
        ReasonCode.FACE_CUT: limits.face_cut_most,
        ReasonCode.FACE_GLARE: limits.face_eye_burnt_most,
    }
    for measure in shown.measures:
        most = bounds[measure.code].value
        if not abs(measure.score) <= most:
            facts = {"measured": round(measure.score, 4), "threshold": most}
            yield Reason(measure.code, Outcome.REFER, facts, measure.where)


def _figure(code: ReasonCode, measured: float, threshold: float) -> Reason:
    return Reason(code, Outcome.REFER, {"measured": round(measured, 4), "threshold": threshold})
