"""What is a drawn document? One side of one kind, where each field stands on it, and what a perfect reader would say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.specimens.canvas import BLACK, LABEL_BLUE, Box, Colour, Picture, mark_as_specimen, write
from app.specimens.faces import BUILT_IN, Face
from app.specimens.names import Kind

LONG_TERM: Final = "long_term"
"""What a reader says for 长期."""
CARD_CORNER: Final = 38
"""3.18 mm, ISO/IEC 7810, at 300 dots per inch."""
PAPER_CORNER: Final = 3
"""A sheet of paper, its corner a little worn."""


@dataclass(frozen=True, slots=True)
class Hand:
    """How a text was written: what a forger has to imitate."""

    text: str
    at: tuple[int, int]
    """Left end on the base line."""
    size: int
    face: Face
    step: float | None = None
    """From one character to the next, where each has its own cell."""

    def cell(self, position: int) -> Box:
        """Where one character stands."""
        if self.step is not None:
            left, width = self.at[0] + self.step * position, self.step
        else:
            before, width = (self.face.width(text, self.size) for text in (self.text[:position], self.text[position]))
            left = self.at[0] + before
        return round(left), self.at[1] - self.size, round(width), round(1.25 * self.size)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """One side of one document."""

    kind: Kind
    side: str
    canvas: Picture
    fields: Mapping[str, str]
    """What a perfect reader would say: ISO dates, `long_term`, 男 or 女 (M or F where a zone says it)."""
    places: Mapping[str, Box]
    """Where on the canvas each field stands; `portrait` is the holder's."""
    hands: Mapping[str, Hand] = field(default_factory=dict, kw_only=True)
    """How each field was written; of several lines the first."""
    corner_px: int = field(default=CARD_CORNER, kw_only=True)
    """Radius."""


@dataclass(slots=True)
class Sheet:
    """A side while it is being drawn: its ink so far, and what was written where."""

    canvas: Picture
    face: Face = BUILT_IN
    """Of the values."""
    label_size: int = 28
    label_colour: Colour = LABEL_BLUE
    fields: dict[str, str] = field(default_factory=dict)
    places: dict[str, Box] = field(default_factory=dict)
    hands: dict[str, Hand] = field(default_factory=dict)

    def __post_init__(self) -> None:
        mark_as_specimen(self.canvas)

    def label(self, text: str, at: tuple[int, int], *, size: int | None = None) -> int:
        """What is printed on every such document; says where it ends."""
        return write(self.canvas, text, at, size or self.label_size, self.label_colour)

    def plain(self, text: str, at: tuple[int, int], size: int = 32) -> None:
        """What is printed for the holder and no reader takes."""
        write(self.canvas, text, at, size, face=self.face if self.face.has(text) else BUILT_IN)

    def value(
        self, name: str, text: str, at: tuple[int, int], size: int = 32, *, says: str | None = None, ink: Colour = BLACK
    ) -> int:
        """What is printed for the holder; `says` where a reader says it otherwise than it is printed."""
        face = self.face if self.face.has(text) else BUILT_IN
        right = write(self.canvas, text, at, size, ink, face=face)
        self.hands.setdefault(name, Hand(text, at, size, face))
        self.stands(name, says if says is not None else text, (at[0], at[1] - size, right - at[0], round(1.3 * size)))
        return right

    def stands(self, name: str, value: str, box: Box) -> None:
        """The field is this, and stands there too: a further line of it widens its place and lengthens its value."""
        known = self.places.get(name)
        if known is None:
            self.fields[name], self.places[name] = str(value), box
            return
        left, top = min(known[0], box[0]), min(known[1], box[1])
        right = max(known[0] + known[2], box[0] + box[2])
        bottom = max(known[1] + known[3], box[1] + box[3])
        self.fields[name] += value
        self.places[name] = (left, top, right - left, bottom - top)

    def drawn(self, kind: Kind, side: str, corner_px: int = CARD_CORNER) -> Drawing:
        """Finished; fields in the order in which they were written."""
        return Drawing(kind, side, self.canvas, self.fields, self.places, hands=self.hands, corner_px=corner_px)
