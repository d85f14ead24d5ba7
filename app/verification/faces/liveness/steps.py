"""What can somebody be asked to do, and what can the screen show meanwhile? Steps and colours, and how they are drawn."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar

T = TypeVar("T")


class Step(StrEnum):
    """Left and right are the person's own. All of them show in five points: nothing needs eyelids or lips."""

    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    LOOK_UP = "look_up"
    LOOK_DOWN = "look_down"
    COME_CLOSER = "come_closer"
    MOVE_BACK = "move_back"
    TILT_LEFT = "tilt_left"
    """The ear towards the person's left shoulder."""
    TILT_RIGHT = "tilt_right"


class Colour(StrEnum):
    """What the screen shows between two steps."""

    ROSE = "rose"
    AMBER = "amber"
    LIME = "lime"
    GREEN = "green"
    CYAN = "cyan"
    BLUE = "blue"
    VIOLET = "violet"
    MAGENTA = "magenta"


Light = tuple[int, int, int]
"""Red, green, blue of the screen, 0 to 255."""

LIGHTS: Final[Mapping[Colour, Light]] = {
    Colour.ROSE: (255, 120, 120),
    Colour.AMBER: (255, 190, 60),
    Colour.LIME: (180, 255, 60),
    Colour.GREEN: (60, 230, 90),
    Colour.CYAN: (60, 220, 255),
    Colour.BLUE: (80, 110, 255),
    Colour.VIOLET: (160, 80, 255),
    Colour.MAGENTA: (255, 110, 220),
}
"""None is a saturated red (WCAG 2.2, "general flash and red flash thresholds"), so no two of them are a red flash."""
NEUTRAL: Final[Light] = (235, 235, 235)
"""Of the page while a step is asked for."""

STEPS_ASKED: Final = 4  # R-section 6.5: with three tries four steps
COLOURS_SHOWN: Final = 5  # R-section 6.5: one before, between and after four steps
COLOUR_MS: Final = 600
"""Above 334: at most three flashes a second (WCAG 2.3.1). Between two colours a step takes a second at least besides."""
NONCE_BYTES: Final = 16
"""Of which 1,680 × 6,720 sequences take 24 bits; the bias of what is left is below 2^-100."""


def drawn(pool: Sequence[T], count: int, chance: int) -> tuple[tuple[T, ...], int]:
    """`count` different ones in an order that `chance` says, and what is left of the chance."""
    left, chosen = list(pool), []
    for _ in range(count):
        chance, at = divmod(chance, len(left))
        chosen.append(left.pop(at))
    return tuple(chosen), chance


def drawn_sequence(nonce: bytes) -> tuple[tuple[Step, ...], tuple[Colour, ...]]:
    """Four steps and five colours, each combination as likely as any other (R83)."""
    if len(nonce) < NONCE_BYTES:
        raise ValueError(f"a challenge takes {NONCE_BYTES} bytes of chance")
    steps, left = drawn(tuple(Step), STEPS_ASKED, int.from_bytes(nonce, "big"))
    colours, _ = drawn(tuple(Colour), COLOURS_SHOWN, left)
    return steps, colours
