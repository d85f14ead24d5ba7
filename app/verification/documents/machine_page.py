"""What does a page with a machine-readable zone say? The zone, read twice, beside what the page prints; R54-R73."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.verification.documents.labels import with_text
from app.verification.documents.layout import Box, bounds
from app.verification.documents.mrz.dates import Birth
from app.verification.documents.mrz.finding import find_zone
from app.verification.documents.mrz.glyphs import cleaned
from app.verification.documents.mrz.printed import Comparison, Pair, Verdict, compare, state_beside
from app.verification.documents.mrz.reading import read
from app.verification.documents.mrz.shapes import FILLER, Part, Shape, part_of
from app.verification.documents.mrz.zone import MachineZone, State
from app.verification.documents.printed_items import printed
from app.verification.documents.readings import CORRECTED, UNCONFIRMED, UNREAD
from app.verification.examination import CardView, Field, Kind, Line, Side

Reread = Callable[[Box], Sequence[str]]
"""What one region of the canvas says, read alone several times over."""

PAGES: Final = {
    Shape.TD3: (Kind.PASSPORT, Side.DATA_PAGE),
    Shape.TD1: (Kind.IDENTITY_CARD, Side.BACK),
    Shape.TD2: (Kind.IDENTITY_CARD, Side.FRONT),
    Shape.MRV_A: (Kind.VISA, Side.DATA_PAGE),
    Shape.MRV_B: (Kind.VISA, Side.DATA_PAGE),
}
READABLE: Final = frozenset({State.CLEAN, State.UNPROTECTED, State.CORRECTED})
RIM: Final = 0.45
"""Of a zone line's height, around it: read alone, its first and last letters need paper beside them."""
MOST_READINGS: Final = 6


@dataclass(frozen=True, slots=True)
class MachinePage:
    """One page with a zone on it."""

    view: CardView
    zone: MachineZone
    """As the reading found it that holds as it stands, where one does."""
    comparison: Comparison
    score: float
    """Of the zone's least sure line, 0 to 1."""
    names_agree: bool
    """Each line of the zone stands in two readings: where no digit guards letters, nothing else in it confirms them."""

    @property
    def state(self) -> State:
        """How far the zone may be relied on, beside what its page prints (R67, R73)."""
        state = state_beside(self.zone, self.comparison)
        return State.UNPROTECTED if state is State.CLEAN and not self.names_agree else state


def shows_zone(lines: Sequence[Line]) -> bool:
    """Whether any lines are a zone."""
    return bool(find_zone(lines))


def upside_down(lines: Sequence[Line], *, height: int) -> bool:
    """A zone stands at the foot of its page (Doc 9303 parts 4 to 7): one above the middle tells of a page that is turned."""
    zone = find_zone(lines)
    return bool(zone) and sum(bounds(line).middle for line in zone) / len(zone) < height / 2


def read_machine_page(lines: Sequence[Line], view: CardView, reread: Reread, *, today: date) -> MachinePage:
    """The page; `view` as measured, before its text was read."""
    zone_lines = find_zone(lines)
    zone, names_agree = _zone(zone_lines, reread, today)
    kind, side = PAGES.get(zone.shape or Shape.TD3, (None, None)) if zone_lines else (None, None)
    seen = with_text(view, lines, kind or Kind.PASSPORT, side)
    others = [line for line in lines if not _within(line, zone_lines)]
    return MachinePage(
        view=seen,
        zone=zone,
        comparison=compare(zone, printed([line.text for line in others], zone)),
        score=min((line.score for line in zone_lines), default=0.0),
        names_agree=names_agree,
    )


def zone_places(lines: Sequence[Line]) -> dict[str, Box]:
    """Where on the canvas the zone's lines stand."""
    return {f"line_{number}": bounds(line) for number, line in enumerate(find_zone(lines), start=1)}


def machine_fields(page: MachinePage) -> dict[str, Field]:
    """What the zone says, by name; nothing is said where it does not hold."""
    zone, said = page.zone, page.zone.fields
    twice, same = page.names_agree, {pair for pair in Pair if page.comparison.of(pair) is Verdict.SAME}
    sure = page.score * (1.0 if twice else UNCONFIRMED)
    lines = {f"line_{at}": Field(text, text, sure) for at, text in enumerate(zone.lines, start=1)}
    if said is None or page.state not in READABLE:
        return {name: replace(field, value=None) for name, field in lines.items()} or {"line_1": UNREAD}
    confirmed = not page.comparison.differing and twice
    whole = page.score * (CORRECTED if page.state is State.CORRECTED and not confirmed else 1.0)
    doubted = whole * UNCONFIRMED
    free = whole if confirmed else doubted
    name = whole if Pair.NAME in same and twice else free
    values = {
        "surname": (said.surname, name),
        "given_names": (said.given_names, name),
        # One misreading in ten keeps a check digit (R63): a second reading has to say the same, or the print.
        "number": (said.number, whole if twice or Pair.NUMBER in same else doubted),
        "nationality": (said.nationality, free),
        "birth": (_birth(said.birth), whole if twice or Pair.BIRTH in same else doubted),
        "sex": (said.sex.value, free),
        "expiry": (said.expiry.isoformat(), whole if twice or Pair.EXPIRY in same else doubted),
        "issuer": (said.issuer, free),
    }
    return {name: Field(value or "", value, sure) for name, (value, sure) in values.items()} | lines


def _zone(zone_lines: Sequence[Line], reread: Reread, today: date) -> tuple[MachineZone, bool]:
    """The zone as the most of its readings have it among those that hold, and whether each line of it stands in two."""
    if not zone_lines:
        return read([], today=today), False
    first = [line.text for line in zone_lines]
    again = [list(reread(_rimmed(line)))[:MOST_READINGS] for line in zone_lines]
    # The readings of one line beside those of the others. What is composed of the commonest may hold where none of them
    # does, and is no reading: counted as one, it would be the echo of another.
    wholes = [read(texts, today=today) for texts in (first, *zip(*again, strict=False))]
    found = [*wholes, read(_commonest(first, again), today=today)]
    holding = [zone for zone in found if zone.state is State.UNPROTECTED]
    candidates = holding or [zone for zone in found if zone.state is State.CORRECTED] or found[-1:]
    lines = [(text, *others) for text, others in zip(first, again, strict=True)]
    counts = {zone.lines: _standing(zone, lines, wholes) for zone in candidates}
    best = max(candidates, key=lambda zone: counts[zone.lines])
    rivals = {_protected(zone) for zone in holding}
    if len(rivals) > 1:
        # Digits hold in two readings that say different things: nothing tells which the page means (R66).
        return replace(best, state=State.AMBIGUOUS, fields=None), False
    return best, counts[best.lines] >= 2


def _standing(zone: MachineZone, lines: Sequence[Sequence[str]], wholes: Sequence[MachineZone]) -> int:
    """In how many readings that line of the zone stands which stands in the fewest.

    As it was read, but for the fillers that end it, or as the whole that it was read with came to hold.
    """
    held = [other.lines if other.fields else () for other in wholes] + [()] * MOST_READINGS
    return min(
        (
            sum(
                _bare(text) == _bare(line) or each[at : at + 1] == (line,)
                for text, each in zip(texts, held, strict=False)
            )
            for at, (line, texts) in enumerate(zip(zone.lines, lines, strict=False))
        ),
        default=0,
    )


def _bare(text: str) -> str:
    return cleaned(text).rstrip(FILLER)


def _commonest(first: Sequence[str], again: Sequence[Sequence[str]]) -> list[str]:
    chosen = []
    for text, others in zip(first, again, strict=True):
        readings = [cleaned(each) for each in (text, *others)]
        chosen.append(max(readings, key=readings.count))
    return chosen


def _protected(zone: MachineZone) -> tuple[str, ...]:
    """What a zone's digits guard."""
    text = "".join(zone.lines)
    return (
        tuple(part_of(zone.shape, text, part) for part in (Part.NUMBER, Part.BIRTH, Part.EXPIRY)) if zone.shape else ()
    )


def _rimmed(line: Line) -> Box:
    box = bounds(line)
    return box.grown(RIM * box.height)


def _within(line: Line, zone_lines: Sequence[Line]) -> bool:
    box = bounds(line)
    return any(abs(bounds(other).middle - box.middle) < box.height / 2 for other in zone_lines)


def _birth(birth: Birth) -> str | None:
    return birth.date.isoformat() if birth.date else None
