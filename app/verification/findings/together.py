"""Are several documents of one person? Whoever shows another's beside their own is looked at by people (R46, R52)."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from app.verification.documents.names import NameMatch, compare_names
from app.verification.documents.resident_number import check_holds, said_by
from app.verification.evidence import Measured
from app.verification.examination import Field, Kind
from app.verification.findings.attributes import signal
from app.verification.reasons import Reason, ReasonCode

ONE_NUMBER: Final = frozenset(
    {
        Kind.RESIDENT_CARD, Kind.TEMPORARY_CARD, Kind.RESIDENCE_PERMIT, Kind.PERMANENT_RESIDENT_CARD,
        Kind.DRIVING_LICENCE,
    }
)  # fmt: skip
"""They print the number their holder has for life; a licence repeats it (R46)."""
IN_CHARACTERS: Final = ONE_NUMBER - {Kind.PERMANENT_RESIDENT_CARD}
IN_LETTERS: Final = frozenset({Kind.PASSPORT, Kind.IDENTITY_CARD, Kind.VISA, Kind.PERMANENT_RESIDENT_CARD})
"""How they print the name."""


def together_findings(measured: Measured, *, sure: float) -> Iterator[Reason]:
    """Which attribute of two documents differs, of those that both print alike and that were surely read.

    Two of which nothing could be compared may be two persons': that is told too.
    """
    read = {kind: _surely(measured, kind, sure) for kind in measured.kinds}
    for one, other in combinations(read, 2):
        names = [name for name in ("birth", "number", "name") if _alike(one, other, name)]
        pairs = [(name, read[one].get(name), read[other].get(name)) for name in names]
        compared = [(name, first, second) for name, first, second in pairs if first and second]
        if not compared:
            yield signal(ReasonCode.DOCUMENTS_UNCOMPARED, documents=f"{one}, {other}")
        for name, first, second in compared:
            if _differ(name, first, second):
                yield signal(ReasonCode.DOCUMENTS_DIFFER, field=name, documents=f"{one}, {other}")


def _surely(measured: Measured, kind: Kind, sure: float) -> dict[str, str]:
    """What was surely read; the birth date that a number tells is read as surely as the number."""
    fields: dict[str, Field] = {}
    own = [page for page in measured.pages if page.kind is kind and page.reading.kind is kind]
    # Last those that are what they were presented as: another side's are only what is left to compare.
    for page in sorted(own, key=lambda each: each.as_presented):
        fields |= page.reading.fields
    said = {name: field.value for name, field in fields.items() if field.value and field.confidence >= sure}
    number = said.get("number", "")
    if kind in ONE_NUMBER and check_holds(number):
        said["birth"] = said_by(number).birth
    if "latin_name" in said:
        said["name"] = said["latin_name"].replace(",", " ")
    if "surname" in said:
        said["name"] = f"{said['surname']} {said.get('given_names', '')}"
    return {name: " ".join(value.split()) for name, value in said.items()}


def _alike(one: Kind, other: Kind, name: str) -> bool:
    """Whether the two print an attribute in the same way; a birth date everybody does."""
    if name == "birth":
        return True
    if name == "number":
        return {one, other} <= ONE_NUMBER
    return {one, other} <= IN_CHARACTERS or {one, other} <= IN_LETTERS


def _differ(name: str, first: str, second: str) -> bool:
    if name != "name":
        return first != second
    return compare_names(first, second) is NameMatch.DIFFERENT
