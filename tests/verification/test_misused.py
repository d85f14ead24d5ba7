"""Which numbers are looked for on the bank's list, how are they spelled, and what is made of one that stands there?"""

from dataclasses import replace
from datetime import date

import pytest

from app.verification.documents.mrz.dates import Birth
from app.verification.documents.resident_number import NumberRefusal
from app.verification.evidence import Measured, Presented
from app.verification.examination import FaceDeclined, Kind, Side
from app.verification.misused import numbers_by_page, spelled
from app.verification.reasons import Outcome, ReasonCode
from tests.verification.examinations import PORTRAIT, decided, examination, presented, read, result
from tests.verification.licence_pages import DUPLICATE
from tests.verification.test_permanent_findings import BACK, FRONT
from tests.verification.test_permit_findings import EMBLEM as PERMIT_EMBLEM
from tests.verification.test_together import passport

TODAY = date(2026, 11, 26)
CARD = (Kind.RESIDENT_CARD, Side.PORTRAIT)
NUMBER = "11010119900307002X"


def shown(*pages: Presented) -> list[tuple[tuple[Kind, Side], str]]:
    return list(numbers_by_page(Measured(pages, FaceDeclined.CONSENT_REFUSED)))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (NUMBER, NUMBER),
        (" 110101 19900307 002x", NUMBER),
        ("１１０１０１１９９００３０７００２Ｘ", NUMBER),
        ("k204-418c.7", "K204418C7"),
        ("L898902C<", "L898902C"),
    ],
)
def test_a_number_of_a_list_is_spelled_as_a_page_is_read(given: str, kept: str) -> None:
    assert spelled(given, today=TODAY) == kept


@pytest.mark.rule("R14")
def test_the_15_digits_a_resident_had_before_are_that_residents() -> None:
    assert spelled("110105491231002", today=TODAY) == "11010519491231002X"
    assert spelled("110105491331002", today=TODAY) == "110105491331002"


@pytest.mark.parametrize("given", ["", "-", "欧阳样例", "K204418C7;UTO", "K" * 9, "1" * 23])
def test_what_can_be_no_documents_number_is_refused(given: str) -> None:
    with pytest.raises(NumberRefusal):
        spelled(given, today=TODAY)


def test_every_number_of_every_document_is_looked_for_whatever_state_gave_it() -> None:
    kind = Kind.PERMANENT_RESIDENT_CARD
    back = replace(BACK, previous_number=read("CAN110081080399"))
    beside = presented(kind, Side.FRONT, FRONT), presented(kind, Side.BACK, back)
    found = shown(presented(*CARD, PORTRAIT), passport(Birth(1990, 3, 7)), *beside)
    assert (CARD, NUMBER) in found
    assert {page for page, _ in found} == {CARD, (Kind.PASSPORT, Side.DATA_PAGE), (kind, Side.FRONT), (kind, Side.BACK)}
    assert ((kind, Side.BACK), "CAN110081080399") in found
    assert all(number.isalnum() for _, number in found)


def test_a_licences_file_and_a_permits_travel_permit_are_numbers_too() -> None:
    licence = presented(Kind.DRIVING_LICENCE, Side.DUPLICATE, replace(DUPLICATE, file_number=read("110012345678")))
    permit = presented(Kind.RESIDENCE_PERMIT, Side.EMBLEM, replace(PERMIT_EMBLEM, travel_permit=read("H12345678")))
    assert {"110012345678", "H12345678"} <= {number for _, number in shown(licence, permit)}


def test_a_number_is_looked_for_however_faint() -> None:
    faint = presented(*CARD, replace(PORTRAIT, number=read(NUMBER, 0.3)))
    assert shown(faint) == [(CARD, NUMBER)]
    assert shown(presented(*CARD, replace(PORTRAIT, number=read(None)))) == []


def test_one_that_is_listed_refers_and_says_on_which_page_and_that_the_bank_knows() -> None:
    decision = decided(examination(misused=(CARD,)), attempt=1)
    assert result(decision) == ("refer", ["compromised_number"])
    (reason,) = decision.reasons
    assert (reason.code, reason.outcome) == (ReasonCode.COMPROMISED_NUMBER, Outcome.REFER)
    assert reason.facts == {"kind": "resident_card", "side": "portrait", "listed": True}


def test_one_that_is_printed_for_everybody_says_where_and_nothing_of_a_list() -> None:
    printed = replace(PORTRAIT, number=read("440524188001010014"))
    (reason,) = [each for each in decided(examination(printed)).reasons if each.code == "compromised_number"]
    assert reason.facts.keys() == {"kind", "printed_in"}
