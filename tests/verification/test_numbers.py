"""By which numbers is a person looked for, and by which is their account kept?"""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from app.verification.documents.machine_page import MachinePage
from app.verification.documents.mrz.dates import Birth
from app.verification.evidence import Measured, Presented
from app.verification.examination import FaceDeclined, Kind, Side
from app.verification.numbers import numbers_held, numbers_shown
from app.verification.reasons import Outcome, Reason, ReasonCode
from tests.verification.examinations import PORTRAIT, changed, measured, presented, read
from tests.verification.licence_pages import PAGE as LICENCE
from tests.verification.test_permanent_findings import BACK, FRONT
from tests.verification.test_together import passport

RESIDENT, FOREIGN, FORMER = "11010119900307002X", "911124198108030024", "CAN110081080312"
CARD = measured().pages
PASSPORT = passport(Birth(1990, 3, 7))
DIFFER = Reason(ReasonCode.DOCUMENTS_DIFFER, Outcome.REFER)


def permanent(previous: str | None, confidence: float = 0.98) -> tuple[Presented, ...]:
    back = replace(BACK, previous_number=read(previous, confidence))
    kind = Kind.PERMANENT_RESIDENT_CARD
    return presented(kind, Side.FRONT, FRONT), presented(kind, Side.BACK, back)


def held(pages: Iterable[Presented], *reasons: Reason) -> tuple[str, ...]:
    return numbers_held(Measured(tuple(pages), FaceDeclined.CONSENT_REFUSED), reasons)


def shown(pages: Iterable[Presented]) -> tuple[str, ...]:
    return numbers_shown(Measured(tuple(pages), FaceDeclined.CONSENT_REFUSED))


def test_every_number_of_documents_of_one_person_is_theirs() -> None:
    assert held((*CARD, PASSPORT)) == shown((*CARD, PASSPORT)) == (RESIDENT, "UTO:K204418C7")


@pytest.mark.rule("R19")
def test_the_number_before_this_one_is_its_holders_too() -> None:
    assert held(permanent(FORMER)) == (FOREIGN, FORMER)
    assert held(permanent(None)) == (FOREIGN,)


@pytest.mark.rule("R19")
def test_a_number_of_another_birth_is_nobodys_before_and_looked_for_all_the_same() -> None:
    others = permanent("CAN110075080312")
    assert (held(others), shown(others)) == ((FOREIGN,), (FOREIGN, "CAN110075080312"))
    front, back = others
    unread = presented(front.kind, Side.FRONT, changed(FRONT, birth=read(None)))
    assert held((unread, permanent(FORMER)[1])) == (FOREIGN,)
    assert held((back,)) == ()


def test_a_number_read_faintly_is_looked_for_and_not_kept() -> None:
    assert (held(permanent(FORMER, 0.9)), shown(permanent(FORMER, 0.9))) == ((FOREIGN,), (FOREIGN, FORMER))


def test_of_documents_that_may_be_two_persons_the_numbers_of_one_are_kept() -> None:
    assert held((*CARD, PASSPORT), DIFFER) == (RESIDENT,)


@pytest.mark.rule("R70")
def test_a_number_whose_state_was_read_faintly_is_not_kept_either() -> None:
    page = PASSPORT.reading.page
    assert isinstance(page, MachinePage)
    unsure = presented(Kind.PASSPORT, Side.DATA_PAGE, replace(page, names_agree=False))
    assert (held((unsure,)), shown((unsure,))) == ((), ("UTO:K204418C7",))


@pytest.mark.rule("R53")
def test_a_number_that_stands_on_a_licence_alone_is_looked_for_and_not_kept() -> None:
    licence = presented(Kind.DRIVING_LICENCE, Side.MAIN, changed(LICENCE, number=read("110101198001010010")))
    assert (held((*CARD, licence)), shown((*CARD, licence))) == ((RESIDENT,), (RESIDENT, "110101198001010010"))


def test_a_visas_number_is_nobodys() -> None:
    visa = replace(PASSPORT, kind=Kind.VISA)
    assert (held((visa,)), shown((visa,))) == ((), ())


def test_a_number_on_the_wrong_side_is_looked_for_and_nobodys() -> None:
    other = presented(Kind.RESIDENT_CARD, Side.PORTRAIT, changed(PORTRAIT, number=read("110101198001010010")))
    pages = (CARD[0], replace(other, side=Side.EMBLEM))
    assert (held(pages), shown(pages)) == ((RESIDENT,), (RESIDENT, "110101198001010010"))


def test_a_page_that_is_not_what_it_was_presented_as_gives_nobody_a_number() -> None:
    stranger = replace(PASSPORT, kind=Kind.IDENTITY_CARD)
    assert (held((stranger,)), shown((stranger,))) == ((), ("UTO:K204418C7",))
