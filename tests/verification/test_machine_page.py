"""What is made of a page with a zone on it: read twice, beside what it prints? R64-R73."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from app.verification.documents.layout import Box
from app.verification.documents.machine_page import MachinePage, machine_fields, read_machine_page, upside_down
from app.verification.documents.mrz.composing import compose
from app.verification.documents.mrz.dates import Birth
from app.verification.documents.mrz.shapes import Shape
from app.verification.documents.mrz.zone import State
from app.verification.documents.reading import Reading
from app.verification.examination import Kind, Line, Side
from app.verification.findings.machine import machine_findings
from tests.verification.card_lines import VIEW, line
from tests.verification.mrz_zones import ANNA

TODAY = date(2025, 11, 1)
PRINTED = (
    "UTOPIA",
    "P UTO L898902C3",
    "ERIKSSON",
    "ANNA MARIA",
    "12 AUG/AOUT 1974",
    "F ZENITH",
    "15 APR/AVR 2020",
    "15 APR/AVR 2030",
)
FOOT = 700.0


def page_lines(zone: Sequence[str], printed: Sequence[str] = PRINTED) -> list[Line]:
    body = [line(text, 300, 60 + 60 * at) for at, text in enumerate(printed)]
    return body + [line(text, 40, FOOT + 60 * at) for at, text in enumerate(zone)]


def page(
    zone: Sequence[str], printed: Sequence[str] = PRINTED, again: Sequence[Sequence[str]] | None = None
) -> MachinePage:
    """The page whose zone is read again as `again`, a list of readings for each line; None: as the first time."""
    readings = [[text] * 4 for text in zone] if again is None else again

    def reread(box: Box) -> Sequence[str]:
        return readings[round((box.middle - FOOT - 18) / 60)]

    return read_machine_page(page_lines(zone, printed), VIEW, reread, today=TODAY)


def codes(read: MachinePage) -> list[str]:
    return [reason.code.value for reason in machine_findings(read, Side.DATA_PAGE, sure=0.9, today=TODAY)]


ZONE = compose(Shape.TD3, ANNA)


@pytest.mark.rule("R67", "R73")
def test_a_zone_read_twice_that_its_page_repeats_is_clean_and_there_is_nothing_to_say() -> None:
    read = page(ZONE)
    assert (read.state, read.view.kind, read.view.seen) == (State.CLEAN, Kind.PASSPORT, Side.DATA_PAGE)
    assert codes(read) == []
    fields = {name: field.value for name, field in machine_fields(read).items()}
    assert (fields["surname"], fields["given_names"], fields["birth"]) == ("ERIKSSON", "ANNA MARIA", "1974-08-12")
    assert (fields["line_1"], fields["line_2"]) == ZONE


@pytest.mark.rule("R73")
@pytest.mark.parametrize(
    ("was", "printed", "field"),
    [
        ("P UTO L898902C3", "P UTO B898902C3", "number"),
        ("12 AUG/AOUT 1974", "12 AUG/AOUT 1975", "birth"),
        ("15 APR/AVR 2030", "15 APR/AVR 2031", "expiry"),
        ("ERIKSSON", "ERIKSEN", "name"),
    ],
)
def test_print_that_says_something_else_refers_and_says_where(was: str, printed: str, field: str) -> None:
    read = page(ZONE, [printed if text == was else text for text in PRINTED])
    reasons = list(machine_findings(read, Side.DATA_PAGE, sure=0.9, today=TODAY))
    assert [reason.facts.get("field") for reason in reasons if reason.code == "print_differs"] == [field]
    assert read.state is not State.CLEAN


@pytest.mark.rule("R63")
def test_a_letter_no_digit_sees_is_caught_by_the_page() -> None:
    altered = tuple(text.replace("L898902C3", "B898902C3") for text in ZONE)
    assert codes(page(altered)) == ["zone_unconfirmed", "print_differs"]


@pytest.mark.rule("R67")
def test_a_page_that_was_not_read_confirms_nothing() -> None:
    read = page(ZONE, ())
    assert (read.state, codes(read)) == (State.UNPROTECTED, ["zone_unconfirmed"])
    assert machine_fields(read)["surname"].confidence < machine_fields(read)["number"].confidence


SEX_MISREAD = ZONE[1][:20] + "M" + ZONE[1][21:]
"""No digit guards it: this zone holds as well."""
BROKEN = [
    ZONE[1][:5] + "X" + ZONE[1][6:],
    ZONE[1][:15] + "77" + ZONE[1][17:],
    ZONE[1][3:],
    ZONE[1][:13] + "9" + ZONE[1][14:],
]


@pytest.mark.rule("R67")
@pytest.mark.parametrize("again", [BROKEN, [], [SEX_MISREAD[:-3]]])
def test_one_reading_of_a_zone_is_no_two_however_the_others_fail(again: list[str]) -> None:
    read = page((ZONE[0], SEX_MISREAD), again=[[ZONE[0]] * len(again), again])
    fields = machine_fields(read)
    assert (fields["sex"].value, read.names_agree, read.state) == ("M", False, State.UNPROTECTED)
    assert max(fields[name].confidence for name in ("sex", "surname", "line_2")) < 0.9
    assert codes(read) == ["zone_unconfirmed"]


@pytest.mark.rule("R63", "R73")
@pytest.mark.parametrize(("printed", "sure"), [(PRINTED, True), ((), False)])
def test_what_was_read_once_is_sure_where_the_page_prints_it_too(printed: Sequence[str], *, sure: bool) -> None:
    fields = machine_fields(page(ZONE, printed, again=[[], []]))
    assert [fields[name].confidence >= 0.9 for name in ("number", "birth", "expiry")] == [sure] * 3


def test_lines_that_stand_in_two_readings_each_are_read_twice_though_no_two_wholes_are_alike() -> None:
    again = [["P<A", ZONE[0][:-2], "P<B", "P<C"], [ZONE[1], BROKEN[1], ZONE[1], BROKEN[2]]]
    read = page((ZONE[0], BROKEN[0]), again=again)
    assert (read.state, read.names_agree) == (State.CLEAN, True)


@pytest.mark.rule("R66")
def test_a_misread_character_is_mended_by_the_readings_that_hold() -> None:
    misread = (ZONE[0], ZONE[1].replace("L898902C3", "L8989O2C3"))
    read = page(misread, again=[[ZONE[0]] * 4, [ZONE[1]] * 4])
    assert (read.state, read.zone.lines) == (State.CLEAN, ZONE)


@pytest.mark.rule("R66", "R67")
def test_a_zone_that_holds_only_corrected_is_for_a_person() -> None:
    misread = (
        (ZONE[0], ZONE[1][:13] + "I" + ZONE[1][14:])
        if ZONE[1][13] == "1"
        else (ZONE[0], "O".join([ZONE[1][:15], ZONE[1][16:]]))
    )
    read = page(misread)
    assert read.state in {State.CORRECTED, State.BROKEN, State.AMBIGUOUS}
    assert codes(read)[0] in {"zone_corrected", "zone_broken", "zone_ambiguous"}


@pytest.mark.rule("R66")
def test_two_readings_that_both_hold_and_differ_are_ambiguous() -> None:
    other = tuple(text.replace("L898902C3", "B898902C3") for text in ZONE)
    read = page(ZONE, again=[[ZONE[0]] * 4, [other[1]] * 4])
    assert (read.state, codes(read)) == (State.AMBIGUOUS, ["zone_ambiguous"])
    assert {field.value for field in machine_fields(read).values()} == {None}


@pytest.mark.rule("R66", "R67")
def test_lines_that_two_readings_show_are_sure_though_no_page_confirms_their_correction() -> None:
    seen = tuple(text.replace("UTO", "UT0") for text in ZONE)
    fields = machine_fields(page(seen, ()))
    assert (fields["line_2"].confidence >= 0.9, fields["number"].confidence >= 0.9) == (True, False)


@pytest.mark.rule("R34")
def test_an_expired_passport_is_told() -> None:
    old = compose(Shape.TD3, replace(ANNA, expiry=date(2025, 10, 31)))
    assert "expired" in codes(page(old))


@pytest.mark.rule("R54")
@pytest.mark.parametrize(
    ("shape", "kind", "side"),
    [
        (Shape.TD1, Kind.IDENTITY_CARD, Side.BACK),
        (Shape.TD2, Kind.IDENTITY_CARD, Side.FRONT),
        (Shape.MRV_A, Kind.VISA, Side.DATA_PAGE),
        (Shape.MRV_B, Kind.VISA, Side.DATA_PAGE),
    ],
)
def test_each_shape_is_of_its_kind(shape: Shape, kind: Kind, side: Side) -> None:
    read = page(compose(shape, replace(ANNA, document_code="V" if kind is Kind.VISA else "I")))
    assert (read.view.kind, read.view.seen) == (kind, side)


def test_a_zone_at_the_head_tells_of_a_page_upside_down() -> None:
    lines = page_lines(ZONE)
    assert not upside_down(lines, height=880)
    assert upside_down(lines, height=2000)
    assert not upside_down(lines[:4], height=880)


@pytest.mark.parametrize(
    "text",
    [
        "12 AUG/AOUT 1974",
        "12 AUG 1974",
        "1974-08-12",
        "12.08.1974",
        "12/08/1974",
        "12 8月/AUG 1974",
        "1974年8月12日",
        "12 A0UT 1974",
    ],
)
def test_a_day_is_found_however_a_page_writes_it(text: str) -> None:
    read = page(ZONE, [text if "1974" in each else each for each in PRINTED])
    assert read.comparison.birth == "same"


@pytest.mark.rule("R68")
def test_an_unknown_birth_has_no_day() -> None:
    read = page(compose(Shape.TD3, replace(ANNA, birth=Birth(1974, None, None))))
    assert machine_fields(read)["birth"].value is None


@pytest.mark.rule("R70")
def test_a_passport_of_utopia_is_a_specimen() -> None:
    read = page(ZONE)
    assert Reading(read.view, read, None, {}).specimen
    swedish = page(compose(Shape.TD3, replace(ANNA, issuer="SWE", nationality="SWE")))
    assert not Reading(swedish.view, swedish, None, {}).specimen


@pytest.mark.rule("R66")
def test_a_corrected_zone_read_unsurely_is_for_a_person_though_its_page_agrees() -> None:
    seen = tuple(text.replace("UTO", "UT0") for text in ZONE)
    sure, unsure = (
        list(machine_findings(replace(page(seen), score=score), Side.DATA_PAGE, sure=0.9, today=TODAY))
        for score in (0.95, 0.5)
    )
    assert [(each.code, each.outcome) for each in sure] == [("zone_corrected", "accept")]
    assert [(each.code, each.outcome) for each in unsure] == [("zone_corrected", "refer")]
