"""Are the classes of a driving licence read as 公安部令 162 Art. 11 and 14 have them?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.licence_classes import (
    AGES,
    LEAST_AGE,
    LicenceClass,
    parse_classes,
    read_classes,
    too_old_for,
    too_young_for,
)
from tests.verification.vectors import vectors

VECTORS = vectors("driving_licence")
DISTINCT = st.lists(st.sampled_from(LicenceClass), min_size=1, unique=True)
EDGES = [(LicenceClass(code), row["least"], row["greatest"]) for row in VECTORS["ages"] for code in row["classes"]]


@pytest.mark.rule("R50")
def test_the_classes_are_the_seventeen() -> None:
    assert [each.value for each in LicenceClass] == VECTORS["classes"]
    assert set(AGES) == set(LicenceClass)


@pytest.mark.rule("R50")
@pytest.mark.parametrize("case", VECTORS["concatenations"])
def test_a_concatenation_is_cut_into_its_classes(case: dict[str, list[str]]) -> None:
    assert parse_classes(str(case["text"])) == tuple(case["classes"])


@pytest.mark.rule("R50")
@pytest.mark.parametrize("text", VECTORS["invalid"])
def test_any_other_token_is_invalid(text: str) -> None:
    assert parse_classes(text) is None


@pytest.mark.rule("R50")
@given(DISTINCT)
def test_every_concatenation_of_distinct_classes_parses_back(classes: list[LicenceClass]) -> None:
    printed = "".join(classes)
    assert parse_classes(printed) == tuple(classes)
    read = read_classes(printed)
    assert read is not None
    assert (read.given, read.exchanged, read.text) == (tuple(classes), False, printed)


@pytest.mark.rule("R50")
@given(DISTINCT, st.data())
def test_no_class_is_named_twice(classes: list[LicenceClass], data: st.DataObject) -> None:
    assert parse_classes("".join([*classes, data.draw(st.sampled_from(classes))])) is None


@pytest.mark.rule("R50")
@pytest.mark.parametrize("case", VECTORS["misread"])
def test_a_look_alike_is_exchanged_and_told(case: dict[str, str]) -> None:
    read = read_classes(case["seen"])
    assert read is not None
    assert (read.text, read.exchanged) == (case["classes"], True)


@pytest.mark.rule("R50")
@pytest.mark.parametrize("seen", VECTORS["unreadable"])
def test_what_no_exchange_makes_a_class_is_none(seen: str) -> None:
    assert read_classes(seen) is None


@pytest.mark.parametrize("seen", ["c1d", "C1 D", "Ｃ１Ｄ", "C1,D", "C1、D"])
def test_case_width_and_stops_between_classes_say_nothing(seen: str) -> None:
    read = read_classes(seen)
    assert read is not None
    assert (read.text, read.exchanged) == ("C1D", False)


@given(st.text() | st.text(st.sampled_from("ABCDEFMNPOQIL|Z0123456789G(")))
def test_no_text_is_too_odd_and_what_is_read_is_a_list_of_classes(seen: str) -> None:
    read = read_classes(seen)
    assert read is None or parse_classes(read.text) == read.given


@pytest.mark.rule("R51")
@pytest.mark.parametrize(("each", "least", "greatest"), EDGES)
def test_a_class_begins_on_its_birthday(each: LicenceClass, least: int, greatest: int | None) -> None:
    assert too_young_for([each], least - 1) == (each,)
    assert too_young_for([each], least) == ()
    assert AGES[each].greatest == greatest


@pytest.mark.rule("R51")
@pytest.mark.parametrize(("each", "greatest"), [(each, greatest) for each, _, greatest in EDGES if greatest])
def test_a_class_with_a_ceiling_lasts_through_that_year(each: LicenceClass, greatest: int) -> None:
    assert too_old_for([each], greatest) == ()
    assert too_old_for([each], greatest + 1) == (each,)


@pytest.mark.rule("R51")
def test_a_class_without_ceiling_lasts_for_life() -> None:
    lasting = [each for each, _, greatest in EDGES if greatest is None]
    assert lasting == [LicenceClass.C1, LicenceClass.C2, LicenceClass.C5, LicenceClass.F]
    assert too_old_for(lasting, 119) == ()


@pytest.mark.rule("R51")
def test_of_several_classes_those_are_named_that_do_not_fit() -> None:
    held = [LicenceClass.A2, LicenceClass.C1, LicenceClass.D]
    assert too_young_for(held, 18) == (LicenceClass.A2,)
    assert too_old_for(held, 71) == (LicenceClass.A2, LicenceClass.D)
    assert LEAST_AGE == 18
