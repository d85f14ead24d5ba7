"""Where in its picture does a field stand that something is said of? By either of its names, else the zone's line that holds it."""

from collections.abc import Mapping
from typing import Final

from app.verification.documents.machine_page import MachinePage
from app.verification.documents.mrz.shapes import LAYOUTS, Part
from app.verification.documents.reading import Reading
from app.verification.examination import Polygon

_ALSO: Final = {"name": "latin_name", "valid_to": "expiry", "authority": "issuer"}
"""What a permanent card and a zone call otherwise than accounts do."""
_HELD_IN: Final[Mapping[str, Part]] = {
    "name": Part.NAME, "surname": Part.NAME, "given_names": Part.NAME, "number": Part.NUMBER, "birth": Part.BIRTH,
    "sex": Part.SEX, "nationality": Part.NATIONALITY, "expiry": Part.EXPIRY, "issuer": Part.ISSUER,
}  # fmt: skip


def place_of(reading: Reading, field: str) -> Polygon | None:
    """The place; None: nobody knows where it stands."""
    also = _ALSO.get(field, field)
    names = field, also, _line_of(reading, field) or _line_of(reading, also)
    return next((reading.places[name] for name in names if name is not None and name in reading.places), None)


def _line_of(reading: Reading, field: str) -> str | None:
    shape = reading.page.zone.shape if isinstance(reading.page, MachinePage) else None
    if shape is None or field not in _HELD_IN:
        return None
    layout = LAYOUTS[shape]
    return f"line_{layout.parts[_HELD_IN[field]].start // layout.width + 1}"
