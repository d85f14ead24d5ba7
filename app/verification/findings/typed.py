"""What does it lead to that an applicant typed what could not be read? To a person who compares, whatever was typed (R40)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from app.verification.documents.foreign_number import parse_foreign_number
from app.verification.documents.resident_number import NumberRefusal, parse
from app.verification.evidence import Examination, field_named, primary
from app.verification.examination import Field, Kind, Source
from app.verification.holder import NUMBERED_FOR_LIFE, holder
from app.verification.reasons import Outcome, Reason, ReasonCode


def typed_findings(found: Iterable[Reason], examination: Examination, *, today: date) -> Iterator[Reason]:
    """The findings, unclear fields that were typed as such; and where what was typed contradicts the number.

    What was typed counts only where this examination finds the field unclear: what can be read is not typed.
    """
    told = [_typed(reason) if asked_as(reason) in examination.typed else reason for reason in found]
    yield from told
    measured = examination.measured
    kind = primary(measured.kinds)
    if kind is not None:
        yield from _against_number(counted(told, examination.typed, kind), kind, holder(measured).get("number"), today)


def asked_as(reason: Reason) -> str | None:
    """The field an unclear one is asked for as; None for any other reason."""
    unclear = reason.code is ReasonCode.FIELD_UNCLEAR and "kind" in reason.facts
    return _named(reason) if unclear else None


def counted(reasons: Iterable[Reason], typed: Mapping[str, str], kind: Kind) -> dict[str, str]:
    """What was typed of this document and counts, by the field's own name."""
    ours = [each for each in reasons if each.code is ReasonCode.FIELD_TYPED and each.facts["kind"] == kind]
    return {str(each.facts["field"]): typed[_named(each)] for each in ours}


def _named(reason: Reason) -> str:
    facts = reason.facts
    return field_named(str(facts["kind"]), str(facts["side"]), str(facts["field"]))


def _typed(reason: Reason) -> Reason:
    return replace(reason, code=ReasonCode.FIELD_TYPED, facts={**reason.facts, "source": Source.APPLICANT.value})


def _against_number(typed: Mapping[str, str], kind: Kind, number: Field | None, today: date) -> Iterator[Reason]:
    """A typed sex or day that the number contradicts refers, and never rejects: people mistype."""
    sex, birth = (None, None) if number is None or number.value is None else told_by(kind, number.value, today)
    if sex is not None and typed.get("sex", sex) != sex:
        yield Reason(ReasonCode.SEX_DIFFERS, Outcome.REFER, {"source": Source.APPLICANT.value})
    if birth is not None and typed.get("birth", birth) != birth:
        yield Reason(ReasonCode.BIRTH_DIFFERS, Outcome.REFER, {"source": Source.APPLICANT.value})


def told_by(kind: Kind, number: str, today: date) -> tuple[str | None, str | None]:
    """Sex and day of birth as the number tells them; None: it does not, or is none."""
    try:
        if kind in NUMBERED_FOR_LIFE:
            resident = parse(number, today=today)
            return resident.sex.value, resident.birth.isoformat()
        if kind is Kind.PERMANENT_RESIDENT_CARD:
            foreign = parse_foreign_number(number, today=today)
            sex, birth = foreign.sex, foreign.birth
            return sex.value if sex else None, birth.isoformat() if birth else None
    except NumberRefusal:
        pass
    return None, None
