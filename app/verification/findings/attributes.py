"""Do the attributes a card prints agree with each other, the law and the day? R7-R17, R28-R43."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from app.verification.documents.readings import UNREAD, day_of, number_seen
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
    flags_alone,
    needs_guardian,
    term_of,
    validity_flags,
)
from app.verification.examination import EmblemSide, Field, PortraitSide, Side
from app.verification.reasons import Fact, Outcome, Reason, ReasonCode

AUTHORITY_ENDINGS = ("公安局", "分局")
"""R39."""
CODES: dict[type[NumberRefusal], ReasonCode] = {
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
    yield from number_findings(side.number, Side.PORTRAIT, firm=firm, sure=sure, today=today)
    named = {"name": side.name, "sex": side.sex, "birth": side.birth, "address": side.address}
    if isinstance(number, ResidentNumber):
        confirmed = said_by_number(number, sex=side.sex, birth=side.birth) if number_sure else frozenset()
        named = {name: field for name, field in named.items() if name not in confirmed}
        yield from against_number(number, sex=side.sex, birth=side.birth, firm=firm and number_sure, sure=sure)
        yield from _of_layout(side, number, firm=firm and number_sure)
        yield from of_age(number, today)
        if not number.permit and not side.permit_layout and side.ethnicity_listed is None:
            # Who has such a number has a card that prints one (R24); of it nothing is told but that it is not there.
            named["ethnicity"] = UNREAD
    yield from unclear(named, Side.PORTRAIT, sure)
    if side.ethnicity_listed is False:
        yield signal(ReasonCode.ETHNICITY_UNLISTED)


def emblem_findings(side: EmblemSide, portrait: PortraitSide | None, *, sure: float, today: date) -> Iterator[Reason]:
    """What the emblem side's attributes lead to, its validity beside the birth date of the other side where it is there (R43)."""
    named = {"authority": side.authority, "valid_from": side.valid_from, "valid_to": side.valid_to}
    yield from unclear(named, Side.EMBLEM, sure)
    if side.authority.value and not side.authority.value.endswith(AUTHORITY_ENDINGS):
        yield signal(ReasonCode.AUTHORITY_UNUSUAL)
    validity = validity_of(side.valid_from, side.valid_to)
    if validity is None:
        return
    read = None if portrait is None else number_of(portrait.number, today=today)
    number = read if isinstance(read, ResidentNumber) else None
    birth = number.birth if number else day_of(portrait.birth) if portrait else None
    permit = number is not None and number.permit
    flags = flags_alone(validity, today=today) if birth is None else validity_flags(validity, birth=birth, today=today)
    for flag in flags:
        if not (permit and flag in _RISKS):
            yield signal(ReasonCode(flag.value), **({"risk": _RISKS[flag]} if flag in _RISKS else {}))
    if permit and term_of(validity) != PERMIT_TERM:
        yield signal(ReasonCode.TERM_UNKNOWN, risk="high")


def validity_of(valid_from: Field, valid_to: Field) -> Validity | None:
    """The term a page prints; None where one of its dates was not understood."""
    start, end = day_of(valid_from), day_of(valid_to)
    long_term = valid_to.value == LONG_TERM
    return Validity(start, None if long_term else end) if start and (end or long_term) else None


def number_findings(number: Field, side: StrEnum, *, firm: bool, sure: float, today: date) -> Iterator[Reason]:
    """What a number alone leads to, on whatever page it stands (R1-R11)."""
    read = number_of(number, today=today)
    if number.confidence < sure or isinstance(read, NumberMalformed):
        yield unclear_field(ReasonCode.NUMBER_UNCLEAR, "number", number, side, sure)
    elif isinstance(read, NumberRefusal):
        yield rule(CODES[type(read)], firm=firm)


def against_number(number: ResidentNumber, *, sex: Field, birth: Field, firm: bool, sure: float) -> Iterator[Reason]:
    """Which printed pair differs from the number (R15)."""
    if sex.value and sex.value != number.sex:
        yield rule(ReasonCode.SEX_DIFFERS, firm=firm and sex.confidence >= sure)
    day = day_of(birth)
    if day and day != number.birth:
        yield rule(ReasonCode.BIRTH_DIFFERS, firm=firm and birth.confidence >= sure)


def _of_layout(side: PortraitSide, number: ResidentNumber, *, firm: bool) -> Iterator[Reason]:
    """Whether prefix and layout fit (R17)."""
    has_ethnicity = side.ethnicity_listed is not None
    if number.permit == has_ethnicity and (has_ethnicity or side.permit_layout):
        yield rule(ReasonCode.PERMIT_CONTRADICTION, firm=firm)


def said_by_number(number: ResidentNumber, *, sex: Field, birth: Field) -> frozenset[str]:
    """The printed attributes the number says too: two reads that agree, however unsure the first was."""
    agree = {"sex": sex.value == number.sex, "birth": day_of(birth) == number.birth}
    return frozenset(name for name, agrees in agree.items() if agrees)


def of_age(number: ResidentNumber, today: date) -> Iterator[Reason]:
    """What the holder's age alone leads to (R10, R35)."""
    if implausibly_old(number, today=today):
        yield signal(ReasonCode.AGE_IMPLAUSIBLE)
    if needs_guardian(number.birth, today=today):
        yield signal(ReasonCode.GUARDIAN_NEEDED)


def unclear(named: dict[str, Field], side: StrEnum, sure: float) -> Iterator[Reason]:
    """The fields that were not understood, or not surely."""
    for name, field in named.items():
        if field.value is None or field.confidence < sure:
            yield unclear_field(ReasonCode.FIELD_UNCLEAR, name, field, side, sure)


def unclear_field(code: ReasonCode, name: str, field: Field, side: StrEnum, sure: float) -> Reason:
    """One field that a person has to look at, with what staff need to find it."""
    facts: dict[str, Fact] = {
        "side": side.value,
        "field": name,
        "confidence": round(field.confidence, 3),
        "threshold": sure,
        "source": field.source.value,
    }
    return Reason(code, Outcome.REFER, facts)


def rule(code: ReasonCode, *, firm: bool) -> Reason:
    """A broken rule rejects where what breaks it was surely read: a misreading is not the applicant's."""
    return Reason(code, Outcome.REJECT if firm else Outcome.REFER)


def signal(code: ReasonCode, **facts: Fact) -> Reason:
    """What is unusual refers: only a broken rule rejects."""
    return Reason(code, Outcome.REFER, facts)
