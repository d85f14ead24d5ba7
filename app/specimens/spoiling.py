"""Which pictures can go wrong, how far, and up to where could a careful clerk still read everything?

Each way has one severity in its own unit. How far a clerk reads was judged by one pair of eyes on a screen, at the bound
itself, on a resident card, a licence and a passport of seeds 2 and 3: a sensible bound, not a measured one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np

from app.specimens.canvas import Box, Picture
from app.specimens.degradations import (
    blurred,
    cut_at_edge,
    darkened,
    noisy,
    occluded,
    overexposed,
    shadowed,
    shrunk,
    squeezed,
    unevenly_lit,
    with_glare_over,
)
from app.specimens.drawing import Drawing
from app.specimens.forgeries import with_edited_digit, with_edited_digit_checked, with_swapped_portrait
from app.specimens.kinds import draw
from app.specimens.names import Degradation, Kind
from app.specimens.photograph import Capture, Photograph, photograph
from app.specimens.portraits import Portrait
from app.specimens.recapture import on_screen, photocopied
from app.specimens.scenes import among_others, both_sides, hand_drawn, leaning, on_pattern, page_of_text


class Family(StrEnum):
    """What should say so."""

    CAPTURE = "capture"
    """Quality: a better picture helps."""
    SCENE = "scene"
    """What lies there; a plain table for a reader that finds its card."""
    NO_DOCUMENT = "no_document"
    ATTACK = "attack"
    """Authenticity."""


@dataclass(frozen=True, slots=True)
class Shot:
    """What is photographed, and how."""

    drawing: Drawing
    capture: Capture
    stranger: Picture
    """Somebody else's portrait."""
    other_side: Drawing | None = None


def shots(kind: Kind, seed: int, on: date, portraits: tuple[Portrait, Portrait]) -> list[Shot]:
    """Every side of one document as it is photographed; the seed decides whose portrait is on it."""
    holder, stranger = (portraits[(seed + place) % 2].for_card() for place in (0, 1))
    sides = draw(kind, seed, on, holder)
    return [
        Shot(side, Capture(seed=seed * len(sides) + at), stranger, sides[1 - at] if len(sides) == 2 else None)
        for at, side in enumerate(sides)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Spoiled:
    """A picture gone wrong, and what a perfect reader would say of what it shows."""

    photograph: Photograph
    fields: Mapping[str, str]
    """Empty where it shows no document."""


Spoil = Callable[[Shot, float], Spoiled]


@dataclass(frozen=True, slots=True)
class Way:
    """One way, and the range of its severity."""

    family: Family
    unit: str
    least: float
    """From here on a reader has something to notice."""
    readable_to: float
    """Up to here a careful clerk reads everything; below `least` where never."""
    most: float
    spoil: Spoil
    needs: Callable[[Drawing], bool] = lambda _: True
    """What a side must have for it."""


NEVER: Final = 0.0


def numbered(drawing: Drawing) -> bool:
    """In print or in a zone."""
    return "number" in drawing.hands or "line_1" in drawing.hands


def printing_number(drawing: Drawing) -> bool:
    """Outside its zone too."""
    return "number" in drawing.hands


def pictured(drawing: Drawing) -> bool:
    """It shows its holder."""
    return "portrait" in drawing.places


def first_of_two(drawing: Drawing) -> bool:
    """The side of a resident card beside which its other lies where both are in one picture."""
    return (drawing.kind, drawing.side) == (Kind.RESIDENT_CARD, "portrait")


def beside_its_other(shot: Shot, below: float) -> Spoiled:
    """Both sides: beside each other, or from a half on one below the other."""
    other = shot.other_side or shot.drawing
    photo = both_sides(shot.drawing, other, shot.capture, below=below >= 0.5)
    return Spoiled(photo, {**shot.drawing.fields, **other.fields})


def seen(spoil: Callable[[Photograph, float, Shot], Photograph]) -> Spoil:
    """The photograph is spoiled after it was taken."""
    return lambda shot, severity: Spoiled(
        spoil(photograph(shot.drawing, shot.capture), severity, shot), shot.drawing.fields
    )


def taken(photographed: Callable[[Drawing, Capture, float], Photograph]) -> Spoil:
    """The photograph is taken otherwise."""
    return lambda shot, severity: Spoiled(photographed(shot.drawing, shot.capture, severity), shot.drawing.fields)


def changed(change: Callable[[Shot, float], Drawing]) -> Spoil:
    """The document is another before it is photographed."""

    def spoil(shot: Shot, severity: float) -> Spoiled:
        drawing = change(shot, severity)
        return Spoiled(photograph(drawing, shot.capture), drawing.fields)

    return spoil


def absent(scene: Callable[[Capture], Picture]) -> Spoil:
    """There is no document in the picture."""

    def spoil(shot: Shot, _: float) -> Spoiled:
        whole = photograph(shot.drawing, shot.capture)
        return Spoiled(replace(whole, pixels=scene(shot.capture)), {})

    return spoil


def place_in(shot: Shot) -> Box:
    """The place of one field, which the seed decides."""
    names = sorted(shot.drawing.places.keys() & shot.drawing.fields.keys())
    return shot.drawing.places[names[int(np.random.default_rng(shot.capture.seed).integers(len(names)))]]


WAYS: Final[Mapping[Degradation, Way]] = {
    Degradation.PERSPECTIVE: Way(Family.SCENE, "degrees", 15, 35, 50, taken(leaning)),
    Degradation.BLUR: Way(Family.CAPTURE, "sigma in pixels", 1.5, 3.0, 9, seen(lambda p, s, _: blurred(p, s))),
    Degradation.GLARE: Way(
        Family.CAPTURE, "share of white", 0.5, 0.8, 1, seen(lambda p, s, shot: with_glare_over(p, place_in(shot), s))
    ),
    Degradation.SHADOW: Way(
        Family.CAPTURE, "share of light lost", 0.3, 0.75, 0.97, seen(lambda p, s, shot: shadowed(p, s, shot.capture.seed))
    ),
    Degradation.UNEVEN_LIGHT: Way(
        Family.CAPTURE, "share of light lost", 0.4, 0.8, 0.98,
        seen(lambda p, s, shot: unevenly_lit(p, s, shot.capture.seed)),
    ),
    Degradation.JPEG: Way(Family.CAPTURE, "100 less quality", 70, 90, 98, seen(lambda p, s, _: squeezed(p, round(100 - s)))),
    Degradation.NOISE: Way(
        Family.CAPTURE, "grey levels", 12, 45, 120, seen(lambda p, s, shot: noisy(p, s, shot.capture.seed))
    ),
    Degradation.DARK: Way(Family.CAPTURE, "share of light lost", 0.6, 0.8, 0.98, seen(lambda p, s, _: darkened(p, 1 - s))),
    Degradation.OVER_EXPOSED: Way(Family.CAPTURE, "times the light", 1.3, 1.7, 6, seen(lambda p, s, _: overexposed(p, s))),
    Degradation.SHRUNK: Way(Family.CAPTURE, "times smaller", 1.6, 2.6, 6, seen(lambda p, s, _: shrunk(p, 1 / s))),
    Degradation.CUT_AT_EDGE: Way(
        Family.CAPTURE, "share of the long edge", 0.04, NEVER, 0.3, seen(lambda p, s, _: cut_at_edge(p, s))
    ),
    Degradation.OCCLUDED: Way(
        Family.CAPTURE, "share of a field", 0.3, NEVER, 1, seen(lambda p, s, shot: occluded(p, place_in(shot), s))
    ),
    Degradation.PATTERNED_TABLE: Way(Family.SCENE, "contrast", 0.3, 1, 1, taken(on_pattern)),
    Degradation.SEVERAL_CARDS: Way(Family.SCENE, "other cards", 1, 3, 3, taken(lambda d, c, s: among_others(d, c, round(s)))),
    Degradation.BOTH_SIDES: Way(Family.SCENE, "beside or below", 0, 1, 1, beside_its_other, first_of_two),
    Degradation.PAGE_OF_TEXT: Way(Family.NO_DOCUMENT, "", 1, NEVER, 1, absent(page_of_text)),
    Degradation.HAND_DRAWN: Way(Family.NO_DOCUMENT, "", 1, NEVER, 1, absent(hand_drawn)),
    Degradation.SCREEN: Way(Family.ATTACK, "contrast of the pixel grid", 0.2, 0.7, 1, taken(on_screen)),
    Degradation.PHOTOCOPY: Way(
        Family.ATTACK, "share of toner dots", 0.3, 0.8, 1, changed(lambda shot, s: photocopied(shot.drawing, s, shot.capture.seed))
    ),
    Degradation.EDITED_DIGIT: Way(
        Family.ATTACK, "pixels too low", 0, 4, 4, changed(lambda shot, s: with_edited_digit(shot.drawing, s, shot.capture.seed)), printing_number
    ),
    Degradation.EDITED_DIGIT_CHECKED: Way(
        Family.ATTACK, "pixels too low", 0, 4, 4,
        changed(lambda shot, s: with_edited_digit_checked(shot.drawing, s, shot.capture.seed)), numbered,
    ),
    Degradation.SWAPPED_PORTRAIT: Way(
        Family.ATTACK, "mismatch", 0.3, 1, 1,
        changed(lambda shot, s: with_swapped_portrait(shot.drawing, shot.stranger, s, shot.capture.seed)), pictured,
    ),
}  # fmt: skip


def applies(degradation: Degradation, drawing: Drawing) -> bool:
    """Whether this side has what is changed."""
    return WAYS[degradation].needs(drawing)


def readable(degradation: Degradation, severity: float) -> bool:
    """Whether a careful clerk reads everything."""
    return severity <= WAYS[degradation].readable_to


def severity_for(degradation: Degradation, seed: int) -> float:
    """By the seed, one with which a clerk still reads; where there is none, any."""
    way = WAYS[degradation]
    most = way.readable_to if way.readable_to >= way.least else way.most
    return float(np.random.default_rng((seed, 5)).uniform(way.least, most))


def severity_beyond(degradation: Degradation, seed: int) -> float:
    """By the seed, one of the upper half of those with which a clerk no longer reads; the most where there is none."""
    way = WAYS[degradation]
    first = max(way.least, way.readable_to)
    return float(np.random.default_rng((seed, 6)).uniform((first + way.most) / 2, way.most))


def spoiled(degradation: Degradation, shot: Shot, severity: float) -> Spoiled:
    """The picture, gone wrong in that way and by that much."""
    return WAYS[degradation].spoil(shot, severity)
