"""What do the pieces of text beside a label say, as a Field? For labels that more than one kind of document prints."""

from collections.abc import Sequence
from dataclasses import replace

from app.verification.documents.labels import SEX
from app.verification.documents.layout import CANVAS_WIDTH, Box, Layout, Piece, around, length_fits
from app.verification.documents.names import han_only, printed_name
from app.verification.documents.readings import UNREAD, number_field, number_seen
from app.verification.documents.resident_number import Sex, said_by
from app.verification.examination import Field

ODD_LENGTH = 0.5
"""R40: factor where the box has room for more or fewer characters than were read, as with one outside the dictionary."""


def name_field(pieces: Sequence[Piece]) -> Field:
    """What stands beside 姓名."""
    if not pieces:
        return UNREAD
    name = printed_name(text_of(pieces))
    fits = len(pieces) > 1 or length_fits(pieces[0], name or "")
    return Field(text_of(pieces), name, score_of(pieces) * (1.0 if fits else ODD_LENGTH))


def sex_field(pieces: Sequence[Piece]) -> Field:
    """What stands beside 性别."""
    return sex_read(text_of(pieces), score_of(pieces)) if pieces else UNREAD


def sex_read(text: str, score: float) -> Field:
    """One of the two values, with or without its label."""
    seen = han_only(text).removeprefix(SEX)
    return Field(text, seen if seen in set(Sex) else None, score)


def address_field(pieces: Sequence[Piece]) -> Field:
    """What stands beside and under 住址."""
    if not pieces:
        return UNREAD
    field = text_field(pieces)
    odd = any(not length_fits(piece, piece.text) for piece in pieces) or not _simplified(field.raw)
    return replace(field, confidence=field.confidence * ODD_LENGTH) if odd else field


def _simplified(text: str) -> bool:
    """Whether every Han character is among the 6,763 of GB 2312, as those of mainland addresses are but for some villages'.

    The recogniser knows both scripts and now and then says 區 where 区 is printed, and is sure of it.
    """
    try:
        han_only(text).replace("〇", "").encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def text_field(pieces: Sequence[Piece]) -> Field:
    """Free text: what was seen is the value."""
    text = text_of(pieces)
    return Field(text, text, score_of(pieces)) if text else UNREAD


def number_pieces(layout: Layout, label: str) -> tuple[Piece, ...]:
    """What stands beside the number's label; where that was not read, the one line that has a number's form."""
    beside = layout.beside(label)
    if beside:
        return beside
    return tuple(p for p in layout.pieces if number_seen(number_field(p.text, p.score)))[:1]


def not_said_by(number: Field, *, sex: Field, birth: Field) -> frozenset[str]:
    """Which of sex and birth the number does not say too."""
    says = said_by(number.value) if number.value else None
    agree = {"sex": says and sex.value == says.sex, "birth": says and birth.value == says.birth}
    return frozenset(name for name, agrees in agree.items() if not agrees)


def region(layout: Layout, label: str, pieces: Sequence[Piece]) -> Box | None:
    """Where to read again: the pieces with a rim, or the row right of their label; None where neither was read."""
    if pieces:
        box = around(piece.box for piece in pieces)
        return box.grown(0.35 * box.height)
    found = layout.label(label)
    if found is None:
        return None
    box = found.box
    return Box(box.right, box.top, CANVAS_WIDTH, box.bottom).grown(0.35 * box.height)


def sex_place(layout: Layout) -> Box | None:
    """Where to read a sex again: two characters right of its label, before the next label of the row."""
    label = layout.label(SEX)
    if label is None:
        return None
    box, height = label.box, label.box.height
    return Box(box.right, box.top, box.right + 2.5 * height, box.bottom).grown(0.3 * height)


def text_of(pieces: Sequence[Piece]) -> str:
    """All of it, in order."""
    return "".join(piece.text for piece in pieces)


def score_of(pieces: Sequence[Piece]) -> float:
    """As sure as its least sure piece."""
    return min((piece.score for piece in pieces), default=0.0)
