"""Where does a page print its text? Its rows as data, for a card that lies straight on the canvas to be read without a search."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.verification.documents.layout import Box
from app.verification.examination import Line


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the canvas that holds rows of text one below another and nothing else."""

    box: Box
    rows: range
    """How many it may hold."""
    height: range
    """Of a row's print, in pixels: two scripts one below the other are taller than one."""
    columns: tuple[float, ...] = ()
    """About where a row is cut though its blank be narrow: between labels and values that stand close, x on the canvas."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """One page whose rows stand in the same places on every card."""

    blocks: tuple[Block, ...]
    pictures: tuple[Box, ...]
    """What may be dark without being text."""
    sure: Callable[[Sequence[Line]], bool]
    """Whether the text is this page's and leaves nothing to search for."""
