"""What does a text on a foreign permanent resident card mean, as a Field? R18-R20."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.verification.documents.fields import score_of, text_of
from app.verification.documents.foreign_number import FOREIGN, Edition, edition_of
from app.verification.documents.layout import Piece
from app.verification.documents.names import han_only
from app.verification.documents.readings import CORRECTED, UNREAD, number_field, number_of_two, validity_fields
from app.verification.documents.resident_number import Sex, normalised
from app.verification.examination import Field

_LATIN = re.compile(r"[A-Z][A-Z ,.'-]*", re.IGNORECASE)
_OTHER = re.compile(r"[0-9A-Za-z]")
_LETTERED = re.compile(r"(?:|[0-9A-Z|]*NO)([A-Z]{3}[0-9]{12})")
"""R19; `No` is what remains of the label where OCR joined it to the number."""
_COUNTRY = re.compile(r"[A-Z]{3}$")
_SEXES: Final = {"男": Sex.MALE, "女": Sex.FEMALE, "M": Sex.MALE, "F": Sex.FEMALE}


def permanent_number_field(raw: str, score: float) -> Field:
    """A number of either edition as one reading saw it; look-alikes are exchanged only where a check then holds."""
    lettered = _LETTERED.fullmatch(re.sub(r"[^0-9A-Z|]", "", normalised(raw)))
    if lettered:
        return Field(raw, lettered[1], score)
    return _of_an_edition(number_field(raw, score))


def former_number_field(raw: str, score: float) -> Field:
    """A number of 2017 that a card of 2023 repeats: it begins with a foreign state's letters, and nothing else is one."""
    field = permanent_number_field(raw, score)
    former = edition_of(field.value or "") is Edition.E2017 and (field.value or "")[:3] in FOREIGN
    return field if former else replace(field, value=None)


def permanent_number_of_two(first: Field, second: Field) -> Field:
    """One number from two readings; in one of 2017 nothing tells which of two that differ is right."""
    return _of_an_edition(number_of_two(first, second))


def both_sexes_field(raw: str, score: float) -> Field:
    """The character and the letter behind it, 女/F; two that differ are neither."""
    said = {_SEXES[character] for character in raw if character in _SEXES}
    return Field(raw, said.pop() if len(said) == 1 else None, score)


def country_field(raw: str, score: float) -> Field:
    """The letters behind a country's Chinese name, 加拿大/CAN; China's own are no foreigner's."""
    code = _COUNTRY.search(_plain(raw))
    return Field(raw, code[0] if code and code[0] in FOREIGN else None, score)


def first_day_field(raw: str, score: float) -> Field:
    """The start of a validity."""
    return validity_fields(raw, score)[0]


def is_name(piece: Piece) -> bool:
    """Letters alone or characters alone: a text of both, or with digits, is what stands under a label that was lost."""
    text = _plain(piece.text)
    return _LATIN.fullmatch(text) is not None or (bool(han_only(text)) and not _OTHER.search(text))


def latin_name_field(pieces: Sequence[Piece]) -> Field:
    """In capitals, as printed; small letters are misread ones, so a person looks.

    A narrow gap behind the comma is often not read, and tells no two names apart: it is always put there.
    """
    if not pieces:
        return UNREAD
    text = " ".join(_plain(piece.text) for piece in pieces)
    value = " ".join(text.upper().replace(",", ", ").split())
    return Field(text, value, score_of(pieces) * (1.0 if text == text.upper() else CORRECTED))


def authority_field(pieces: Sequence[Piece]) -> Field:
    """Its Chinese name; the English stands under it."""
    chinese = [piece for piece in pieces if han_only(piece.text)]
    return Field(text_of(chinese), han_only(text_of(chinese)), score_of(chinese)) if chinese else UNREAD


def _of_an_edition(field: Field) -> Field:
    """The check character of a resident's number holds too."""
    return field if edition_of(field.value or "") else replace(field, value=None)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
