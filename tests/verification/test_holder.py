"""Who does each kind of document say its holder is, and what tells two of them apart?"""

from dataclasses import replace

import pytest

from app.verification.evidence import Measured, Presented, primary
from app.verification.examination import FaceDeclined, Kind, Side
from app.verification.holder import ATTRIBUTES, holder, number_indexed
from tests.verification.examinations import PORTRAIT, measured, presented, read
from tests.verification.licence_pages import PAGE as LICENCE
from tests.verification.test_machine_page import ZONE, page
from tests.verification.test_permanent_findings import BACK, FRONT


def values(*pages: Presented) -> dict[str, str | None]:
    found = holder(Measured(pages, FaceDeclined.CONSENT_REFUSED))
    return {name: field.value for name, field in found.items()}


def test_a_resident_card_says_everything() -> None:
    assert tuple(holder(measured())) == ATTRIBUTES


@pytest.mark.rule("R26")
def test_the_sharper_picture_of_another_s_card_in_the_other_slot_speaks_for_nobody() -> None:
    portrait, emblem = measured().pages
    other = presented(Kind.RESIDENT_CARD, Side.PORTRAIT, replace(PORTRAIT, name=read("王另", 1), number=read("1", 1)))
    said = values(portrait, replace(other, side=Side.EMBLEM))
    assert (said["name"], said["number"], "valid_to" in said) == ("欧阳样例", "11010119900307002X", False)
    assert values(portrait, emblem) == values(emblem, portrait)


@pytest.mark.rule("R53")
def test_a_licence_in_a_card_s_slot_gives_the_card_no_term() -> None:
    licence = presented(Kind.RESIDENT_CARD, Side.EMBLEM, LICENCE)
    assert LICENCE.valid_to.value is not None
    assert "valid_to" not in values(measured().pages[0], licence)


def test_a_passport_names_its_holder_in_one_and_its_issuer_as_authority() -> None:
    said = values(presented(Kind.PASSPORT, Side.DATA_PAGE, page(ZONE)))
    assert said == {
        "name": "ERIKSSON ANNA MARIA", "sex": "F", "birth": "1974-08-12", "number": "L898902C3", "authority": "UTO",
        "valid_to": "2030-04-15",
    }  # fmt: skip


def test_what_one_side_does_not_print_the_other_does() -> None:
    front = replace(FRONT, valid_to=read(None))
    back = replace(BACK, valid_to=read("2033-09-14"))
    kind = Kind.PERMANENT_RESIDENT_CARD
    said = values(presented(kind, Side.FRONT, front), presented(kind, Side.BACK, back))
    assert (said["name"], said["valid_to"]) == ("SPECIMEN, MARIE", "2033-09-14")


@pytest.mark.rule("R53")
def test_a_licence_names_nobody_and_beside_a_card_the_card_speaks() -> None:
    alone = presented(Kind.DRIVING_LICENCE, Side.MAIN, replace(LICENCE, name=read("他人")))
    assert values(alone) == {}
    assert values(*measured().pages, alone)["name"] == "欧阳样例"
    assert primary((Kind.DRIVING_LICENCE, Kind.VISA)) is None


def test_a_states_number_is_one_persons_only_beside_its_state() -> None:
    said: dict[str, str | None] = {"number": "L898902C3", "authority": "UTO"}
    assert number_indexed(Kind.PASSPORT, said) == "UTO:L898902C3"
    assert number_indexed(Kind.PASSPORT, said | {"authority": None}) is None
    assert number_indexed(Kind.RESIDENT_CARD, said) == "L898902C3"
    assert number_indexed(Kind.RESIDENT_CARD, {}) is None
