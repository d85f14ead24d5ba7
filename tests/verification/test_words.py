"""Has every reason its words, and does an applicant learn nothing that would help a forger?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.faces.counting import FOUND
from app.verification.field_names import FIELD_NAMES
from app.verification.findings.pictures import BOUNDS
from app.verification.open_words import AT_FIELD, OPEN
from app.verification.reasons import FINAL, RETRY, Kind, Outcome, Reason, ReasonCode
from app.verification.staff_words import STAFF
from app.verification.words import NOT_CONFIRMED, UNDER_REVIEW, said, told


def referred(code: ReasonCode, **facts: str) -> Reason:
    return Reason(code, Outcome.REFER, facts)


def test_staff_have_words_for_every_code() -> None:
    assert set(STAFF) == set(ReasonCode)


@pytest.mark.parametrize("code", list(ReasonCode))
def test_words_are_in_both_languages(code: ReasonCode) -> None:
    words = STAFF[code]
    assert any("\u4e00" <= character <= "\u9fff" for character in words.zh)
    assert words.en.split()[0].isascii()


def test_no_fraud_reason_is_open_to_the_applicant() -> None:
    assert not FINAL & set(OPEN)
    assert not FINAL & RETRY


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (ReasonCode.CARD_BLURRED, Kind.RETRY),
        (ReasonCode.EXPIRED, Kind.RETRY),
        (ReasonCode.FACE_DIFFERS, Kind.FINAL),
        (ReasonCode.ALREADY_ENROLLED, Kind.FINAL),
        (ReasonCode.FACE_DOUBTFUL, Kind.REVIEW),
    ],
)
def test_a_reason_says_what_can_follow(code: ReasonCode, kind: Kind) -> None:
    assert referred(code).kind is kind


@pytest.mark.rule("R115")
@pytest.mark.parametrize("code", sorted(FOUND))
def test_of_a_case_that_comes_to_people_anyway_nobody_hears_what_was_seen_before_the_camera(code: ReasonCode) -> None:
    declined = referred(ReasonCode.FACE_DECLINED)
    assert told(Outcome.REFER, [declined, referred(code)]) == told(Outcome.REFER, [declined])
    blurred = Reason(ReasonCode.CARD_BLURRED, Outcome.RETRY)
    assert UNDER_REVIEW in told(Outcome.REFER, [blurred, referred(code)])


@pytest.mark.rule("R102")
@given(st.lists(st.sampled_from(ReasonCode), min_size=1))
def test_every_rejection_reads_the_same_and_names_the_right_to_a_person(found: list[ReasonCode]) -> None:
    said = told(Outcome.REJECT, [Reason(code, Outcome.REJECT) for code in found])
    assert said == (NOT_CONFIRMED,)
    assert "人工复核" in said[0].words.zh


@pytest.mark.parametrize("code", sorted(set(ReasonCode) - set(OPEN)))
def test_what_would_teach_a_forger_is_told_as_a_review(code: ReasonCode) -> None:
    assert told(Outcome.REFER, [referred(code)]) == (UNDER_REVIEW,)


def test_each_thing_is_told_once_and_with_its_picture() -> None:
    found = [
        referred(ReasonCode.CARD_BLURRED, side="portrait"),
        referred(ReasonCode.SEX_DIFFERS),
        referred(ReasonCode.CARD_BLURRED, side="portrait"),
        referred(ReasonCode.BIRTH_DIFFERS),
    ]
    said = told(Outcome.REFER, found)
    assert [(one.code, one.side) for one in said] == [("card_blurred", "portrait"), ("under_review", None)]


def test_an_acceptance_needs_no_words() -> None:
    assert told(Outcome.ACCEPT, []) == ()


@pytest.mark.parametrize("field", list(FIELD_NAMES))
@pytest.mark.parametrize("code", list(AT_FIELD))
def test_the_field_is_named_in_both_languages(code: ReasonCode, field: str) -> None:
    words = said(referred(code, field=field))
    assert (FIELD_NAMES[field].zh in words.zh, FIELD_NAMES[field].en in words.en) == (True, True)


def test_a_field_nobody_has_a_name_for_is_told_as_of_the_whole_picture() -> None:
    assert said(referred(ReasonCode.CARD_GLARE, field="unheard_of")) == STAFF[ReasonCode.CARD_GLARE]


def test_every_fault_of_a_field_can_be_told_with_its_name() -> None:
    assert set(AT_FIELD) == {code for code, bound in BOUNDS.items() if bound.field is not None}


def test_the_applicant_reads_which_field_to_show_better() -> None:
    (one,) = told(Outcome.RETRY, [referred(ReasonCode.CARD_OCCLUDED, field="number", side="portrait")])
    assert (one.code, one.side) == ("card_occluded", "portrait")
    assert "number" in one.words.en
