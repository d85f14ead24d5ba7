"""Is a name or a number that is only part of what the page prints told from the whole of it? R71, R73."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.verification.documents.mrz.composing import compose
from app.verification.documents.mrz.shapes import Shape
from app.verification.documents.mrz.zone import State
from tests.verification.mrz_zones import ANNA
from tests.verification.test_machine_page import PRINTED, ZONE, codes, page

MARIA = compose(Shape.TD3, replace(ANNA, surname="LOPEZ", given_names="MARIA"))
ONE_NAME = compose(Shape.TD3, replace(ANNA, given_names=""))
LABELLED = (
    "UTOPIA", "P UTO L898902C3", "Surname/Nom", "ERIKSSON", "Given names/Prénoms", "Nationality/Nationalité", "UTOPIAN",
    "12 AUG/AOUT 1974", "15 APR/AVR 2030",
)  # fmt: skip
"""A page of somebody who has one name."""


def instead(*texts: str, of: Sequence[str] = ("ERIKSSON", "ANNA MARIA")) -> list[str]:
    """The page with other texts where the names stand."""
    at = PRINTED.index(of[0])
    return [*PRINTED[:at], *texts, *PRINTED[at + len(of) :]]


@pytest.mark.rule("R73")
@pytest.mark.parametrize(
    "printed", [("GARCIA LOPEZ", "ANNA MARIA"), ("GARCIA LOPEZ", "MARIA"), ("LOPEZ", "ANNA MARIA")]
)
def test_a_zone_that_says_the_tail_of_a_name_alone_says_another_name(printed: tuple[str, str]) -> None:
    assert page(MARIA, instead("LOPEZ", "MARIA")).state is State.CLEAN
    read = page(MARIA, instead(*printed))
    assert (read.state, codes(read)) == (State.UNPROTECTED, ["zone_unconfirmed", "print_differs"])


@pytest.mark.rule("R73")
@pytest.mark.parametrize("printed", ["XL898902C3", "P UTO X L898902C3", "PASSPORT NO XL898902C3"])
def test_a_zone_that_says_the_tail_of_a_number_alone_is_not_confirmed(printed: str) -> None:
    read = page(ZONE, instead(printed, of=["P UTO L898902C3"]))
    assert (read.state, read.comparison.number) == (State.UNPROTECTED, "unread")


@pytest.mark.rule("R73")
@pytest.mark.parametrize(
    "printed",
    ["L898902C3", "Passport No. L898902C3", "PASSPORT NO L898 902 C3", "PassportNoL898902C3", "PUTOL898902C3"],
)
def test_a_label_that_ocr_joined_to_a_number_is_no_part_of_it(printed: str) -> None:
    assert page(ZONE, instead(printed, of=["P UTO L898902C3"])).state is State.CLEAN


@pytest.mark.rule("R73")
@pytest.mark.parametrize("printed", ["P UTO L898902C3", "PUTOL898902C3", "PO UTO L898902C3", "POUTOL898902C3"])
def test_of_a_type_with_two_letters_in_the_zone_the_page_may_print_one(printed: str) -> None:
    """As China's passports do: PO in the zone, P on the page."""
    zone = compose(Shape.TD3, replace(ANNA, document_code="PO"))
    assert page(zone, instead(printed, of=["P UTO L898902C3"])).state is State.CLEAN


@pytest.mark.rule("R73")
@pytest.mark.parametrize(
    "printed", [("张 ERIKSSON", "三 ANNA MARIA"), ("ERIKSSON 张", "ANNA MARIA 三"), ("ЕРИКССОН ERIKSSON", "ANNA MARIA")]
)
def test_a_name_in_another_script_beside_it_is_no_part_of_a_name(printed: tuple[str, str]) -> None:
    assert page(ZONE, instead(*printed)).state is State.CLEAN


@pytest.mark.rule("R73")
@pytest.mark.parametrize(
    "printed",
    [
        ("Surname/Nom ERIKSSON", "Given names/Prénoms ANNA MARIA"),
        ("SurnameERIKSSON", "PrénomsANNA MARIA"),
        ("APELLIDOS ERIKSSON", "NOMBRE ANNA MARIA"),
        ("Dr. ERIKSSON", "ANNA MARIA"),
        ("ERIKSSON, ANNA MARIA",),
    ],
)
def test_a_label_or_a_title_on_the_line_of_a_name_is_no_part_of_it(printed: tuple[str, ...]) -> None:
    assert page(ZONE, instead(*printed)).state is State.CLEAN


@pytest.mark.rule("R71", "R73")
@pytest.mark.parametrize("given", ["ANNA MARIA", "Anna Maria", "Given names ANNA MARIA", "QI"])
def test_a_zone_of_one_name_does_not_say_what_a_page_of_two_does(given: str) -> None:
    for printed in (instead("ERIKSSON", given), instead(given, "ERIKSSON"), instead(f"ERIKSSON, {given}")):
        read = page(ONE_NAME, printed)
        assert (read.comparison.name, codes(read)) == ("unread", ["zone_unconfirmed"])


@pytest.mark.rule("R71", "R73")
@pytest.mark.parametrize("printed", [LABELLED, instead("ERIKSSON"), instead("UTO", "ERIKSSON", "★")])
def test_a_page_of_one_name_says_what_its_zone_does(printed: Sequence[str]) -> None:
    assert page(ONE_NAME, printed).state is State.CLEAN


@pytest.mark.rule("R71")
def test_a_surname_that_fills_its_line_left_no_room_for_the_others() -> None:
    surname = "VON UND ZU HOHENSTEIN ERIKSSON DER AELTERE"
    zone = compose(Shape.TD3, replace(ANNA, surname=surname, given_names="ANNA MARIA"))
    assert page(zone, instead(surname, "ANNA MARIA")).state is State.CLEAN
