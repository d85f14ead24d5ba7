"""Is a face shown well enough to be compared, and alone? What is not is told how to do better, and nothing is compared.

A score of a poor picture would be believed; a refused one is taken again (R91 counts the two apart).
"""

from collections.abc import Iterator
from dataclasses import replace

from app.verification.examination import ShownFace
from app.verification.findings.faces import view_findings
from app.verification.policy import Threshold, Thresholds
from app.verification.reasons import Outcome, Reason, ReasonCode


def gate_findings(shown: ShownFace, limits: Thresholds) -> tuple[Reason, ...]:
    """What is wrong with the photograph; empty: its largest face may be compared."""
    near = sum(1 for share in shown.beside if not share < limits.face_background_below.value)
    view = replace(shown.view, faces=shown.view.faces + near)
    told = {reason.code: reason for reason in (*view_findings(view, limits), *_measured(shown, limits))}
    return tuple(told.values())


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
