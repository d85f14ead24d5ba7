"""Which signs that a card is no original does one photograph show? Every signal, over one canvas."""

from collections.abc import Iterable, Iterator, Mapping

from app.verification.documents.authenticity import compression, photocopy, portrait, recapture, tampering
from app.verification.documents.authenticity.planes import luminance, measurable, paper_white
from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.documents.quality.expected import EXPECTED
from app.verification.examination import Measure, Polygon

FURTHEST = 100_000
"""Pixels from a picture's corner."""
PATTERNED = frozenset({"driving_licence", "passport"})
"""Kinds whose own ground is as fine as a screen's dots: it raised them on a quarter of drawn passports."""
PORTRAIT_IN_THE_PAPER = frozenset({"resident_card", "residence_permit", "permanent_resident_card"})
"""Kinds whose portrait runs out into the paper; that of a licence, a visa or a temporary card has edges of its own."""
ALL_DIGITS = frozenset({"resident_card", "residence_permit", "temporary_card"})
"""Kinds whose number has no letters, which stand and are drawn otherwise than digits, and is as large as the limit was
set for: a licence's smaller one raised it on a quarter of drawn originals."""
QUIET_PAPER = ALL_DIGITS
"""Kinds whose ground is as quiet as the limit of a field's noise was set for; a permanent card's raised it on a third of
drawn originals, seeds 100 to 179."""
PICTURED = frozenset((kind.value, side.value) for (kind, side), layouts in EXPECTED.items() if layouts[0].portrait) | {
    ("resident_card", "emblem"),
    ("residence_permit", "emblem"),
}
"""Sides with a portrait or an emblem, wherever on the canvas: a copy with a rim of its paper lies on another format's."""


def authenticity_measures(
    canvas: Image,
    places: Mapping[str, Box],
    portrait_box: Box | None,
    photograph: Image | None,
    *,
    outline: Polygon | None,
    kind: str,
    side: str,
) -> tuple[Measure, ...]:
    """All that can be measured, `where` on the canvas; a signal that has nothing to look at is left out.

    `outline` is the card in `photograph`, clockwise; without either nobody looks for a screen's frame. A signal is taken
    of the kinds and sides alone that do not raise it by their own print.
    """
    fields = {name: box for name, box in places.items() if _near((box.left, box.top, box.right, box.bottom))}
    box = portrait_box
    if box is not None and not _near((box.left, box.top, box.right, box.bottom)):
        box = None
    if outline is not None and not _near(edge for corner in outline for edge in corner):
        outline = None
    found = (
        *_recaptured(canvas, box, photograph, outline, kind),
        # A side without portrait and emblem may be all black and white.
        photocopy.tint(canvas) if box is not None or (kind, side) in PICTURED else None,
        photocopy.emblem_red(canvas, side),
        tampering.uneven_digits(canvas, fields) if kind in ALL_DIGITS else None,
        *(tampering.noise_of_fields(canvas, fields) if kind in QUIET_PAPER else ()),
        portrait.cut_edges(canvas, box) if kind in PORTRAIT_IN_THE_PAPER else None,
        portrait.noise_of_portrait(canvas, box),
        *compression.strange_grids(photograph, outline, (canvas.shape[1], canvas.shape[0]), box, fields),
    )
    return tuple(measure for measure in found if measure is not None)


def _recaptured(
    canvas: Image, portrait_box: Box | None, photograph: Image | None, outline: Polygon | None, kind: str
) -> Iterator[Measure | None]:
    if kind not in PATTERNED:
        yield from recapture.fine_pattern(canvas)
    yield recapture.colour_fringes(canvas)
    yield recapture.refresh_bands(canvas, portrait_box)
    white = paper_white(luminance(canvas)[::4, ::4]) if measurable(canvas) else 0.0
    yield recapture.screen_frame(photograph, outline, white)


def _near(edges: Iterable[float]) -> bool:
    """Whether these are pixels of some picture: no number at all, or millions, are a reader's mistake."""
    return all(abs(edge) < FURTHEST for edge in edges)
