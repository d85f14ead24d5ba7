"""What did the bank hold of the person before they were proofed? Told by the client that opens the proofing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Known:
    """Attributes the bank holds; None: nothing of that."""

    name: str | None = None
    birth: date | None = None
    number_ending: str | None = None
    """The last four characters, the most that is shown of a number (R23)."""
    phone: str | None = None
    """Looked for among subscribers, before any face is."""


NOTHING_KNOWN: Final = Known()


def known_from(kept: Mapping[str, str | None]) -> Known:
    """As it was kept, dates in ISO's form."""
    birth = kept["birth"]
    born = None if birth is None else date.fromisoformat(birth)
    # Cases of before phones were told have none.
    return Known(kept["name"], born, kept["number_ending"], kept.get("phone"))
