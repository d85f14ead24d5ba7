"""What does a comparison of faces say? A score that never travels without what it is worth (R92)."""

from dataclasses import asdict, dataclass
from typing import Final

UNCALIBRATED: Final = "uncalibrated"


@dataclass(frozen=True, slots=True)
class FmrClaim:
    """How often strangers score as high, as measured."""

    fmr: float
    upper: float
    """Upper 95 % bound: what may be relied on."""


@dataclass(frozen=True, slots=True)
class Uncalibrated:
    """Nobody has measured how often strangers score as high, and why that is so here."""

    why: str


UNWEIGHED: Final = Uncalibrated("no calibration is loaded")
"""Of every score where the bank gave the service nothing to judge faces by."""


@dataclass(frozen=True, slots=True)
class Score:
    """One person compared with one probe."""

    value: float
    """Higher is nearer."""
    model: str
    version: str
    fit: str | None
    """Id of the fit the value was reached by."""
    references: int
    threshold: float | None
    """From which the calibration matches; None: there is none to go by."""
    calibration: str
    """Its id, or `uncalibrated`."""
    claim: FmrClaim | Uncalibrated

    def __post_init__(self) -> None:
        if (self.calibration == UNCALIBRATED) != isinstance(self.claim, Uncalibrated):
            raise ValueError("a claim and its calibration come together or not at all")

    def document(self) -> dict[str, float | int | str | dict[str, float] | None]:
        """As it is shown; the member `fmr` is a claim or the word `uncalibrated`."""
        facts: dict[str, float | int | str | dict[str, float] | None] = {
            "score": self.value,
            "model": self.model,
            "version": self.version,
            "fit": self.fit,
            "references": self.references,
            "threshold": self.threshold,
            "calibration": self.calibration,
        }
        if isinstance(self.claim, Uncalibrated):
            return facts | {"fmr": UNCALIBRATED, "why": self.claim.why}
        return facts | {"fmr": asdict(self.claim)}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A score, and what a calibration that covers it lets follow from it."""

    score: Score
    """Its threshold is `accept`."""
    calibration: str
    """Id of what the limits are of, also where the score reaches none of them."""
    accept: float
    """From here on it matches."""
    reject: float
    """Below this it is another person: no threshold that was measured lets it in."""
    may_accept: bool
    """R75: the upper bound of the FMR is low enough at `accept` for a face to decide by itself, and for the policy's profile."""
    may_reject: bool
    """R75: the upper bound of the FNMR is low enough at `reject`."""
