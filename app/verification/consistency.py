"""Does the document say what the bank already holds of the person? A difference is looked into: whose record is right, none of us knows."""

from collections.abc import Iterator

from app.verification.documents.names import NameMatch, compare_names
from app.verification.documents.readings import day_of
from app.verification.examination import Field, PortraitSide
from app.verification.findings.attributes import signal
from app.verification.known import Known
from app.verification.reasons import Reason, ReasonCode


def differing(known: Known, read: PortraitSide, *, sure: float) -> Iterator[Reason]:
    """Which attributes differ, of those that are known and were read surely; what was not is unclear, and said so already."""
    name = _sure(read.name, sure)
    if known.name is not None and name is not None and compare_names(known.name, name) is not NameMatch.SAME:
        yield signal(ReasonCode.KNOWN_NAME_DIFFERS)
    if known.birth is not None and _sure(read.birth, sure) is not None and day_of(read.birth) != known.birth:
        yield signal(ReasonCode.KNOWN_BIRTH_DIFFERS)
    number = _sure(read.number, sure)
    if known.number_ending is not None and number is not None and not number.endswith(known.number_ending):
        yield signal(ReasonCode.KNOWN_NUMBER_DIFFERS)


def _sure(field: Field, sure: float) -> str | None:
    return field.value if field.confidence >= sure else None
