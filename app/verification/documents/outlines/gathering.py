"""Which lines of a picture's text are one document's? Those that lie near each other, as no two documents on a page do."""

from collections.abc import Sequence
from itertools import chain
from statistics import median
from typing import Final

from app.verification.documents.layout import Box, around, bounds
from app.verification.examination import Line

ACROSS: Final = 2.6
"""Blank between two lines of one document side by side, in heights of its print: from 姓名 to 性别 on a licence."""
DOWN: Final = 5.5
"""And one below the other: from an address of one row to the number, 4.7. Two cards' text lies 16 mm apart, 4 heights,
where the cards touch; nobody copies them so near."""
MOST_LINES: Final = 120
"""Of two documents of the most lines there are: the time is bounded, whatever the picture."""


def gathered(lines: Sequence[Line]) -> tuple[tuple[Line, ...], ...]:
    """The lines of each document that may be, in the order of their first lines; all together where they are a page of print."""
    if len(lines) > MOST_LINES or not lines:
        return (tuple(lines),) if lines else ()
    boxes = [bounds(line) for line in lines]
    height, groups = median(box.height for box in boxes), list[list[int]]()
    for at, box in enumerate(boxes):
        near = [group for group in groups if any(_near(box, boxes[other], height) for other in group)]
        groups = [*(group for group in groups if group not in near), [*chain(*near), at]]
    return tuple(tuple(lines[at] for at in sorted(group)) for group in sorted(groups, key=min))


def share_covered(lines: Sequence[Line], size: tuple[int, int]) -> float:
    """Of a picture of that width and height, by the rectangle around all of its text."""
    if not lines:
        return 0.0
    box = around(bounds(line) for line in lines)
    return (box.right - box.left) * box.height / (size[0] * size[1])


def _near(one: Box, other: Box, height: float) -> bool:
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    return across <= ACROSS * height and down <= DOWN * height
