"""What of a page's text is the English under its Chinese labels? Taken out before the labels are looked for.

The value stands right of both lines and level with neither, so OCR hands the English over before, after or inside it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.verification.documents.layout import cut_from
from app.verification.documents.licence_classes import read_classes
from app.verification.examination import Line

_ENGLISH = re.compile(
    "(?:^|[\u4e00-\u9fff])"
    r"(?P<english>DateofBirth|DateofFirst[Il1]ssue|Va[lI1]idPeriod|Nationa[lI1]ity|Address|C[lI1]ass|Name|Sex|Record)"
    r"|(?:^|号)(?P<number>(?:Fi[lI1]e)?No(?![A-Za-z])[.:]?)",
    re.IGNORECASE,
)
"""At the start of a line or right behind a character, so that nothing is cut out of the middle of a word."""
_LETTERS, _DIGITS, _HAN = re.compile(r"[A-Za-z]"), re.compile(r"[0-9]"), re.compile("[\u3400-\u9fff]")


def without_english(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines without English labels; what stood before and behind one becomes a line each."""
    bare = (replace(line, text="".join(line.text.split())) for line in lines)
    return tuple(part for line in bare for part in _parts(line) if not _english_words(part.text))


def without_english_text(text: str) -> str:
    """The text of one row read alone, without English labels."""
    bare = "".join(text.split())
    return "".join(bare[start:end] for start, end in _spans(bare))


def _parts(line: Line) -> tuple[Line, ...]:
    spans = _spans(line.text)
    if spans == [(0, len(line.text))]:
        return (line,)
    return tuple(cut_from(line, start, end) for start, end in spans if start < end)


def _spans(text: str) -> list[tuple[int, int]]:
    """What lies between the English labels."""
    cut = [found.span(found.lastgroup or 0) for found in _ENGLISH.finditer(text)]
    starts, ends = [0, *(end for _, end in cut)], [*(start for start, _ in cut), len(text)]
    return list(zip(starts, ends, strict=True))


def _english_words(text: str) -> bool:
    """Latin words that are no list of classes: a label misread, or the name of the document."""
    letters, digits = len(_LETTERS.findall(text)), len(_DIGITS.findall(text))
    return letters >= 3 and letters > 2 * digits and not _HAN.search(text) and read_classes(text) is None
