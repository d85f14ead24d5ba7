"""Does each fact of a driving licence lead to what it should, and does none alone open an account?"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.driving_licence import DuplicatePage, LicencePage, read_licence_page
from app.verification.evidence import primary
from app.verification.examination import Field, Kind
from app.verification.findings.licence import duplicate_findings, licence_findings
from app.verification.reasons import Outcome
from tests.verification.card_lines import VIEW
from tests.verification.examinations import changed, read
from tests.verification.licence_lines import licence_lines
from tests.verification.licence_pages import DUPLICATE, PAGE, TODAY, born, codes, found, found_beside
from tests.verification.vectors import vectors

VECTORS = vectors("driving_licence")
ANOTHER = VECTORS["another_number"]


def test_of_a_good_licence_there_is_nothing_to_say() -> None:
    assert found(PAGE) == []
    assert found_beside(DUPLICATE) == []
    assert found_beside(DUPLICATE, None) == []


@pytest.mark.rule("R53")
@pytest.mark.parametrize(
    ("presented", "may"),
    [
        ([], False),
        ([Kind.DRIVING_LICENCE], False),
        ([Kind.DRIVING_LICENCE, Kind.DRIVING_LICENCE], False),
        ([Kind.RESIDENT_CARD], True),
        ([Kind.DRIVING_LICENCE, Kind.RESIDENT_CARD], True),
    ],
)
def test_a_licence_alone_opens_no_account(presented: list[Kind], *, may: bool) -> None:
    assert (primary(presented) is not None) is may


@pytest.mark.rule("R8", "R9", "R52")
@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("110101199003070012", "number_check_wrong"),
        ("110101199013070015", "number_birth_impossible"),
        ("00010119900101001X", "number_province_unknown"),
    ],
)
def test_an_impossible_number_is_rejected_where_it_was_surely_read(number: str, code: str) -> None:
    altered = replace(PAGE, number=replace(read(None), raw=number))
    assert found(altered) == [("reject", code)]
    assert found(altered, firm=False) == [("refer", code)]
    unsure = replace(altered, number=replace(altered.number, confidence=0.89))
    assert found(unsure) == [("refer", "number_unclear")]


@pytest.mark.rule("R18")
def test_a_foreigners_number_is_for_a_person() -> None:
    foreign = replace(PAGE, number=read("911124198108030024"))
    assert found(foreign) == [("refer", "number_province_unknown")]


@pytest.mark.rule("R10")
def test_nobody_is_older_than_anybody() -> None:
    assert "age_implausible" in codes(born(date(1899, 1, 1)))


@pytest.mark.rule("R15")
@pytest.mark.parametrize(("change", "code"), [("sex", "sex_differs"), ("birth", "birth_differs")])
def test_print_that_contradicts_the_number_rejects_where_both_are_sure(change: str, code: str) -> None:
    value = {"sex": "男", "birth": "1990-03-08"}[change]
    assert found(changed(PAGE, **{change: read(value)})) == [("reject", code)]
    assert found(changed(PAGE, **{change: read(value)}), firm=False) == [("refer", code)]
    assert ("reject", code) not in found(changed(PAGE, **{change: read(value, 0.89)}))
    assert ("reject", code) not in found(replace(changed(PAGE, **{change: read(value)}), number=read(ANOTHER, 0.89)))


@pytest.mark.rule("R46")
@pytest.mark.parametrize("name", ["name", "nationality", "address", "first_issue", "classes", "valid_from", "valid_to"])
def test_a_field_not_read_refers(name: str) -> None:
    assert found(changed(PAGE, **{name: Field("", None, 0.0)})) == [("refer", "field_unclear")]


@pytest.mark.parametrize("name", ["sex", "birth"])
def test_what_the_number_says_too_needs_no_second_reading(name: str) -> None:
    assert found(changed(PAGE, **{name: replace(getattr(PAGE, name), confidence=0.5)})) == []


def test_a_reason_names_the_page_and_the_field() -> None:
    reason = next(licence_findings(replace(PAGE, name=read(None)), firm=True, sure=0.9, today=TODAY))
    assert (reason.facts["side"], reason.facts["field"]) == ("main", "name")


@pytest.mark.rule("R50")
def test_a_class_surely_read_that_is_none_is_told_apart_from_one_not_read() -> None:
    assert found(replace(PAGE, classes=Field("C7", None, 0.9))) == [("refer", "class_unknown")]
    assert found(replace(PAGE, classes=Field("C7", None, 0.89))) == [("refer", "field_unclear")]


@pytest.mark.rule("R50")
def test_a_class_corrected_is_for_a_person() -> None:
    assert found(read_licence_page(licence_lines(classes="Cl"), VIEW)) == [("refer", "field_unclear")]


FIELDS = st.builds(
    Field,
    st.sampled_from(["", "C7", "911124198108030024", "110101199003070012"]),
    st.none() | st.sampled_from(["C1", "A1A2", "2015-06-01", "2199-12-31", "long_term", "男", PAGE.number.value or ""]),
    st.floats(0, 1),
)
PAGES = st.builds(LicencePage, st.just(VIEW), *[FIELDS for name in PAGE.__slots__[1:]])
DUPLICATES = st.builds(DuplicatePage, st.just(VIEW), *[FIELDS for name in DUPLICATE.__slots__[1:]])


@given(PAGES, DUPLICATES, st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_no_page_is_too_odd_and_nothing_rejects_a_poor_picture(
    page: LicencePage, duplicate: DuplicatePage, today: date
) -> None:
    reasons = [
        *licence_findings(page, firm=False, sure=0.9, today=today),
        *duplicate_findings(duplicate, page, firm=False, sure=0.9, today=today),
    ]
    assert all(reason.outcome is not Outcome.REJECT for reason in reasons)
