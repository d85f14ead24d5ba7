"""Does one misreading turn anybody away, or make a field sure? Every page that is read, and what a second look at it says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from app.verification.documents.layout import Box, bounds
from app.verification.documents.machine_page import MachinePage
from app.verification.documents.pages import FORMS, Look, page_form
from app.verification.documents.printed_side import shows_print
from app.verification.documents.reading import Page, Reading, fields_of
from app.verification.examination import Line
from app.verification.findings.documents import document_findings
from app.verification.reasons import Outcome
from tests.verification.card_lines import VIEW, emblem_lines, portrait_lines
from tests.verification.examinations import policy
from tests.verification.licence_lines import duplicate_lines, licence_lines
from tests.verification.permanent_lines import back_lines, front_2017_lines, front_lines, stacked_lines
from tests.verification.permit_lines import permit_emblem_lines, permit_portrait_lines, temporary_item_lines
from tests.verification.test_machine_page import ZONE, page_lines

TODAY = date(2025, 7, 1)
NUMBERED = {
    "resident card": (portrait_lines(), {"女": "男", "1990年3月7日": "1990年3月8日"}),
    "residence permit": (permit_portrait_lines(), {"男": "女", "1990年1月1日": "1990年1月7日"}),
    "temporary card": (temporary_item_lines(), {"女": "男", "1990年3月7日": "1990年3月1日"}),
    "licence": (licence_lines(), {"女": "男", "1990-03-07": "1990-03-01"}),
    "permanent card, beneath": (front_lines(), {"女/F": "男/M", "1981.08.03": "1981.08.08"}),
    "permanent card, beside": (stacked_lines(), {"女/F": "男/M", "1981.08.03": "1981.08.08"}),
}
"""Pages that print sex and birth beside a number that says both, and a misreading of each."""
OTHERS = (
    front_2017_lines(), back_lines(), duplicate_lines(), emblem_lines(), permit_emblem_lines(), page_lines(ZONE),
)  # fmt: skip
MISREAD = [
    pytest.param(lines, was, seen, id=f"{name}: {seen}")
    for name, (lines, each) in NUMBERED.items()
    for was, seen in each.items()
]


def misread(lines: Sequence[Line], was: str, seen: str) -> list[Line]:
    return [replace(line, text=seen) if line.text == was else line for line in lines]


def read(lines: Sequence[Line], again: Sequence[Line]) -> Page:
    """The page whose text it is; a second look at one of its places says what `again` has there."""

    def said(box: Box) -> str:
        return "".join(line.text for line in again if _within(bounds(line), box))

    form = page_form(lines)
    assert form is not None
    return form.read(Look(lines, VIEW, 638, lambda box: [said(box)] * 4, lambda box: (said(box), 0.99), TODAY))


def _within(text: Box, box: Box) -> bool:
    return box.top < text.middle < box.bottom and box.left < (text.left + text.right) / 2 < box.right


def rejecting(page: Page) -> list[str]:
    reading = Reading(page.view, page, None, {})
    found = document_findings(reading, policy().thresholds, today=TODAY)
    return [reason.code.value for reason in found if reason.outcome is Outcome.REJECT]


@pytest.mark.rule("R15", "R18")
@pytest.mark.parametrize(("lines", "was", "seen"), MISREAD)
def test_a_contradiction_that_only_one_reading_shows_rejects_nobody(lines: list[Line], was: str, seen: str) -> None:
    once = misread(lines, was, seen)
    assert rejecting(read(once, again=lines)) == []
    assert len(rejecting(read(once, again=once))) == 1


def test_no_page_that_prints_what_its_number_says_is_left_out() -> None:
    shown = [lines for lines, _ in NUMBERED.values()] + [*OTHERS]
    forms = [page_form(lines) for lines in shown]
    assert {id(form) for form in FORMS if form.shows is not shows_print} == {id(form) for form in forms}
    pages = [read(lines, lines) for lines in OTHERS]
    asked = {"number", "sex", "birth"}
    beside = [page for page in pages if asked <= fields_of(page).keys() and not isinstance(page, MachinePage)]
    # A number of 2017 says neither.
    assert [fields_of(page)["number"].value for page in beside] == ["CAN110081080310"]


@pytest.mark.rule("R19")
@pytest.mark.parametrize(
    ("lines", "was", "seen", "field"),
    [
        (front_2017_lines(), "1981.08.03", "1981.08.08", "birth"),
        (front_2017_lines(), "女/F", "男/M", "sex"),
        (back_lines(), "CAN110081080310", "CAN110081080810", "previous_number"),
        (duplicate_lines(), "110100123456", "110100123458", "file_number"),
        (permit_emblem_lines(), "H12345678", "H12345673", "travel_permit"),
        (temporary_item_lines(), "2025.06.01-2025.09.01", "2025.06.01-2026.09.01", "valid_to"),
    ],
)
def test_what_nothing_else_on_a_page_confirms_is_sure_when_two_readings_say_it(
    lines: list[Line], was: str, seen: str, field: str
) -> None:
    honest, doubtful = fields_of(read(lines, lines)), fields_of(read(misread(lines, was, seen), again=lines))
    assert (honest[field].confidence, honest[field].value is None) == (0.99, False)
    assert (doubtful[field].confidence < 0.9, doubtful[field].value) == (True, None)
