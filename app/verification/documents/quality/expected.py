"""Where does a document print what? The strips its fields may fill: what a thumb or a lamp wipes away, no OCR finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.verification.documents.layout import Box
from app.verification.examination import Kind, Side


@dataclass(frozen=True, slots=True)
class Expected:
    """The layout of one side of one kind, in pixels of its canvas."""

    fields: Mapping[str, Box]
    """The whole strip in which a field may stand, longest value and rim included."""
    portrait: Box | None = None


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
    }
)
"""R25; a kind that is not here is measured where its fields were read."""
NOTHING = Expected(MappingProxyType({}))
