"""Which numbers are looked for among those the bank knows to be misused, and how is each spelled?

A list that somebody hands the bank says numbers and nothing of the kinds or states they are of: so they are compared
without either, and a number that two states happened to give brings two people before a person, who tells them apart.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from app.verification.documents.machine_number import OF_A_CARD, bare, machine_number
from app.verification.documents.reading import Reading
from app.verification.documents.resident_number import NumberRefusal, from_first_generation, normalised
from app.verification.evidence import Measured
from app.verification.examination import Kind, Side

NUMBERS: Final = frozenset({"number", "previous_number", "file_number", "travel_permit"})
"""The fields that number a document or its holder, on whatever kind."""


def spelled(given: str, *, today: date) -> str:
    """A number of a list, as it is kept; raises NumberRefusal. `today`: in China.

    The 15 digits that a resident had before are that resident's: no card shows them any more (R14).
    """
    number = machine_number(given, longest=OF_A_CARD)
    try:
        return from_first_generation(number, today=today).text
    except NumberRefusal:
        return number


def as_read(number: str) -> str:
    """A number that was read or typed, spelled like one of a list."""
    return bare(normalised(number))


def numbers_by_page(measured: Measured) -> Iterator[tuple[tuple[Kind, Side], str]]:
    """Every number in the pictures with its page, however faint: one that is found accuses nobody, and people look."""
    for page in measured.pages:
        for number in numbers_on(page.reading):
            yield (page.kind, page.side), number


def numbers_on(reading: Reading) -> Iterator[str]:
    """Every number on one page."""
    for name, field in reading.fields.items():
        if name in NUMBERS and field.value is not None:
            yield as_read(field.value)
