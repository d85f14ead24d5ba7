"""What is a machine-readable zone, once read? Fields, verdicts and corrections, as frozen values that print nothing."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.verification.documents.mrz.dates import Birth
from app.verification.documents.mrz.shapes import Part, Shape
from app.verification.documents.mrz.states import KNOWN, SPECIMEN


class Sex(StrEnum):
    """As the page prints it; a zone writes < for X (R69)."""

    MALE = "M"
    FEMALE = "F"
    UNSPECIFIED = "X"


class State(StrEnum):
    """How far a zone may be relied on, R65-R67."""

    CLEAN = "clean"
    """Read as it stands, and the page vouches for what no digit guards; no reading alone is that, see `printed`."""
    UNPROTECTED = "unprotected"
    """Read as it stands, every digit holds; name or optional characters stand that no digit guards (R67)."""
    CORRECTED = "corrected"
    """Twins told apart by their field (R65) and at most two changes more, the only ones under which everything holds (R66)."""
    AMBIGUOUS = "ambiguous"
    """Two ways to correct it: a person decides (R66)."""
    BROKEN = "broken"
    """No zone, or none that holds within two changes."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One change: at which line and position, both from 1, what was seen and what was taken instead.

    A run of fillers that was read too long or too short is one change, at its first position.
    """

    line: int
    position: int
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class CheckDigit:
    """The verdict of one check digit at a line and position, both from 1."""

    name: Part
    """What it guards: number, birth, expiry, optional or composite."""
    line: int
    position: int
    seen: str
    expected: str | None
    """None: what it guards holds a character no zone has."""
    holds: bool


@dataclass(frozen=True, slots=True)
class Fields:
    """What a zone says, without its fillers."""

    document_code: str
    issuer: str
    surname: str = field(repr=False)
    given_names: str = field(repr=False)
    """Empty where the holder has one name, or where it took the whole line."""
    number: str = field(repr=False)
    nationality: str
    birth: Birth = field(repr=False)
    sex: Sex
    expiry: date
    optional: str = field(default="", repr=False)
    optional_second: str = field(default="", repr=False)
    """TD1 alone has it."""

    @property
    def specimen(self) -> bool:
        """It is nobody's: production refuses it, the sandbox takes it (R70)."""
        return SPECIMEN in {self.issuer, self.nationality}

    @property
    def unknown_states(self) -> tuple[str, ...]:
        """Issuer and nationality as far as neither ISO 3166 nor ICAO lists them."""
        return tuple(code for code in dict.fromkeys((self.issuer, self.nationality)) if code not in KNOWN)


@dataclass(frozen=True, slots=True)
class MachineZone:
    """What one reading made of a zone. `fields` are there only where all of them hold, in three of the five states."""

    state: State
    shape: Shape | None = None
    lines: tuple[str, ...] = field(default=(), repr=False)
    """With their corrections where there is one way to correct them, else as they were seen."""
    fields: Fields | None = field(default=None, repr=False)
    checks: tuple[CheckDigit, ...] = field(default=(), repr=False)
    """Of `lines`."""
    corrections: tuple[Correction, ...] = field(default=(), repr=False)
    alternatives: tuple[tuple[Correction, ...], ...] = field(default=(), repr=False)
    """Two ways to correct an ambiguous zone; there may be more."""
    unprotected: tuple[Part, ...] = ()
    """The parts with characters that no check digit covers: what the digits cannot see."""
    name_cut: bool = False
    """The name fills its line, so the rest of it may be missing (R71)."""
