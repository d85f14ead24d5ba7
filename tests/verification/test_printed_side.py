"""Does the side of a state's card that has the portrait and no zone belong to the zone on its other side?"""

from dataclasses import replace
from datetime import date

import pytest

from app.verification.documents.mrz.composing import compose
from app.verification.documents.mrz.shapes import Shape
from app.verification.documents.pages import page_form
from app.verification.documents.printed_side import PrintedSide, read_printed_side, shows_print
from app.verification.evidence import Measured
from app.verification.examination import Kind, Line, Side
from app.verification.findings.documents import evidence_findings
from tests.verification.card_lines import VIEW, line
from tests.verification.examinations import EVIDENCE, policy, presented
from tests.verification.licence_lines import licence_lines
from tests.verification.mrz_zones import ANNA
from tests.verification.permanent_lines import front_lines
from tests.verification.test_machine_page import PRINTED, page

TODAY = date(2025, 11, 1)
FRONT = (
    "UTOPIA IDENTITY CARD", "Document No./No. du document", "L898902C3", "Surname/Nom", "ERIKSSON",
    "Given names/Prénoms", "ANNA MARIA", "Nationality/Nationalité", "UTOPIAN", "Date of birth/Date de naissance",
    "12 AUG 1974", "Sex/Sexe", "F", "Date of expiry/Date d'expiration", "15 APR 2030",
)  # fmt: skip
ZONE = compose(Shape.TD1, replace(ANNA, document_code="I"))


def lines_of(texts: tuple[str, ...]) -> list[Line]:
    return [line(text, 350, 60 + 36 * at) for at, text in enumerate(texts)]


def front(was: str = "", now: str = "") -> PrintedSide:
    return read_printed_side(lines_of(tuple(now if text == was else text for text in FRONT)), VIEW)


def told(side: PrintedSide, *, zone: tuple[str, ...] | None = ZONE) -> list[tuple[str, object]]:
    """What is said of the side with the portrait."""
    shown = [presented(Kind.IDENTITY_CARD, Side.FRONT, side)]
    if zone is not None:
        shown.append(presented(Kind.IDENTITY_CARD, Side.BACK, page(zone, PRINTED)))
    found = evidence_findings(Measured(tuple(shown), EVIDENCE), policy().thresholds, today=TODAY)
    return [(each.code.value, each.facts.get("field")) for each in found if each.facts.get("side") == "front"]


@pytest.mark.rule("R73")
def test_a_side_that_prints_what_the_zone_says_is_the_same_cards() -> None:
    assert told(front()) == []


@pytest.mark.rule("R73")
@pytest.mark.parametrize(
    ("was", "now", "field"),
    [
        ("L898902C3", "L898902C4", "number"),
        ("12 AUG 1974", "13 AUG 1974", "birth"),
        ("15 APR 2030", "15 APR 2031", "expiry"),
        ("ERIKSSON", "ERIKSEN", "name"),
    ],
)
def test_a_side_that_says_something_else_refers_and_says_where(was: str, now: str, field: str) -> None:
    assert told(front(was, now)) == [("print_differs", field)]


@pytest.mark.rule("R73")
@pytest.mark.parametrize("gone", ["L898902C3", "ANNA MARIA"])
def test_what_was_not_read_there_ties_nobodys_portrait_to_the_zone(gone: str) -> None:
    assert told(front(gone, "")) == [("portrait_page_unread", None)]


@pytest.mark.rule("R73")
def test_without_a_zone_that_holds_nothing_ties_them_either() -> None:
    broken = (ZONE[0], ZONE[1].replace("7408122", "7408129"), ZONE[2])
    assert told(front(), zone=None) == told(front(), zone=broken) == [("portrait_page_unread", None)]


def test_such_a_side_is_known_by_its_labels_and_by_nothing_that_is_another_page() -> None:
    form = page_form(lines_of(FRONT))
    assert form is not None
    assert form.shows is shows_print
    others = [licence_lines(), front_lines(), lines_of((*FRONT, "PASSPORT 护照")), lines_of(FRONT[:6]), []]
    assert [shows_print(lines) for lines in others] == [False] * len(others)


def test_lines_without_end_are_looked_at_as_far_as_a_side_has_them() -> None:
    assert len(read_printed_side([line("SURNAME", 1, 1)] * 5000, VIEW).texts) == 60
