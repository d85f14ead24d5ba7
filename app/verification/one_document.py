"""May what was read complete what a person typed? Where both are of one document and it was surely read (R40)."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from app.verification.documents.machine_number import bare
from app.verification.documents.names import NameMatch, compare_names, spelled_name
from app.verification.documents.resident_number import normalised
from app.verification.examination import Field, Kind, Source
from app.verification.findings.typed import told_by
from app.verification.holder import MACHINE_READ
from app.verification.typed import Typed, needed, tidied

TELLING: Final = frozenset({"number", "name", "birth"})
"""Of these one has to agree: half of all people have the same sex, and a state issues to millions."""

ISSUED: Final = frozenset({"authority", "valid_from", "valid_to"})
"""What is of one issue: who has a new card has the old number, and nothing of the old card's term or office."""


def completing(
    read: Mapping[str, Field], typed: Typed, *, kind: Kind, shown: Kind, sure: float, today: date
) -> Mapping[str, Field]:
    """What of the fields read may stand beside what was typed; nothing where it was typed from another's document.

    `kind`: of the document that was typed from; `shown`: of the one in the pictures. Whoever typed no number typed from
    the pictures.
    """
    if kind is not shown:
        return {}
    if typed.number is None:
        return read
    clear = {name: field.value for name, field in read.items() if field.value and _clearly_read(field, sure)}
    said = _said(typed, kind, spelled("number", typed.number), today)
    if not _of_one_holder(read, clear, said):
        return {}
    given = typed.given()
    if all(_agree(name, clear[name], given[name]) for name in ISSUED & clear.keys() & given.keys()):
        return read
    return {name: field for name, field in read.items() if name not in ISSUED}


def relied_on(
    read: Mapping[str, Field], typed: Typed, *, kind: Kind, sure: float, today: date
) -> dict[str, str | None]:
    """What people may accept without typing it: nothing that a machine alone read unsurely, or an account would rest on
    its guess and nobody's word. What the number says too was read twice.
    """
    clear = {name: field.value for name, field in read.items() if _relied_on(field, sure)}
    number = typed.number or clear.get("number")
    sex, birth = (None, None) if number is None else told_by(kind, spelled("number", number), today)
    said = {name: field.value for name, field in read.items() if field.value == {"sex": sex, "birth": birth}.get(name)}
    return clear | said


def to_be_typed(read: Mapping[str, Field], *, kind: Kind, sure: float, today: date) -> tuple[str, ...]:
    """The fields that people have to type before they can accept; not those that even a faint number tells."""
    clear = relied_on(read, Typed(), kind=kind, sure=sure, today=today)
    number = read["number"].value if "number" in read else None
    wanted = needed(kind, spelled("number", number or ""), today=today)
    return tuple(name for name in wanted if not clear.get(name))


def _relied_on(field: Field, sure: float) -> bool:
    return field.source is not Source.OCR or field.confidence >= sure


def _of_one_holder(read: Mapping[str, Field], clear: Mapping[str, str], said: Mapping[str, str]) -> bool:
    """Whether what was typed names the holder that was read: it contradicts nothing clear, and something ties the two."""
    verdicts = {name: _agree(name, clear[name], said[name]) for name in clear.keys() & said.keys()}
    if "number" in verdicts:
        # One number is one document's, among those of one state: with it even a name that was misread is this one's.
        return verdicts["number"] and verdicts.get("authority", True)
    unclear = read.get("number")
    if unclear is not None and unclear.value is not None and _agree("number", unclear.value, said["number"]):
        verdicts["number"] = True
    return any(verdicts.get(name) for name in TELLING) and all(verdicts.values())


def _clearly_read(field: Field, sure: float) -> bool:
    return field.source is Source.OCR and field.confidence >= sure


def _said(typed: Typed, kind: Kind, number: str, today: date) -> dict[str, str]:
    """Who it is by what was typed: the number, what it tells, and what stood beside it."""
    sex, birth = told_by(kind, number, today)
    given = {"number": number, "name": typed.name, "sex": sex or typed.sex, "birth": birth or typed.birth}
    if kind in MACHINE_READ:
        given["authority"] = typed.authority  # another state's document may have the same number (R70)
    return {name: value for name, value in given.items() if value is not None}


def _agree(name: str, read: str, typed: str) -> bool:
    one, other = spelled(name, read), spelled(name, typed)
    if name == "name":
        return compare_names(one, other) is not NameMatch.DIFFERENT
    return one == other


def spelled(name: str, text: str) -> str:
    """What a field says, however it was read or typed."""
    if name == "number":
        return bare(normalised(text))
    return spelled_name(text) if name == "name" else tidied(name, text)
