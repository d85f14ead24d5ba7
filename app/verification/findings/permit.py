"""Do the attributes of a residence permit agree with each other, the law and the day? R16, R17."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.verification.documents.residence_permit import (
    PermitEmblemSide,
    PermitFlag,
    emblem_flags,
    permit_validity_flags,
    portrait_flags,
)
from app.verification.documents.resident_number import ResidentNumber
from app.verification.documents.validity import ValidityFlag
from app.verification.examination import PortraitSide, Side
from app.verification.findings.attributes import (
    against_number,
    number_findings,
    number_of,
    of_age,
    rule,
    said_by_number,
    signal,
    unclear,
    validity_of,
)
from app.verification.reasons import Reason, ReasonCode

CONTRADICTIONS: Final = frozenset({PermitFlag.RESIDENT_LAYOUT, PermitFlag.RESIDENT_NUMBER})
"""R17: number and layout belong to two different documents."""
_CODES: Final = {
    PermitFlag.REGION_UNKNOWN: ReasonCode.PERMIT_REGION_UNKNOWN,
    PermitFlag.TRAVEL_PERMIT_DIFFERS: ReasonCode.TRAVEL_PERMIT_DIFFERS,
    PermitFlag.TITLE_DIFFERS: ReasonCode.PERMIT_TITLE_DIFFERS,
}


def permit_portrait_findings(side: PortraitSide, *, firm: bool, sure: float, today: date) -> Iterator[Reason]:
    """What the portrait side leads to. `firm`: the picture is good enough to reject on; `sure`: the confidence from
    which a field is.
    """
    number, number_sure = number_of(side.number, today=today), side.number.confidence >= sure
    yield from number_findings(side.number, Side.PORTRAIT, firm=firm, sure=sure, today=today)
    named = {"name": side.name, "sex": side.sex, "birth": side.birth, "address": side.address}
    if isinstance(number, ResidentNumber):
        confirmed = said_by_number(number, sex=side.sex, birth=side.birth) if number_sure else frozenset()
        named = {name: field for name, field in named.items() if name not in confirmed}
        yield from against_number(number, sex=side.sex, birth=side.birth, firm=firm and number_sure, sure=sure)
        yield from _flagged(portrait_flags(side, number), firm=firm and number_sure)
        yield from of_age(number, today)
    yield from unclear(named, Side.PORTRAIT, sure)


def permit_emblem_findings(
    side: PermitEmblemSide, portrait: PortraitSide | None, *, sure: float, today: date
) -> Iterator[Reason]:
    """What the emblem side leads to, beside the number of the other side where it is there."""
    named = {
        "authority": side.authority,
        "valid_from": side.valid_from,
        "valid_to": side.valid_to,
        "travel_permit": side.travel_permit,
    }
    yield from unclear(named, Side.EMBLEM, sure)
    validity = validity_of(side.valid_from, side.valid_to)
    if validity is not None:
        for flag in permit_validity_flags(validity, today=today):
            yield signal(ReasonCode(flag.value), **({"risk": "high"} if flag is ValidityFlag.TERM_UNKNOWN else {}))
    number = None if portrait is None else number_of(portrait.number, today=today)
    if isinstance(number, ResidentNumber):
        yield from _flagged(emblem_flags(side, number), firm=False)


def _flagged(flags: tuple[PermitFlag, ...], *, firm: bool) -> Iterator[Reason]:
    for flag in flags:
        if flag in CONTRADICTIONS:
            yield rule(ReasonCode.PERMIT_CONTRADICTION, firm=firm)
        else:
            yield signal(_CODES[flag])
