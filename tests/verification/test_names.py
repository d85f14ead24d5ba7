"""Are names with a dot compared as the register writes them?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.names import NameMatch, compare_names, printed_name


@pytest.mark.rule("R36")
@pytest.mark.parametrize("gap", [" ", "\u3000", "  ", "\u00a0"])
def test_a_gap_between_characters_may_be_the_dot(gap: str) -> None:
    assert compare_names(f"阿依古丽{gap}买买提", "阿依古丽·买买提") is NameMatch.SAME


@pytest.mark.rule("R36")
def test_a_name_of_two_characters_set_apart_is_still_the_name() -> None:
    assert compare_names("王 明", "王明") is NameMatch.SAME


@pytest.mark.rule("R36")
def test_a_gap_never_hides_another_character() -> None:
    assert compare_names("阿依古丽 买买提", "阿依古丽·买提") is NameMatch.DIFFERENT


@pytest.mark.rule("R36")
@pytest.mark.parametrize("name", ["王䶮生", "\U00020086三", "\U0002a700明", "〇三"])
def test_rare_characters_are_kept(name: str) -> None:
    assert printed_name(name) == name


@pytest.mark.rule("R36", "R41")
@given(st.text(), st.text())
def test_names_compare_alike_in_both_directions(one: str, other: str) -> None:
    assert compare_names(one, other) is compare_names(other, one)
    assert compare_names(one, one) is NameMatch.SAME
