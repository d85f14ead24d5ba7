"""Is nobody made of two documents, of one that was read and of another that was typed? R40."""

from collections.abc import Mapping
from datetime import date

import pytest

from app.verification.examination import Field, Kind, Source
from app.verification.one_document import completing, relied_on, to_be_typed
from app.verification.typed import Typed

TODAY, SURE = date(2026, 11, 22), 0.9
OWN, ANOTHERS = "11010119900307002X", "110101198001010010"
CARD = {
    "name": Field("欧阳样例", "欧阳样例", 0.99), "sex": Field("女", "女", 0.99), "birth": Field("1990", "1990-03-07", 0.99),
    "number": Field(OWN, OWN, 0.99), "valid_to": Field("2036", "2036-03-07", 0.99),
}  # fmt: skip
UNCLEAR = CARD | {"number": Field("11010119??", None, 0.2)}
PASSPORT = {
    "name": Field("ERIKSSON ANNA", "ERIKSSON ANNA", 0.99), "number": Field("K<204", "K<204", 0.99),
    "authority": Field("SWE", "SWE", 0.99), "birth": Field("1990", "1990-03-07", 0.99), "sex": Field("F", "F", 0.99),
}  # fmt: skip


def together(
    read: Mapping[str, Field], typed: Typed, kind: Kind = Kind.RESIDENT_CARD, shown: Kind = Kind.RESIDENT_CARD
) -> bool:
    found = completing(read, typed, kind=kind, shown=shown, sure=SURE, today=TODAY)
    assert found in (read, {})
    return bool(found)


@pytest.mark.rule("R40")
@pytest.mark.parametrize(
    ("typed", "one"),
    [
        (Typed(), True),
        (Typed(name="欧阳另例"), True),
        (Typed(number=OWN, name="欧阳另例"), True),
        (Typed(number=" １１０１０１ 19900307002x"), True),
        (Typed(number=ANOTHERS, name="欧阳样例"), False),
    ],
)
def test_a_number_that_was_read_surely_says_whether_it_is_the_same_card(typed: Typed, *, one: bool) -> None:
    assert together(CARD, typed) is one


@pytest.mark.rule("R40")
@pytest.mark.parametrize(
    ("typed", "one"),
    [
        (Typed(number=OWN), True),  # the birth it tells was read beside it
        (Typed(number=ANOTHERS), False),
        (Typed(number=ANOTHERS, name="欧阳样例"), False),
        (Typed(number="110101199003070011", name="欧阳样例"), False),  # a man of the same day
        (Typed(number=OWN, name="王另"), False),
    ],
)
def test_a_typed_number_must_agree_with_the_rest_that_was_read_surely(typed: Typed, *, one: bool) -> None:
    assert together(UNCLEAR, typed) is one


@pytest.mark.rule("R40")
@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ({"valid_to": "2036-03-07"}, {"valid_to"}),
        ({"valid_to": "2046-11-01"}, set()),
        ({"name": "欧阳另例"}, {"valid_to"}),
    ],
)
def test_a_new_card_of_the_same_number_takes_nothing_of_the_old_ones_term(
    typed: dict[str, str], left: set[str]
) -> None:
    found = completing(
        CARD, Typed(number=OWN, **typed), kind=Kind.RESIDENT_CARD, shown=Kind.RESIDENT_CARD, sure=SURE, today=TODAY
    )
    assert found.keys() - {"name", "sex", "birth", "number"} == left


def test_where_nothing_was_read_surely_nothing_ties_a_typed_number_to_the_pictures() -> None:
    faint = {name: Field(field.raw, field.value, 0.5) for name, field in CARD.items()}
    assert not together(faint, Typed(number=ANOTHERS, name="欧阳样例"))
    assert together(faint, Typed(number=OWN))


def test_what_the_applicant_typed_ties_no_number_to_the_pictures() -> None:
    theirs = {"name": Field("欧阳样例", "欧阳样例", 1.0, Source.APPLICANT), "number": UNCLEAR["number"]}
    assert not together(theirs, Typed(number=OWN, name="欧阳样例"))


def test_another_kind_of_document_is_another_document() -> None:
    assert not together(CARD, Typed(number=OWN), kind=Kind.TEMPORARY_CARD)


@pytest.mark.rule("R70")
@pytest.mark.parametrize(
    ("typed", "one"),
    [
        (Typed(number="K-204", authority="SWE"), True),
        (Typed(number="K204", authority="NOR"), False),
        (Typed(number="K205", authority="SWE", name="ERIKSSON ANNA"), False),
    ],
)
def test_a_passports_number_is_the_same_only_of_the_same_state(typed: Typed, *, one: bool) -> None:
    assert together(PASSPORT, typed, Kind.PASSPORT, Kind.PASSPORT) is one


def unread(read: Mapping[str, Field]) -> tuple[str, ...]:
    return to_be_typed(read, kind=Kind.RESIDENT_CARD, sure=SURE, today=TODAY)


@pytest.mark.rule("R40")
def test_what_was_read_unsurely_is_to_be_typed_but_not_what_somebody_typed() -> None:
    guessed = CARD | {"name": Field("欧阳样俐", "欧阳样俐", 0.5), "number": Field(OWN, OWN, 0.58)}
    assert unread(guessed)[:2] == ("name", "number")
    answered = guessed | {"name": Field("欧阳样例", "欧阳样例", 1.0, Source.APPLICANT)}
    assert "name" not in unread(answered)
    assert unread(CARD) == ("address", "authority", "valid_from")


@pytest.mark.rule("R15")
def test_what_the_number_says_too_was_read_twice() -> None:
    guessed = CARD | {"sex": Field("女", "女", 0.5), "birth": Field("1990", "1990-03-08", 0.5)}
    found = relied_on(guessed, Typed(), kind=Kind.RESIDENT_CARD, sure=SURE, today=TODAY)
    assert ("sex" in found, "birth" in found) == (True, False)


@pytest.mark.rule("R18", "R19")
@pytest.mark.parametrize(
    ("number", "wanted"), [("911124198108030024", []), ("CAN110081080310", ["sex", "birth"]), (None, ["sex", "birth"])]
)
def test_what_the_number_of_a_permanent_card_tells_is_not_to_be_typed(number: str | None, wanted: list[str]) -> None:
    read = {"number": Field(number or "91112??", number, 0.5)}
    found = to_be_typed(read, kind=Kind.PERMANENT_RESIDENT_CARD, sure=SURE, today=TODAY)
    assert [name for name in found if name in {"sex", "birth"}] == wanted


@pytest.mark.rule("R33", "R40")
def test_a_term_typed_as_it_is_printed_is_the_one_that_was_read() -> None:
    for_ever = CARD | {"valid_to": Field("长期", "long_term", 0.99), "authority": Field("公安局", "公安局", 0.99)}
    assert together(for_ever, Typed(number=OWN, valid_to="长期"))
