"""Which signs that a card is no original does one photograph show? Every signal, over one canvas."""

from collections.abc import Iterable, Iterator, Mapping

from app.verification.documents.authenticity import photocopy, portrait, recapture, tampering
from app.verification.documents.card_image import Image
from app.verification.documents.layout import Box
from app.verification.examination import Measure, Polygon

FURTHEST = 100_000
"""Pixels from a picture's corner."""


def authenticity_measures(
    canvas: Image,
    places: Mapping[str, Box],
    portrait_box: Box | None,
    photograph: Image | None,
    *,
    outline: Polygon | None,
    side: str,
) -> tuple[Measure, ...]:
    """All that can be measured, `where` on the canvas; a signal that has nothing to look at is left out.

    `outline` is the card in `photograph`, clockwise; without either nobody looks for a screen's frame.
    """
    fields = {name: box for name, box in places.items() if _near((box.left, box.top, box.right, box.bottom))}
    if portrait_box is not None and not _near(
        (portrait_box.left, portrait_box.top, portrait_box.right, portrait_box.bottom)
    ):
        portrait_box = None
    if outline is not None and not _near(edge for corner in outline for edge in corner):
        outline = None
    found = _measures(canvas, fields, portrait_box, photograph, outline, side)
    return tuple(measure for measure in found if measure is not None)


def _near(edges: Iterable[float]) -> bool:
    """Whether these are pixels of some picture: no number at all, or millions, are a reader's mistake."""
    return all(abs(edge) < FURTHEST for edge in edges)


def _measures(
    canvas: Image,
    places: Mapping[str, Box],
    portrait_box: Box | None,
    photograph: Image | None,
    outline: Polygon | None,
    side: str,
) -> Iterator[Measure | None]:
    yield from recapture.fine_pattern(canvas)
    yield recapture.colour_fringes(canvas)
    yield recapture.refresh_bands(canvas, portrait_box)
    yield recapture.screen_frame(photograph, outline, recapture.paper_white(canvas))
    yield photocopy.tint(canvas)
    yield photocopy.emblem_red(canvas, side)
    yield tampering.uneven_digits(canvas, places)
    yield from tampering.noise_of_fields(canvas, places)
    yield portrait.cut_edges(canvas, portrait_box)
    yield portrait.noise_of_portrait(canvas, portrait_box)
