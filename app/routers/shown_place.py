"""Where on a photograph does something stand? In the one form in which clients and staff are told it."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

Place = Annotated[
    list[tuple[float, float]], Field(description="corners in pixels of the photograph, clockwise from the top left")
]
"""Of the photograph upright, as every browser shows it."""


def place_shown(corners: Sequence[tuple[float, float]] | None) -> list[tuple[float, float]] | None:
    """To a tenth of a pixel; None: nowhere."""
    return None if corners is None else [(round(x, 1), round(y, 1)) for x, y in corners]
