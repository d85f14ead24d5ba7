"""What may follow where OCR lost the sex, and a second look alone shows one? Of each kind that prints it beside a number."""

from collections.abc import Callable
from datetime import date

import pytest

from app.verification.documents import driving_licence as licence
from app.verification.documents import permanent_card as permanent
from app.verification.documents import resident_card as resident
from app.verification.findings.attributes import portrait_findings
from app.verification.findings.licence import licence_findings
from app.verification.findings.permanent import front_findings
from app.verification.reasons import Reason
from tests.verification.card_lines import VIEW, portrait_lines
from tests.verification.licence_lines import licence_lines
from tests.verification.permanent_lines import front_2017_lines, front_lines

TODAY = date(2025, 11, 1)
Looked = Callable[[str, float], list[Reason]]
"""What a page whose sex was lost leads to, after a second look that says this, so surely."""


def _of_card(text: str, score: float) -> list[Reason]:
    side = resident.with_second_sex(resident.read_portrait_side(portrait_lines(sex=""), VIEW), text, score)
    return list(portrait_findings(side, firm=True, sure=0.9, today=TODAY))


def _of_licence(text: str, score: float) -> list[Reason]:
    page = licence.with_second_sex(licence.read_licence_page(licence_lines(sex=""), VIEW), text, score)
    return list(licence_findings(page, firm=True, sure=0.9, today=TODAY))


def _of_permanent(text: str, score: float) -> list[Reason]:
    front = permanent.with_second_sex(permanent.read_permanent_front(front_lines(sex=""), VIEW), text, score)
    return list(front_findings(front, firm=True, sure=0.9, today=TODAY))


def _of_2017(text: str, score: float) -> list[Reason]:
    front = permanent.with_second_sex(permanent.read_permanent_front(front_2017_lines(sex=""), VIEW), text, score)
    return list(front_findings(front, firm=True, sure=0.9, today=TODAY))


def told(reasons: list[Reason]) -> list[tuple[str, str, object]]:
    return [
        (reason.outcome.value, reason.code.value, reason.facts.get("field"))
        for reason in reasons
        if reason.code == "sex_differs" or reason.facts.get("field") == "sex"
    ]


NUMBERED = pytest.mark.parametrize("looked", [_of_card, _of_licence, _of_permanent])


@pytest.mark.rule("R15")
@NUMBERED
def test_one_look_that_contradicts_the_number_turns_nobody_away(looked: Looked) -> None:
    assert told(looked("男", 0.999)) == [("refer", "sex_differs", None), ("refer", "field_unclear", "sex")]


@pytest.mark.rule("R9")
@NUMBERED
def test_one_look_that_the_number_bears_out_leaves_nothing_to_say(looked: Looked) -> None:
    assert told(looked("女", 0.95)) == []


@pytest.mark.rule("R19")
def test_where_no_number_tells_the_sex_what_one_look_alone_shows_is_typed() -> None:
    assert told(_of_2017("女/F", 0.999)) == [("refer", "field_unclear", "sex")]
