"""Which figures are taken of a canvas once its text is read? For each reason one: of the field that fares worst."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from app.verification.documents.layout import Box, bounds
from app.verification.documents.outlines.blobs import Image
from app.verification.documents.quality import covering, fields
from app.verification.documents.quality.expected import NOTHING, Expected
from app.verification.documents.quality.regions import COARSE, Grey, corners, extent, share, within
from app.verification.documents.quality.whole import burnt, lamps
from app.verification.examination import Line, Measure
from app.verification.reasons import ReasonCode

PORTRAIT = "portrait"
OVEREXPOSED = 235.0
"""Grey level of half of the paper from which it is the exposure that burns it out: a lamp does so to a part of it."""
HIDDEN = 0.05
"""Share of a field burnt or covered from which its light and sharpness are those of what lies over it."""
DARK = 30.0
"""Grey level of the paper below which nobody sees whether it is empty."""

Places = Mapping[str, Box]


def measures(
    canvas: Image,
    places: Places,
    lines: Sequence[Line],
    expected: Expected = NOTHING,
    *,
    tilt_degrees: float | None = None,
    cards: int | None = None,
) -> tuple[Measure, ...]:
    """Of a canvas, (h, w, 3) uint8 RGB: `places` are the fields found on it, `lines` all of its text.

    How far the document leans, and how many there are, its finder knows: both pass through, to be judged with the rest.
    """
    light = _Light.on(canvas)
    strange = covering.foreign(canvas, light.paper)
    strips = {**places, **expected.fields}
    burnt_out = _burnt(burnt(canvas), light, places, expected)
    # OCR takes a star in the portrait for a field's end, and what is pictured there has colours of its own.
    covered = _covered(covering.without(strange, expected.pictures), strips)
    hidden = {measure.field for measure in (*burnt_out, *covered) if measure.score > HIDDEN}
    shown = {name: box for name, box in strips.items() if name not in hidden}
    blank = _blank(light, shown, places, lines)
    covered += blank
    shown = {name: box for name, box in shown.items() if name not in {measure.field for measure in blank}}
    found = [
        *_most(burnt_out),
        *_anywhere(canvas, light, places, expected),
        *_most(covered),
        _lying(canvas, strange, expected),
        *_even(light),
    ]
    found += _least(_lit(light, shown))
    found += _least(_printed(light, _with_print(light, shown, places)))
    if tilt_degrees is not None:
        found.append(Measure(ReasonCode.CARD_TILTED, tilt_degrees))
    if cards is not None:
        found.append(Measure(ReasonCode.SEVERAL_CARDS, float(cards)))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Light:
    """A canvas without its colours, and the light on its paper."""

    grey: Grey
    paper: Grey
    brightest: float

    @property
    def overexposed(self) -> bool:
        """Whether the exposure burnt most of the paper out."""
        return float(np.median(self.paper)) >= OVEREXPOSED

    @classmethod
    def on(cls, canvas: Image) -> "_Light":
        paper = fields.paper(canvas)
        return cls(np.asarray(cv2.cvtColor(canvas, cv2.COLOR_RGB2GRAY), np.uint8), paper, fields.brightest(paper))


def _burnt(mask: Grey, light: _Light, places: Places, expected: Expected) -> list[Measure]:
    """Share of each field and of the portrait that is burnt out: by a lamp, or with most of the card by the exposure.

    Of a field's strip, in which a lamp may have taken some of its text, and of what was read: short text fills little.
    """
    code = ReasonCode.CARD_BRIGHT if light.overexposed else ReasonCode.CARD_GLARE
    portrait = [] if expected.portrait is None else [(PORTRAIT, expected.portrait)]
    return list(_shares(code, mask, [*places.items(), *expected.fields.items(), *portrait], coarse=1))


def _anywhere(canvas: Image, light: _Light, places: Places, expected: Expected) -> list[Measure]:
    """Share of the document under a lamp, where a field's place is not known or the field was not found there.

    What a lamp hides no OCR finds, so it would be told of no field; once all were found, glare beside them hides nothing.
    """
    if light.overexposed or (expected.fields and expected.fields.keys() <= places.keys()):
        return []
    mirrored = lamps(canvas)
    around = extent(mirrored)
    return [Measure(ReasonCode.CARD_GLARE, float(mirrored.mean()), None if around is None else corners(around))]


def _even(light: _Light) -> list[Measure]:
    """How dark the darkest place along the document's edge is, as a share of the light along it.

    A window on one side lights the text more evenly than it lights the document: the edge has its brightest and its
    darkest place, and neither portrait nor print.
    """
    darkest = fields.evenness(light.paper)
    return [] if darkest is None else [Measure(ReasonCode.CARD_SHADOWED, darkest[0], corners(darkest[1]))]


def _covered(strange: Grey, strips: Places) -> list[Measure]:
    return list(_shares(ReasonCode.CARD_OCCLUDED, strange, strips.items(), coarse=COARSE))


def _shares(code: ReasonCode, mask: Grey, boxes: Iterable[tuple[str, Box]], *, coarse: int) -> Iterator[Measure]:
    for name, box in boxes:
        found = share(mask, box, coarse=coarse)
        if found is not None:
            yield Measure(code, found[0], found[1], name)


def _blank(light: _Light, strips: Places, places: Places, lines: Sequence[Line]) -> list[Measure]:
    """Of strips in which no field was found, those that are empty though there is light enough to see it."""
    read = [bounds(line) for line in lines]
    unread = {name: strip for name, strip in strips.items() if name not in places}
    return [
        Measure(ReasonCode.CARD_OCCLUDED, 1.0, corners(strip), name)
        for name, strip in unread.items()
        if (fields.darkest(light.paper, strip) or 0.0) >= DARK and covering.blank(light.grey, strip, read)
    ]


def _with_print(light: _Light, strips: Places, places: Places) -> dict[str, Box]:
    """Each field where it was read, else where its strip bears print: what is blurred badly no OCR finds."""
    found = {
        name: within(places[name], strip) if name in places else fields.printed(light.grey, strip)
        for name, strip in strips.items()
    }
    return {name: box for name, box in found.items() if box is not None}


def _lying(canvas: Image, strange: Grey, expected: Expected) -> Measure:
    return Measure(ReasonCode.CARD_OCCLUDED, *covering.lying(canvas, strange, expected.pictures))


def _most(measured: Sequence[Measure]) -> list[Measure]:
    return [max(measured, key=lambda measure: measure.score)] if measured else []


def _least(measured: Iterable[Measure]) -> list[Measure]:
    """Of each code the lowest."""
    lowest: dict[ReasonCode, Measure] = {}
    for measure in measured:
        if measure.code not in lowest or measure.score < lowest[measure.code].score:
            lowest[measure.code] = measure
    return list(lowest.values())


def _lit(light: _Light, strips: Places) -> Iterator[Measure]:
    for name, box in strips.items():
        level = fields.darkest(light.paper, box)
        if level is not None:
            yield Measure(ReasonCode.CARD_DARK, level, corners(box), name)
            yield Measure(ReasonCode.CARD_SHADOWED, level / light.brightest, corners(box), name)


def _printed(light: _Light, places: Places) -> Iterator[Measure]:
    for name, box in places.items():
        sharp = fields.blur(light.grey, box)
        if sharp is not None:
            yield Measure(ReasonCode.CARD_BLURRED, sharp, corners(box), name)
            yield Measure(ReasonCode.CARD_FAINT, min(fields.contrasts(light.grey, box)), corners(box), name)
