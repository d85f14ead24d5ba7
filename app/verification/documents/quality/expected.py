"""Where does a document print what? The strips its fields may fill: what a thumb or a lamp wipes away, no OCR finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.verification.documents.layout import Box
from app.verification.documents.outlines.formats import ID_1, ID_3, LICENCE, MRV_A, TD_2, Format
from app.verification.examination import Kind, Side

SAME_RATIO = 0.01
"""Of a canvas's ratio: TD2 and ID-3 are told apart by no outline, so a page may lie on the other's canvas."""
ABOUT_SAME_RATIO = 0.1
"""ID-1 and the licence differ by 0.08, ID-1 and a passport by 0.12."""
FRAME = 20
"""Pixels between a document's edge and a frame printed along it."""
_NO_FIELDS: Mapping[str, Box] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Expected:
    """The layout of one side of one kind, in pixels of its canvas."""

    fields: Mapping[str, Box] = field(default_factory=lambda: _NO_FIELDS)
    """The whole strip in which a field may stand, longest value and rim included; none where a value's place varies."""
    portrait: Box | None = None
    others: tuple[Box, ...] = ()
    """Emblems, seals, and where a stranger's portrait may be: colours of the document's own."""
    format: Format = ID_1

    @property
    def pictures(self) -> tuple[Box, ...]:
        """Where the document has colours of its own."""
        return self.others if self.portrait is None else (self.portrait, *self.others)

    def on(self, size: tuple[int, int]) -> "Expected | None":
        """The layout on a canvas of that width and height; None where it is another format's, so another document.

        Where a frame printed along the edge was taken for the edge, or a copy kept a rim of its paper, canvas and ratio
        are a little off: what is printed where is not known then, but about where there are pictures. A portrait is
        looked at there too: or whoever leaves a rim would have nobody look at it.
        """
        wide, high = size
        off = abs(wide / max(high, 1) / self.format.ratio - 1)
        by = wide / self.format.canvas[0], high / self.format.canvas[1]
        if off > ABOUT_SAME_RATIO:
            return None
        portrait = None if self.portrait is None else _scaled(self.portrait, by)
        if off > SAME_RATIO:
            return Expected(
                portrait=portrait,
                others=tuple(_scaled(box.grown(FRAME), by) for box in self.pictures),
                format=self.format,
            )
        return Expected(
            MappingProxyType({name: _scaled(box, by) for name, box in self.fields.items()}),
            portrait,
            tuple(_scaled(box, by) for box in self.others),
            self.format,
        )


def _scaled(box: Box, by: tuple[float, float]) -> Box:
    across, down = by
    return Box(box.left * across, box.top * down, box.right * across, box.bottom * down)


def _portrait_at_left(page: Format) -> Expected:
    """Doc 9303-4 to -7: zone V, with the portrait, is left of everything else above the machine-readable zone."""
    wide, high = page.canvas
    return Expected(others=(Box(0, 0, 0.31 * wide, high - 170),), format=page)


NOTHING = Expected()
_EMBLEM = Box(44, 64, 268, 284)

EXPECTED: Mapping[tuple[Kind, Side], tuple[Expected, ...]] = MappingProxyType(
    {
        (Kind.RESIDENT_CARD, Side.PORTRAIT): (
            Expected(
                {
                    "name": Box(146, 64, 560, 122),
                    "sex": Box(146, 136, 210, 188),
                    "birth": Box(146, 204, 520, 256),
                    "address": Box(146, 272, 560, 424),
                    "number": Box(330, 522, 860, 582),
                },
                portrait=Box(652, 72, 962, 452),
            ),
        ),
        (Kind.RESIDENT_CARD, Side.EMBLEM): (
            Expected(
                {
                    "authority": Box(390, 440, 800, 494),
                    "valid_from": Box(390, 514, 760, 566),
                    "valid_to": Box(390, 514, 760, 566),
                },
                others=(_EMBLEM,),
            ),
        ),
        (Kind.RESIDENCE_PERMIT, Side.PORTRAIT): (Expected(portrait=Box(652, 72, 962, 452)),),
        (Kind.RESIDENCE_PERMIT, Side.EMBLEM): (Expected(others=(_EMBLEM,)),),
        (Kind.PERMANENT_RESIDENT_CARD, Side.FRONT): (Expected(portrait=Box(700, 130, 962, 460)),),
        (Kind.PERMANENT_RESIDENT_CARD, Side.BACK): (Expected(others=(Box(412, 136, 608, 332),)),),
        (Kind.TEMPORARY_CARD, Side.PORTRAIT): (Expected(portrait=Box(672, 64, 942, 394)),),
        (Kind.DRIVING_LICENCE, Side.MAIN): (
            Expected(portrait=Box(742, 320, 978, 620), others=(Box(50, 362, 302, 600),), format=LICENCE),
        ),
        (Kind.PASSPORT, Side.DATA_PAGE): (
            Expected(portrait=Box(46, 150, 356, 550), others=_portrait_at_left(ID_3).others, format=ID_3),
        ),
        (Kind.IDENTITY_CARD, Side.FRONT): (_portrait_at_left(TD_2), _portrait_at_left(ID_1)),
        (Kind.VISA, Side.DATA_PAGE): (_portrait_at_left(MRV_A), _portrait_at_left(TD_2)),
    }
)
"""R25, and of passports Doc 9303-4, zone V; the places are those of the drawn specimens, no card was measured. A kind that
is not here, or whose fields are not, is measured where its fields were read."""


def expected(kind: Kind, side: Side, size: tuple[int, int]) -> Expected:
    """What is known of a side on a canvas of that width and height."""
    fitting = (layout.on(size) for layout in EXPECTED.get((kind, side), ()))
    return next((layout for layout in fitting if layout is not None), NOTHING)
