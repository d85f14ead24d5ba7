"""Is a residence permit read with its own rows, and what contradicts its number told?"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.residence_permit import (
    PermitEmblemSide,
    PermitFlag,
    Region,
    emblem_flags,
    permit_emblem,
    permit_validity_flags,
    portrait_flags,
    read_permit_emblem_side,
    region_of,
)
from app.verification.documents.resident_card import read_portrait_side
from app.verification.documents.resident_number import ResidentNumber, check_character, parse
from app.verification.documents.validity import Validity, ValidityFlag
from app.verification.examination import Field, Line
from tests.verification.card_lines import VIEW, emblem_lines, line, moved, portrait_lines
from tests.verification.permanent_lines import front_2017_lines
from tests.verification.permit_lines import permit_emblem_lines, permit_portrait_lines
from tests.verification.vectors import vectors

TODAY = date(2025, 11, 1)
PERMITS = vectors("residence_permits")["permits"]
RESIDENT = "110101199003070011"


def number(text: str) -> ResidentNumber:
    return parse(text, today=TODAY)


def emblem(lines: list[Line]) -> PermitEmblemSide:
    return read_permit_emblem_side(lines, VIEW)


def values(side: PermitEmblemSide) -> tuple[str | None, ...]:
    fields = (side.authority, side.valid_from, side.valid_to, side.travel_permit, side.times_issued)
    return (side.title, *(field.value for field in fields))


EXPECTED = ("港澳居民居住证", "深圳市公安局南山分局", "2021-06-01", "2026-06-01", "H12345678", "01")


@pytest.mark.rule("R17")
@given(st.permutations(permit_emblem_lines()))
def test_every_row_of_the_emblem_side_is_read_in_any_order(lines: list[Line]) -> None:
    assert values(emblem(lines)) == EXPECTED


@pytest.mark.rule("R17")
@given(st.floats(-60, 90), st.floats(-40, 60))
def test_a_permit_that_sits_elsewhere_on_the_canvas_is_read(across: float, down: float) -> None:
    assert values(emblem([moved(o, lambda x, y: (x + across, y + down)) for o in permit_emblem_lines()])) == EXPECTED


@pytest.mark.rule("R17")
@pytest.mark.parametrize(
    "misread", [{"travel_permit_label": "通行证号妈"}, {"times_label": "签发次教"}, {"times_label": "签发次数:"}]
)
def test_a_label_misread_in_one_character_still_counts(misread: dict[str, str]) -> None:
    assert values(emblem(permit_emblem_lines(**misread))) == EXPECTED


@pytest.mark.rule("R17")
def test_rows_above_the_validity_are_no_authority() -> None:
    swapped = {"签发机关": 400, "深圳市公安局南山分局": 400, "有效期限": 520, "2021.06.01-2026.06.01": 520}
    lines = [line(o.text, o.box[0][0], swapped.get(o.text, 460)) for o in permit_emblem_lines()[2:]]
    assert values(emblem(lines))[1:] == EXPECTED[1:]


@pytest.mark.rule("R17")
@pytest.mark.parametrize(
    ("seen", "value"),
    [
        ("H12345678", "H12345678"),
        ("M1234567801", "M1234567801"),
        ("12345678", "12345678"),
        ("Ｈ１２３４５６７８", "H12345678"),
        ("h12345678", "H12345678"),
        ("H1234567", None),
        ("C12345678", None),
        ("123456789", None),
        ("H1234567O", None),
        ("H١٢٣٤٥٦٧٨", None),
        ("", None),
    ],
)
def test_a_travel_permits_number_has_one_of_three_forms(seen: str, value: str | None) -> None:
    assert emblem(permit_emblem_lines(travel_permit=seen)).travel_permit.value == value


@pytest.mark.rule("R17")
@pytest.mark.parametrize(("seen", "value"), [("01", "01"), ("2", "2"), ("１２", "12"), ("O1", None), ("001", None)])
def test_times_issued_are_one_or_two_digits(seen: str, value: str | None) -> None:
    assert emblem(permit_emblem_lines(times=seen)).times_issued.value == value


@pytest.mark.rule("R17")
def test_a_permits_emblem_side_is_known_and_others_are_not() -> None:
    assert permit_emblem(permit_emblem_lines())
    assert permit_emblem(permit_emblem_lines(title="", times_label="", times=""))
    assert not any(permit_emblem(lines) for lines in (emblem_lines(), portrait_lines(), front_2017_lines(), []))


@pytest.mark.rule("R16")
@pytest.mark.parametrize("case", PERMITS)
def test_a_permits_number_tells_its_region(case: dict[str, str]) -> None:
    assert region_of(number(case["number"])) is Region[case["region"]]
    assert region_of(number(RESIDENT)) is None


@pytest.mark.rule("R16")
def test_another_area_code_than_the_three_is_no_region() -> None:
    digits = "81000119900101001"
    text = number(digits + check_character(digits))
    side = read_portrait_side(permit_portrait_lines(), VIEW)
    assert region_of(text) is None
    assert portrait_flags(side, text) == (PermitFlag.REGION_UNKNOWN,)
    assert emblem_flags(emblem(permit_emblem_lines()), text) == ()


@pytest.mark.rule("R17")
def test_a_permits_portrait_side_is_the_resident_cards_without_ethnicity() -> None:
    side = read_portrait_side(permit_portrait_lines(), VIEW)
    assert (side.name.value, side.sex.value, side.birth.value) == ("欧阳样例", "男", "1990-01-01")
    assert (side.number.value, side.ethnicity_listed) == ("810000199001010019", None)
    assert portrait_flags(side, number("810000199001010019")) == ()


@pytest.mark.rule("R17")
@pytest.mark.parametrize(
    ("lines", "text", "flags"),
    [
        (portrait_lines(), RESIDENT, ()),
        (portrait_lines(), "810000199001010019", (PermitFlag.RESIDENT_LAYOUT,)),
        ([*permit_portrait_lines(), line("通行证号码 H12345678", 66, 470)], RESIDENT, (PermitFlag.RESIDENT_NUMBER,)),
    ],
)
def test_number_and_layout_belong_together(lines: list[Line], text: str, flags: tuple[PermitFlag, ...]) -> None:
    assert portrait_flags(read_portrait_side(lines, VIEW), number(text)) == flags


@pytest.mark.rule("R16", "R17")
@pytest.mark.parametrize("case", PERMITS)
@pytest.mark.parametrize("other", PERMITS)
def test_travel_permit_and_title_are_those_of_the_numbers_region(case: dict[str, str], other: dict[str, str]) -> None:
    side = emblem(permit_emblem_lines(travel_permit=other["travel_permit"], title=other["title"]))
    flags = emblem_flags(side, number(case["number"]))
    assert (PermitFlag.TRAVEL_PERMIT_DIFFERS in flags) is (case != other)
    assert (PermitFlag.TITLE_DIFFERS in flags) is (case["title"] != other["title"])


@pytest.mark.rule("R17")
def test_what_was_not_read_contradicts_nothing() -> None:
    side = replace(emblem(permit_emblem_lines(title="")), travel_permit=Field("H1234", None, 0.9))
    assert emblem_flags(side, number("83000019780615003X")) == ()


@pytest.mark.rule("R17")
def test_a_residents_number_does_not_belong_to_a_permits_emblem_side() -> None:
    assert emblem_flags(emblem(permit_emblem_lines()), number(RESIDENT)) == (PermitFlag.RESIDENT_NUMBER,)


def test_what_a_resident_card_has_too_is_handed_on() -> None:
    side = emblem(permit_emblem_lines())
    assert (side.shared.authority, side.shared.valid_to) == (side.authority, side.valid_to)


@pytest.mark.rule("R16")
@pytest.mark.parametrize(
    ("end", "known"),
    [
        (date(2026, 5, 31), False),
        (date(2026, 6, 1), True),
        (date(2026, 6, 2), False),
        (date(2031, 6, 1), False),
        (None, False),
    ],
)
def test_a_permit_runs_five_years_at_every_age(end: date | None, *, known: bool) -> None:
    flags = permit_validity_flags(Validity(date(2021, 6, 1), end), today=date(2021, 6, 1))
    assert flags == (() if known else (ValidityFlag.TERM_UNKNOWN,))


@pytest.mark.rule("R16", "R34")
@pytest.mark.parametrize(
    ("today", "flags"),
    [
        (date(2021, 5, 31), (ValidityFlag.NOT_YET_VALID,)),
        (date(2021, 6, 1), ()),
        (date(2026, 6, 1), ()),
        (date(2026, 6, 2), (ValidityFlag.EXPIRED,)),
    ],
)
def test_both_printed_days_are_valid_ones(today: date, flags: tuple[ValidityFlag, ...]) -> None:
    assert permit_validity_flags(Validity(date(2021, 6, 1), date(2026, 6, 1)), today=today) == flags


@given(st.lists(st.builds(line, st.text(max_size=20), st.floats(0, 900), st.floats(0, 600))))
def test_any_text_gives_fields_that_may_be_empty(lines: list[Line]) -> None:
    assert 0 <= emblem(lines).travel_permit.confidence <= 1
    assert permit_emblem(lines) in {True, False}
