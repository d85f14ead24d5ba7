"""What is the check digit of a text? ICAO Doc 9303 part 3 §4.9, R55."""

from itertools import cycle
from string import ascii_uppercase, digits

WEIGHTS = (7, 3, 1)
VALUES = {"<": 0, **{character: value for value, character in enumerate(digits + ascii_uppercase)}}
"""0-9, A=10 … Z=35, filler 0. Characters whose values end alike are one to a check digit (R63)."""


def check_digit(text: str) -> str:
    """The digit for a text of A-Z, 0-9 and <; raises ValueError for any other character."""
    try:
        return str(
            sum(weight * VALUES[character] for weight, character in zip(cycle(WEIGHTS), text, strict=False)) % 10
        )
    except KeyError:
        raise ValueError("a machine-readable zone has no such character") from None
