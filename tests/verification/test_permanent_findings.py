"""Does each fact of a foreign permanent resident card lead to what it should? R18-R20."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.verification.documents.permanent_card import PermanentBack, PermanentFront
from app.verification.examination import Field, Kind, Side
from app.verification.findings.permanent import back_findings, front_findings
from tests.verification.examinations import CARD, changed, read

TODAY = date(2026, 1, 1)
UNREAD = Field("", None, 0.0)
VIEW = replace(CARD, kind=Kind.PERMANENT_RESIDENT_CARD, seen=Side.FRONT)
FRONT = PermanentFront(
    view=VIEW,
    latin_name=read("SPECIMEN, MARIE"),
    chinese_name=UNREAD,
    sex=read("女"),
    birth=read("1981-08-03"),
    nationality=read("CAN"),
    number=read("911124198108030024"),
    authority=read("中华人民共和国国家移民管理局"),
    valid_from=read("2023-09-15"),
    valid_to=read("2033-09-14"),
)
OLD = changed(FRONT, number=read("CAN110081080312"), valid_from=read("2018-09-15"), valid_to=read("2028-09-14"))
BACK = PermanentBack(
    view=replace(VIEW, seen=Side.BACK), authority=UNREAD, previous_number=UNREAD, valid_from=UNREAD, valid_to=UNREAD
)


def found(*, firm: bool = True, old: bool = False, **changes: Any) -> list[tuple[str, str]]:
    front = changed(OLD if old else FRONT, **changes)
    return [(r.outcome.value, r.code.value) for r in front_findings(front, firm=firm, sure=0.9, today=TODAY)]


@pytest.mark.rule("R18", "R19")
def test_of_good_cards_of_both_editions_there_is_nothing_to_say() -> None:
    assert found() == []
    assert found(old=True) == []


@pytest.mark.rule("R18")
def test_a_number_whose_check_is_wrong_rejects_where_it_was_surely_read() -> None:
    altered = replace(read(None), raw="911124198108030023")
    assert found(number=altered) == [("reject", "number_check_wrong")]
    assert found(number=altered, firm=False) == [("refer", "number_check_wrong")]
    assert found(number=replace(altered, confidence=0.5)) == [("refer", "number_unclear")]


@pytest.mark.rule("R15", "R18")
def test_print_that_contradicts_the_number_rejects_and_another_nationality_refers() -> None:
    assert found(sex=read("男")) == [("reject", "sex_differs")]
    assert found(birth=read("1981-08-04")) == [("reject", "birth_differs")]
    assert found(nationality=read("FRA")) == [("refer", "nationality_differs")]


@pytest.mark.rule("R19")
def test_of_the_older_edition_digits_that_repeat_no_birth_are_for_a_person() -> None:
    assert found(old=True, birth=read("1981-08-04")) == [("refer", "birth_differs")]
    assert found(old=True, sex=replace(read("女"), confidence=0.5)) == [("refer", "field_unclear")]


@pytest.mark.rule("R20")
@pytest.mark.parametrize(
    ("end", "code"), [("2033-09-15", "term_unknown"), ("2028-09-14", "term_wrong_for_age"), ("2025-12-31", "expired")]
)
def test_an_odd_validity_refers(end: str, code: str) -> None:
    assert ("refer", code) in found(valid_to=read(end))


def test_another_authority_and_a_name_not_read_refer() -> None:
    assert found(authority=read("某市公安局")) == [("refer", "authority_unusual")]
    assert found(latin_name=UNREAD) == [("refer", "field_unclear")]


def test_what_the_front_does_not_print_the_back_must() -> None:
    bare = changed(FRONT, valid_from=UNREAD, valid_to=UNREAD)
    told = [r.facts["field"] for r in back_findings(BACK, bare, sure=0.9, today=TODAY)]
    assert told == ["valid_from", "valid_to"]
    whole = changed(BACK, valid_from=FRONT.valid_from, valid_to=FRONT.valid_to)
    assert list(back_findings(whole, bare, sure=0.9, today=TODAY)) == []
    assert list(back_findings(BACK, FRONT, sure=0.9, today=TODAY)) == []


@pytest.mark.rule("R19")
@pytest.mark.parametrize(
    ("previous", "code"),
    [
        (read("CAN110081080312"), []),
        (UNREAD, []),
        (Field("National Immigration", None, 0.99), []),
        (read("CAN110081080312", 0.5), ["field_unclear"]),
        (Field("CHN110081080312", None, 0.99), ["field_unclear"]),
        (read("CAN110075080312"), ["birth_differs"]),
    ],
)
def test_a_number_before_this_one_that_is_unclear_or_of_another_birth_refers(previous: Field, code: list[str]) -> None:
    told = list(back_findings(replace(BACK, previous_number=previous), FRONT, sure=0.9, today=TODAY))
    assert [reason.code.value for reason in told] == code
    assert {reason.outcome.value for reason in told} <= {"refer"}


@pytest.mark.rule("R20")
@pytest.mark.parametrize(("start", "end"), [(UNREAD, read("2020-09-14")), (read("2023-09-15"), UNREAD)])
def test_a_validity_of_which_one_day_was_not_read_refers(start: Field, end: Field) -> None:
    assert ("refer", "field_unclear") in found(valid_from=start, valid_to=end)


@pytest.mark.rule("R20")
def test_a_validity_read_unsurely_refers() -> None:
    told = found(valid_from=read("2023-09-15", 0.3), valid_to=read("2033-09-14", 0.3))
    assert told == [("refer", "field_unclear"), ("refer", "field_unclear")]
