"""Which of a card's printed labels does each line of text hold? Labels are found by wording first, then by place.

OCR hands label and value merged or apart, in any order, now and then with one wrong character, and beside a second
script in autonomous areas (R38). A two-character label misread in one character is any word, so it also has to stand
in the column of the labels that were read exactly.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from app.verification.documents.layout import Box, Label, Layout, Piece, bounds, same_row, share
from app.verification.examination import CardView, Kind, Line, Side

NAME, SEX, ETHNICITY, BIRTH, ADDRESS, NUMBER = "姓名", "性别", "民族", "出生", "住址", "公民身份号码"
STATE, TITLE, AUTHORITY, VALIDITY = "中华人民共和国", "居民身份证", "签发机关", "有效期限"
PERMIT_ROWS = ("通行证号码", "签发次数", "居民居住证")
"""What only a residence permit prints (R17)."""

_MARK = re.compile(r"样本|SPECIMEN")
_TEXT = re.compile("[0-9A-Za-z\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_ROUND = re.compile("[OQCGo]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Form:
    """The labels one page prints, and where its short ones may stand: misread in one character they are any word."""

    labels: tuple[str, ...]
    column: tuple[str, ...] = ()
    """Those that stand one below another."""
    after: Mapping[str, str] = field(default_factory=dict)
    """Label → the one left of it on its row; a misread one counts there."""
    within: Mapping[str, str] = field(default_factory=dict)
    """Label → how a line opens inside which it may stand."""


FORMS = {
    Side.PORTRAIT: Form(
        labels=(NAME, SEX, ETHNICITY, BIRTH, ADDRESS, NUMBER),
        column=(NAME, SEX, BIRTH, ADDRESS, NUMBER),
        within={ETHNICITY: f"{SEX}|男|女|.别|性."},
    ),
    Side.EMBLEM: Form(labels=(STATE, TITLE, AUTHORITY, VALIDITY)),
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str
    line: int
    start: int
    wrong: int
    box: Box


def specimen_mark(text: str) -> bool:
    """The text is the mark 样本 or SPECIMEN and nothing else; an address may hold 样本 as a word."""
    bare = "".join(unicodedata.normalize("NFKC", text).upper().split())
    return _MARK.search(bare) is not None and not _MARK.sub("", bare)


def with_text(view: CardView, lines: Sequence[Line], kind: Kind, side: Side | None) -> CardView:
    """The view of a picture once its text was read: what it shows, and whether the specimen mark is on it."""
    marked = any(specimen_mark(line.text) for line in lines)
    return replace(view, kind=kind if side else None, seen=side, specimen=marked)


def lay_out(lines: Sequence[Line], side: Side) -> Layout:
    """The lines cut at the labels of one side of the resident card."""
    return lay_out_form(lines, FORMS[side])


def lay_out_form(lines: Sequence[Line], form: Form) -> Layout:
    """The lines cut at the labels of one page; the specimen mark, lines of another script and what OCR makes of a
    head or an emblem, a round letter standing alone, left out.
    """
    kept = tuple(
        replace(line, text="".join(line.text.split()))
        for line in lines
        if not specimen_mark(line.text) and _TEXT.search(line.text) and not _ROUND.fullmatch(line.text.strip())
    )
    chosen = _chosen([c for at, line in enumerate(kept) for c in _candidates(at, line, form)], form)
    pieces = [piece for at, line in enumerate(kept) for piece in _pieces(line, [c for c in chosen if c.line == at])]
    return Layout(tuple(Label(c.name, c.box) for c in chosen), tuple(pieces))


def side_of(lines: Sequence[Line]) -> Side | None:
    """The side whose labels the text holds; None when neither shows two of its own."""
    count = {side: anchors(lines, side) for side in FORMS}
    best = max(FORMS, key=lambda side: count[side])
    return best if count[best] >= 2 else None


def anchors(lines: Sequence[Line], side: Side) -> int:
    """How many of a side's labels were found: tells which turn of a picture reads best."""
    return len(lay_out(lines, side).labels)


def upside_down(lines: Sequence[Line]) -> bool:
    """The first label of the side stands below its last: OCR reads turned lines, but leaves them where they are."""
    for first, last, side in (
        (NAME, NUMBER, Side.PORTRAIT),
        (ADDRESS, NUMBER, Side.PORTRAIT),
        (TITLE, VALIDITY, Side.EMBLEM),
        (STATE, VALIDITY, Side.EMBLEM),
    ):
        layout = lay_out(lines, side)
        upper, lower = layout.label(first), layout.label(last)
        if upper and lower:
            return upper.box.middle > lower.box.middle
    return False


def permit_layout(lines: Sequence[Line]) -> bool:
    """A row that only residence permits have was read (R17)."""
    return any(row in "".join(line.text.split()) for line in lines for row in PERMIT_ROWS)


def _candidates(at: int, line: Line, form: Form) -> list[_Candidate]:
    found = []
    for name in form.labels:
        for start, wrong in _places(line.text, name, form.within.get(name)):
            box = share(bounds(line), line.text, start, start + len(name))
            found.append(_Candidate(name, at, start, wrong, box))
    return found


def _places(text: str, name: str, within: str | None) -> list[tuple[int, int]]:
    """Every `(start, wrong characters)` at which a label may stand in a line.

    Short labels open a line, behind another script at most; inside one stand only those that share a row, as 民族
    after 性别. A word of an address (民族大道) opens lines too: `_chosen` tells them apart by place.
    """
    places = []
    opening = match.start() if (match := _HAN.search(text)) else 0
    for start in range(len(text) - len(name) + 1):
        wrong = sum(a != b for a, b in zip(text[start:], name, strict=False))
        inner = within is not None and wrong == 0 and re.match(within, text) is not None
        if wrong <= _tolerated(name) and (len(name) > 2 or start == opening or inner):
            places.append((start, wrong))
    return places


def _tolerated(name: str) -> int:
    return 2 if len(name) > 5 else 1


def _chosen(candidates: list[_Candidate], form: Form) -> list[_Candidate]:
    """One candidate for each label: exact before misread, upper before lower, each in a place it can have."""
    exact = _best([c for c in candidates if c.wrong == 0 or len(c.name) > 2])
    missing = [
        c
        for c in candidates
        if c.name not in {e.name for e in exact} and (_in_column(c, exact, form) or _after(c, exact, form))
    ]
    chosen = [*exact, *_best([c for c in missing if all(_apart(c, e) for e in exact)])]
    return [c for c in chosen if c.name != ETHNICITY or _on_the_row_of_sex(c, chosen)]


def _in_column(candidate: _Candidate, exact: list[_Candidate], form: Form) -> bool:
    column = [c.box.left for c in exact if c.name in form.column]
    near = bool(column) and abs(candidate.box.left - median(column)) <= candidate.box.height
    return candidate.name in form.column and near


def _after(candidate: _Candidate, exact: list[_Candidate], form: Form) -> bool:
    left = next((c for c in exact if c.name == form.after.get(candidate.name)), None)
    return left is not None and same_row(left.box, candidate.box) and candidate.box.left > left.box.right


def _best(candidates: list[_Candidate]) -> list[_Candidate]:
    best: dict[str, _Candidate] = {}
    for candidate in sorted(candidates, key=lambda c: (c.wrong, c.box.middle)):
        if all(_apart(candidate, other) for other in best.values()):
            best.setdefault(candidate.name, candidate)
    return list(best.values())


def _apart(one: _Candidate, other: _Candidate) -> bool:
    """The two do not claim the same characters."""
    return (
        one.line != other.line or one.start >= other.start + len(other.name) or other.start >= one.start + len(one.name)
    )


def _on_the_row_of_sex(ethnicity: _Candidate, chosen: list[_Candidate]) -> bool:
    sex = next((c for c in chosen if c.name == SEX), None)
    if sex:
        return same_row(sex.box, ethnicity.box)
    return all(ethnicity.box.middle < c.box.top for c in chosen if c.name in {BIRTH, ADDRESS, NUMBER})


def _pieces(line: Line, labels: list[_Candidate]) -> list[Piece]:
    """What remains of a line between its labels."""
    spans, at = [], 0
    for label in sorted(labels, key=lambda c: c.start):
        spans.append((at, label.start))
        at = label.start + len(label.name)
    spans.append((at, len(line.text)))
    box = bounds(line)
    return [
        Piece(line.text[start:end].strip(), line.score, share(box, line.text, start, end), not labels)
        for start, end in spans
        if line.text[start:end].strip(" :")
    ]
