"""Is each photograph of the card good enough to judge by? Poor pictures are nobody's fraud: they refer.

Limits are asked as `not measured >= least`: a measure that is no number is never good enough.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.verification.examination import CardView, Kind, Measure, Side
from app.verification.reasons import Fact, Outcome, Reason, ReasonCode
from app.verification.thresholds import Threshold, Thresholds

UNREADABLE = frozenset({ReasonCode.CARD_NOT_FOUND, ReasonCode.WRONG_DOCUMENT, ReasonCode.WRONG_SIDE})
"""With these the picture has no text to judge: one reason instead of one for each of its fields."""


class Way(StrEnum):
    """Which side of its threshold a figure must keep to; the threshold itself is good enough."""

    LEAST = "least"
    MOST = "most"


Limit = Callable[[Thresholds], Threshold]


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure is held against: of the whole picture, and of a single field."""

    way: Way
    whole: Limit | None = None
    field: Limit | None = None

    def of(self, measure: Measure) -> Limit | None:
        """None: such a figure is not judged."""
        return self.whole if measure.field is None else self.field

    def kept(self, score: float, threshold: float) -> bool:
        """Whether a figure is good enough."""
        return score >= threshold if self.way is Way.LEAST else score <= threshold


BOUNDS = {
    ReasonCode.CARD_BLURRED: Bound(Way.LEAST, lambda of: of.card_blur_least, lambda of: of.field_blur_least),
    ReasonCode.CARD_GLARE: Bound(Way.MOST, lambda of: of.card_glare_most, lambda of: of.field_burnt_most),
    ReasonCode.CARD_DARK: Bound(Way.LEAST, lambda of: of.card_brightness_least, lambda of: of.field_brightness_least),
    ReasonCode.CARD_BRIGHT: Bound(Way.MOST, lambda of: of.card_brightness_most, lambda of: of.field_overexposed_most),
    ReasonCode.CARD_SMALL: Bound(Way.LEAST, lambda of: of.card_width_least_px),
    ReasonCode.CARD_SHADOWED: Bound(Way.LEAST, lambda of: of.card_evenness_least, lambda of: of.field_evenness_least),
    ReasonCode.CARD_FAINT: Bound(Way.LEAST, field=lambda of: of.field_contrast_least),
    ReasonCode.CARD_OCCLUDED: Bound(Way.MOST, lambda of: of.card_covered_most, lambda of: of.field_covered_most),
    ReasonCode.CARD_GRAINY: Bound(Way.MOST, lambda of: of.card_noise_most),
    ReasonCode.CARD_COMPRESSED: Bound(Way.MOST, lambda of: of.card_compression_most),
    ReasonCode.CARD_TILTED: Bound(Way.MOST, lambda of: of.card_tilt_most_degrees),
    ReasonCode.SEVERAL_CARDS: Bound(Way.MOST, lambda of: of.cards_most),
}
"""Every rule about how a picture is taken; measures with other codes are signs of forgery and judged elsewhere."""


OF_PICTURES = frozenset(BOUNDS) | UNREADABLE | {ReasonCode.CARD_EDGE_CUT}
"""What speaks of a picture, and not of what stands on it."""


def picture_findings(view: CardView, kind: Kind, side: Side, limits: Thresholds) -> tuple[Reason, ...]:
    """What is wrong with one photograph; empty: its text may be judged, and rejected on."""
    if not view.found or view.seen is None:
        return (_refer(ReasonCode.CARD_NOT_FOUND, side),)
    if view.kind is not kind:
        return (_refer(ReasonCode.WRONG_DOCUMENT, side),)
    if view.seen is not side:
        return (_refer(ReasonCode.WRONG_SIDE, side),)
    told: dict[ReasonCode, Reason] = {}
    for measure in _measures(view):
        reason = _judged(measure, side, limits)
        if reason is not None:
            told.setdefault(reason.code, reason)  # what is said of the whole picture need not be said of a field of it
    if view.edge_cut:
        told[ReasonCode.CARD_EDGE_CUT] = _refer(ReasonCode.CARD_EDGE_CUT, side)
    return tuple(reason for reason in told.values() if not _explained(reason, told.keys()))


def _explained(reason: Reason, told: Collection[ReasonCode]) -> bool:
    """Whether another finding is the cause: in a shadow a field is dark, and where all is burnt out nothing is sharp."""
    if reason.code is ReasonCode.CARD_DARK:
        return "field" in reason.facts and ReasonCode.CARD_SHADOWED in told
    return reason.code is ReasonCode.CARD_BLURRED and ReasonCode.CARD_BRIGHT in told


def _measures(view: CardView) -> Iterator[Measure]:
    """Of the whole picture, then of its fields."""
    yield Measure(ReasonCode.CARD_BLURRED, view.blur)
    if not any(measure.code in {ReasonCode.CARD_GLARE, ReasonCode.CARD_BRIGHT} for measure in view.measures):
        # Measured over fields, glare beside them hides nothing; where no field was found, nobody knows what it hides.
        yield Measure(ReasonCode.CARD_GLARE, view.glare)
    yield Measure(ReasonCode.CARD_DARK, view.brightness)
    yield Measure(ReasonCode.CARD_BRIGHT, view.brightness)
    yield Measure(ReasonCode.CARD_SMALL, view.width_px)
    yield from view.measures


def _judged(measure: Measure, side: Side, limits: Thresholds) -> Reason | None:
    bound = BOUNDS.get(measure.code)
    limit = None if bound is None else bound.of(measure)
    if bound is None or limit is None or bound.kept(measure.score, limit(limits).value):
        return None
    threshold = limit(limits).value
    facts: dict[str, Fact] = {"side": side.value, "measured": round(measure.score, 4), "threshold": threshold}
    if measure.field is not None:
        facts["field"] = measure.field
    return Reason(measure.code, Outcome.REFER, facts, measure.where)


def _refer(code: ReasonCode, side: Side) -> Reason:
    return Reason(code, Outcome.REFER, {"side": side.value})
