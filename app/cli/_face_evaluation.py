"""How well are a bank's own faces told apart? What was counted, shown in a table, as a document, as a page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from app.cli._face_describing import Described, lost_in
from app.cli._face_pairs import Pairs, copies
from app.cli._face_plots import BOTTOM, HIGH, LEFT, WIDE, bars, curve
from app.pages.rendering import TEMPLATES
from app.verification.faces.calibration import ACCEPTS_AT_MOST, Calibration, Point, Usage
from app.verification.faces.claims import claimed, unsure
from app.verification.faces.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class Made:
    """One evaluation of a file of pairs."""

    found: Sequence[Evaluation]
    """All, then by cohort."""
    cohorts: frozenset[str]
    """As listed, whether or not they could be evaluated."""
    usage: Usage
    population: str
    pairs: int
    """As listed, whether or not they could be compared."""
    named: bool
    """Whether the file says who is who."""
    pictures: int
    unusable: Counter[str]
    copies: int
    """Pairs of one picture under two names."""


def made(found: Sequence[Evaluation], seen: Described, pairs: Pairs, *, usage: Usage, population: str) -> Made:
    """What the evaluations and the photographs come to."""
    counted, listed = Counter(seen.unusable.values()), pairs.listed
    pictures = len(seen.faces) + len(seen.unusable)
    cohorts = frozenset(pair.cohort for pair in listed if pair.cohort)
    copied = copies(listed, seen.faces)
    return Made(found, cohorts, usage, population, len(listed), pairs.named, pictures, counted, copied)


def calibration(given: Made, made_on: date) -> Calibration:
    """What of it maps scores to rates."""
    whole = given.found[0]
    points = claimed(given.found, given.cohorts, named=given.named)
    return Calibration(given.usage, given.population, whole.persons, whole.genuine, whole.impostor, made_on, points)


def document(given: Made) -> dict[str, Any]:
    """Everything counted."""
    return {
        "usage": asdict(given.usage),
        "population": given.population,
        "pairs": given.pairs,
        "people_named": given.named,
        "pictures": given.pictures,
        "unusable": dict(given.unusable),
        "copies": given.copies,
        "evaluations": [asdict(each) for each in given.found],
    }


def shown(given: Made) -> None:
    """Print it."""
    console = Console()
    for line in facts(given):
        console.print(line, highlight=False)
    for each in given.found:
        table = Table("FMR wanted", "threshold", "FMR seen", "at most", "FNMR", title=heading(each))
        for row in rows(each):
            table.add_row(*row)
        console.print(table)
    console.print(verdict(given))


def page(given: Made) -> str:
    """A page that stands by itself; whatever was given is escaped."""
    parts = [
        {"heading": heading(each), "rows": rows(each), "curve": curve(each), "bars": bars(each)} for each in given.found
    ]
    frame = {"wide": WIDE, "high": HIGH, "left": LEFT, "bottom": BOTTOM}
    told = {"facts": facts(given), "verdict": verdict(given), "parts": parts, "frame": frame}
    return TEMPLATES.get_template("faces.html").render(**told)


def facts(given: Made) -> list[str]:
    """By what was compared, and what could not be."""
    lost = lost_in(given.unusable)
    usage, whole = given.usage, given.found[0]
    guessed = (
        "" if given.named else " (guessed: of one person's pictures those that no pair links count as several people's)"
    )
    copied = f"; {given.copies} left out, of one picture under two names" if given.copies else ""
    return [
        f"model {usage.model}, fit {usage.fit or 'none'}, {usage.kind}, {usage.references} enrolled, population {given.population}",
        f"{given.pictures} pictures ({lost}); {whole.genuine + whole.impostor} of {given.pairs} pairs compared{copied}",
        f"intervals hold 95 %: by a bootstrap over people{guessed}, since pairs share them, and by the rule of three where no stranger got in",
    ]


def heading(each: Evaluation) -> str:
    """Whom the figures are of."""
    return f"{each.cohort}: {each.persons} people, {each.genuine} pairs of one, {each.impostor} of two"


def rows(each: Evaluation) -> list[tuple[str, ...]]:
    """A line for each FMR."""
    return [_row(point) for point in each.points]


def verdict(given: Made) -> str:
    """Whether a face may accept by itself on these figures."""
    found, referred = given.found, "faces are referred to people (R75)"
    if not any(each.upper <= ACCEPTS_AT_MOST for each in found[0].points):
        return f"no threshold has an FMR of at most {ACCEPTS_AT_MOST:g} for sure: {referred}"
    if not given.named:
        return (
            f"pairs of one person had to tell who is who, so no bound over people is sure and {referred};"
            " enrolled_person and probe_person name them"
        )
    if unseen := unsure(found, given.cohorts):
        return f"too few people were compared to claim anything of {', '.join(unseen)}: {referred}"
    able = [each for each in claimed(found, given.cohorts, named=True) if each.upper <= ACCEPTS_AT_MOST]
    if not able:
        weak = [each.cohort for each in found[1:] if each.beside_all[-1].upper > ACCEPTS_AT_MOST]
        return f"it is not sure of the strangers of {', '.join(weak)} by themselves, whatever holds of all: {referred}"
    return f"a face may accept by itself from a score of {able[0].threshold:.4f} on (R75)"


def _row(point: Point) -> tuple[str, ...]:
    return (
        f"{point.target:.0e}",
        f"{point.threshold:.4f}",
        f"{point.fmr:.2e}" if point.fmr else "none",
        f"{point.upper:.2e}",
        f"{100 * point.fnmr:.1f} % ({100 * point.fnmr_low:.1f} to {100 * point.fnmr_high:.1f})",
    )
