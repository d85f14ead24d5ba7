"""Is a page that says something else than its zone told from one that spells the same in another way?"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.mrz.composing import compose
from app.verification.documents.mrz.dates import Birth
from app.verification.documents.mrz.printed import (
    MOST_SPELLINGS,
    Pair,
    Printed,
    PrintedName,
    Verdict,
    compare,
    name_score,
    state_beside,
)
from app.verification.documents.mrz.reading import read
from app.verification.documents.mrz.shapes import Shape
from app.verification.documents.mrz.zone import Fields, MachineZone, State
from tests.verification.mrz_zones import ANNA, TODAY, Zone, put, zones
from tests.verification.vectors import vectors

MRZ = vectors("mrz")
PAGE = Printed("L898902C3", Birth(1974, 8, 12), date(2030, 4, 15), (PrintedName("Eriksson", "Anna Maria"),))


def zone_of(fields: Fields, shape: Shape = Shape.TD3) -> MachineZone:
    return read(compose(shape, fields), today=TODAY)


def named(surname: str, given_names: str = "", nationality: str = "UTO") -> MachineZone:
    return zone_of(replace(ANNA, surname=surname, given_names=given_names, nationality=nationality))


@pytest.mark.rule("R73")
@given(zones())
def test_a_page_that_says_the_same_is_the_same(zone: Zone) -> None:
    said = zone.fields
    page = Printed(said.number, said.birth, said.expiry, (PrintedName(said.surname, said.given_names),))
    found = compare(read(zone.lines, today=TODAY), page)
    assert (found.differing, found.name_score) == ((), 1.0)


@pytest.mark.rule("R73")
@pytest.mark.parametrize(
    ("page", "pair"),
    [
        (replace(PAGE, number="B898902C3"), Pair.NUMBER),
        (replace(PAGE, birth=Birth(1974, 8, 21)), Pair.BIRTH),
        (replace(PAGE, birth=Birth(1874, 8, 12)), Pair.BIRTH),
        (replace(PAGE, birth=Birth(1974, 8, None)), Pair.BIRTH),
        (replace(PAGE, expiry=date(2035, 4, 15)), Pair.EXPIRY),
        (replace(PAGE, names=(PrintedName("Stevenson", "Peter"),)), Pair.NAME),
        (replace(PAGE, names=(PrintedName("Anna Maria", "Eriksson"),)), Pair.NAME),
    ],
)
def test_the_pair_that_differs_is_told(page: Printed, pair: Pair) -> None:
    found = compare(zone_of(ANNA), page)
    assert found.differing == (pair,)
    assert getattr(found, pair.value) is Verdict.DIFFERENT


@pytest.mark.rule("R63", "R73")
def test_a_substitution_no_digit_sees_is_caught_by_the_page() -> None:
    first, second = compose(Shape.TD3, ANNA)
    zone = read([first, put(second, (0, "B"))], today=TODAY)
    assert (zone.state, compare(zone, PAGE).differing) == (State.UNPROTECTED, (Pair.NUMBER,))


@pytest.mark.rule("R73")
@pytest.mark.parametrize("number", ["L898902C3", "l898902c3", "L 898902-C3", "Ｌ８９８９０２Ｃ３"])
def test_how_a_number_is_written_does_not_matter(number: str) -> None:
    assert compare(zone_of(ANNA), replace(PAGE, number=number)).number is Verdict.SAME


@pytest.mark.rule("R73")
def test_what_was_not_read_is_not_the_same() -> None:
    assert compare(zone_of(ANNA), Printed(None, None, None, ())).differing == tuple(Pair)
    assert compare(MachineZone(State.BROKEN), PAGE).differing == tuple(Pair)
    assert compare(zone_of(ANNA), replace(PAGE, names=(PrintedName("张", "三"),))).name is Verdict.UNREAD


@pytest.mark.rule("R67", "R73")
def test_a_zone_is_clean_where_its_page_says_the_same() -> None:
    zone = zone_of(ANNA)
    assert state_beside(zone, compare(zone, PAGE)) is State.CLEAN
    assert state_beside(zone, compare(zone, replace(PAGE, number="X"))) is State.UNPROTECTED


@pytest.mark.rule("R67")
def test_a_corrected_zone_is_never_clean() -> None:
    first, second = compose(Shape.TD3, ANNA)
    zone = read([first, put(second, (15, "O"))], today=TODAY)
    assert compare(zone, PAGE).differing == ()
    assert state_beside(zone, compare(zone, PAGE)) is State.CORRECTED


@pytest.mark.rule("R60", "R67")
@pytest.mark.parametrize(("optional", "state"), [("", State.CLEAN), ("6ZE184226B", State.UNPROTECTED)])
def test_the_optional_data_of_a_visa_are_never_clean(optional: str, state: State) -> None:
    zone = zone_of(replace(ANNA, document_code="V", optional=optional), Shape.MRV_A)
    assert state_beside(zone, compare(zone, PAGE)) is state


@pytest.mark.rule("R71")
def test_a_name_that_was_cut_is_compared_as_far_as_it_goes() -> None:
    zone = named("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG KRASUANG")
    assert zone.name_cut
    assert name_score(zone, (PrintedName("Nilavadhanananda", "Chayapa Dejthamrong Krasuang"),)) == 1
    assert name_score(zone, (PrintedName("Nilavadhanananda", "Chayapa"),)) != 1


@pytest.mark.rule("R71")
def test_a_surname_that_fills_the_line_is_compared_as_far_as_it_goes() -> None:
    surname = "BENNELONGWOOLOOMOOLOOWARRANDYTEWARNAMBOOL"
    assert name_score(named(surname, "DINGO"), (PrintedName(surname, "Dingo"),)) == 1


@pytest.mark.rule("R71")
def test_a_name_that_was_not_cut_is_compared_whole() -> None:
    assert (
        compare(zone_of(ANNA), replace(PAGE, names=(PrintedName("Eriksson", "Anna Maria Lo"),))).name is Verdict.NEARLY
    )


@pytest.mark.rule("R72")
@pytest.mark.parametrize("case", MRZ["u_umlaut"])
def test_every_spelling_of_a_chinese_u_umlaut_is_one(case: dict[str, str]) -> None:
    assert name_score(named(case["zone"], "XIAOMING", "CHN"), (PrintedName(case["printed"], "Xiaoming"),)) == 1


@pytest.mark.rule("R72")
def test_nu_is_not_nyu_and_lv_is_lu_in_chinese_alone() -> None:
    assert name_score(named("LI", "NU", "CHN"), (PrintedName("LI", "NYU"),)) != 1
    assert name_score(named("SILVA", "", "PRT"), (PrintedName("SILUA"),)) != 1


@pytest.mark.rule("R72")
def test_the_best_of_the_spellings_of_a_chinese_name_counts() -> None:
    spelled = (PrintedName("dan", "xiaoming"), PrintedName("shan", "xiaoming"), PrintedName("chan", "xiaoming"))
    assert name_score(named("SHAN", "XIAOMING", "CHN"), spelled) == 1


@pytest.mark.rule("R73")
@pytest.mark.parametrize(
    ("zone", "printed"),
    [
        ("MUELLER", "Müller"),
        ("MULLER", "Müller"),
        ("MUXXLLER", "MÜLLER"),
        ("GROSS", "Groß"),
        ("NUNEZ", "Núñez"),
        ("NUNXXEZ", "NÚÑEZ"),
        ("OERSTED", "Ørsted"),
        ("ORSTED", "Ørsted"),
        ("LUKASZ", "Łukasz"),
        ("DARTAGNAN", "D'Artagnan"),
        ("SMITH JONES", "Smith-Jones"),
        ("THOR", "Þor"),
    ],
)
def test_letters_with_marks_are_spelled_as_states_do(zone: str, printed: str) -> None:
    assert name_score(named(zone), (PrintedName(printed),)) == 1


@pytest.mark.rule("R73")
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_printed_name_has_a_score_or_none(surname: str, given_names: str) -> None:
    score = name_score(zone_of(ANNA), (PrintedName(surname, given_names),))
    assert score is None or 0 <= score <= 1


def test_no_more_spellings_are_compared_than_a_name_has() -> None:
    wrong = (PrintedName("X"),) * MOST_SPELLINGS
    assert name_score(zone_of(ANNA), (*wrong, *PAGE.names)) != 1


def test_a_comparison_prints_nothing_of_its_holder() -> None:
    assert not any(secret in repr(PAGE) for secret in ("Eriksson", "Anna", "L898902C3", "1974"))
