"""Is a zone corrected only where one way alone holds, told to the letter, and left alone where nothing can be known?"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.verification.documents.mrz.composing import compose
from app.verification.documents.mrz.correcting import LOOK_ALIKES, TWINS
from app.verification.documents.mrz.digits import VALUES, check_digit
from app.verification.documents.mrz.reading import read
from app.verification.documents.mrz.shapes import DIGITS, LAYOUTS, Part, Shape, guards
from app.verification.documents.mrz.zone import Correction, MachineZone, State
from tests.verification.mrz_zones import ANNA, NUMBER_CHARACTERS, TODAY, VISAS, Zone, cut, put, zones
from tests.verification.vectors import vectors

MRZ = vectors("mrz")
PASSPORT = Zone(Shape.TD3, ANNA)
LETTERS_FOR = {digit: [seen for seen, taken in LOOK_ALIKES.items() if taken == digit] for digit in DIGITS}
DIGITS_ALONE = (Part.BIRTH, Part.BIRTH_CHECK, Part.EXPIRY, Part.EXPIRY_CHECK, Part.COMPOSITE)


def digit_places(zone: Zone) -> list[int]:
    """Where nothing but a digit can stand, and one stands."""
    parts = LAYOUTS[zone.shape].parts
    places = {place for part in DIGITS_ALONE for place in parts.get(part, ())}
    places |= {guard.place for guard in guards(zone.shape, zone.text)}
    return sorted(place for place in places if zone.text[place] in DIGITS)


def told(zone: Zone, place: int, was: str, became: str) -> Correction:
    line, position = divmod(place, LAYOUTS[zone.shape].width)
    return Correction(line + 1, position + 1, was, became)


@pytest.mark.rule("R65", "R66", "R67")
@given(zones(), st.data())
def test_one_look_alike_in_a_field_of_digits_is_corrected_and_told(zone: Zone, data: st.DataObject) -> None:
    places = [at for at in digit_places(zone) if LETTERS_FOR[zone.text[at]]]
    assume(places)
    place = data.draw(st.sampled_from(places))
    seen = data.draw(st.sampled_from(LETTERS_FOR[zone.text[place]]))
    found = read(zone.with_changes((place, seen)), today=TODAY)
    assert (found.state, found.fields) == (State.CORRECTED, zone.fields)
    assert found.corrections == (told(zone, place, seen, zone.text[place]),)


@pytest.mark.rule("R65")
@given(zones(), st.data())
def test_one_wrong_digit_in_a_field_of_digits_is_found_and_never_guessed(zone: Zone, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(digit_places(zone)))
    other = data.draw(st.sampled_from(sorted(DIGITS - {zone.text[place]})))
    found = read(zone.with_changes((place, other)), today=TODAY)
    assert found.state is not State.UNPROTECTED
    assert not any(correction.was == other and correction.became in DIGITS for correction in found.corrections)


@pytest.mark.rule("R63")
@given(zones(), st.data())
def test_one_wrong_character_of_a_number_is_found_unless_its_value_ends_alike(zone: Zone, data: st.DataObject) -> None:
    places = LAYOUTS[zone.shape].parts[Part.NUMBER]
    place = data.draw(st.sampled_from(places[: len(zone.fields.number)]))
    other = data.draw(st.sampled_from(sorted(set(NUMBER_CHARACTERS) - {zone.text[place]})))
    found = read(zone.with_changes((place, other)), today=TODAY)
    alike = (VALUES[other] - VALUES[zone.text[place]]) % 10 == 0
    assert (found.state is State.UNPROTECTED) is alike


@pytest.mark.rule("R63")
def test_the_classes_no_digit_can_tell_apart_are_those_of_the_rules() -> None:
    classes = [sorted(c for c, value in VALUES.items() if value % 10 == end) for end in range(10)]
    assert classes == [sorted(one) for one in MRZ["undetectable_classes"]]


@pytest.mark.rule("R63")
def test_the_rules_own_substitution_keeps_a_correct_digit() -> None:
    number, instead = (MRZ["undetected_substitution"][name] for name in ("number", "instead"))
    assert check_digit(number) == check_digit(instead)
    found = read(PASSPORT.with_changes((44, instead[0])), today=TODAY)
    assert found.state is State.UNPROTECTED
    assert found.fields == replace(ANNA, number=instead)


@pytest.mark.rule("R64")
@given(st.text(NUMBER_CHARACTERS, min_size=9, max_size=9), st.integers(0, 7))
def test_a_swap_of_neighbours_is_found_unless_their_values_differ_by_five(number: str, at: int) -> None:
    zone = Zone(Shape.TD3, replace(ANNA, number=number))
    found = read(zone.with_changes((44 + at, number[at + 1]), (45 + at, number[at])), today=TODAY)
    unseen = (VALUES[number[at]] - VALUES[number[at + 1]]) % 5 == 0
    assert (found.state is State.UNPROTECTED) is unseen


@pytest.mark.rule("R65")
def test_a_look_alike_in_a_state_is_corrected_to_the_one_state_there_is() -> None:
    zone = Zone(Shape.TD3, replace(ANNA, issuer="DOM", nationality="D"))
    found = read(zone.with_changes((2, "0"), (54, "0")), today=TODAY)
    assert (found.state, found.fields) == (State.CORRECTED, zone.fields)
    assert found.corrections == (Correction(1, 3, "0", "D"), Correction(2, 11, "0", "D"))


@pytest.mark.rule("R65")
def test_a_look_alike_that_makes_no_state_is_not_taken() -> None:
    assert read(PASSPORT.with_changes((2, "0")), today=TODAY).state is State.BROKEN


@pytest.mark.rule("R65", "R67")
def test_a_nought_in_a_name_is_the_letter_of_its_shape_and_told() -> None:
    found = read(PASSPORT.with_changes((11, "0")), today=TODAY)
    assert (found.state, found.corrections) == (State.CORRECTED, (Correction(1, 12, "0", "O"),))


@pytest.mark.rule("R65")
def test_any_number_of_twins_is_told_apart_by_their_fields() -> None:
    zone = Zone(Shape.TD3, replace(ANNA, surname="OLOO", expiry=date(2030, 10, 10)))
    noughts = [at for at in LAYOUTS[zone.shape].parts[Part.EXPIRY] if zone.text[at] == "0"]
    letters = [at for at in LAYOUTS[zone.shape].parts[Part.NAME] if zone.text[at] == "O"]
    found = read(zone.with_changes(*((at, "O") for at in noughts), *((at, "0") for at in letters)), today=TODAY)
    assert (found.state, found.fields, len(found.corrections)) == (State.CORRECTED, zone.fields, 6)


@pytest.mark.rule("R65", "R66")
def test_a_number_is_changed_only_where_its_digit_is_wrong() -> None:
    zone = Zone(Shape.TD3, replace(ANNA, number="L898902O3"))
    assert read(zone.lines, today=TODAY).fields == zone.fields
    seen = Zone(Shape.TD3, replace(ANNA, number="L797947C0"))
    found = read(seen.with_changes((52, "O")), today=TODAY)
    assert (found.state, found.fields) == (State.CORRECTED, seen.fields)
    assert found.corrections == (Correction(2, 9, "O", "0"),)


@pytest.mark.rule("R66")
def test_two_ways_to_correct_a_number_are_for_review() -> None:
    found = read(Zone(Shape.TD3, replace(ANNA, number="880000000")).with_changes((44, "B")), today=TODAY)
    assert (found.state, found.fields, found.corrections) == (State.AMBIGUOUS, None, ())
    assert len(set(found.alternatives)) == 2


@pytest.mark.rule("R66")
def test_a_change_no_digit_asks_for_makes_no_doubt() -> None:
    zone = Zone(Shape.TD3, replace(ANNA, number="L697947C0"))
    found = read(zone.with_changes((52, "O")), today=TODAY)  # a G for the 6 would hold as well (R63)
    assert (found.state, found.corrections) == (State.CORRECTED, (Correction(2, 9, "O", "0"),))


@pytest.mark.rule("R66")
def test_two_changes_are_corrected_and_three_are_not() -> None:
    zone = Zone(Shape.TD3, replace(ANNA, expiry=date(2022, 12, 22)))
    twos = [at for at in LAYOUTS[zone.shape].parts[Part.EXPIRY] if zone.text[at] == "2"]
    two, three = (zone.with_changes(*((at, "Z") for at in twos[:many])) for many in (2, 3))
    assert read(two, today=TODAY).fields == zone.fields
    assert read(three, today=TODAY).state is State.BROKEN


@pytest.mark.rule("R66", "R67")
@given(zones(), st.data())
def test_a_correction_never_invents(zone: Zone, data: st.DataObject) -> None:
    places = st.integers(0, len(zone.text) - 1)
    seen_as = st.sampled_from([*sorted(VALUES), "l", "|", "٣", "文"])
    seen = zone.with_changes(*data.draw(st.lists(st.tuples(places, seen_as), max_size=4)))
    found = read(seen, today=TODAY)
    if found.fields:
        assert all(check.holds for check in found.checks)
        assert sum(TWINS.get(each.was) != each.became for each in found.corrections) <= 2
        assert undone(found) == "".join(seen)
        assert (found.state is State.CORRECTED) is bool(found.corrections)


def undone(zone: MachineZone) -> str:
    width = len(zone.lines[0])
    places = {(change.line - 1) * width + change.position - 1: change for change in zone.corrections}
    return "".join(places[at].was if at in places else c for at, c in enumerate("".join(zone.lines)))


@pytest.mark.rule("R66")
@pytest.mark.parametrize("shape", [shape for shape in Shape if shape not in VISAS])
def test_a_miscounted_run_within_a_line_is_corrected_and_told(shape: Shape) -> None:
    zone = Zone(shape, replace(ANNA, document_code="I"))
    lines = list(zone.lines)
    at = lines[1].rindex("<<<")
    lines[1] = lines[1][:at] + lines[1][at + 3 :]
    found = read(lines, today=TODAY)
    assert (found.state, found.fields) == (State.CORRECTED, zone.fields)
    (only,) = found.corrections
    assert (only.line, set(only.was), set(only.became), len(only.became) - len(only.was)) == (2, {"<"}, {"<"}, 3)


@pytest.mark.rule("R66")
@pytest.mark.parametrize(("twos", "state"), [(1, State.CORRECTED), (2, State.BROKEN)])
def test_a_run_that_was_set_right_is_one_of_the_two_changes(twos: int, state: State) -> None:
    zone = Zone(Shape.TD3, replace(ANNA, expiry=date(2022, 12, 22)))
    places = [at for at in LAYOUTS[zone.shape].parts[Part.EXPIRY] if zone.text[at] == "2"]
    first, second = zone.with_changes(*((at, "Z") for at in places[:twos]))
    assert read([first, second.replace("<<<", "", 1)], today=TODAY).state is state


def test_a_visa_between_two_shapes_is_for_review() -> None:
    first, second = compose(Shape.MRV_A, replace(ANNA, document_code="V"))
    found = read([first[:40], second[:40]], today=TODAY)
    assert (found.state, found.fields) == (State.AMBIGUOUS, None)


def test_a_digit_of_another_script_is_told() -> None:
    found = read(PASSPORT.with_changes((57, "٧")), today=TODAY)
    assert (found.state, found.fields) == (State.CORRECTED, ANNA)
    assert found.corrections == (Correction(2, 14, "٧", "7"),)


def test_a_small_l_is_what_its_field_and_its_digit_say() -> None:
    digits = Zone(Shape.TD3, replace(ANNA, expiry=ANNA.expiry.replace(day=11)))
    place = LAYOUTS[Shape.TD3].parts[Part.EXPIRY].start + 4
    assert read(digits.with_changes((place, "l")), today=TODAY).fields == digits.fields
    assert read(digits.with_changes((44, "l")), today=TODAY).state is State.AMBIGUOUS


def test_a_broken_zone_says_which_digits_fail() -> None:
    found = read(PASSPORT.with_changes((57, "9")), today=TODAY)
    assert (found.state, found.lines) == (State.BROKEN, cut(Shape.TD3, put(PASSPORT.text, (57, "9"))))
    assert [check.name for check in found.checks if not check.holds] == [Part.BIRTH, Part.COMPOSITE]
