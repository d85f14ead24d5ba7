"""Is each page known by its text among all others, and is no text too strange for any of them?"""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.verification.documents.layout import Box
from app.verification.documents.pages import FORMS, Look, outside_portrait, page_form
from app.verification.documents.reading import Page, Reading, fields_of
from app.verification.examination import Kind, Line, PortraitSide, Side
from app.verification.findings.documents import document_findings
from tests.verification.card_lines import VIEW, emblem_lines, line, portrait_lines
from tests.verification.examinations import policy
from tests.verification.licence_lines import duplicate_lines, licence_lines
from tests.verification.permanent_lines import back_lines, front_lines
from tests.verification.permit_lines import permit_emblem_lines, permit_portrait_lines
from tests.verification.test_machine_page import ZONE, page_lines

TODAY = date(2026, 11, 26)
SHOWN = [
    (portrait_lines(), Kind.RESIDENT_CARD, Side.PORTRAIT),
    (emblem_lines(), Kind.RESIDENT_CARD, Side.EMBLEM),
    (permit_emblem_lines(), Kind.RESIDENCE_PERMIT, Side.EMBLEM),
    (front_lines(), Kind.PERMANENT_RESIDENT_CARD, Side.FRONT),
    (back_lines(), Kind.PERMANENT_RESIDENT_CARD, Side.BACK),
    (licence_lines(), Kind.DRIVING_LICENCE, Side.MAIN),
    (duplicate_lines(), Kind.DRIVING_LICENCE, Side.DUPLICATE),
    (page_lines(ZONE), Kind.PASSPORT, Side.DATA_PAGE),
    ([*portrait_lines(), line("签发机关", 60, 430), line("某市公安局", 190, 430)], Kind.TEMPORARY_CARD, Side.PORTRAIT),
]
LABELS = sorted({each.text for lines, _, _ in SHOWN for each in lines})
STRANGE = st.text(max_size=60) | st.sampled_from(
    [
        "\u202e11010119900307002X", "１１０１０１１９９００３０７００２Ｘ", "١١٠١٠١١٩٩٠٠٣٠٧٠٠٢X", "P<UTO\x00\x1b[31m<<<<", "<" * 500,
        "110101202711270027", "姓", "姓名" * 30, "长期", "0" * 3000, "出生9999年99月99日", "有效期限2026.13.45-2026.02.30",
    ]
)  # fmt: skip
"""Marks that turn text round, digits of other scripts, controls, one born tomorrow, dates no calendar has."""
PLACES = st.floats(-1e6, 1e6) | st.integers(0, 1000).map(float)


@st.composite
def any_line(draw: st.DrawFn) -> Line:
    text = draw(st.sampled_from(LABELS) | STRANGE)
    left, top, wide, high = (draw(PLACES) for _ in range(4))
    box = ((left, top), (left + wide, top), (left + wide, top + high), (left, top + high))
    return Line(text, draw(st.floats(0, 1)), box)


def read(lines: Sequence[Line], again: Sequence[str] = ()) -> Page | None:
    """The page whose text it is; every second look at it says `again`."""

    def readings(_: Box) -> Sequence[str]:
        return again

    form = page_form(lines)
    if form is None:
        return None
    form.turned(lines, 638)
    form.places(lines)
    voted = (again[0], 0.9) if again else ("", 0.0)
    return form.read(Look(lines, VIEW, 638, readings, lambda _: voted, TODAY))


@pytest.mark.rule("R17", "R26", "R42", "R54")
@pytest.mark.parametrize(("lines", "kind", "side"), SHOWN)
def test_each_page_is_known_by_its_text(lines: list[Line], kind: Kind, side: Side) -> None:
    page = read(lines)
    assert page is not None
    assert (page.view.kind, page.view.seen) == (kind, side)


@pytest.mark.parametrize("text", ["", "今天天气很好", "INVOICE 2026", "12345678901234567890"])
def test_what_is_no_document_is_none(text: str) -> None:
    assert page_form([line(text, 60, 100)]) is None
    assert page_form([]) is None


@given(st.lists(any_line(), max_size=40), st.lists(STRANGE, max_size=4))
@settings(max_examples=150, deadline=None)
def test_no_text_is_too_strange_to_be_read_and_judged(lines: list[Line], again: list[str]) -> None:
    page = read(lines, again)
    if page is None:
        return
    found = document_findings(Reading(page.view, page, None, {}), policy().thresholds, today=TODAY)
    assert all(0 <= field.confidence <= 1 for field in fields_of(page).values())
    assert all("110101" not in str(reason.facts) for reason in found)


@pytest.mark.rule("R37")
@pytest.mark.parametrize(("again", "listed"), [("汉", True), ("汊", False), ("", False)])
def test_an_ethnicity_in_no_list_is_looked_at_again(again: str, listed: bool) -> None:  # noqa: FBT001
    page = read(portrait_lines(ethnicity="汊"), [again])
    assert isinstance(page, PortraitSide)
    assert page.ethnicity_listed is listed


@pytest.mark.rule("R17", "R37")
@pytest.mark.parametrize(("again", "listed"), [("乌孜别克", True), ("", None)])
def test_an_ethnicity_that_was_not_read_is_looked_for_right_of_its_label(again: str, listed: bool | None) -> None:  # noqa: FBT001
    page = read(portrait_lines(ethnicity=""), [again])
    assert isinstance(page, PortraitSide)
    assert page.ethnicity_listed is listed
    permit = read(permit_portrait_lines(), [again])
    assert isinstance(permit, PortraitSide)
    assert (permit.view.kind, permit.ethnicity_listed) == (Kind.RESIDENCE_PERMIT, None)


def test_five_thousand_lines_are_read_by_every_page_or_are_none() -> None:
    lines = [line(LABELS[at % len(LABELS)], at % 1000, at % 600) for at in range(5000)]
    page = read(lines)
    assert page is not None
    assert len(fields_of(page)) > 2
    assert {form.shows(lines) for form in FORMS} == {True, False}


@pytest.mark.parametrize(
    ("lines", "size", "inside"),
    [
        (front_lines(), (1012, 638), (720, 180)),
        (licence_lines(), (1012, 690), (760, 360)),
        (portrait_lines(), (1012, 638), (700, 200)),
    ],
    ids=["permanent card", "licence", "resident card"],
)
def test_what_ocr_makes_of_a_portrait_is_the_end_of_no_field(
    lines: Sequence[Line], size: tuple[int, int], inside: tuple[int, int]
) -> None:
    star, mark = line("大", *inside), line("样本 SPECIMEN", *inside)
    form = page_form(lines)
    assert form is not None
    assert outside_portrait(form, [*lines, star, mark], size) == (*lines, mark)
    assert star in outside_portrait(form, [*lines, star], (700, 700))
