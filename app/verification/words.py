"""What do staff read of a reason, and what is the applicant told, in Chinese and English?

An applicant is told what can be done better next time. Of everything that would teach a forger, nothing but that a
person will look (R115); a rejection says one thing whatever its reasons, and names the right to a review (R102).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.verification.decision import DecidedBy
from app.verification.faces.counting import FOUND
from app.verification.field_names import FIELD_NAMES, Words
from app.verification.open_words import AT_FIELD, OPEN
from app.verification.reasons import Kind, Outcome, Reason
from app.verification.staff_words import STAFF


@dataclass(frozen=True, slots=True)
class Told:
    """What the applicant reads; `code` is public, `side` says which picture where that helps."""

    code: str
    words: Words
    side: str | None = None


UNDER_REVIEW = Told(
    "under_review",
    Words(
        "资料需由工作人员核对，结果将另行通知。", "A member of staff will look at this. You will be told the result."
    ),
)
NOT_CONFIRMED = Told(
    "not_confirmed",
    Words(
        "未能确认您的身份。这是自动作出的决定，您有权要求说明并要求人工复核。",
        "We could not confirm your identity. This was decided automatically: you "
        "may ask for an explanation and for a person to decide.",
    ),
)

NOT_CONFIRMED_BY_PERSON = Told(
    "not_confirmed_by_staff",
    Words(
        "工作人员核对后未能确认您的身份。您可到网点咨询。",
        "Members of staff looked at this and could not confirm your identity. Please ask at a branch.",
    ),
)


def told(outcome: Outcome, reasons: Sequence[Reason], by: DecidedBy = DecidedBy.POLICY) -> tuple[Told, ...]:
    """What the applicant is told of an outcome: each thing once, and of a rejection nothing but that it is one."""
    if outcome is Outcome.ACCEPT:
        return ()
    if outcome is Outcome.REJECT:
        return (NOT_CONFIRMED if by is DecidedBy.POLICY else NOT_CONFIRMED_BY_PERSON,)
    if outcome is Outcome.RETRY:
        reasons = [reason for reason in reasons if reason.kind is Kind.RETRY]
    spoken = [reason for reason in reasons if reason.outcome is not Outcome.ACCEPT]
    others = [reason for reason in spoken if reason.code not in FOUND]
    if any(reason.outcome is outcome for reason in others):
        # They come to people without it: what was seen before the camera must not show in what is told of the rest.
        spoken = others
    return tuple(dict.fromkeys(_told(reason) for reason in spoken))


def said(reason: Reason) -> Words:
    """What staff read of a reason, its field named where it is of one."""
    name = FIELD_NAMES.get(str(reason.facts.get("field")))
    template = AT_FIELD.get(reason.code)
    if name is None or template is None:
        return STAFF[reason.code]
    return Words(template.zh.format(name.zh), template.en.format(name.en))


def _told(reason: Reason) -> Told:
    if reason.code not in OPEN:
        return UNDER_REVIEW
    side = reason.facts.get("side")
    return Told(reason.code.value, said(reason), side if isinstance(side, str) else None)
