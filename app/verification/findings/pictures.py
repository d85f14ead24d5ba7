"""Is each photograph of the card good enough to judge by? Poor pictures are nobody's fraud: they refer.

Limits are asked as `not measured >= least`: a measure that is no number is never good enough.
"""

from collections.abc import Iterator

from app.verification.examination import CardView, Kind, Side
from app.verification.policy import Thresholds
from app.verification.reasons import Outcome, Reason, ReasonCode

UNREADABLE = frozenset({ReasonCode.CARD_NOT_FOUND, ReasonCode.WRONG_DOCUMENT, ReasonCode.WRONG_SIDE})
"""With these the picture has no text to judge: one reason instead of one for each of its fields."""


def picture_findings(view: CardView, kind: Kind, side: Side, limits: Thresholds) -> tuple[Reason, ...]:
    """What is wrong with one photograph; empty: its text may be judged, and rejected on."""
    if not view.found or view.seen is None:
        return (_refer(ReasonCode.CARD_NOT_FOUND, side),)
    if view.kind is not kind:
        return (_refer(ReasonCode.WRONG_DOCUMENT, side),)
    if view.seen is not side:
        return (_refer(ReasonCode.WRONG_SIDE, side),)
    return tuple(_measured(view, side, limits))


def _measured(view: CardView, side: Side, limits: Thresholds) -> Iterator[Reason]:
    if not view.blur >= limits.card_blur_least.value:
        yield _refer(ReasonCode.CARD_BLURRED, side, view.blur, limits.card_blur_least.value)
    if not view.glare <= limits.card_glare_most.value:
        yield _refer(ReasonCode.CARD_GLARE, side, view.glare, limits.card_glare_most.value)
    if not view.brightness >= limits.card_brightness_least.value:
        yield _refer(ReasonCode.CARD_DARK, side, view.brightness, limits.card_brightness_least.value)
    if not view.brightness <= limits.card_brightness_most.value:
        yield _refer(ReasonCode.CARD_BRIGHT, side, view.brightness, limits.card_brightness_most.value)
    if not view.width_px >= limits.card_width_least_px.value:
        yield _refer(ReasonCode.CARD_SMALL, side, view.width_px, limits.card_width_least_px.value)
    if view.edge_cut:
        yield _refer(ReasonCode.CARD_EDGE_CUT, side)


def _refer(code: ReasonCode, side: Side, measured: float | None = None, threshold: float | None = None) -> Reason:
    if measured is None or threshold is None:
        return Reason(code, Outcome.REFER, {"side": side.value})
    return Reason(code, Outcome.REFER, {"side": side.value, "measured": round(measured, 4), "threshold": threshold})
