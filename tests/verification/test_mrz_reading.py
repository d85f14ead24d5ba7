"""Does the reader of zones keep ICAO Doc 9303, whatever OCR hands it?"""

from dataclasses import astuple, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.documents.mrz.composing import compose
from app.verification.documents.mrz.dates import Birth, birth, expiry
from app.verification.documents.mrz.digits import check_digit
from app.verification.documents.mrz.reading import MOST_LINES, read
from app.verification.documents.mrz.shapes import LAYOUTS, Part, Shape
from app.verification.documents.mrz.states import KNOWN
from app.verification.documents.mrz.zone import Fields, MachineZone, Sex, State
from tests.verification.mrz_zones import ANNA, TODAY, WHEN_PRINTED, Zone, put, zones
from tests.verification.vectors import vectors

MRZ = vectors("mrz")
PASSPORT = compose(Shape.TD3, ANNA)
JUST_READ = (State.UNPROTECTED, ())


def said(fields: Fields | None) -> list[str]:
    assert fields is not None
    assert fields.birth.date is not None
    plain = replace(fields, birth=Birth(None, None, None))
    return [str(value) for value in (*astuple(plain)[:6], fields.birth.date, *astuple(plain)[7:])]


@pytest.mark.rule("R54")
def test_the_shapes_have_the_lines_of_the_standard() -> None:
    sizes = {shape.value: (layout.height, layout.width) for shape, layout in LAYOUTS.items()}
    assert sizes == {"TD1": (3, 30), "TD2": (2, 36), "TD3": (2, 44), "MRV-A": (2, 44), "MRV-B": (2, 36)}


@pytest.mark.rule("R55")
@pytest.mark.parametrize("case", MRZ["check_digits"])
def test_the_standards_own_samples_have_their_digit(case: dict[str, str]) -> None:
    assert check_digit(case["text"]) == case["digit"]


@pytest.mark.rule("R54", "R55")
@pytest.mark.parametrize("text", ["a", " ", "１", "é"])
def test_no_other_character_has_a_digit(text: str) -> None:
    with pytest.raises(ValueError, match="no such character"):
        check_digit(text)


@pytest.mark.rule("R54", "R56", "R57", "R58", "R59", "R60")
@pytest.mark.parametrize("case", MRZ["zones"], ids=lambda case: f"{case['rule']} {case['shape']}")
def test_the_standards_zones_are_read_as_it_prints_them(case: Any) -> None:
    zone = read(case["lines"], today=WHEN_PRINTED)
    assert (zone.shape, list(zone.lines), said(zone.fields)) == (case["shape"], case["lines"], case["says"])
    assert (zone.state, zone.corrections) == JUST_READ


@pytest.mark.rule("R55", "R59", "R60", "R61")
@pytest.mark.parametrize("case", MRZ["zones"], ids=lambda case: f"{case['rule']} {case['shape']}")
def test_each_check_digit_has_its_verdict(case: dict[str, dict[str, str]]) -> None:
    checks = read(list(case["lines"]), today=WHEN_PRINTED).checks
    assert {check.name: check.seen for check in checks} == case["digits"]
    assert all(check.holds and check.expected == check.seen for check in checks)


@pytest.mark.rule("R61")
@pytest.mark.parametrize("case", MRZ["zones"], ids=lambda case: f"{case['rule']} {case['shape']}")
def test_what_the_composite_covers_is_all_that_digits_guard(case: dict[str, list[str]]) -> None:
    layout, text = LAYOUTS[Shape(str(case["shape"]))], "".join(case["lines"])
    unguarded = {Part.DOCUMENT_CODE, Part.ISSUER, Part.NAME, Part.NATIONALITY, Part.SEX, Part.COMPOSITE}
    covered = {place for part, places in layout.parts.items() if part not in unguarded for place in places}
    assert set(layout.composite) in (covered, set())
    assert len(text) == layout.width * layout.height


@given(zones())
def test_every_zone_that_keeps_the_rules_is_read_as_it_was_composed(zone: Zone) -> None:
    found = read(zone.lines, today=TODAY)
    assert (found.shape, found.fields, found.lines) == (zone.shape, zone.fields, zone.lines)
    assert (found.state, found.corrections) == JUST_READ
    assert all(check.holds for check in found.checks)


@pytest.mark.rule("R62")
@pytest.mark.parametrize("digit", ["0", "<"])
def test_an_empty_optional_field_has_either_digit(digit: str) -> None:
    found = read([PASSPORT[0], put(PASSPORT[1], (42, digit))], today=TODAY)
    assert (found.state, found.corrections) == JUST_READ


@pytest.mark.rule("R62")
def test_a_filled_optional_field_has_a_digit() -> None:
    first, second = compose(Shape.TD3, replace(ANNA, optional="ZE184226B"))
    assert read([first, put(second, (42, "<"))], today=TODAY).state is State.BROKEN


@pytest.mark.rule("R67")
@given(zones())
def test_no_reading_alone_is_clean_for_no_digit_guards_a_name(zone: Zone) -> None:
    found = read(zone.lines, today=TODAY)
    assert found.state is not State.CLEAN
    assert Part.NAME in found.unprotected
    assert (Part.OPTIONAL in found.unprotected) is (
        Part.COMPOSITE not in LAYOUTS[zone.shape].parts and bool(zone.fields.optional)
    )


@pytest.mark.rule("R68")
@pytest.mark.parametrize(
    ("places", "born"),
    [
        ("251101", Birth(2025, 11, 1)),
        ("251102", Birth(1925, 11, 2)),
        ("000229", Birth(2000, 2, 29)),
        ("010229", None),
        ("74<<<<", Birth(1974, None, None)),
        ("<<<<<<", Birth(None, None, None)),
        ("<<0229", Birth(None, 2, 29)),
        ("<<0230", None),
        ("7408<<", Birth(1974, 8, None)),
        ("740012", None),
        ("7<0812", None),
        ("7408", None),
    ],
)
def test_a_birth_is_the_latest_not_in_the_future(places: str, born: Birth | None) -> None:
    assert birth(places, today=TODAY) == born


@pytest.mark.rule("R68")
@pytest.mark.parametrize(
    ("places", "day"),
    [
        ("051101", date(2005, 11, 1)),
        ("051031", None),
        ("451101", date(2045, 11, 1)),
        ("451102", None),
        ("301301", None),
        ("30<<<<", None),
    ],
)
def test_an_expiry_lies_within_twenty_years(places: str, day: date | None) -> None:
    assert expiry(places, today=TODAY) == day


@pytest.mark.rule("R68")
def test_an_expiry_on_a_leap_day_has_its_years_too() -> None:
    assert expiry("440228", today=date(2024, 2, 29)) == date(2044, 2, 28)


@pytest.mark.rule("R69")
@pytest.mark.parametrize(("place", "sex"), [("M", Sex.MALE), ("F", Sex.FEMALE), ("<", Sex.UNSPECIFIED)])
def test_every_sex_is_read(place: str, sex: Sex) -> None:
    found = read([PASSPORT[0], put(PASSPORT[1], (20, place))], today=TODAY)
    assert found.fields is not None
    assert found.fields.sex is sex


@pytest.mark.rule("R70")
@pytest.mark.parametrize("code", MRZ["issuers"])
def test_every_listed_issuer_is_known_and_utopia_is_a_specimen(code: str) -> None:
    found = read(compose(Shape.TD3, replace(ANNA, issuer=code, nationality=code)), today=TODAY).fields
    assert found is not None
    assert (found.issuer, found.unknown_states, found.specimen) == (code, (), code == "UTO")


@pytest.mark.rule("R70")
def test_a_code_nobody_lists_is_read_and_told() -> None:
    found = read(compose(Shape.TD3, replace(ANNA, issuer="QQQ")), today=TODAY).fields
    assert found is not None
    assert found.unknown_states == ("QQQ",)
    assert len(KNOWN) == 248 + 26 + 1


@pytest.mark.rule("R71")
def test_a_name_that_fills_its_line_is_read_as_far_as_it_goes() -> None:
    long = replace(ANNA, surname="NILAVADHANANANDA", given_names="CHAYAPA DEJTHAMRONG KRASUANG")
    found = read(compose(Shape.TD3, long), today=TODAY)
    assert found.fields is not None
    assert (found.fields.given_names, found.name_cut) == ("CHAYAPA DEJTHAMRONG K", True)
    assert not read(PASSPORT, today=TODAY).name_cut


@pytest.mark.rule("R71")
def test_one_name_alone_is_a_surname() -> None:
    found = read(compose(Shape.TD3, replace(ANNA, surname="ARKFREITH", given_names="")), today=TODAY).fields
    assert found is not None
    assert (found.surname, found.given_names) == ("ARKFREITH", "")


@pytest.mark.parametrize("mark", "《«〈＜‹")
def test_every_mark_for_the_filler_is_one(mark: str) -> None:
    found = read([line.replace("<", mark) for line in PASSPORT], today=TODAY)
    assert (found.lines, found.state, found.corrections) == (PASSPORT, *JUST_READ)


def test_notation_is_no_correction() -> None:
    seen = ["\u200f " + "  ".join(PASSPORT[0].lower()).replace("l", "L") + "\x07\n", wide(PASSPORT[1]), "", " \u200e"]
    found = read(seen, today=TODAY)
    assert (found.lines, found.state, found.corrections) == (PASSPORT, *JUST_READ)


def wide(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize("fillers", [1, 5, 18, 30])
def test_a_miscounted_run_at_the_end_of_a_name_is_no_correction(fillers: int) -> None:
    found = read([PASSPORT[0].rstrip("<") + "<" * fillers, PASSPORT[1]], today=TODAY)
    assert (found.lines, found.state, found.corrections) == (PASSPORT, *JUST_READ)


def test_a_name_that_lost_its_end_is_not_given_one() -> None:
    assert read([PASSPORT[0].rstrip("<")[:-1], PASSPORT[1]], today=TODAY).state is State.BROKEN


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        [PASSPORT[0]],
        [PASSPORT[1], PASSPORT[0]],
        ["<" * 44, "<" * 44],
        [PASSPORT[0], PASSPORT[1], PASSPORT[1]],
        ["P<UTO" + "<" * 39, PASSPORT[1]],
        [PASSPORT[0], "<" * 9 + "0" + PASSPORT[1][10:]],
        [put(PASSPORT[0], (0, "<")), PASSPORT[1]],
        [put(PASSPORT[0], (7, "文")), PASSPORT[1]],
        [PASSPORT[0], put(PASSPORT[1], (20, "X"))],
        [PASSPORT[0] + " " * 200, PASSPORT[1]],
        [*PASSPORT, *[""] * MOST_LINES],
    ],
)
def test_what_is_no_zone_is_broken_and_says_nothing(texts: list[str]) -> None:
    found = read(texts, today=TODAY)
    assert (found.state, found.fields, found.corrections) == (State.BROKEN, None, ())


@pytest.mark.rule("R60")
def test_a_passport_that_says_it_is_a_visa_is_read_as_one() -> None:
    """Its composite then guards nothing: whoever wants a passport must look at the shape."""
    found = read([put(PASSPORT[0], (0, "V")), put(PASSPORT[1], (43, "9"))], today=TODAY)
    assert (found.shape, found.state) == (Shape.MRV_A, State.UNPROTECTED)
    assert Part.OPTIONAL in found.unprotected


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_is_read_or_broken(texts: list[str]) -> None:
    assert isinstance(read(texts, today=TODAY), MachineZone)


@given(st.sampled_from(Shape), st.text("0123456789OIBSZGDQPVMFl|<UTO٣", min_size=90, max_size=90))
def test_any_text_like_a_zone_is_read_or_broken(shape: Shape, text: str) -> None:
    layout = LAYOUTS[shape]
    lines = [text[start : start + layout.width] for start in range(0, layout.width * layout.height, layout.width)]
    found = read(lines, today=TODAY)
    assert (found.fields is None) is (found.state in {State.BROKEN, State.AMBIGUOUS})


def test_thousands_of_endless_lines_are_not_looked_at() -> None:
    assert read(["<" * 10_000] * 5_000, today=TODAY) == MachineZone(State.BROKEN)


def test_a_zone_prints_nothing_of_its_holder() -> None:
    found = read(PASSPORT, today=TODAY)
    assert not any(secret in repr(found) for secret in ("ERIKSSON", "ANNA", "L898902C3", "1974", "740812"))


@pytest.mark.parametrize(
    "fields",
    [
        replace(ANNA, surname=""),
        replace(ANNA, surname="Eriksson"),
        replace(ANNA, number="L898902C34"),
        replace(ANNA, number=""),
        replace(ANNA, optional_second="1"),
        replace(ANNA, document_code="V"),
        replace(ANNA, issuer="UT"),
        replace(ANNA, optional="A" * 15),
    ],
)
def test_what_cannot_stand_in_a_zone_is_not_composed(fields: Fields) -> None:
    with pytest.raises(ValueError, match=r"zone|state|TD3|surname"):
        compose(Shape.TD3, fields)


def test_a_long_number_without_room_is_not_composed() -> None:
    for number in ("A" * 16, "AB<C567890"):
        with pytest.raises(ValueError, match=r"fit|fillers"):
            compose(Shape.TD2, replace(ANNA, document_code="I", number=number))
