"""Is whoever shows somebody else's document beside their own looked at by a person? R46, R52."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.verification.controls import evidence_of
from app.verification.documents.machine_page import MachinePage
from app.verification.documents.mrz.composing import compose
from app.verification.documents.mrz.dates import Birth
from app.verification.documents.mrz.shapes import Shape
from app.verification.documents.reading import Reading
from app.verification.evidence import Measured, Presented
from app.verification.examination import Field, Kind, Side
from app.verification.findings.documents import document_findings, evidence_findings
from app.verification.findings.together import together_findings
from app.verification.reasons import Outcome, Reason, ReasonCode
from tests.verification.examinations import CARD as VIEW
from tests.verification.examinations import EVIDENCE, PORTRAIT, changed, measured, policy, presented, read
from tests.verification.licence_pages import PAGE as LICENCE
from tests.verification.mrz_zones import ANNA
from tests.verification.test_machine_page import PRINTED, page

TODAY = date(2025, 11, 1)
CARD = measured().pages
OWN = changed(LICENCE, number=read("11010119900307002X"), birth=read("1990-03-07"), name=read("欧阳样例"))


def found(*pages: Presented) -> list[object]:
    return [reason.facts["field"] for reason in together_findings(Measured(pages, EVIDENCE), sure=0.9)]


def licence(**fields: Any) -> Presented:
    return presented(Kind.DRIVING_LICENCE, Side.MAIN, changed(OWN, **fields))


def zoned(birth: Birth, shape: Shape = Shape.TD3) -> MachinePage:
    said = replace(ANNA, birth=birth, number="K204418C7", document_code="P" if shape is Shape.TD3 else "I")
    day = f"{birth.day:02} {['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG'][(birth.month or 1) - 1]} {birth.year}"
    printed = [text.replace("12 AUG/AOUT 1974", day).replace("L898902C3", "K204418C7") for text in PRINTED]
    return page(compose(shape, said), printed)


def passport(birth: Birth) -> Presented:
    return presented(Kind.PASSPORT, Side.DATA_PAGE, zoned(birth))


@pytest.mark.rule("R46", "R53")
def test_of_one_persons_documents_there_is_nothing_to_say() -> None:
    assert found(*CARD) == []
    assert found(*CARD, licence()) == []
    assert found(*CARD, passport(Birth(1990, 3, 7))) == []


@pytest.mark.rule("R46", "R53")
@pytest.mark.parametrize(("field", "value"), [("number", "110101199003070011"), ("name", "他人")])
def test_a_licence_of_somebody_else_is_told(field: str, value: str) -> None:
    assert found(*CARD, licence(**{field: read(value)})) == [field]
    assert found(*CARD, licence(**{field: read(value, 0.5)})) == []


@pytest.mark.rule("R46", "R73")
def test_another_s_portrait_in_the_other_slot_is_not_what_a_passport_is_compared_with() -> None:
    born = changed(PORTRAIT, number=read("110101197408120017"), birth=read("1974-08-12"))
    pages = (CARD[0], replace(presented(Kind.RESIDENT_CARD, Side.PORTRAIT, born), side=Side.EMBLEM))
    assert found(*pages, passport(Birth(1974, 8, 12))) == ["birth"]


@pytest.mark.rule("R73")
def test_a_passport_of_somebody_born_on_another_day_is_told() -> None:
    assert found(*CARD, passport(Birth(1974, 8, 12))) == ["birth"]


@pytest.mark.rule("R54")
def test_a_portrait_on_a_side_that_says_nothing_is_for_a_person() -> None:
    back = presented(Kind.IDENTITY_CARD, Side.BACK, zoned(ANNA.birth, Shape.TD1))
    front = Presented(Kind.IDENTITY_CARD, Side.FRONT, Reading(replace(VIEW, kind=None, seen=None), None, None, {}))
    limits = policy().thresholds
    told = [each.code for each in evidence_findings(Measured((front, back), EVIDENCE), limits, today=TODAY)]
    assert "portrait_page_unread" in told
    alone = document_findings(back.reading, limits, today=TODAY)
    assert "portrait_page_unread" not in [each.code for each in alone]


@pytest.mark.rule("R15")
def test_a_birth_date_the_number_tells_is_compared_though_it_was_read_unsurely() -> None:
    dim = measured(changed(PORTRAIT, birth=read("1990-03-07", 0.5))).pages
    assert found(*dim, passport(Birth(1974, 8, 12))) == ["birth"]


def test_two_documents_of_which_nothing_can_be_compared_are_told() -> None:
    unread = licence(number=read(None), birth=read(None), name=read(None))
    seen = Measured((*CARD, unread), EVIDENCE)
    assert [each.code for each in together_findings(seen, sure=0.9)] == ["documents_uncompared"]


@pytest.mark.rule("R53", "R84")
def test_what_may_be_another_persons_is_no_evidence() -> None:
    both = Measured((*CARD, licence(name=read("他人"))), EVIDENCE)
    reasons = tuple(together_findings(both, sure=0.9))
    assert evidence_of(both, reasons) == (Kind.RESIDENT_CARD,)
    assert evidence_of(both, ()) == (Kind.RESIDENT_CARD, Kind.DRIVING_LICENCE)
    wrong = replace(both, pages=(CARD[0], replace(CARD[1], reading=CARD[0].reading)))
    assert evidence_of(wrong, ()) == ()


ALL = policy().thresholds
SOUND = {"valid_from": read("2021-06-01"), "valid_to": read("2031-06-01")}


@pytest.mark.rule("R47", "R52", "R84")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_from": read("2006-01-01"), "valid_to": read("2012-01-01")}, "expired"),
        ({"valid_from": read("2015-06-01"), "valid_to": read("2028-06-01")}, "licence_term_unknown"),
        ({"first_issue": read("2006-03-08")}, "first_issue_too_young"),
        ({"number": read("11010119900307002X", 0.5)}, "number_unclear"),
    ],
)
def test_a_second_document_that_something_speaks_against_is_no_evidence(changes: dict[str, Field], code: str) -> None:
    both = Measured((*CARD, licence(**(SOUND | changes))), EVIDENCE)
    reasons = tuple(evidence_findings(both, ALL, today=TODAY))
    assert code in {each.code for each in reasons if each.facts["kind"] == Kind.DRIVING_LICENCE}
    assert evidence_of(both, reasons) == (Kind.RESIDENT_CARD,)


@pytest.mark.rule("R84")
def test_what_speaks_against_the_first_document_is_for_people_to_decide_and_keeps_the_second() -> None:
    both = Measured((*CARD, licence(**SOUND)), EVIDENCE)
    assert evidence_of(both, tuple(evidence_findings(both, ALL, today=TODAY))) == both.kinds
    faint = Measured((*measured(changed(PORTRAIT, name=read("欧阳样例", 0.5))).pages, *both.pages[2:]), EVIDENCE)
    reasons = tuple(evidence_findings(faint, ALL, today=TODAY))
    assert [each.code for each in reasons] == ["field_unclear"]
    assert evidence_of(faint, reasons) == both.kinds


@pytest.mark.rule("R84")
def test_a_picture_sent_for_somebody_else_may_be_of_either_and_a_note_is_of_none() -> None:
    both = Measured((*CARD, licence()), EVIDENCE)
    assert evidence_of(both, [Reason(ReasonCode.IMAGE_SEEN_BEFORE, Outcome.REFER)]) == (Kind.RESIDENT_CARD,)
    note = Reason(ReasonCode.RENEWAL_OPEN, Outcome.ACCEPT, {"kind": "driving_licence"})
    assert evidence_of(both, [note]) == both.kinds
