"""Do the attributes a card prints agree with each other, the law and the day? R7-R17, R28-R43."""

from collections.abc import Iterator
from datetime import date

from app.verification.documents.readings import day_of, number_seen
from app.verification.documents.resident_number import (
    NumberBirthImpossible,
    NumberCheckWrong,
    NumberMalformed,
    NumberProvinceUnknown,
    NumberRefusal,
    ResidentNumber,
    implausibly_old,
    parse,
)
from app.verification.documents.validity import (
    LONG_TERM,
    PERMIT_TERM,
    Validity,
    ValidityFlag,
    day_flags,
    needs_guardian,
    term_of,
    validity_flags,
)
from app.verification.examination import EmblemSide, Field, PortraitSide, Side
from app.verification.reasons import Outcome, Reason, ReasonCode

AUTHORITY_ENDINGS = ("公安局", "分局")
"""R39."""
_CODES: dict[type[NumberRefusal], ReasonCode] = {
    NumberCheckWrong: ReasonCode.NUMBER_CHECK_WRONG,
    NumberBirthImpossible: ReasonCode.NUMBER_BIRTH_IMPOSSIBLE,
    NumberProvinceUnknown: ReasonCode.NUMBER_PROVINCE_UNKNOWN,
}
_RISKS = {
    ValidityFlag.TERM_UNKNOWN: "high",  # R31
    ValidityFlag.TERM_WRONG_FOR_AGE: "medium",  # R32
    ValidityFlag.LONG_TERM_TOO_YOUNG: "medium",  # R33
}


def number_of(field: Field, *, today: date) -> ResidentNumber | NumberRefusal:
    """The number a field shows, or the rule it breaks."""
    try:
        return parse(number_seen(field) or "", today=today)
    except NumberRefusal as refusal:
        return refusal


def portrait_findings(side: PortraitSide, *, firm: bool, sure: float, today: date) -> Iterator[Reason]:
    """What the portrait side's attributes lead to. `firm`: the picture is good enough to reject on; `sure`: the
    confidence from which a field is.
    """
    number = number_of(side.number, today=today)
    number_sure = side.number.confidence >= sure
    if not number_sure or isinstance(number, NumberMalformed):
        yield _unclear_field(ReasonCode.NUMBER_UNCLEAR, "number", side.number, Side.PORTRAIT, sure)
    elif isinstance(number, NumberRefusal):
        yield _rule(_CODES[type(number)], firm=firm)
    named = {"name": side.name, "sex": side.sex, "birth": side.birth, "address": side.address}
    if isinstance(number, ResidentNumber):
        confirmed = _confirmed(side, number) if number_sure else frozenset()
        named = {name: field for name, field in named.items() if name not in confirmed}
        yield from _against_number(side, number, firm=firm and number_sure, sure=sure)
        yield from _of_age(number, today)
    yield from _unclear(named, Side.PORTRAIT, sure)
    if side.ethnicity_listed is False:
        yield _signal(ReasonCode.ETHNICITY_UNLISTED)


def emblem_findings(side: EmblemSide, portrait: PortraitSide | None, *, sure: float, today: date) -> Iterator[Reason]:
    """What the emblem side's attributes lead to, its validity beside the birth date of the other side where it is there (R43)."""
    named = {"authority": side.authority, "valid_from": side.valid_from, "valid_to": side.valid_to}
    yield from _unclear(named, Side.EMBLEM, sure)
    if side.authority.value and not side.authority.value.endswith(AUTHORITY_ENDINGS):
        yield _signal(ReasonCode.AUTHORITY_UNUSUAL)
    validity = validity_of(side)
    if validity is None:
        return
    read = None if portrait is None else number_of(portrait.number, today=today)
    number = read if isinstance(read, ResidentNumber) else None
    birth = number.birth if number else day_of(portrait.birth) if portrait else None
    permit = number is not None and number.permit
    flags = day_flags(validity, today=today) if birth is None else validity_flags(validity, birth=birth, today=today)
    for flag in flags:
        if not (permit and flag in _RISKS):
            yield _signal(ReasonCode(flag.value), **({"risk": _RISKS[flag]} if flag in _RISKS else {}))
    if permit and term_of(validity) != PERMIT_TERM:
        yield _signal(ReasonCode.TERM_UNKNOWN, risk="high")


def validity_of(side: EmblemSide) -> Validity | None:
    """The term the emblem side prints; None where one of its dates was not understood."""
    start, end = day_of(side.valid_from), day_of(side.valid_to)
    long_term = side.valid_to.value == LONG_TERM
    return Validity(start, None if long_term else end) if start and (end or long_term) else None


def _against_number(side: PortraitSide, number: ResidentNumber, *, firm: bool, sure: float) -> Iterator[Reason]:
    """Which printed pair differs from the number (R15), and whether prefix and layout fit (R17)."""
    if side.sex.value and side.sex.value != number.sex:
        yield _rule(ReasonCode.SEX_DIFFERS, firm=firm and side.sex.confidence >= sure)
    birth = day_of(side.birth)
    if birth and birth != number.birth:
        yield _rule(ReasonCode.BIRTH_DIFFERS, firm=firm and side.birth.confidence >= sure)
    has_ethnicity = side.ethnicity_listed is not None
    if number.permit == has_ethnicity and (has_ethnicity or side.permit_layout):
        yield _rule(ReasonCode.PERMIT_CONTRADICTION, firm=firm)
    elif number.permit:
        yield _signal(ReasonCode.PERMIT_FOR_CLERK)


def _confirmed(side: PortraitSide, number: ResidentNumber) -> frozenset[str]:
    """The printed attributes the number says too: two reads that agree, however unsure the first was."""
    agree = {"sex": side.sex.value == number.sex, "birth": day_of(side.birth) == number.birth}
    return frozenset(name for name, agrees in agree.items() if agrees)


def _of_age(number: ResidentNumber, today: date) -> Iterator[Reason]:
    if implausibly_old(number, today=today):
        yield _signal(ReasonCode.AGE_IMPLAUSIBLE)
    if needs_guardian(number.birth, today=today):
        yield _signal(ReasonCode.GUARDIAN_NEEDED)


def _unclear(named: dict[str, Field], side: Side, sure: float) -> Iterator[Reason]:
    for name, field in named.items():
        if field.value is None or field.confidence < sure:
            yield _unclear_field(ReasonCode.FIELD_UNCLEAR, name, field, side, sure)


def _unclear_field(code: ReasonCode, name: str, field: Field, side: Side, sure: float) -> Reason:
    facts = {
        "side": side.value,
        "field": name,
        "confidence": round(field.confidence, 3),
        "threshold": sure,
        "source": field.source.value,
    }
    return Reason(code, Outcome.REFER, facts)


def _rule(code: ReasonCode, *, firm: bool) -> Reason:
    """A broken rule rejects where what breaks it was surely read: a misreading is not the applicant's."""
    return Reason(code, Outcome.REJECT if firm else Outcome.REFER)


def _signal(code: ReasonCode, **facts: str) -> Reason:
    return Reason(code, Outcome.REFER, facts)
