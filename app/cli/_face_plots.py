"""How are errors drawn? Lines and bars as SVG that stands in a page by itself: no script, nothing from elsewhere."""

from dataclasses import dataclass
from math import log10
from typing import Final

from app.verification.faces.evaluation import Evaluation

WIDE: Final = 520.0
HIGH: Final = 300.0
LEFT: Final = 52.0
BOTTOM: Final = 40.0
LEAST_RATE: Final = 1e-5


@dataclass(frozen=True, slots=True)
class Mark:
    """A word beside an axis."""

    at: float
    word: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Curve:
    """FNMR over FMR, the FMR by logarithm."""

    points: str
    """As `polyline` takes them."""
    across: tuple[Mark, ...]
    up: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Shares of pairs by score."""

    genuine: tuple[Bar, ...]
    impostor: tuple[Bar, ...]
    across: tuple[Mark, ...]
    thresholds: tuple[Mark, ...]
    """Where an FMR is reached."""


def curve(found: Evaluation) -> Curve:
    """The ROC; what lies below `LEAST_RATE` is drawn at it."""
    top = max(0.01, *(missed for _, missed in found.roc))
    points = " ".join(f"{_rate(passed):.1f},{_up(missed / top):.1f}" for passed, missed in found.roc)
    powers = tuple(Mark(_rate(10.0**power), f"1e{power}" if power else "1") for power in range(-5, 1))
    return Curve(
        points, powers, tuple(Mark(_up(share), f"{100 * share * top:.3g} %") for share in (0, 0.25, 0.5, 0.75, 1))
    )


def bars(found: Evaluation) -> Bars:
    """The histogram, each kind as shares of its own pairs."""
    edges = found.histogram.edges
    low, span = edges[0], edges[-1] - edges[0]
    most = max(max(counts) / sum(counts) for counts in (found.histogram.genuine, found.histogram.impostor))

    def across(score: float) -> float:
        return LEFT + (score - low) / span * (WIDE - LEFT)

    def drawn(counts: tuple[int, ...]) -> tuple[Bar, ...]:
        shares = [count / sum(counts) / most for count in counts]
        return tuple(
            Bar(across(edges[at]), _up(share), across(edges[at + 1]) - across(edges[at]), _height(share))
            for at, share in enumerate(shares)
            if share
        )

    scores = tuple(Mark(across(low + part * span / 6), f"{low + part * span / 6:.2f}") for part in range(7))
    thresholds = tuple(
        Mark(across(point.threshold), f"{point.target:.0e}")
        for point in found.points
        if low <= point.threshold <= edges[-1]
    )
    return Bars(drawn(found.histogram.genuine), drawn(found.histogram.impostor), scores, thresholds)


def _rate(share: float) -> float:
    return LEFT + (log10(max(LEAST_RATE, share)) - log10(LEAST_RATE)) / -log10(LEAST_RATE) * (WIDE - LEFT)


def _up(share: float) -> float:
    return HIGH - BOTTOM - _height(share)


def _height(share: float) -> float:
    return share * (HIGH - BOTTOM - 10.0)
