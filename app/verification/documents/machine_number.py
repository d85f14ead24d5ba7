"""Can this be the number of a document with a machine-readable zone? Letters and digits, as long as its zone holds (Doc 9303)."""

import re
from typing import Final

from app.verification.documents.resident_number import NumberMalformed, normalised

OF_A_BOOKLET: Final = 9
"""Positions of a passport's number and of a visa's: neither goes on in the optional data (Doc 9303 parts 4 and 7)."""
OF_A_CARD: Final = 22
"""Nine, and what TD1's fifteen optional positions leave beside the check digit and a filler (part 5 §4.2.2, R59)."""
_STRANGE = re.compile("[^A-Z0-9]")
_PART = re.compile("[-./<]")


class DocumentNumberMalformed(NumberMalformed, code="document_number_malformed"):
    """No letters and digits, or more of them than a zone holds. Facts: longest."""


def machine_number(given: str, *, longest: int) -> str:
    """The number as zones are compared: without what parts its groups; raises DocumentNumberMalformed."""
    text = _PART.sub("", normalised(given))
    if not 1 <= len(text) <= longest or _STRANGE.search(text) or not any(each.isdigit() for each in text):
        raise DocumentNumberMalformed(longest=longest)
    return text


def bare(number: str) -> str:
    """A number that was read, spelled like one that was typed: a zone writes `<` where the page prints a hyphen."""
    return _STRANGE.sub("", number)
