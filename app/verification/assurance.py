"""How sure may a relying party be who this is? The level that follows from evidence and controls: computed, not claimed.

SP 800-63A-4, final of 2025: §2.4.1 says how strong a document is, §4.1 to §4.3 what each level takes. Left out, for no
account comes to be without it: a proven contact (§4.1.8). It verifies nobody here, since the address is the applicant's
word and not one validated with the evidence (§4.1.6).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final, Self, TypeVar

from app.core.acr import Control, Ial
from app.verification.evidence import SECONDARY
from app.verification.examination import Kind

T = TypeVar("T", bound=StrEnum)
Controls = frozenset[Control]


class Strength(IntEnum):
    """How strong a piece of evidence is, §2.4.1."""

    NONE = 0
    FAIR = 1
    STRONG = 2
    SUPERIOR = 3


STRENGTHS: Final[Mapping[Kind, Strength]] = MappingProxyType(
    {
        # STRONG, §2.4.1.2: issued in person by public security under a written law, unique number, portrait, security
        # print, an authority that can be asked. Not SUPERIOR, §2.4.1.3 (2): nobody here reads their chip (R44), and a
        # signature that was not verified leaves STRONG at most (§4.2.4 (2)). Whether this one is genuine, alive and the
        # applicant's is for controls to say: no strength does (R45).
        Kind.RESIDENT_CARD: Strength.STRONG,
        Kind.RESIDENCE_PERMIT: Strength.STRONG,
        Kind.PERMANENT_RESIDENT_CARD: Strength.STRONG,
        # STRONG by Doc 9303's print, number and portrait; SUPERIOR once its chip is verified to the CSCA (R74).
        Kind.PASSPORT: Strength.STRONG,
        # FAIR, §2.4.1.1: how another state issues it, and whom to ask about it, we do not know.
        Kind.IDENTITY_CARD: Strength.FAIR,
        # FAIR: paper for three months (R42); whether it is taken at all is the policy's to say.
        Kind.TEMPORARY_CARD: Strength.FAIR,
        # FAIR beside another, and nothing alone: secondary evidence in China (R53).
        Kind.DRIVING_LICENCE: Strength.FAIR,
        # It says that its holder may enter, and repeats the passport it is in.
        Kind.VISA: Strength.NONE,
    }
)
WITH_CHIP: Final = frozenset({Kind.PASSPORT})
"""R74. The resident card's chip is not ICAO's, so no claim is made for it (R44)."""

LEVELS: Final = (Ial.IAL1, Ial.IAL2, Ial.IAL3)
RANK: Final = {level: rank for rank, level in enumerate((Ial.NONE, *LEVELS))}
_ALWAYS: Final = frozenset({Control.EVIDENCE, Control.AUTHORITY})
"""§4.1.5: core attributes and government identifier are validated with an authoritative or credible source, at IAL1 too."""
_IN_PERSON: Final = frozenset({Control.ATTENDED})
"""§4.1.4 (4), §4.1.6 (5): print seen and touched, portrait compared with the person, by whoever attends on site."""
_FROM_AFAR: Final = frozenset({Control.CAPTURE, Control.LIVENESS})
"""§3.13, §3.14, §4.1.6 (5): person and document were really there when the pictures were taken."""
_BY_PEOPLE: Final = _FROM_AFAR | {Control.REVIEWED}
_BY_MACHINE: Final = _FROM_AFAR | {Control.DOCUMENT, Control.CONSENT, Control.FACE}
_ON_SITE: Final = frozenset({Control.ATTENDED, Control.CONSENT, Control.BIOMETRIC, Control.BINDING})
_WAYS: Final[Mapping[Ial, tuple[Controls, ...]]] = MappingProxyType(
    {
        Ial.IAL1: (_ALWAYS | _IN_PERSON, _ALWAYS | _BY_PEOPLE, _ALWAYS | _BY_MACHINE),
        # §4.2.6: from afar every piece that counts is verified to be the applicant's, on site the strongest.
        Ial.IAL2: (
            _ALWAYS | _IN_PERSON,
            _ALWAYS | _BY_PEOPLE | {Control.EACH},
            _ALWAYS | _BY_MACHINE | {Control.EACH},
        ),
        # §4.3: attended on site alone, a biometric sample taken there, the authenticator bound there.
        Ial.IAL3: (_ALWAYS | _ON_SITE,),
    }
)


@dataclass(frozen=True, slots=True)
class Assurance:
    """What was reached, by what, and what the next level would take."""

    ial: Ial
    evidence: tuple[Kind, ...]
    passed: tuple[Control, ...]
    missing: tuple[Control, ...]
    """The fewest that would raise the level; of `evidence`, another document. Empty at the highest, and for nobody."""

    def capped(self, at_most: Ial) -> Self:
        """The same, but no higher than the policy allows."""
        if RANK[self.ial] <= RANK[at_most]:
            return self
        return replace(self, ial=at_most, missing=(Control.POLICY,))

    def of_nobody(self) -> Self:
        """What was collected and passed by somebody who was not accepted: it assures of nobody."""
        return replace(self, ial=Ial.NONE, missing=())


NOTHING: Final = Assurance(Ial.NONE, (), (), ())
"""Where nobody was accepted and nothing was measured."""


def assured(evidence: Iterable[Kind], passed: Iterable[Control]) -> Assurance:
    """The level that follows; a document shown twice is one."""
    kinds, controls = frozenset(evidence), frozenset(passed)
    reached, missing = Ial.NONE, _missing(LEVELS[0], kinds, controls)
    for level, above in zip(LEVELS, (*LEVELS[1:], None), strict=True):
        if missing:
            break
        reached, missing = level, () if above is None else _missing(above, kinds, controls)
    return Assurance(reached, _in_order(Kind, kinds), _in_order(Control, controls), missing)


def strength(kind: Kind, passed: Controls) -> Strength:
    """How strong the document is, as far as its chip was verified."""
    return Strength.SUPERIOR if kind in WITH_CHIP and Control.CHIP in passed else STRENGTHS[kind]


def enough(kinds: Iterable[Kind], passed: Controls, level: Ial) -> bool:
    """Whether the documents suffice: one for IAL1; above it one SUPERIOR, or one STRONG with another (§4.2.2, §4.3.2)."""
    found = [kind for kind in kinds if strength(kind, passed) > Strength.NONE]
    best = max((strength(kind, passed) for kind in found if kind not in SECONDARY), default=Strength.NONE)
    if level is Ial.IAL1:
        return best > Strength.NONE
    return best is Strength.SUPERIOR or (best is Strength.STRONG and len(found) > 1)


def _missing(level: Ial, kinds: frozenset[Kind], passed: Controls) -> tuple[Control, ...]:
    """What the level still takes on the way that takes least; of two alike, on the one that is further gone."""
    met = passed - {Control.EVIDENCE, Control.EACH}
    if enough(kinds, passed, level):
        met |= {Control.EVIDENCE}
    if Control.EACH in passed or any(enough({kind}, passed, level) for kind in kinds):
        met |= {Control.EACH}
    way = min(_WAYS[level], key=lambda way: (len(way - met), -len(way & met)))
    return _in_order(Control, way - met)


def _in_order(names: type[T], found: frozenset[T]) -> tuple[T, ...]:
    return tuple(each for each in names if each in found)
