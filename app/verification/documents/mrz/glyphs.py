"""Which characters of a zone did OCR mean, and how long is a line that it read too long or too short? Advice 6.3.

Other marks for the filler and other widths of a letter are notation, and so is the run of fillers that ends a line.
A run within a line decides where everything after it stands: setting it right is a correction, and is told.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from string import ascii_lowercase

from app.verification.documents.mrz.shapes import FILLER, LAYOUTS, Layout, Shape
from app.verification.documents.mrz.zone import Correction

MOST_CHARACTERS = 200
"""A longer text is no line of a zone: nothing of it is looked at. The longest zone line has 44 characters."""
MOST_RUNS = 3
"""The longest runs of fillers in a line that may have been miscounted."""

_NOTATION = {
    **{wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},  # full-width forms
    **dict.fromkeys(map(ord, "《«〈‹⟨❮˂﹤⟪くㄑ〱"), FILLER),
}
_UPENDED = str.maketrans(dict.fromkeys("Λ∧⋀", FILLER))
"""The filler stood on its ends: seen of PP-OCR on bold zones, for every filler of a line or for none."""
_UPENDED_RUN = re.compile("[Λ∧⋀]{3}")
"""No name has three letters A on end, of which one alone may be read so too."""
_CAPITALS = str.maketrans({small: small.upper() for small in ascii_lowercase if small != "l"})
"""A zone has capitals alone. A small l is no L: it may be a 1 or an I as well, see `correcting`."""
_RUN = re.compile(f"{FILLER}+")


@dataclass(frozen=True, slots=True)
class Fitted:
    """The text of a zone in the length of its shape, and the runs within lines that were set right for it."""

    text: str
    resized: tuple[Correction, ...]


def cleaned(raw: str) -> str:
    """The characters OCR meant: one notation, without spaces, control and direction marks.

    What no zone has stays, for the reading to refuse; a text of more than MOST_CHARACTERS is nothing.
    """
    if len(raw) > MOST_CHARACTERS:
        return ""
    text = raw.translate(_NOTATION).translate(_CAPITALS)
    if _UPENDED_RUN.search("".join(text.split())):
        text = text.translate(_UPENDED)
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) not in {"Cc", "Cf"})


def fits(shape: Shape, lines: Sequence[str]) -> Iterator[Fitted]:
    """The ways to bring the lines to the length of a shape, at most (MOST_RUNS + 1)^2; none where there is no run."""
    layout = LAYOUTS[shape]
    for ways in product(*(tuple(_line_fits(layout, number, line)) for number, line in enumerate(lines))):
        yield Fitted("".join(text for text, _ in ways), tuple(change for _, change in ways if change))


def _line_fits(layout: Layout, number: int, line: str) -> Iterator[tuple[str, Correction | None]]:
    missing = layout.width - len(line)
    if not missing:
        yield line, None
        return
    runs = sorted(_RUN.finditer(line), key=lambda run: len(run[0]), reverse=True)
    for run in [run for at, run in enumerate(runs) if at < MOST_RUNS or run.end() == len(line)]:
        ends_line, length = run.end() == len(line), len(run[0]) + missing
        # Within a line something stays between its parts, and within a name no digit would tell where it went.
        if length < (0 if ends_line else 1) or (number == layout.name_line and not ends_line):
            continue
        fillers = FILLER * length
        told = None if ends_line else Correction(number + 1, run.start() + 1, run[0], fillers)
        yield line[: run.start()] + fillers + line[run.end() :], told
