"""Does the drawing show what its truth says, and can nobody mistake it for a card?"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from app.specimens import people
from app.specimens.canvas import ID_1, Picture, mark_as_specimen, paper, write
from app.specimens.people import CardTruth, Sex, check_character, random_card
from app.specimens.resident_card import (
    EMBLEM_TINT,
    PORTRAIT_TINT,
    CardDrawing,
    Side,
    address_lines,
    alter_number,
    draw_emblem_side,
    draw_portrait_side,
    validity_text,
)

TRUTH = random_card(3, date(2026, 1, 15), Sex.FEMALE)
GREY = np.full((380, 310, 3), 128, np.uint8)
MARGIN = 60


@pytest.fixture
def portrait_side() -> CardDrawing:
    return draw_portrait_side(TRUTH, GREY)


def inked(canvas: Picture, tint: tuple[int, int, int]) -> np.ndarray:
    """Where something was drawn on the paper."""
    return np.asarray((canvas != paper(tint)).any(axis=2))


def written(text: str) -> Picture:
    canvas = np.full((60, 60, 3), 255, np.uint8)
    write(canvas, text, (8, 44), 32)
    return canvas


def test_both_sides_are_id_1_at_300_dots_per_inch(portrait_side: CardDrawing) -> None:
    wide, high = ID_1
    assert portrait_side.canvas.shape == draw_emblem_side(TRUTH).canvas.shape == (high, wide, 3)
    assert abs(wide / high - 85.6 / 54.0) < 0.005


def test_a_drawing_carries_its_truth_and_its_side(portrait_side: CardDrawing) -> None:
    assert (portrait_side.side, portrait_side.truth) == (Side.PORTRAIT, TRUTH)
    assert draw_emblem_side(TRUTH).side is Side.EMBLEM


def test_the_same_truth_gives_the_same_drawing(portrait_side: CardDrawing) -> None:
    assert np.array_equal(portrait_side.canvas, draw_portrait_side(TRUTH, GREY).canvas)


def test_the_specimen_mark_stays_in_the_margin() -> None:
    canvas = paper(PORTRAIT_TINT)
    mark_as_specimen(canvas)
    marked = inked(canvas, PORTRAIT_TINT)
    assert marked[:MARGIN].any()
    assert not marked[MARGIN:].any()


def test_both_sides_bear_nothing_but_the_mark_in_the_margin(portrait_side: CardDrawing) -> None:
    for canvas, tint in ((portrait_side.canvas, PORTRAIT_TINT), (draw_emblem_side(TRUTH).canvas, EMBLEM_TINT)):
        only_mark = paper(tint)
        mark_as_specimen(only_mark)
        assert np.array_equal(canvas[:MARGIN], only_mark[:MARGIN])


def test_rows_and_portrait_do_not_touch(portrait_side: CardDrawing) -> None:
    gap = inked(portrait_side.canvas, PORTRAIT_TINT)[MARGIN:500, 590:640]
    assert not gap.any()


def test_the_face_knows_every_character_we_draw() -> None:
    truths = [random_card(seed, date(2026, 1, 15)) for seed in range(300)]
    used = {character for truth in truths for character in truth.person.name + truth.person.address + truth.authority}
    used |= set(people.SURNAMES).union(*people.GIVEN.values(), *people.ETHNICITIES)
    unknown = written("?")
    assert [character for character in sorted(used) if np.array_equal(written(character), unknown)] == []


def test_an_altered_number_differs_in_one_digit_and_fails_its_check(portrait_side: CardDrawing) -> None:
    altered = alter_number(portrait_side).truth.person.number
    assert sum(one != other for one, other in zip(altered, TRUTH.person.number, strict=True)) == 1
    assert check_character(altered[:17]) != altered[17]


def test_altering_the_number_repaints_its_cell_alone(portrait_side: CardDrawing) -> None:
    forged = alter_number(portrait_side, position=15)
    rows, columns = np.nonzero((forged.canvas != portrait_side.canvas).any(axis=2))
    assert 0 < np.ptp(columns) < 28
    assert 0 < np.ptp(rows) < 54


def test_a_repainted_digit_looks_like_a_printed_one(portrait_side: CardDrawing) -> None:
    forged = alter_number(portrait_side)
    assert np.array_equal(forged.canvas, draw_portrait_side(forged.truth, GREY).canvas)


@pytest.mark.parametrize(("end", "text"), [(None, "2015.06.01-长期"), (date(2025, 6, 1), "2015.06.01-2025.06.01")])
def test_validity_is_printed_as_on_the_card(end: date | None, text: str) -> None:
    truth: CardTruth = replace(TRUTH, valid_from=date(2015, 6, 1), valid_to=end)
    assert validity_text(truth) == text


def test_an_address_line_is_full_at_eleven_characters() -> None:
    assert address_lines("市" * 11) == ("市" * 11,)
    assert address_lines("市" * 12) == ("市" * 11, "市")
    assert address_lines("市" * 10 + "12") == ("市" * 10 + "12",)
    assert address_lines("市" * 10 + "123") == ("市" * 10 + "12", "3")
