"""What does a driving licence say, on its main page and on the duplicate page 副页? 公安部令 162 Art. 12; R46, R50.

OCR hands over labels, values, watermark and seal in any order, so places decide: what stands right of a label is its
value. The page names the holder, so what cannot be told apart on the name's row is no name rather than a wrong one.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from app.verification.documents.english_labels import without_english, without_english_text
from app.verification.documents.fields import (
    address_field,
    name_field,
    not_said_by,
    number_pieces,
    region,
    score_of,
    sex_field,
    sex_place,
    sex_read,
    text_field,
    text_of,
)
from app.verification.documents.labels import ADDRESS, NAME, SEX, VALIDITY, Form, lay_out_form, with_text
from app.verification.documents.layout import Box, Layout, Piece, around
from app.verification.documents.licence_classes import read_classes
from app.verification.documents.names import han_only
from app.verification.documents.readings import (
    CORRECTED,
    UNREAD,
    date_field,
    number_field,
    number_of_two,
    validity_fields,
    value_of_two,
)
from app.verification.examination import CardView, Field, Kind, Line, Side

NATIONALITY, BIRTH, FIRST_ISSUE = "国籍", "出生日期", "初次领证日期"
CLASS, NUMBER, FILE_NUMBER, RECORD = "准驾车型", "证号", "档案编号", "记录"
CHINA = "中国"
ADDRESS_ROWS = 3
RECORD_ROWS = 8
WIDEST_GAP = 2.5
"""In heights: what stands further right on the name's row is not the name, but a sex or nationality whose label is lost."""


@dataclass(frozen=True, slots=True)
class LicencePage:
    """The main page: what it records (R46)."""

    view: CardView
    number: Field
    """Value: 18 characters, only where pattern and check character hold."""
    name: Field
    sex: Field
    """Value: 男 or 女."""
    nationality: Field
    address: Field
    birth: Field
    """Value: ISO date, as are the next two."""
    first_issue: Field
    classes: Field
    """Value: a concatenation `parse_classes` takes, such as A1A2."""
    valid_from: Field
    valid_to: Field
    """Value: ISO date, or `long_term` for 长期."""


@dataclass(frozen=True, slots=True)
class DuplicatePage:
    """The duplicate page: number and name once more (R52), the file number and what was recorded."""

    view: CardView
    number: Field
    name: Field
    file_number: Field
    """Value: 12 digits."""
    record: Field


FORMS = {
    Side.MAIN: Form(
        labels=(NUMBER, NAME, SEX, NATIONALITY, ADDRESS, BIRTH, FIRST_ISSUE, CLASS, VALIDITY),
        column=(NUMBER, NAME, ADDRESS, VALIDITY),
        after={SEX: NAME, NATIONALITY: SEX},
        within={SEX: NAME, NATIONALITY: f"{NAME}|{SEX}|男|女|.别|性."},
    ),
    Side.DUPLICATE: Form(
        labels=(NUMBER, NAME, FILE_NUMBER, RECORD),
        column=(NUMBER, NAME, FILE_NUMBER, RECORD),
    ),
}

_FILE_NUMBER = re.compile(r"[0-9]{12}")
_SWALLOWED = re.compile(".(?:性.|.别|国[籍藉])")
"""A label of the name's row that was misread inside it: such a text is nobody's name."""

P = TypeVar("P", LicencePage, DuplicatePage)


def read_licence_page(lines: Sequence[Line], view: CardView) -> LicencePage:
    """The fields of the main page; `view` as measured, before its text was read."""
    layout = _laid_out(lines, Side.MAIN)
    row = layout.beside(VALIDITY)
    valid_from, valid_to = validity_fields(text_of(row), score_of(row)) if row else (UNREAD, UNREAD)
    return LicencePage(
        view=with_text(view, lines, Kind.DRIVING_LICENCE, licence_side_of(lines)),
        number=_read(number_pieces(layout, NUMBER), number_field),
        name=_name(layout),
        sex=sex_field(layout.beside(SEX)[:1]),
        nationality=_nationality(layout),
        address=address_field(layout.under(ADDRESS, ending_at=_below_address(layout), at_most=ADDRESS_ROWS)),
        birth=_read(layout.beside(BIRTH), date_field),
        first_issue=_read(layout.beside(FIRST_ISSUE), date_field),
        classes=_classes(layout.beside(CLASS)),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def read_duplicate_page(lines: Sequence[Line], view: CardView) -> DuplicatePage:
    """The fields of the duplicate page; `view` as measured, before its text was read."""
    layout = _laid_out(lines, Side.DUPLICATE)
    return DuplicatePage(
        view=with_text(view, lines, Kind.DRIVING_LICENCE, licence_side_of(lines)),
        number=_read(number_pieces(layout, NUMBER), number_field),
        name=_name(layout),
        file_number=_read(layout.beside(FILE_NUMBER), _file_number),
        record=text_field(layout.under(RECORD, ending_at="", at_most=RECORD_ROWS)),
    )


def licence_side_of(lines: Sequence[Line]) -> Side | None:
    """The page whose own labels the text holds; names, numbers and validities are on every document."""
    main = {label.name for label in _laid_out(lines, Side.MAIN).labels}
    if main & {FIRST_ISSUE, CLASS} and len(main & {BIRTH, FIRST_ISSUE, CLASS, VALIDITY, NUMBER}) >= 2:
        return Side.MAIN
    duplicate = {label.name for label in _laid_out(lines, Side.DUPLICATE).labels}
    return Side.DUPLICATE if FILE_NUMBER in duplicate and len(duplicate) >= 2 else None


def with_second_number(page: P, text: str, score: float) -> P:
    """The page with its number confirmed, or put in doubt, by a reading of `number_region` alone; text may be empty."""
    return replace(page, number=number_of_two(page.number, number_field(without_english_text(text), score)))


def with_second_sex(page: LicencePage, text: str, score: float) -> LicencePage:
    """The page with its sex confirmed, or put in doubt, by a reading of `sex_region` alone; OCR loses single characters."""
    return replace(page, sex=value_of_two(page.sex, sex_read(text, score)))


def with_second_birth(page: LicencePage, text: str, score: float) -> LicencePage:
    """The page with its birth date confirmed, or put in doubt, by a reading of `birth_region` alone."""
    return replace(page, birth=value_of_two(page.birth, date_field(text, score)))


def with_second_first_issue(page: LicencePage, text: str, score: float) -> LicencePage:
    """The page with its first issue confirmed, or put in doubt, by a reading of `first_issue_region` alone."""
    return replace(page, first_issue=value_of_two(page.first_issue, date_field(text, score)))


def with_second_validity(page: LicencePage, text: str, score: float) -> LicencePage:
    """The page with both dates confirmed, or put in doubt, by a reading of `validity_region` alone."""
    start, end = validity_fields(without_english_text(text), score)
    return replace(page, valid_from=value_of_two(page.valid_from, start), valid_to=value_of_two(page.valid_to, end))


def with_second_file_number(page: DuplicatePage, text: str, score: float) -> DuplicatePage:
    """The page with its file number confirmed, or put in doubt, by a reading of `file_number_region` alone."""
    return replace(page, file_number=value_of_two(page.file_number, _file_number(without_english_text(text), score)))


def unconfirmed(page: LicencePage) -> frozenset[str]:
    """Which of sex and birth the number does not say too: one reading of a contradiction turns nobody away."""
    return not_said_by(page.number, sex=page.sex, birth=page.birth)


def number_region(lines: Sequence[Line], side: Side) -> Box | None:
    """Where the number stands on either page, with a rim; None where neither it nor its label was read."""
    layout = _laid_out(lines, side)
    return _again(layout, NUMBER, number_pieces(layout, NUMBER))


def birth_region(lines: Sequence[Line]) -> Box | None:
    """Where the birth date stands on the main page, with a rim."""
    layout = _laid_out(lines, Side.MAIN)
    return _again(layout, BIRTH, layout.beside(BIRTH))


def first_issue_region(lines: Sequence[Line]) -> Box | None:
    """Where the date of the first issue stands on the main page, with a rim."""
    layout = _laid_out(lines, Side.MAIN)
    return _again(layout, FIRST_ISSUE, layout.beside(FIRST_ISSUE))


def validity_region(lines: Sequence[Line]) -> Box | None:
    """Where the validity stands on the main page, with a rim."""
    layout = _laid_out(lines, Side.MAIN)
    return _again(layout, VALIDITY, layout.beside(VALIDITY))


def file_number_region(lines: Sequence[Line]) -> Box | None:
    """Where the file number stands on the duplicate page, with a rim."""
    layout = _laid_out(lines, Side.DUPLICATE)
    return _again(layout, FILE_NUMBER, layout.beside(FILE_NUMBER))


def sex_region(lines: Sequence[Line]) -> Box | None:
    """Where the sex stands on the main page; where it was not read, two characters right of its label, before 国籍."""
    layout = _laid_out(lines, Side.MAIN)
    read = layout.beside(SEX)[:1]
    place = sex_place(layout)
    return region(layout, SEX, read) if read else place and _lowered(place)


def places(lines: Sequence[Line], side: Side) -> dict[str, Box]:
    """Where on the canvas the fields of a page stand, of those that were found."""
    layout = _laid_out(lines, side)
    validity = layout.beside(VALIDITY)
    pieces: dict[str, Sequence[Piece]] = {"number": number_pieces(layout, NUMBER), "name": layout.beside(NAME)[:1]}
    if side is Side.MAIN:
        pieces |= {
            "sex": layout.beside(SEX)[:1],
            "nationality": layout.beside(NATIONALITY),
            "address": layout.under(ADDRESS, ending_at=_below_address(layout), at_most=ADDRESS_ROWS),
            "birth": layout.beside(BIRTH),
            "first_issue": layout.beside(FIRST_ISSUE),
            "classes": layout.beside(CLASS),
            "valid_from": validity,
            "valid_to": validity,
        }
    else:
        record = layout.under(RECORD, ending_at="", at_most=RECORD_ROWS)
        pieces |= {"file_number": layout.beside(FILE_NUMBER), "record": record}
    return {name: around(piece.box for piece in found) for name, found in pieces.items() if found}


def _laid_out(lines: Sequence[Line], side: Side) -> Layout:
    return lay_out_form(without_english(lines), FORMS[side])


def _again(layout: Layout, label: str, pieces: Sequence[Piece]) -> Box | None:
    box = region(layout, label, pieces)
    return box if box is None or pieces else _lowered(box)


def _lowered(box: Box) -> Box:
    """Down to the English label too: a value stands level with neither."""
    return Box(box.left, box.top, box.right, box.bottom + box.height / 2)


def _name(layout: Layout) -> Field:
    label = layout.label(NAME)
    pieces: tuple[Piece, ...] = ()
    for piece in layout.beside(NAME):
        left = pieces[-1].box if pieces else label.box if label else piece.box
        if piece.box.left - left.right > WIDEST_GAP * piece.box.height:
            break
        pieces = (*pieces, piece)
    field = name_field(pieces)
    return replace(field, value=None) if _SWALLOWED.search(field.value or "") else field


def _nationality(layout: Layout) -> Field:
    """What stands beside its label; where blur took that, the country itself is known, right of the sex."""
    field = text_field(layout.beside(NATIONALITY) or [p for p in layout.beside(SEX)[1:] if p.text == CHINA])
    return replace(field, value=han_only(field.raw) or None)


def _read(pieces: Sequence[Piece], read: Callable[[str, float], Field]) -> Field:
    return read(text_of(pieces), score_of(pieces)) if pieces else UNREAD


def _classes(pieces: Sequence[Piece]) -> Field:
    """As printed where the text is a list of classes; a look-alike exchanged costs confidence, so a person looks."""
    text, score = text_of(pieces), score_of(pieces)
    read = read_classes(text)
    if read is None:
        return Field(text, None, score)
    return Field(text, read.text, score * CORRECTED if read.exchanged else score)


def _file_number(text: str, score: float) -> Field:
    """Nothing in it checks a correction, so none is made."""
    digits = "".join(unicodedata.normalize("NFKC", text).split())
    return Field(text, digits if _FILE_NUMBER.fullmatch(digits) else None, score)


def _below_address(layout: Layout) -> str:
    """The uppermost label below the address that was read: the seal stands beside and below it."""
    return next((name for name in (BIRTH, FIRST_ISSUE, CLASS) if layout.label(name)), VALIDITY)
