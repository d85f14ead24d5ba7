"""Where does a document print what? The strips its fields may fill: what a thumb or a lamp wipes away, no OCR finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.verification.documents.layout import Box
from app.verification.documents.outlines.formats import ID_1, ID_3, Format
from app.verification.examination import Kind, Side

SAME_RATIO = 0.01
"""Of a canvas's ratio: TD2 and ID-3 are told apart by no outline, so a page may lie on the other's canvas."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The layout of one side of one kind, in pixels of its canvas."""

    fields: Mapping[str, Box]
    """The whole strip in which a field may stand, longest value and rim included; none where a value's place varies."""
    portrait: Box | None = None
    format: Format = ID_1

    def on(self, size: tuple[int, int]) -> "Expected":
        """The layout on a canvas of that width and height; nothing where it is another format's, so another document."""
        wide, high = size
        if abs(wide / max(high, 1) / self.format.ratio - 1) > SAME_RATIO:
            return NOTHING
        by = wide / self.format.canvas[0]
        scaled = {name: _scaled(box, by) for name, box in self.fields.items()}
        return Expected(
            MappingProxyType(scaled), None if self.portrait is None else _scaled(self.portrait, by), self.format
        )


def _scaled(box: Box, by: float) -> Box:
    return Box(box.left * by, box.top * by, box.right * by, box.bottom * by)


NOTHING = Expected(MappingProxyType({}))
_NO_FIELDS: Mapping[str, Box] = MappingProxyType({})


EXPECTED: Mapping[tuple[Kind, Side], Expected] = MappingProxyType(
    {
        (Kind.RESIDENT_CARD, Side.PORTRAIT): Expected(
            {
                "name": Box(146, 64, 560, 122),
                "sex": Box(146, 136, 210, 188),
                "birth": Box(146, 204, 520, 256),
                "address": Box(146, 272, 560, 424),
                "number": Box(330, 522, 860, 582),
            },
            portrait=Box(652, 72, 962, 452),
        ),
        (Kind.RESIDENT_CARD, Side.EMBLEM): Expected(
            {
                "authority": Box(390, 440, 800, 494),
                "valid_from": Box(390, 514, 760, 566),
                "valid_to": Box(390, 514, 760, 566),
            }
        ),
        (Kind.RESIDENCE_PERMIT, Side.PORTRAIT): Expected(_NO_FIELDS, portrait=Box(652, 72, 962, 452)),
        (Kind.PERMANENT_RESIDENT_CARD, Side.FRONT): Expected(_NO_FIELDS, portrait=Box(700, 130, 962, 460)),
        (Kind.TEMPORARY_CARD, Side.PORTRAIT): Expected(_NO_FIELDS, portrait=Box(672, 64, 942, 394)),
        (Kind.PASSPORT, Side.DATA_PAGE): Expected(_NO_FIELDS, portrait=Box(46, 150, 356, 550), format=ID_3),
    }
)
"""R25, and of passports Doc 9303-4, zone V; the places are those of the drawn specimens, no card was measured. A kind that
is not here, or whose fields are not, is measured where its fields were read."""


def expected(kind: Kind, side: Side, size: tuple[int, int]) -> Expected:
    """What is known of a side on a canvas of that width and height."""
    return EXPECTED.get((kind, side), NOTHING).on(size)
