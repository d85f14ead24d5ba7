"""What stands beside or beneath a label that is printed in two languages? For the foreign permanent resident card.

The English follows its Chinese behind a stroke or stands under it, and the value follows both on the row or under it.
Names are printed in capitals, so English with small letters is told from them by its case.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.verification.documents.labels import Form, lay_out_form
from app.verification.documents.layout import CANVAS_WIDTH, Box, Label, Layout, Piece, around, cut_from, same_row
from app.verification.documents.widths import narrow, narrow_lines
from app.verification.examination import Line

_HAN = "\u4e00-\u9fff"
_ENGLISH = re.compile(
    rf"(?:^|(?<=[{_HAN}]))[/|\\]?\s*(?:"
    r"Na(?:m|rn)e(?![a-z])|[Ss]ex(?![a-z])|Date\W*of\W*Birth|Nationa[lI1][ilI1]ty|Period\W*of\W*Va[lI1]idity"
    r"|[Il1门]?ssuing\W*Authority|Previous\W*(?:[Il1]D\W*)?No[.:]?|[Il1]D\W*(?:Card\W*)?N(?:o|O(?![A-Z]))[.:]?"
    r")"
    rf"|(?<=号码)[/|\\]?[A-Za-z]{{0,8}}?\W*No[.:]?"
)
"""At the start of a line or right behind a character; behind 号码 also when most of its letters were misread."""
_GAP = "\u2423"
"""Stands for a space between Latin letters, which laying out would drop: a name keeps its parts."""
_SPACE = re.compile(r"(?<=[A-Za-z.,'-])\s+(?=[A-Za-z])")
_NEAR = 3.0
"""In heights of a line, middle to middle: a value further down belongs to something else."""


def laid_out(lines: Sequence[Line], form: Form) -> Layout:
    """The lines cut at the Chinese labels of a page, their English left out, spaces between Latin letters kept."""
    parts = (part for line in narrow_lines(lines) for part in _without_english(line))
    bare = [replace(part, text=_SPACE.sub(_GAP, part.text)) for part in parts]
    layout = lay_out_form(bare, form)
    return replace(
        layout, pieces=tuple(replace(p, text=p.text.replace(_GAP, " ").strip("/|\\ ")) for p in layout.pieces)
    )


def without_english_text(text: str) -> str:
    """The text of one row read alone, without English labels."""
    return _ENGLISH.sub("", narrow(text))


def beside(layout: Layout, name: str) -> tuple[Piece, ...]:
    """What stands on a label's row, up to the next label."""
    return tuple(piece for piece in layout.beside(name) if piece.text)


def beneath(layout: Layout, name: str, *, rows: int) -> tuple[Piece, ...]:
    """The rows in a label's column under it, above the next label."""
    label = layout.label(name)
    if label is None:
        return ()
    box = label.box
    lower = [other.box for other in layout.labels if other.box.middle > box.middle and not same_row(other.box, box)]
    floor = min((other.top for other in lower), default=float("inf"))
    column = [p for p in layout.pieces if p.text and _in_column(p.box, layout, label) and p.box.middle < floor]
    block: list[Piece] = []
    last = box
    for row in _rows(p for p in column if p.box.middle > box.middle and not same_row(p.box, box))[:rows]:
        edge = around(p.box for p in row)
        if edge.middle - last.middle > _NEAR * max(last.height, edge.height):
            break
        block, last = [*block, *row], edge
    return tuple(block)


def _in_column(box: Box, layout: Layout, label: Label) -> bool:
    """From the label's left edge to the next label on its row; half a height is left for padding and tilt."""
    row = [other.box.left for other in layout.labels if same_row(other.box, label.box)]
    stop = min((left for left in row if left > label.box.left), default=float(CANVAS_WIDTH))
    slack = label.box.height / 2
    return label.box.left - 2 * slack <= box.left < stop - slack


def _rows(pieces: Iterable[Piece]) -> list[tuple[Piece, ...]]:
    rows: list[tuple[Piece, ...]] = []
    for piece in sorted(pieces, key=lambda p: p.box.middle):
        if rows and same_row(rows[-1][0].box, piece.box):
            rows[-1] = tuple(sorted((*rows[-1], piece), key=lambda p: p.box.left))
        else:
            rows.append((piece,))
    return rows


def _without_english(line: Line) -> tuple[Line, ...]:
    """The line without English labels; what stood before and behind one becomes a line each."""
    cut = [found.span() for found in _ENGLISH.finditer(line.text)]
    if not cut:
        return (line,)
    starts, ends = [0, *(end for _, end in cut)], [*(start for start, _ in cut), len(line.text)]
    parts = [(start, end) for start, end in zip(starts, ends, strict=True) if line.text[start:end].strip()]
    return tuple(cut_from(line, start, end) for start, end in parts)
