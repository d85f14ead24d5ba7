"""Does the duplicate page have to repeat the licence it belongs to? R52."""

from dataclasses import replace

import pytest

from app.verification.examination import Field
from app.verification.findings.licence import duplicate_findings
from tests.verification.examinations import read
from tests.verification.licence_pages import DUPLICATE, PAGE, TODAY, found_beside, told
from tests.verification.vectors import vectors

ANOTHER = vectors("driving_licence")["another_number"]


@pytest.mark.rule("R52")
def test_a_duplicate_page_of_another_number_is_rejected_where_both_are_surely_read() -> None:
    another = replace(DUPLICATE, number=read(ANOTHER))
    assert found_beside(another) == [("reject", "duplicate_number_differs")]
    assert found_beside(another, firm=False) == [("refer", "duplicate_number_differs")]
    assert found_beside(another, replace(PAGE, number=read(ANOTHER))) == []


@pytest.mark.rule("R52")
def test_a_number_read_unsurely_is_asked_for_again_and_contradicts_nothing() -> None:
    assert found_beside(replace(DUPLICATE, number=read(ANOTHER, 0.89))) == [("refer", "number_unclear")]
    assert found_beside(replace(DUPLICATE, number=read(ANOTHER)), replace(PAGE, number=read("", 0.0))) == []
    assert (
        found_beside(replace(DUPLICATE, number=read(ANOTHER)), replace(PAGE, number=read(PAGE.number.value, 0.89)))
        == []
    )


@pytest.mark.rule("R52")
def test_a_number_no_check_character_speaks_for_does_not_reject_the_other_page() -> None:
    altered = replace(DUPLICATE, number=replace(read(None), raw="110101199003070012"))
    assert found_beside(altered) == [("reject", "number_check_wrong"), ("refer", "duplicate_number_differs")]


@pytest.mark.rule("R52")
@pytest.mark.parametrize(
    ("name", "match"), [("欧阳样列", "different"), ("歐陽样例", "different"), ("欧阳·样例", "review")]
)
def test_a_duplicate_page_of_another_name_refers(name: str, match: str) -> None:
    reasons = list(duplicate_findings(replace(DUPLICATE, name=read(name)), PAGE, firm=True, sure=0.9, today=TODAY))
    assert told(reasons) == [("refer", "duplicate_name_differs")]
    assert reasons[0].facts == {"match": match}
    assert found_beside(replace(DUPLICATE, name=read(name, 0.89))) == [("refer", "field_unclear")]


def test_a_file_number_not_read_refers_and_an_empty_record_is_none() -> None:
    assert found_beside(replace(DUPLICATE, file_number=read(None))) == [("refer", "field_unclear")]
    assert found_beside(replace(DUPLICATE, record=Field("", None, 0.0))) == []
