"""What is to be said of one document read alone? The same findings as in a proofing, of one side."""

from datetime import date

from app.verification.documents.reading import Reading
from app.verification.examination import EmblemSide, PortraitSide
from app.verification.findings.attributes import emblem_findings, portrait_findings
from app.verification.findings.pictures import UNREADABLE, picture_findings
from app.verification.policy import Thresholds
from app.verification.reasons import Outcome, Reason, ReasonCode


def document_findings(reading: Reading, limits: Thresholds, *, today: date) -> tuple[Reason, ...]:
    """Every fact that does not speak for the document; none decides anything, for a document alone proves nobody.

    What takes both sides is not asked: how long a card may be valid goes by the birth date of its other side (R43).
    """
    if reading.side is None:
        return (Reason(ReasonCode.CARD_NOT_FOUND, Outcome.REFER, {}),)
    seen = picture_findings(reading.view, reading.side, limits)
    if any(reason.code in UNREADABLE for reason in seen):
        return seen
    sure = limits.field_sure.value
    match reading.page:
        case PortraitSide() as portrait:
            return *seen, *portrait_findings(portrait, firm=not seen, sure=sure, today=today)
        case EmblemSide() as emblem:
            return *seen, *emblem_findings(emblem, None, sure=sure, today=today)
        case None:
            return seen
