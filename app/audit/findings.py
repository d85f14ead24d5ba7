"""What can be wrong with a log, and with which part of it?"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """In what way the record was tampered with."""

    ALTERED = "altered"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "re-ordered"
    CUT_TAIL = "cut tail"
    FORGED_HEAD = "forged head"
    UNWITNESSED = "unwitnessed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and which event or batch it is about."""

    kind: Kind
    words: str
    batch: int | None = None
    sequence: int | None = None
    event: str | None = None
