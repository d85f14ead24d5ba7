"""Are several documents of one person? Whoever shows another's beside their own is looked at by people (R46, R52)."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from app.verification.documents.names import NameMatch, compare_names
from app.verification.evidence import Measured
from app.verification.examination import Field, Kind
from app.verification.findings.attributes import signal
from app.verification.reasons import Reason, ReasonCode

ONE_NUMBER: Final = frozenset({Kind.RESIDENT_CARD, Kind.TEMPORARY_CARD, Kind.RESIDENCE_PERMIT, Kind.DRIVING_LICENCE})
"""They print the number their holder has for life; a licence repeats it (R46)."""
IN_CHARACTERS: Final = ONE_NUMBER
"""They print the name in Chinese, as the others do not."""
IN_LETTERS: Final = frozenset({Kind.PASSPORT, Kind.IDENTITY_CARD, Kind.VISA})


def together_findings(measured: Measured, *, sure: float) -> Iterator[Reason]:
    """Which attribute of two documents differs, of those that both print alike and that were surely read."""
    read = {kind: _surely(measured, kind, sure) for kind in measured.kinds}
    for one, other in combinations(read, 2):
        for name in ("birth", "number", "name"):
            first, second = read[one].get(name), read[other].get(name)
            if first and second and _alike(one, other, name) and _differ(name, first, second):
                yield signal(ReasonCode.DOCUMENTS_DIFFER, field=name, documents=f"{one}, {other}")


def _surely(measured: Measured, kind: Kind, sure: float) -> dict[str, str]:
    fields: dict[str, Field] = {}
    for reading in measured.of(kind).values():
        if reading.kind is kind:
            fields |= reading.fields
    said = {name: field.value for name, field in fields.items() if field.value and field.confidence >= sure}
    if kind in IN_LETTERS and "surname" in said:
        said["name"] = f"{said['surname']} {said.get('given_names', '')}".strip()
    return said


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
