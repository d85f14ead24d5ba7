"""Is a number that was typed from a passport or a state's card held to what a zone can hold? Doc 9303."""

from datetime import date

import pytest

from app.verification.documents.machine_number import (
    OF_A_BOOKLET,
    OF_A_CARD,
    DocumentNumberMalformed,
    bare,
    machine_number,
)
from app.verification.documents.resident_number import NumberProvinceUnknown
from app.verification.examination import Kind
from app.verification.typed import StateUnknown, numbered, sound

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("given", ["L898902C3", "l898902c3", "L8989-02C3", "Ｌ８９８ 902C3", "L898902<C3"])
def test_a_number_is_one_however_its_groups_are_parted(given: str) -> None:
    assert machine_number(given, longest=OF_A_BOOKLET) == "L898902C3"
    assert bare("L898902<C3") == "L898902C3"


@pytest.mark.parametrize("given", ["", "---", "ABCDEF", "L898902C36", "Л898902", "1;DROP", "L89\u202e"])
def test_what_no_booklets_zone_can_hold_is_no_number(given: str) -> None:
    with pytest.raises(DocumentNumberMalformed) as refused:
        machine_number(given, longest=OF_A_BOOKLET)
    assert refused.value.facts == {"longest": 9}


@pytest.mark.rule("R59")
def test_a_card_may_have_a_longer_number_than_a_booklet() -> None:
    assert numbered("D23145890734", Kind.IDENTITY_CARD, today=TODAY) == "D23145890734"
    assert machine_number("1" * OF_A_CARD, longest=OF_A_CARD)
    with pytest.raises(DocumentNumberMalformed):
        numbered("1" * (OF_A_CARD + 1), Kind.IDENTITY_CARD, today=TODAY)


@pytest.mark.rule("R16")
def test_a_permit_has_the_number_of_a_permit() -> None:
    assert numbered("810000199001010019", Kind.RESIDENCE_PERMIT, today=TODAY) == "810000199001010019"
    with pytest.raises(NumberProvinceUnknown):
        numbered("11010119900307002X", Kind.RESIDENCE_PERMIT, today=TODAY)


@pytest.mark.rule("R18")
def test_a_foreigners_card_has_a_foreigners_number() -> None:
    assert numbered("911124198108030024", Kind.PERMANENT_RESIDENT_CARD, today=TODAY) == "911124198108030024"


@pytest.mark.rule("R70")
def test_nobody_is_asked_about_a_state_that_there_is_not() -> None:
    with pytest.raises(StateUnknown):
        sound({"number": "L898902C3", "authority": "ZZZ"}, Kind.PASSPORT, today=TODAY)
