"""Are the unusual resident cards unusual in what their name says, and else like any?"""

from datetime import date

import numpy as np
import pytest

from app.specimens.faces import BUILT_IN
from app.specimens.resident_card import SECOND_RISE, address_lines, draw_portrait_side
from app.specimens.varieties import (
    OF_EIGHT,
    RARE_CHARACTERS,
    Variety,
    draw_variety,
    rarest,
    variety_of,
)

TODAY = date(2026, 1, 15)
GREY = np.full((380, 310, 3), 128, np.uint8)


def truth(variety: Variety, seed: int = 3) -> dict[str, str]:
    portrait, _ = draw_variety(variety, seed, TODAY, GREY)
    return dict(portrait.fields)


@pytest.mark.rule("R36")
def test_a_dotted_name_has_its_dot() -> None:
    assert "·" in truth(Variety.DOTTED)["name"]


@pytest.mark.rule("R40")
@pytest.mark.parametrize("seed", range(8))
def test_a_rare_character_is_one_the_face_has(seed: int) -> None:
    name = truth(Variety.RARE, seed)["name"]
    assert name[-1] in RARE_CHARACTERS
    assert rarest(BUILT_IN).has(name[-1])


@pytest.mark.rule("R25")
@pytest.mark.parametrize("seed", range(8))
def test_a_long_address_takes_three_lines_and_no_fourth(seed: int) -> None:
    assert len(address_lines(truth(Variety.LONG_ADDRESS, seed)["address"])) == 3


@pytest.mark.rule("R38")
def test_a_second_script_stands_above_the_rows_and_leaves_them_as_they_were() -> None:
    bilingual, _ = draw_variety(Variety.BILINGUAL, 3, TODAY, GREY)
    plain = draw_portrait_side(bilingual.truth, GREY)
    rows, _ = np.nonzero((bilingual.canvas != plain.canvas).any(axis=2))
    assert bilingual.fields == plain.fields
    left, top, width, height = plain.places["name"]
    assert rows.min() > 104 - SECOND_RISE - 24
    assert np.array_equal(
        bilingual.canvas[top + 8 : top + height - 8, left : left + width],
        plain.canvas[top + 8 : top + height - 8, left : left + width],
    )


def test_of_eight_seeds_each_variety_is_drawn() -> None:
    assert set(OF_EIGHT) == set(Variety) == {variety_of(seed) for seed in range(8)}
