"""What does a zone say that OCR has seen? R54-R71: corrected only where everything then holds, and never silently.

Bounds, whatever comes in: nothing of a text longer than MOST_CHARACTERS is looked at, nor of more than MOST_LINES
texts; at most five shapes, 16 ways to fit their lines and, for each, the bounded search of `correcting`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.verification.documents.mrz.correcting import (
    MOST_CHANGES,
    Changes,
    changed,
    told_apart,
    ways_to_correct,
)
from app.verification.documents.mrz.fields import check_digits, fields_of, unprotected
from app.verification.documents.mrz.glyphs import MOST_CHARACTERS, cleaned, fits
from app.verification.documents.mrz.shapes import FILLER, LAYOUTS, Part, Shape, part_of
from app.verification.documents.mrz.zone import Correction, MachineZone, State

MOST_LINES = 20
"""A zone has two or three; OCR may add empty ones. `finding` chooses among more."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to read a zone, under which everything holds."""

    shape: Shape
    text: str
    corrections: tuple[Correction, ...]


def read(texts: Sequence[str], *, today: date) -> MachineZone:
    """The zone in its lines from top to bottom, as OCR saw them. Never raises: what is no zone is BROKEN.

    A zone that holds as it stands is read as that; a changed one only where no other change would do as well.
    """
    lines = _lines(texts)
    for _, shapes in groupby(_shapes_for(lines), key=lambda shape: _misfit(shape, lines)):
        near = list(shapes)
        ways = _distinct(way for shape in near for way in _ways(shape, lines, today))
        untouched = [way for way in ways if not way.corrections]
        if len(untouched) == 1:
            return _zone(untouched[0], today)
        if len(ways) == 1:
            return _zone(ways[0], today)
        if ways:
            return _unread(State.AMBIGUOUS, near[0], lines, tuple(way.corrections for way in ways[:2]))
    return _unread(State.BROKEN, next(iter(_shapes_for(lines)), None), lines)


def _lines(texts: Sequence[str]) -> tuple[str, ...]:
    """The lines with anything in them; none at all where there is too much to be a zone."""
    if len(texts) > MOST_LINES or any(len(text) > MOST_CHARACTERS for text in texts):
        return ()
    return tuple(line for line in map(cleaned, texts) if line)


def _shapes_for(lines: tuple[str, ...]) -> list[Shape]:
    """The shapes with that many lines, those of the nearest width first: only the longest line has lost nothing."""
    shapes = [shape for shape, layout in LAYOUTS.items() if layout.height == len(lines)]
    exact = [shape for shape in shapes if all(len(line) == LAYOUTS[shape].width for line in lines)]
    return exact or sorted(shapes, key=lambda shape: _misfit(shape, lines))


def _misfit(shape: Shape, lines: tuple[str, ...]) -> int:
    return abs(max(map(len, lines)) - LAYOUTS[shape].width)


def _ways(shape: Shape, lines: tuple[str, ...], today: date) -> Iterator[_Way]:
    for fitted in fits(shape, lines):
        at_most = MOST_CHANGES - len(fitted.resized)
        if at_most < 0:
            continue
        twins = told_apart(shape, fitted.text)
        text = changed(fitted.text, twins)
        for changes in ways_to_correct(shape, text, told=twins, at_most=at_most, today=today):
            corrections = (*fitted.resized, *_told(shape, fitted.text, (*twins, *changes)))
            yield _Way(shape, changed(text, changes), corrections)


def _told(shape: Shape, text: str, changes: Changes) -> Iterator[Correction]:
    for place, becomes in sorted(changes):
        line, position = divmod(place, LAYOUTS[shape].width)
        yield Correction(line + 1, position + 1, text[place], becomes)


def _distinct(ways: Iterator[_Way]) -> list[_Way]:
    """One way for each text, the one with the fewest corrections."""
    found = sorted(ways, key=lambda way: len(way.corrections), reverse=True)
    return list({(way.shape, way.text): way for way in found}.values())


def _zone(way: _Way, today: date) -> MachineZone:
    """R67: what a name says no digit guards, so no reading alone is CLEAN."""
    return MachineZone(
        state=State.CORRECTED if way.corrections else State.UNPROTECTED,
        shape=way.shape,
        lines=_cut(way.shape, way.text),
        fields=fields_of(way.shape, way.text, today=today),
        checks=check_digits(way.shape, way.text),
        corrections=way.corrections,
        unprotected=unprotected(way.shape, way.text),
        name_cut=not part_of(way.shape, way.text, Part.NAME).endswith(FILLER),
    )


def _unread(
    state: State,
    shape: Shape | None,
    lines: tuple[str, ...],
    alternatives: tuple[tuple[Correction, ...], ...] = (),
) -> MachineZone:
    """No fields: whoever needs them must look. The verdicts say what a person should look at first."""
    fitted = next(fits(shape, lines), None) if shape else None
    if shape is None or fitted is None:
        return MachineZone(state, shape, lines, alternatives=alternatives)
    checks = check_digits(shape, fitted.text)
    return MachineZone(state, shape, lines, checks=checks, alternatives=alternatives)


def _cut(shape: Shape, text: str) -> tuple[str, ...]:
    width = LAYOUTS[shape].width
    return tuple(text[start : start + width] for start in range(0, len(text), width))
