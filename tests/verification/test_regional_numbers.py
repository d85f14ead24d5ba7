"""Are the check digits of Hong Kong's and Taiwan's identity numbers told right from wrong?"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.verification.documents.regional_numbers import hong_kong_check_holds, taiwan_check_holds
from tests.verification.vectors import vectors

NUMBERS = vectors("regional_numbers")


@pytest.mark.rule("R21")
@pytest.mark.parametrize("text", NUMBERS["hong_kong"])
def test_a_hong_kong_number_holds(text: str) -> None:
    assert hong_kong_check_holds(text)


@pytest.mark.rule("R21")
@pytest.mark.parametrize("text", NUMBERS["hong_kong"])
@given(st.data())
def test_another_hong_kong_check_digit_does_not(text: str, data: st.DataObject) -> None:
    bare = text.replace("(", "").replace(")", "")
    other = data.draw(st.sampled_from([c for c in "0123456789A" if c != bare[-1]]))
    assert not hong_kong_check_holds(bare[:-1] + other)


@pytest.mark.rule("R21")
@pytest.mark.parametrize("text", ["", "A123456", "A123456(3", "A1234563)", "ABC123456(3)", "1123456(3)", "A123456(B)"])
def test_another_form_is_no_hong_kong_number(text: str) -> None:
    assert not hong_kong_check_holds(text)


@pytest.mark.rule("R21")
def test_width_spaces_and_case_of_a_hong_kong_number_do_not_matter() -> None:
    assert hong_kong_check_holds("ａ１２３４５６（３）")
    assert hong_kong_check_holds("a123456 (3)")


@pytest.mark.rule("R22")
@pytest.mark.parametrize("text", NUMBERS["taiwan"])
def test_a_taiwan_number_holds(text: str) -> None:
    assert taiwan_check_holds(text)


@pytest.mark.rule("R22")
@pytest.mark.parametrize("text", NUMBERS["taiwan"])
@given(position=st.integers(2, 9), other=st.sampled_from("0123456789"))
def test_a_taiwan_number_with_another_digit_does_not(text: str, position: int, other: str) -> None:
    wrong = text[:position] + other + text[position + 1 :]
    weight = (8, 7, 6, 5, 4, 3, 2, 1, 1)[position - 1]
    assume((int(text[position]) - int(other)) * weight % 10 != 0)  # an even weight, or 5, cannot tell every digit
    assert not taiwan_check_holds(wrong)


@pytest.mark.rule("R22")
@pytest.mark.parametrize(
    "text", ["", "A12345678", "A323456789", "AB23456789", "A1234567890", "1123456789", "Ａ12345678X"]
)
def test_another_form_is_no_taiwan_number(text: str) -> None:
    assert not taiwan_check_holds(text)


@given(st.text())
def test_any_text_holds_or_does_not(text: str) -> None:
    assert hong_kong_check_holds(text) in {True, False}
    assert taiwan_check_holds(text) in {True, False}
