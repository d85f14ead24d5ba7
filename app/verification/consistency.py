"""Does the document say what the bank already holds of the person? A difference is looked into: whose record is right, none of us knows."""

from collections.abc import Iterator, Mapping

from app.verification.documents.names import NameMatch, compare_names
from app.verification.documents.resident_number import check_holds, said_by
from app.verification.examination import Field
from app.verification.findings.attributes import signal
from app.verification.known import Known
from app.verification.reasons import Reason, ReasonCode


def differing(known: Known, read: Mapping[str, Field], *, sure: float) -> Iterator[Reason]:
    """Which attributes of the holder differ, of those that are known and were read surely; what was not is unclear, and
    said so already.
    """
    name = _sure(read, "name", sure)
    if known.name is not None and name is not None and compare_names(known.name, name) is not NameMatch.SAME:
        yield signal(ReasonCode.KNOWN_NAME_DIFFERS)
    number = _sure(read, "number", sure)
    # A number of 18 characters tells the birth date, as surely as it was read itself (R2).
    birth = said_by(number).birth if number is not None and check_holds(number) else _sure(read, "birth", sure)
    if known.birth is not None and birth is not None and birth != known.birth.isoformat():
        yield signal(ReasonCode.KNOWN_BIRTH_DIFFERS)
    if known.number_ending is not None and number is not None and not number.endswith(known.number_ending):
        yield signal(ReasonCode.KNOWN_NUMBER_DIFFERS)


def _sure(read: Mapping[str, Field], name: str, sure: float) -> str | None:
    field = read.get(name)
    return field.value if field is not None and field.confidence >= sure else None
