"""How well are a bank's own faces told apart? What was counted, shown in a table, as a document, as a page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from app.cli._face_describing import Described
from app.cli._face_plots import BOTTOM, HIGH, LEFT, WIDE, bars, curve
from app.pages.rendering import TEMPLATES
from app.verification.faces.calibration import ACCEPTS_AT_MOST, Calibration, Point, Usage
from app.verification.faces.evaluation import Evaluation


@dataclass(frozen=True, slots=True)
class Made:
    """One evaluation of a file of pairs."""

    found: Sequence[Evaluation]
    """All, then by cohort."""
    usage: Usage
    population: str
    pairs: int
    """As listed, whether or not they could be compared."""
    pictures: int
    unusable: Counter[str]


def made(found: Sequence[Evaluation], seen: Described, *, usage: Usage, population: str, pairs: int) -> Made:
    """What the evaluations and the photographs come to."""
    counted = Counter(seen.unusable.values())
    return Made(found, usage, population, pairs, len(seen.faces) + len(seen.unusable), counted)


def calibration(given: Made, made_on: date) -> Calibration:
    """What of it maps scores to rates."""
    whole = given.found[0]
    return Calibration(
        given.usage, given.population, whole.persons, whole.genuine, whole.impostor, made_on, whole.points
    )


def document(given: Made) -> dict[str, Any]:
    """Everything counted."""
    return {
        "usage": asdict(given.usage),
        "population": given.population,
        "pairs": given.pairs,
        "pictures": given.pictures,
        "unusable": dict(given.unusable),
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
    lost = ", ".join(f"{count} with {why}" for why, count in sorted(given.unusable.items())) or "none lost"
    usage, whole = given.usage, given.found[0]
    return [
        f"model {usage.model}, fit {usage.fit or 'none'}, {usage.kind}, {usage.references} enrolled, population {given.population}",
        f"{given.pictures} pictures ({lost}); {whole.genuine + whole.impostor} of {given.pairs} pairs compared",
        "intervals hold 95 %: by a bootstrap over people, since pairs share them, and by the rule of three where no stranger got in",
    ]


def heading(each: Evaluation) -> str:
    """Whom the figures are of."""
    return f"{each.cohort}: {each.persons} people, {each.genuine} pairs of one, {each.impostor} of two"


def rows(each: Evaluation) -> list[tuple[str, ...]]:
    """A line for each FMR."""
    return [_row(point) for point in each.points]


def verdict(given: Made) -> str:
    """Whether a face may accept by itself on these figures."""
    able = [each for each in given.found[0].points if each.upper <= ACCEPTS_AT_MOST]
    if able:
        return f"a face may accept by itself from a score of {able[0].threshold:.4f} on (R75)"
    return f"no threshold has an FMR of at most {ACCEPTS_AT_MOST:g} for sure: faces are referred to people (R75)"


def _row(point: Point) -> tuple[str, ...]:
    return (
        f"{point.target:.0e}",
        f"{point.threshold:.4f}",
        f"{point.fmr:.2e}" if point.fmr else "none",
        f"{point.upper:.2e}",
        f"{100 * point.fnmr:.1f} % ({100 * point.fnmr_low:.1f} to {100 * point.fnmr_high:.1f})",
    )
