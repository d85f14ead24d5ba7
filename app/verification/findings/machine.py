"""How far may a machine-readable zone be relied on, and does its page say the same? R64-R73.

Zone and page are both the forger's to print: that they agree proves little, that they differ refers.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.verification.documents.machine_page import READABLE, MachinePage
from app.verification.documents.mrz.printed import Pair, Verdict, compare
from app.verification.documents.mrz.zone import State
from app.verification.documents.printed_items import printed
from app.verification.documents.printed_side import PrintedSide
from app.verification.documents.validity import needs_guardian
from app.verification.examination import Side
from app.verification.findings.attributes import signal
from app.verification.reasons import Outcome, Reason, ReasonCode

_STATES: Final = {
    State.BROKEN: ReasonCode.ZONE_BROKEN,
    State.AMBIGUOUS: ReasonCode.ZONE_AMBIGUOUS,
    State.CORRECTED: ReasonCode.ZONE_CORRECTED,
    State.UNPROTECTED: ReasonCode.ZONE_UNCONFIRMED,
}


_TYING: Final = (Pair.NUMBER, Pair.NAME, Pair.BIRTH)
"""What has to be the same on both sides of a card before the portrait of one belongs to the zone of the other."""


def printed_side_findings(front: PrintedSide, back: MachinePage | None) -> Iterator[Reason]:
    """Whether the side with the portrait says what the zone on the other side says (R73).

    Where it does not say all of it nothing ties the two together, and anybody's face may be on it.
    """
    if back is None or back.state not in READABLE:
        yield signal(ReasonCode.PORTRAIT_PAGE_UNREAD, side=Side.FRONT.value)
        return
    seen = compare(back.zone, printed(front.texts, back.zone))
    other = [pair for pair in Pair if seen.of(pair) in {Verdict.DIFFERENT, Verdict.NEARLY}]
    for pair in other:
        yield signal(ReasonCode.PRINT_DIFFERS, side=Side.FRONT.value, field=pair.value, verdict=seen.of(pair).value)
    if not other and any(seen.of(pair) is not Verdict.SAME for pair in _TYING):
        yield signal(ReasonCode.PORTRAIT_PAGE_UNREAD, side=Side.FRONT.value)


def machine_findings(page: MachinePage, side: Side, *, sure: float, today: date) -> Iterator[Reason]:
    """What a page with a zone leads to."""
    confirmed = not page.comparison.differing and page.names_agree and page.score >= sure
    if page.state is State.CORRECTED and confirmed:
        # The page says what the correction made: nothing is left for a person to decide, but everybody may know (R66).
        yield Reason(ReasonCode.ZONE_CORRECTED, Outcome.ACCEPT, {"corrections": len(page.zone.corrections)})
    elif page.state in _STATES:
        yield signal(_STATES[page.state], side=side.value, corrections=len(page.zone.corrections))
    elif page.score < sure:
        yield signal(ReasonCode.ZONE_UNCONFIRMED, side=side.value, measured=round(page.score, 3), threshold=sure)
    said = page.zone.fields
    if said is None:
        return
    for pair in Pair:
        if page.comparison.of(pair) in {Verdict.DIFFERENT, Verdict.NEARLY}:
            yield signal(
                ReasonCode.PRINT_DIFFERS, side=side.value, field=pair.value, verdict=page.comparison.of(pair).value
            )
    if said.unknown_states:
        yield signal(ReasonCode.STATE_UNKNOWN, side=side.value)
    if said.expiry < today:
        yield signal(ReasonCode.EXPIRED, side=side.value)
    born = said.birth.date
    if born is not None and needs_guardian(born, today=today):
        yield signal(ReasonCode.GUARDIAN_NEEDED)
