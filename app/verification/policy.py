"""How good must evidence be here? One version of the bank's proofing policy, read from its text.

A policy says where each of its thresholds comes from. A production policy that could accept without calibration,
liveness evidence and an authority's answer, or accept a specimen, cannot be built.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Self, TypeVar

from app.core.acr import Ial
from app.verification.evidence import primary
from app.verification.examination import Kind
from app.verification.faces.calibration import Profile
from app.verification.thresholds import Threshold, Thresholds

T = TypeVar("T")

UNCALIBRATED = "uncalibrated"
"""R92: what a score carries instead of an error rate nobody has measured."""
PRODUCTION = "production"


class PolicyBroken(ValueError):
    """The text is no policy; the message says which entry."""


class Assessed(StrEnum):
    """Purposes of their own, off until an impact assessment is on record (PIPL Art. 55, R101)."""

    FACE_SEARCH = "face_search"  # is this face enrolled under another number?
    FIT_ON_GALLERY = "fit_on_gallery"  # learning from the enrolled faces how faces differ
    BLOCK_LIST = "block_list"  # faces of those who are refused


@dataclass(frozen=True, slots=True)
class Policy:
    """What a decision is made by; stored with it as `version`."""

    version: str
    environment: str
    calibration: str
    """Id of a calibration of faces that must be loaded where this policy is in force, or `uncalibrated`: whatever is loaded (R92).

    It makes no score calibrated: only a calibration that covers what is compared does."""
    face_profile: Profile
    """How seldom strangers may match by a calibration (R93)."""
    documents_calibration: str
    """Id of the measurement of how often forged documents pass and genuine ones do not (R81), or `uncalibrated`."""
    liveness_calibration: str
    """Id of the attack test the liveness thresholds rest on (R77, ISO/IEC 30107-3), or `uncalibrated`."""
    accepts_uncalibrated: bool
    requires_liveness: bool
    requires_authority: bool
    """An answer from 联网核查 or another issuing source (R45)."""
    accepts_specimens: bool
    accepts_seen_images: bool
    """A picture, or nearly its portrait, that was sent for somebody else before; specimens are, by all who try the service."""
    in_person_second_person: bool
    """A comparison at the counter is confirmed by a second person (R113); one about fraud always is."""
    documents: tuple[Kind, ...]
    """The kinds a proofing may rest on, or be supported by."""
    ial_at_most: Ial
    """What an accepted proofing may be worth at most; what it is worth is computed."""
    impact_assessments: tuple[tuple[Assessed, str], ...]
    """For each purpose where its assessment is on record; empty: there is none, and it is off."""
    thresholds: Thresholds

    def may(self, purpose: Assessed) -> bool:
        """Whether a purpose that needs an impact assessment has one."""
        return bool(dict(self.impact_assessments)[purpose].strip())

    def __post_init__(self) -> None:
        if self.thresholds.face_accept.value > self.thresholds.face_reject.value:
            raise PolicyBroken("face_accept lies above face_reject")
        if self.thresholds.liveness_growth_nearing_most.value >= self.thresholds.liveness_nearness_least_factor.value:
            raise PolicyBroken("liveness_growth_nearing_most: one cut would answer the step")
        if primary(self.documents) is None:
            raise PolicyBroken("documents: none that an account may be opened on (R53)")
        if self.environment == PRODUCTION and self._lax():
            raise PolicyBroken("production needs calibration, liveness, an authority (R92, R77, R45), no old pictures")

    def _lax(self) -> bool:
        strict = self.requires_liveness and self.requires_authority
        known_to_all = self.accepts_specimens or self.accepts_seen_images
        return self.accepts_uncalibrated or known_to_all or not strict

    @property
    def documents_calibrated(self) -> bool:
        """Whether the document was found genuine rests on measured error rates."""
        return self.documents_calibration != UNCALIBRATED


@dataclass(frozen=True, slots=True)
class _Table:
    """A TOML table of which every entry must be asked for exactly once."""

    entries: Mapping[str, object]

    @classmethod
    def with_exactly(cls, entries: object, names: set[str], where: str) -> Self:
        if not isinstance(entries, dict) or set(entries) != names:
            given = set(entries) if isinstance(entries, dict) else set()
            raise PolicyBroken(f"{where}: missing or unknown {sorted(names ^ given)}")
        return cls(entries)

    def take(self, name: str, kind: type[T]) -> T:
        value = self.entries[name]
        if type(value) is not kind:  # bool is an int, and neither may stand for the other
            raise PolicyBroken(f"{name} is not of type {kind.__name__}")
        return value


def parse_policy(text: str) -> Policy:
    """The policy a TOML text holds; raises PolicyBroken when an entry is missing, unknown, or of the wrong type."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyBroken(str(error)) from error
    table = _Table.with_exactly(read, {field.name for field in fields(Policy)}, "policy")
    level = table.take("ial_at_most", str)
    if level not in set(Ial):
        raise PolicyBroken(f"ial_at_most: {level}")
    profile = table.take("face_profile", str)
    if profile not in set(Profile):
        raise PolicyBroken(f"face_profile: {profile}")
    return Policy(
        version=table.take("version", str),
        environment=table.take("environment", str),
        calibration=table.take("calibration", str),
        face_profile=Profile(profile),
        documents_calibration=table.take("documents_calibration", str),
        liveness_calibration=table.take("liveness_calibration", str),
        accepts_uncalibrated=table.take("accepts_uncalibrated", bool),
        requires_liveness=table.take("requires_liveness", bool),
        requires_authority=table.take("requires_authority", bool),
        accepts_specimens=table.take("accepts_specimens", bool),
        accepts_seen_images=table.take("accepts_seen_images", bool),
        in_person_second_person=table.take("in_person_second_person", bool),
        documents=_kinds(table.take("documents", list)),
        ial_at_most=Ial(level),
        impact_assessments=_assessments(table.take("impact_assessments", dict)),
        thresholds=_thresholds(table.take("thresholds", dict)),
    )


def _kinds(entries: list[object]) -> tuple[Kind, ...]:
    if unknown := [entry for entry in entries if entry not in set(Kind)]:
        raise PolicyBroken(f"documents: {unknown[0]}")
    return tuple(Kind(str(entry)) for entry in entries)


def _assessments(entries: Mapping[str, object]) -> tuple[tuple[Assessed, str], ...]:
    table = _Table.with_exactly(entries, {purpose.value for purpose in Assessed}, "impact_assessments")
    return tuple((purpose, table.take(purpose.value, str)) for purpose in Assessed)


def _thresholds(entries: Mapping[str, object]) -> Thresholds:
    names = {field.name for field in fields(Thresholds)}
    table = _Table.with_exactly(entries, names, "thresholds")
    return Thresholds(**{name: _threshold(name, table.take(name, dict)) for name in names})


def _threshold(name: str, entries: Mapping[str, object]) -> Threshold:
    table = _Table.with_exactly(entries, {"value", "origin"}, name)
    origin = table.take("origin", str)
    if not origin.strip():
        raise PolicyBroken(f"{name} has no origin")
    return Threshold(table.take("value", float), origin)
