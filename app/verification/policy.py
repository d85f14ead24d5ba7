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

T = TypeVar("T")

UNCALIBRATED = "uncalibrated"
"""R92: what a score carries instead of an error rate nobody has measured."""
PRODUCTION = "production"


class PolicyBroken(ValueError):
    """The text is no policy; the message says which entry."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit and where it comes from."""

    value: float
    origin: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every limit a decision uses; `least` and `most` are themselves still good enough, `below` is not."""

    face_accept: Threshold
    """Distance: at most this is accepted."""
    face_reject: Threshold
    """Distance: above this is rejected, up to it is referred."""
    field_sure: Threshold
    """Confidence from which a field counts as read; nothing is rejected on a field read less surely."""
    card_blur_least: Threshold
    card_glare_most: Threshold
    """Share of the document under a lamp's mirror image, where nobody knows what stands there."""
    card_brightness_least: Threshold
    card_brightness_most: Threshold
    card_width_least_px: Threshold
    card_evenness_least: Threshold
    """Light on the darkest place along the document's edge over the light where it is well lit."""
    card_tilt_most_degrees: Threshold
    card_covered_most: Threshold
    """Share of the canvas."""
    card_noise_most: Threshold
    """Grey levels."""
    card_compression_most: Threshold
    """Step of the slowest waves."""
    cards_most: Threshold
    field_blur_least: Threshold
    field_burnt_most: Threshold
    """Share of a field, or of the portrait, under a lamp's mirror image."""
    field_overexposed_most: Threshold
    """Share of a field that is burnt out where the whole card is lit too strongly."""
    field_covered_most: Threshold
    """Share of a field."""
    field_brightness_least: Threshold
    """Grey level of the paper."""
    field_evenness_least: Threshold
    """Light on a field's darkest paper over the light where the card is well lit."""
    field_contrast_least: Threshold
    """Share of the paper's light that the print takes."""
    face_eye_distance_least_px: Threshold
    face_share_least: Threshold
    face_blur_least: Threshold
    face_brightness_least: Threshold
    face_brightness_most: Threshold
    face_turn_most: Threshold
    face_pitch_most: Threshold
    """How far the nose may stand above or below where it does of who looks straight, over the distance of the eyes."""
    face_cut_most: Threshold
    """Share of the face's box outside the picture."""
    face_eye_burnt_most: Threshold
    """Share of the patch around an eye under a lamp's mirror image in glasses."""
    face_candidate_most: Threshold
    """Distance up to which an enrolled face is shown to a person beside an applicant's, where no calibration says what a score is worth."""
    face_candidate_strangers_most: Threshold
    """Strangers that a search may find beside an honest applicant, by the FMR that was measured: N × FMR (R94)."""
    face_reference_most_years: Threshold
    """Age of an enrolled photograph from which on its comparisons warn."""
    face_background_below: Threshold
    """Area over the largest face's: a smaller one is in the background, and nobody takes it for the applicant."""
    capture_gap_below_seconds: Threshold
    recapture_pattern_most: Threshold
    recapture_fringes_most: Threshold
    recapture_frame_most: Threshold
    recapture_bands_most: Threshold
    copy_colour_least: Threshold
    copy_dots_most: Threshold
    copy_emblem_red_least: Threshold
    digits_uneven_most: Threshold
    noise_differs_most: Threshold
    portrait_edge_most: Threshold
    portrait_noise_differs_most: Threshold
    liveness_turn_least_degrees: Threshold
    """Of one step, as measured from five points."""
    liveness_look_up_least_degrees: Threshold
    liveness_look_down_least_degrees: Threshold
    liveness_tilt_least_degrees: Threshold
    liveness_nearness_least_factor: Threshold
    liveness_returned_most: Threshold
    """Share of a step at which a head counts as back."""
    liveness_reaction_least_ms: Threshold
    liveness_step_least_ms: Threshold
    liveness_step_most_ms: Threshold
    liveness_total_most_ms: Threshold
    liveness_straightness_least: Threshold
    """Way needed over way gone."""
    liveness_astray_most: Threshold
    """How far another step was done before the one asked for; 1 is all of it."""
    liveness_faceless_most_ms: Threshold
    liveness_other_faces_most: Threshold
    """Frames."""
    liveness_gap_most_ms: Threshold
    liveness_clocks_apart_most_ms: Threshold
    liveness_batch_most_ms: Threshold
    """How long before its batch came a frame is believed to have been filmed."""
    liveness_overlap_least: Threshold
    liveness_growth_most: Threshold
    """Factor."""
    liveness_repeated_most: Threshold
    """Frames."""
    liveness_difference_least: Threshold
    """Grey levels between the two frames most alike."""
    liveness_described_least: Threshold
    """Frames."""
    liveness_descriptors_apart_most: Threshold
    """Distance of the network's descriptors, or as a fit measures it."""
    liveness_colour_least: Threshold
    """Correlation of the skin's answer with the colours shown."""
    liveness_colour_strength_least: Threshold
    """Of that answer, in log units: a picture tinted as a whole answers a little where it is burnt out, and in step."""
    liveness_colour_lag_most_ms: Threshold
    liveness_colour_own_lag_most_ms: Threshold
    """Of an answer, beyond a round of the line: what is later than both was not late through the line."""
    liveness_colours_foreign_most: Threshold
    """Frames in which the skin shows a colour that nobody had shown it."""
    liveness_texture_least: Threshold
    liveness_spectrum_most: Threshold
    liveness_edges_most: Threshold
    liveness_pad_least: Threshold
    liveness_still_turn_most_degrees: Threshold
    liveness_still_blur_least: Threshold
    portrait_bits_apart_least: Threshold
    """Of 256, from every portrait that was sent for somebody else."""
    compression_differs_most: Threshold


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
