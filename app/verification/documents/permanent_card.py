"""What does a foreign permanent resident card say, on its front and back? Editions of 2017 and 2023; R18-R20.

Which edition it is, its number tells. The placing of labels follows the published specimens of both editions: a label
in two languages and its value under it. The chip is not read and nothing here may claim it was (R44).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from app.verification.documents.fields import name_field, not_said_by, region, score_of, text_of
from app.verification.documents.foreign_number import Edition, ForeignNumber, edition_of
from app.verification.documents.labels import AUTHORITY, NAME, SEX, VALIDITY, Form, with_text
from app.verification.documents.layout import CANVAS_HEIGHT, CANVAS_WIDTH, Box, Layout, Piece, around, same_row
from app.verification.documents.names import han_only
from app.verification.documents.permanent_fields import (
    authority_field,
    both_sexes_field,
    country_field,
    first_day_field,
    is_name,
    latin_name_field,
    permanent_number_field,
    permanent_number_of_two,
)
from app.verification.documents.readings import UNREAD, date_field, validity_fields, value_of_two
from app.verification.documents.stacked_labels import beneath, beside, laid_out, without_english_text
from app.verification.examination import CardView, Field, Kind, Line, Side

TITLE, BIRTH, NATIONALITY = "外国人永久居留身份证", "出生日期", "国籍"
NUMBER, PREVIOUS = "证件号码", "曾持证件号码"
AUTHORITIES: Final = frozenset({"中华人民共和国国家移民管理局", "中华人民共和国公安部"})
"""Who issues the card: the administration since it was founded in April 2018, the ministry before."""
SPECIMEN_NAME: Final = "证件样本"
NAME_ROWS: Final = 3
AUTHORITY_ROWS: Final = 2
FORM: Final = Form(
    labels=(TITLE, NAME, SEX, BIRTH, NATIONALITY, VALIDITY, AUTHORITY, PREVIOUS, NUMBER),
    column=(NAME, SEX, NATIONALITY, VALIDITY, AUTHORITY, NUMBER),
)

Reader = Callable[[str, float], Field]


@dataclass(frozen=True, slots=True)
class PermanentFront:
    """The side with the portrait: whose card it is."""

    view: CardView
    latin_name: Field
    """Value: in capitals, parts and comma as printed."""
    chinese_name: Field
    """Not every holder has one."""
    sex: Field
    """Value: 男 or 女."""
    birth: Field
    """Value: ISO date."""
    nationality: Field
    """Value: ISO 3166-1 alpha-3."""
    number: Field
    """Value: 18 characters whose check character holds, or the 15 of 2017, in which nothing is checked."""
    authority: Field
    """Unread where the edition prints it on the back, as is the validity."""
    valid_from: Field
    valid_to: Field
    """Value: ISO date, itself still valid."""

    @property
    def edition(self) -> Edition | None:
        """None: the number was not read."""
        return edition_of(self.number.value) if self.number.value else None


@dataclass(frozen=True, slots=True)
class PermanentBack:
    """The other side: what of these an edition prints there."""

    view: CardView
    authority: Field
    previous_number: Field
    """The number of 2017 that the holder had before."""
    valid_from: Field
    valid_to: Field


def read_permanent_front(lines: Sequence[Line], view: CardView) -> PermanentFront:
    """The fields of the front; `view` as measured, before its text was read."""
    layout = laid_out(lines, FORM)
    valid_from, valid_to = _validity(layout)
    return PermanentFront(
        view=_with_text(view, lines),
        latin_name=latin_name_field(_latin(layout)),
        chinese_name=name_field(_chinese(layout)),
        sex=_field(layout, both_sexes_field, SEX),
        birth=_field(layout, date_field, BIRTH, SEX),
        nationality=_field(layout, country_field, NATIONALITY),
        number=_read(_number_pieces(layout), permanent_number_field),
        authority=authority_field(_authority(layout)),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def read_permanent_back(lines: Sequence[Line], view: CardView) -> PermanentBack:
    """The fields of the back; `view` as measured, before its text was read."""
    layout = laid_out(lines, FORM)
    valid_from, valid_to = _validity(layout)
    return PermanentBack(
        view=_with_text(view, lines),
        authority=authority_field(_authority(layout)),
        previous_number=_field(layout, permanent_number_field, PREVIOUS),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def permanent_side_of(lines: Sequence[Line]) -> Side | None:
    """The side whose labels the text holds; None where it is another document's, many of whose labels are the same."""
    found = {label.name for label in laid_out(lines, FORM).labels}
    own = found & {TITLE, NUMBER, PREVIOUS}
    if own & {TITLE, NUMBER} and len(found & {NAME, BIRTH, NATIONALITY, NUMBER}) >= 2:
        return Side.FRONT
    return Side.BACK if own - {NUMBER} and found - own else None


def with_second_number(front: PermanentFront, text: str, score: float) -> PermanentFront:
    """The front with its number confirmed, or put in doubt, by a reading of `number_region` alone; text may be empty."""
    second = permanent_number_field(without_english_text(text), score)
    return replace(front, number=permanent_number_of_two(front.number, second))


def with_second_validity(front: PermanentFront, text: str, score: float) -> PermanentFront:
    """The front with both dates confirmed, or put in doubt, by a reading of `validity_region` alone."""
    start, end = validity_fields(without_english_text(text), score)
    return replace(front, valid_from=value_of_two(front.valid_from, start), valid_to=value_of_two(front.valid_to, end))


def unconfirmed(front: PermanentFront) -> frozenset[str]:
    """Which of sex and birth the number does not say too; a number of 2017 says neither."""
    number = front.number if front.edition is Edition.E2023 else UNREAD
    return not_said_by(number, sex=front.sex, birth=front.birth)


def contradicted(front: PermanentFront, number: ForeignNumber) -> frozenset[str]:
    """Which of sex and birth were read and are not what the number says (as R15 has it)."""
    says = {"sex": number.sex, "birth": number.birth.isoformat() if number.birth else None}
    read = {"sex": front.sex.value, "birth": front.birth.value}
    return frozenset(name for name, said in says.items() if said and read[name] and read[name] != said)


def nationality_differs(front: PermanentFront, number: ForeignNumber) -> bool:
    """Another country than the number's is printed: a number is for life and a nationality is not, so a person looks."""
    return front.nationality.value is not None and front.nationality.value != number.country


def number_region(lines: Sequence[Line]) -> Box | None:
    """Where the number stands on the front, with a rim; None where neither it nor its label was read."""
    layout = laid_out(lines, FORM)
    return _again(layout, NUMBER, _number_pieces(layout))


def validity_region(lines: Sequence[Line]) -> Box | None:
    """Where the validity stands, with a rim."""
    layout = laid_out(lines, FORM)
    return _again(layout, VALIDITY, _pieces(layout, first_day_field, VALIDITY))


def front_places(lines: Sequence[Line]) -> dict[str, Box]:
    """Where on the canvas the fields of the front stand, of those that were found."""
    layout = laid_out(lines, FORM)
    validity = _pieces(layout, first_day_field, VALIDITY)
    pieces = {
        "latin_name": _latin(layout),
        "chinese_name": _chinese(layout),
        "sex": _pieces(layout, both_sexes_field, SEX),
        "birth": _pieces(layout, date_field, BIRTH, SEX),
        "nationality": _pieces(layout, country_field, NATIONALITY),
        "number": _number_pieces(layout),
        "authority": _authority(layout),
        "valid_from": validity,
        "valid_to": validity,
    }
    return {name: around(piece.box for piece in found) for name, found in pieces.items() if found}


def back_places(lines: Sequence[Line]) -> dict[str, Box]:
    """Where on the canvas the fields of the back stand, of those that were found."""
    layout = laid_out(lines, FORM)
    validity = _pieces(layout, first_day_field, VALIDITY)
    pieces = {
        "authority": _authority(layout),
        "previous_number": _pieces(layout, permanent_number_field, PREVIOUS),
        "valid_from": validity,
        "valid_to": validity,
    }
    return {name: around(piece.box for piece in found) for name, found in pieces.items() if found}


def _again(layout: Layout, name: str, pieces: Sequence[Piece]) -> Box | None:
    """The pieces with a rim; where none was read, the label's row and what lies under it."""
    label = layout.label(name)
    if pieces or label is None:
        return region(layout, name, pieces)
    box = label.box
    return Box(box.left, box.top, CANVAS_WIDTH, min(box.bottom + 2 * box.height, CANVAS_HEIGHT))


def _with_text(view: CardView, lines: Sequence[Line]) -> CardView:
    seen = with_text(view, lines, Kind.PERMANENT_RESIDENT_CARD, permanent_side_of(lines))
    return replace(seen, specimen=seen.specimen or any(han_only(line.text).endswith(SPECIMEN_NAME) for line in lines))


def _pieces(layout: Layout, read: Reader, *labels: str) -> tuple[Piece, ...]:
    """What stands beside or under one of the labels and can be read: beside may stand what is left of its English."""
    places = [p for name in labels for p in (beside(layout, name), beneath(layout, name, rows=1)) if p]
    return next((p for p in places if _read(p, read).value), places[0] if places else ())


def _field(layout: Layout, read: Reader, *labels: str) -> Field:
    return _read(_pieces(layout, read, *labels), read)


def _read(pieces: Sequence[Piece], read: Reader) -> Field:
    return read(text_of(pieces), score_of(pieces)) if pieces else UNREAD


def _names(layout: Layout) -> tuple[Piece, ...]:
    return tuple(takewhile(is_name, [*beside(layout, NAME), *beneath(layout, NAME, rows=NAME_ROWS)]))


def _latin(layout: Layout) -> tuple[Piece, ...]:
    return tuple(piece for piece in _names(layout) if not han_only(piece.text))


def _chinese(layout: Layout) -> tuple[Piece, ...]:
    """One row: what stands under it may be a label that was misread."""
    found = [piece for piece in _names(layout) if han_only(piece.text)]
    return tuple(piece for piece in found if same_row(piece.box, found[0].box))


def _authority(layout: Layout) -> tuple[Piece, ...]:
    found = (*beside(layout, AUTHORITY), *beneath(layout, AUTHORITY, rows=AUTHORITY_ROWS))
    return tuple(piece for piece in found if han_only(piece.text))


def _validity(layout: Layout) -> tuple[Field, Field]:
    pieces = _pieces(layout, first_day_field, VALIDITY)
    return validity_fields(text_of(pieces), score_of(pieces)) if pieces else (UNREAD, UNREAD)


def _number_pieces(layout: Layout) -> tuple[Piece, ...]:
    """What its label tells; where that was not read, the one piece that has a number's form."""
    found = _pieces(layout, permanent_number_field, NUMBER)
    if found:
        return found
    formed = tuple(p for p in layout.pieces if permanent_number_field(p.text, p.score).value)
    return formed if len(formed) == 1 else ()
