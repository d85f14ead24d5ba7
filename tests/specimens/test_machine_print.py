"""Is a zone printed as machines want it: every character, each its own shape, in its own cell?"""

from itertools import combinations
from string import ascii_uppercase, digits

import numpy as np
import pytest

from app.specimens.machine_print import CELL_MM, PITCH_MM, glyph, print_line
from app.specimens.strokes import STROKES

ALPHABET = f"{ascii_uppercase}{digits}<"


@pytest.mark.rule("R54")
def test_every_character_of_a_zone_has_its_strokes() -> None:
    assert set(STROKES) == set(ALPHABET)


def test_no_two_characters_look_the_same() -> None:
    shapes = {character: glyph(character, 10.0) for character in ALPHABET}
    for one, other in combinations(ALPHABET, 2):
        assert np.abs(shapes[one] - shapes[other]).sum() > 12, (one, other)


def test_nothing_of_a_character_is_cut_off_at_its_cell() -> None:
    for character in ALPHABET:
        ink = glyph(character, 10.0)
        assert ink.max() > 0.9
        assert max(ink[0].max(), ink[-1].max(), ink[:, 0].max(), ink[:, -1].max()) < 0.1


@pytest.mark.parametrize("px_per_mm", [10.0, 300 / 25.4])
def test_characters_stand_ten_to_the_inch(px_per_mm: float) -> None:
    canvas = np.full((80, 900, 3), 255, np.uint8)
    print_line(canvas, "I" * 20, (20, 60), px_per_mm)
    stems = np.flatnonzero((canvas[:, :, 0] < 128).sum(axis=0) > 1.8 * px_per_mm)
    starts = stems[np.flatnonzero(np.diff(stems, prepend=-9) > 4)]
    assert len(starts) == 20
    assert np.diff(starts).mean() == pytest.approx(PITCH_MM * px_per_mm, abs=0.1)


def test_a_cell_is_as_wide_as_the_pitch() -> None:
    assert CELL_MM[0] == pytest.approx(PITCH_MM, abs=0.1)
