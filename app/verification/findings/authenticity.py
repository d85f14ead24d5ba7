"""Does a photograph bear signs that the card is no original? Signals refer to a person, and none of them rejects.

No Chinese card's forgeries are at hand to calibrate them by. Which of them fired is for staff alone (R115).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from app.verification.documents.authenticity.metadata import editor_named
from app.verification.documents.authenticity.published_numbers import published_in
from app.verification.examination import CardView, Kind, Measure, Side
from app.verification.findings.pictures import UNREADABLE, Limit, picture_findings
from app.verification.reasons import Fact, Outcome, Reason, ReasonCode
from app.verification.thresholds import Thresholds

MOST: Mapping[ReasonCode, Limit] = {
    ReasonCode.RECAPTURE_PATTERN: lambda limits: limits.recapture_pattern_most,
    ReasonCode.RECAPTURE_FRINGES: lambda limits: limits.recapture_fringes_most,
    ReasonCode.RECAPTURE_FRAME: lambda limits: limits.recapture_frame_most,
    ReasonCode.RECAPTURE_BANDS: lambda limits: limits.recapture_bands_most,
    ReasonCode.COPY_DOTS: lambda limits: limits.copy_dots_most,
    ReasonCode.DIGITS_UNEVEN: lambda limits: limits.digits_uneven_most,
    ReasonCode.NOISE_DIFFERS: lambda limits: limits.noise_differs_most,
    ReasonCode.PORTRAIT_EDGED: lambda limits: limits.portrait_edge_most,
    ReasonCode.PORTRAIT_NOISE_DIFFERS: lambda limits: limits.portrait_noise_differs_most,
    ReasonCode.COMPRESSION_DIFFERS: lambda limits: limits.compression_differs_most,
}
"""Signals of something that an original has not."""
LEAST: Mapping[ReasonCode, Limit] = {
    ReasonCode.COPY_COLOURLESS: lambda limits: limits.copy_colour_least,
    ReasonCode.COPY_EMBLEM_PALE: lambda limits: limits.copy_emblem_red_least,
}
"""Signals of something that an original has."""


SURE: Mapping[ReasonCode, Limit] = {
    ReasonCode.RECAPTURE_PATTERN: lambda limits: limits.recapture_pattern_sure_most,
    ReasonCode.RECAPTURE_FRINGES: lambda limits: limits.recapture_fringes_most,
    ReasonCode.COPY_DOTS: lambda limits: limits.copy_dots_sure_most,
}
"""What no finger, shadow or crooked card imitates, however poor the picture: whoever photographs a screen badly enough
would otherwise be asked for a better picture of it, and learn that way which one passes."""
BY_ROUNDING = frozenset({ReasonCode.RECAPTURE_PATTERN, ReasonCode.COPY_DOTS})
"""What compression that leaves nothing to read leaves too."""


def authenticity_findings(view: CardView, kind: Kind, side: Side, limits: Thresholds) -> Iterator[Reason]:
    """Each signal beyond its limit; a measure that is no number is beyond any.

    Of a poor picture only what is sure: blur, glare and darkness imitate what else forgers do (seen on drawn cards).
    """
    told = {reason.code for reason in picture_findings(view, kind, side, limits)}
    if told & UNREADABLE:
        return
    most, least = _most(told), {} if told else LEAST
    for measure in view.measures:
        if measure.code in most:
            threshold = most[measure.code](limits).value
            if not measure.score <= threshold:
                yield _referred(measure, threshold, side)
        elif measure.code in least:
            threshold = least[measure.code](limits).value
            if not measure.score >= threshold:
                yield _referred(measure, threshold, side)


def _most(told: Collection[ReasonCode]) -> Mapping[ReasonCode, Limit]:
    """What is judged beside these findings about the picture itself."""
    if not told:
        return MOST
    rounded = BY_ROUNDING if ReasonCode.CARD_COMPRESSED in told else frozenset()
    return {code: limit for code, limit in SURE.items() if code not in rounded}


def software_findings(software: str | None, side: Side) -> Iterator[Reason]:
    """What the file says of its making."""
    editor = editor_named(software)
    if editor is not None:
        yield Reason(ReasonCode.EDITED_BY_SOFTWARE, Outcome.REFER, {"side": side.value, "software": editor})


def likeness_findings(apart: Mapping[tuple[Kind, Side], int], limits: Thresholds) -> Iterator[Reason]:
    """A portrait that was, but for what copying changes, sent for somebody else."""
    least = limits.portrait_bits_apart_least.value
    for (kind, side), bits in apart.items():
        if not bits >= least:
            facts: dict[str, Fact] = {"kind": kind.value, "side": side.value, "measured": bits, "threshold": least}
            yield Reason(ReasonCode.PORTRAIT_SEEN_BEFORE, Outcome.REFER, facts)


def number_findings(number: str | None) -> Iterator[Reason]:
    """A number that is printed as a sample for everybody to read."""
    printed = published_in(number)
    if printed is not None:
        yield Reason(ReasonCode.COMPROMISED_NUMBER, Outcome.REFER, {"printed_in": printed})


def listed_findings(pages: Iterable[tuple[Kind, Side]]) -> Iterator[Reason]:
    """A number that the bank itself knows to be misused; whose it is, and whether they are the one misused, people find."""
    for kind, side in pages:
        facts: dict[str, Fact] = {"kind": kind.value, "side": side.value, "listed": True}
        yield Reason(ReasonCode.COMPROMISED_NUMBER, Outcome.REFER, facts)


def _referred(measure: Measure, threshold: float, side: Side) -> Reason:
    facts: dict[str, Fact] = {"side": side.value, "measured": round(measure.score, 4), "threshold": threshold}
    if measure.field is not None:
        facts["field"] = measure.field
    return Reason(measure.code, Outcome.REFER, facts, measure.where)
