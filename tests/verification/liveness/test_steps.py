"""Is every sequence drawn, and does no flash harm?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.faces.liveness.steps import (
    COLOUR_MS,
    LIGHTS,
    NONCE_BYTES,
    STEPS_ASKED,
    Colour,
    Light,
    Step,
    drawn,
    drawn_sequence,
)


@pytest.mark.rule("R83")
@given(st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES))
def test_chance_draws_four_different_steps_and_five_different_colours(nonce: bytes) -> None:
    steps, colours = drawn_sequence(nonce)
    assert len(set(steps)) == len(steps) == 4
    assert len(set(colours)) == len(colours) == 5


@pytest.mark.rule("R83")
def test_every_sequence_of_steps_is_drawn_as_often_as_any_other() -> None:
    sequences = 8 * 7 * 6 * 5
    assert len({drawn(tuple(Step), STEPS_ASKED, chance)[0] for chance in range(sequences)}) == sequences
    assert drawn(tuple(Step), STEPS_ASKED, sequences) == (drawn(tuple(Step), STEPS_ASKED, 0)[0], 1)


def test_less_chance_than_a_sequence_needs_is_no_chance() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        drawn_sequence(bytes(NONCE_BYTES - 1))


def linear(level: int) -> float:
    """WCAG 2.2, relative luminance: sRGB made linear."""
    share = level / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("light", LIGHTS.values())
def test_no_colour_is_a_saturated_red(light: Light) -> None:
    """WCAG 2.2, "general flash and red flash thresholds": R / (R + G + B) of 0.8 and more."""
    red, green, blue = (linear(level) for level in light)
    assert red / (red + green + blue) < 0.8


def test_a_screen_that_only_flashed_would_flash_less_than_three_times_a_second() -> None:
    assert 1000 / COLOUR_MS < 3


def test_every_colour_has_a_light_of_its_own() -> None:
    assert set(LIGHTS) == set(Colour)
    assert len(set(LIGHTS.values())) == len(Colour)
