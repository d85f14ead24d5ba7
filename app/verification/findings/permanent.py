"""Do the attributes of a foreign permanent resident card agree with each other, the law and the day? R18-R20."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.verification.documents.foreign_number import (
    ForeignNumber,
    ForeignNumberMalformed,
    NumberCountryUnknown,
    birth_digits_differ,
    former_of,
    parse_foreign_number,
)
from app.verification.documents.permanent_card import (
    AUTHORITIES,
    PermanentBack,
    PermanentFront,
    contradicted,
    nationality_differs,
    unconfirmed,
)
from app.verification.documents.permanent_validity import permanent_validity_flags
from app.verification.documents.readings import day_of
from app.verification.documents.resident_number import NumberRefusal
from app.verification.documents.validity import day_flags, needs_guardian
from app.verification.examination import Field, Side
from app.verification.findings.attributes import CODES, rule, signal, unclear, unclear_field, validity_of
from app.verification.reasons import Reason, ReasonCode

_DIFFERS: Final = {"sex": ReasonCode.SEX_DIFFERS, "birth": ReasonCode.BIRTH_DIFFERS}


def front_findings(front: PermanentFront, *, firm: bool, sure: float, today: date) -> Iterator[Reason]:
    """What the front leads to. `firm`: the picture is good enough to reject on; `sure`: the confidence from which a
    field is.
    """
    number = _number(front.number, today)
    number_sure = front.number.confidence >= sure
    if not number_sure or isinstance(number, ForeignNumberMalformed):
        yield unclear_field(ReasonCode.NUMBER_UNCLEAR, "number", front.number, Side.FRONT, sure)
    elif isinstance(number, NumberCountryUnknown):
        yield signal(ReasonCode.NUMBER_COUNTRY_UNKNOWN)
    elif isinstance(number, NumberRefusal):
        yield rule(CODES[type(number)], firm=firm)
    named = {"name": front.latin_name, "sex": front.sex, "birth": front.birth, "nationality": front.nationality}
    if isinstance(number, ForeignNumber):
        yield from _against(front, number, firm=firm and number_sure, sure=sure)
        said = {"sex", "birth"} - unconfirmed(front) if number_sure else set()
        named = {name: field for name, field in named.items() if name not in said}
    if _dated(front):
        named |= {"valid_from": front.valid_from, "valid_to": front.valid_to}
    yield from unclear(named, Side.FRONT, sure)
    birth = day_of(front.birth)
    if birth is not None and needs_guardian(birth, today=today):
        yield signal(ReasonCode.GUARDIAN_NEEDED)
    yield from _of_validity(front, birth, today)
    yield from _of_authority(front.authority)


def back_findings(back: PermanentBack, front: PermanentFront | None, *, sure: float, today: date) -> Iterator[Reason]:
    """What the back leads to; authority and validity stand on one of the two sides, and must stand on one."""
    birth = None if front is None else day_of(front.birth)
    yield from _of_authority(back.authority)
    yield from _of_validity(back, birth, today)
    yield from _of_former(back.previous_number, birth, sure)
    if front is not None and not _dated(front):
        yield from unclear({"valid_from": back.valid_from, "valid_to": back.valid_to}, Side.BACK, sure)


def _dated(page: PermanentFront) -> bool:
    """Anything of a validity was read here: editions print it on one side or the other."""
    return page.valid_from.value is not None or page.valid_to.value is not None


def _number(field: Field, today: date) -> ForeignNumber | NumberRefusal:
    try:
        return parse_foreign_number(field.value or field.raw, today=today)
    except NumberRefusal as refusal:
        return refusal


def _against(front: PermanentFront, number: ForeignNumber, *, firm: bool, sure: float) -> Iterator[Reason]:
    """Which printed pair differs from the number (as R15 has it)."""
    fields = {"sex": front.sex, "birth": front.birth}
    for name in sorted(contradicted(front, number)):
        yield rule(_DIFFERS[name], firm=firm and fields[name].confidence >= sure)
    if nationality_differs(front, number):
        yield signal(ReasonCode.NATIONALITY_DIFFERS)
    birth = day_of(front.birth)
    if birth is not None and birth_digits_differ(number, birth):
        yield signal(ReasonCode.BIRTH_DIFFERS)


def _of_validity(page: PermanentFront | PermanentBack, birth: date | None, today: date) -> Iterator[Reason]:
    validity = validity_of(page.valid_from, page.valid_to)
    if validity is None:
        return
    flags = (
        day_flags(validity, today=today)
        if birth is None
        else permanent_validity_flags(validity, birth=birth, today=today)
    )
    for flag in flags:
        yield signal(ReasonCode(flag.value))


def _of_former(field: Field, birth: date | None, sure: float) -> Iterator[Reason]:
    """Whether the number before this one may be its holder's, who would be known by it; not everybody had one."""
    if field.value is None and not any(character.isdigit() for character in field.raw):
        return
    if field.value is None or field.confidence < sure:
        yield unclear_field(ReasonCode.FIELD_UNCLEAR, "previous_number", field, Side.BACK, sure)
    elif birth is not None and not former_of(field.value, birth):
        yield signal(ReasonCode.BIRTH_DIFFERS, side=Side.BACK.value, field="previous_number")


def _of_authority(authority: Field) -> Iterator[Reason]:
    if authority.value is not None and authority.value not in AUTHORITIES:
        yield signal(ReasonCode.AUTHORITY_UNUSUAL)
