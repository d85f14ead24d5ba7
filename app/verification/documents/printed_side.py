"""What does the side of a state's card say that has the portrait and no zone? TD1, ICAO Doc 9303-5.

Names, number and dates stand there by the standard, but where and in which languages is each state's. So it is known by
its labels, its texts are kept as they were read, and the zone of the other side tells what to look for among them (R73).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.verification.documents.labels import with_text
from app.verification.examination import CardView, Kind, Line, Side

LABELS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"SURNAME|\bNOM\b|APELLIDO",
        r"GIVEN NAME|PRENOM|NOMBRE",
        r"NATIONALIT|NACIONALIDAD",
        r"BIRTH|NAISSANCE|NACIMIENTO",
        r"\bSEXE?\b|\bSEXO\b",
        r"EXPIR|CADUCIDAD",
        r"(?:DOCUMENT|CARD|ID) ?N[O0]",
    )
)
"""In English, French and Spanish, one of which stands on every such card (Doc 9303-3 §3.3)."""
OTHER_LABELS: Final = LABELS[2:]
"""Of those, what names no name."""
NAME_LABELS: Final = frozenset({
    "SURNAME", "SURNAMES", "FAMILY", "LAST", "GIVEN", "FIRST", "FORENAME", "FORENAMES", "NAME", "NAMES", "NOM", "NOMS",
    "PRENOM", "PRENOMS", "APELLIDO", "APELLIDOS", "NOMBRE", "NOMBRES", "DR", "PROF", "MR", "MRS", "MS",
})  # fmt: skip
"""Words that may stand in front of a name on its line: labels that OCR joined to it, and titles, which a zone leaves out."""
NUMBER_LABELS: Final = frozenset({
    "PASSPORT", "PASSEPORT", "PASAPORTE", "DOCUMENT", "DOCUMENTO", "CARD", "CARTE", "VISA", "ID", "NUMBER", "NUMERO",
    "NO", "N", "NR", "DE", "DU", "LA",
})  # fmt: skip
"""Words that may stand in front of a number on its line."""
FEWEST_LABELS: Final = 5
"""Permanent resident cards print four of them in English, licences three."""
_OTHERS: Final = re.compile(r"PASSPORT|PASSEPORT|PASAPORTE|护照|VISA|签证")
"""Pages that have a zone, which was not found."""
MOST_TEXTS: Final = 60


@dataclass(frozen=True, slots=True)
class PrintedSide:
    """The side with the portrait."""

    view: CardView
    texts: tuple[str, ...] = field(repr=False)
    """As read, line by line."""


def shows_print(lines: Sequence[Line]) -> bool:
    """Whether any lines are such a side's; a zone among them was looked for before."""
    said = [_plain(line.text) for line in lines[:MOST_TEXTS]]
    if any(_OTHERS.search(text) for text in said):
        return False
    return sum(any(label.search(text) for text in said) for label in LABELS) >= FEWEST_LABELS


def read_printed_side(lines: Sequence[Line], view: CardView) -> PrintedSide:
    """The side; `view` as measured, before its text was read."""
    seen = with_text(view, lines, Kind.IDENTITY_CARD, Side.FRONT)
    return PrintedSide(seen, tuple(line.text for line in lines[:MOST_TEXTS]))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).upper()
    return "".join(character for character in decomposed if not unicodedata.combining(character))
