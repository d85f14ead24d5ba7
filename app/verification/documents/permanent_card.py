"""What does a foreign permanent resident card say, on its front and back? Editions of 2017 and 2023; R18-R20.

Which edition it is, its number tells. The chip is not read and nothing here may claim it was (R44).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from app.verification.documents.fields import name_field, not_said_by, score_of, text_of
from app.verification.documents.foreign_number import Edition, ForeignNumber, edition_of
from app.verification.documents.labels import NAME, with_text
from app.verification.documents.layout import Piece
from app.verification.documents.names import han_only
from app.verification.documents.permanent_fields import (
    authority_field,
    both_sexes_field,
    country_field,
    former_number_field,
    latin_name_field,
    permanent_number_field,
    permanent_number_of_two,
)
from app.verification.documents.permanent_places import (
    BIRTH,
    FORM,
    NATIONALITY,
    NUMBER,
    PREVIOUS,
    TITLE,
    Reader,
    back_pieces,
    front_pieces,
)
from app.verification.documents.readings import UNREAD, date_field, validity_fields, value_of_two
from app.verification.documents.stacked_labels import laid_out, without_english_text
from app.verification.examination import CardView, Field, Kind, Line, Side

AUTHORITIES: Final = frozenset({"中华人民共和国国家移民管理局", "中华人民共和国公安部"})
"""Who issues the card: the administration since it was founded in April 2018, the ministry before."""
SPECIMEN_NAME: Final = "证件样本"


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


P = TypeVar("P", PermanentFront, PermanentBack)


def read_permanent_front(lines: Sequence[Line], view: CardView) -> PermanentFront:
    """The fields of the front; `view` as measured, before its text was read."""
    found = front_pieces(laid_out(lines, FORM))
    valid_from, valid_to = _validity(found["valid_from"])
    return PermanentFront(
        view=_with_text(view, lines),
        latin_name=latin_name_field(found["latin_name"]),
        chinese_name=name_field(found["chinese_name"]),
        sex=_read(found["sex"], both_sexes_field),
        birth=_read(found["birth"], date_field),
        nationality=_read(found["nationality"], country_field),
        number=_read(found["number"], permanent_number_field),
        authority=authority_field(found["authority"]),
        valid_from=valid_from,
        valid_to=valid_to,
    )


def read_permanent_back(lines: Sequence[Line], view: CardView) -> PermanentBack:
    """The fields of the back; `view` as measured, before its text was read."""
    found = back_pieces(laid_out(lines, FORM))
    valid_from, valid_to = _validity(found["valid_from"])
    return PermanentBack(
        view=_with_text(view, lines),
        authority=authority_field(found["authority"]),
        previous_number=_read(found["previous_number"], former_number_field),
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


def with_second_sex(front: PermanentFront, text: str, score: float) -> PermanentFront:
    """The front with its sex confirmed, or put in doubt, by a reading of `sex_region` alone; OCR loses single characters."""
    return replace(front, sex=value_of_two(front.sex, both_sexes_field(without_english_text(text), score)))


def with_second_birth(front: PermanentFront, text: str, score: float) -> PermanentFront:
    """The front with its birth date confirmed, or put in doubt, by a reading of `birth_region` alone."""
    return replace(front, birth=value_of_two(front.birth, date_field(without_english_text(text), score)))


def with_second_previous(back: PermanentBack, text: str, score: float) -> PermanentBack:
    """The back with the number that went before confirmed, or put in doubt, by a reading of `previous_region` alone.

    No check character speaks for it, and its holder's account is known by it.
    """
    second = former_number_field(without_english_text(text), score)
    return replace(back, previous_number=value_of_two(back.previous_number, second))


def with_second_validity(page: P, text: str, score: float) -> P:
    """Either side with both dates confirmed, or put in doubt, by a reading of `validity_region` alone."""
    start, end = validity_fields(without_english_text(text), score)
    return replace(page, valid_from=value_of_two(page.valid_from, start), valid_to=value_of_two(page.valid_to, end))


def unconfirmed(front: PermanentFront) -> frozenset[str]:
    """Which of sex and birth the number does not say too, and one of 2017 neither: one reading turns nobody away."""
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


def _with_text(view: CardView, lines: Sequence[Line]) -> CardView:
    seen = with_text(view, lines, Kind.PERMANENT_RESIDENT_CARD, permanent_side_of(lines))
    return replace(seen, specimen=seen.specimen or any(han_only(line.text).endswith(SPECIMEN_NAME) for line in lines))


def _read(pieces: Sequence[Piece], read: Reader) -> Field:
    return read(text_of(pieces), score_of(pieces)) if pieces else UNREAD


def _validity(pieces: Sequence[Piece]) -> tuple[Field, Field]:
    return validity_fields(text_of(pieces), score_of(pieces)) if pieces else (UNREAD, UNREAD)
