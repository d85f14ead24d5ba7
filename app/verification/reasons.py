"""Why was it decided so? Codes that are stored and shown to staff; what an applicant may read of them is in words.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Fact = str | int | float | bool
Point = tuple[float, float]
Polygon = tuple[Point, Point, Point, Point]
"""Four corners in pixels, clockwise from the top left as the document is read."""


class Outcome(StrEnum):
    """The outcomes of a decision, from best to worst."""

    ACCEPT = "accept"
    RETRY = "retry"
    REFER = "refer"
    REJECT = "reject"


class Kind(StrEnum):
    """What can follow from a reason (R115)."""

    RETRY = "retry"
    """A better picture or another card helps."""
    REVIEW = "review"
    """A person has to look."""
    FINAL = "final"
    """Nothing the applicant sends again changes it."""


class ReasonCode(StrEnum):
    """Stable and stored; shown to staff alone."""

    CARD_NOT_FOUND = "card_not_found"
    WRONG_DOCUMENT = "wrong_document"
    WRONG_SIDE = "wrong_side"
    CARD_BLURRED = "card_blurred"
    CARD_GLARE = "card_glare"
    CARD_DARK = "card_dark"
    CARD_BRIGHT = "card_bright"
    CARD_SMALL = "card_small"
    CARD_EDGE_CUT = "card_edge_cut"
    CARD_SHADOWED = "card_shadowed"
    CARD_FAINT = "card_faint"
    CARD_OCCLUDED = "card_occluded"
    CARD_GRAINY = "card_grainy"
    CARD_COMPRESSED = "card_compressed"
    CARD_TILTED = "card_tilted"
    SEVERAL_CARDS = "several_cards"
    FIELD_UNCLEAR = "field_unclear"
    NUMBER_UNCLEAR = "number_unclear"
    FIELD_TYPED = "field_typed"
    NUMBER_CHECK_WRONG = "number_check_wrong"
    NUMBER_BIRTH_IMPOSSIBLE = "number_birth_impossible"
    NUMBER_PROVINCE_UNKNOWN = "number_province_unknown"
    AGE_IMPLAUSIBLE = "age_implausible"
    SEX_DIFFERS = "sex_differs"
    BIRTH_DIFFERS = "birth_differs"
    PERMIT_CONTRADICTION = "permit_contradiction"
    PERMIT_REGION_UNKNOWN = "permit_region_unknown"
    PERMIT_TITLE_DIFFERS = "permit_title_differs"
    TRAVEL_PERMIT_DIFFERS = "travel_permit_differs"
    NUMBER_COUNTRY_UNKNOWN = "number_country_unknown"
    NATIONALITY_DIFFERS = "nationality_differs"
    ETHNICITY_UNLISTED = "ethnicity_unlisted"
    AUTHORITY_UNUSUAL = "authority_unusual"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    TEMPORARY_CARD = "temporary_card"
    TERM_UNKNOWN = "term_unknown"
    TERM_WRONG_FOR_AGE = "term_wrong_for_age"
    LONG_TERM_TOO_YOUNG = "long_term_too_young"
    GUARDIAN_NEEDED = "guardian_needed"
    LICENCE_TERM_UNKNOWN = "licence_term_unknown"
    LONG_TERM_TOO_EARLY = "long_term_too_early"
    RENEWAL_OPEN = "renewal_open"
    CLASS_UNKNOWN = "class_unknown"
    CLASS_AGE_UNUSUAL = "class_age_unusual"
    FIRST_ISSUE_TOO_YOUNG = "first_issue_too_young"
    FIRST_ISSUE_CONTRADICTED = "first_issue_contradicted"
    DUPLICATE_NUMBER_DIFFERS = "duplicate_number_differs"
    DUPLICATE_NAME_DIFFERS = "duplicate_name_differs"
    ZONE_BROKEN = "zone_broken"
    ZONE_AMBIGUOUS = "zone_ambiguous"
    ZONE_CORRECTED = "zone_corrected"
    ZONE_UNCONFIRMED = "zone_unconfirmed"
    PRINT_DIFFERS = "print_differs"
    STATE_UNKNOWN = "state_unknown"
    SECONDARY_ALONE = "secondary_alone"
    DOCUMENT_NOT_ACCEPTED = "document_not_accepted"
    DOCUMENTS_DIFFER = "documents_differ"
    DOCUMENTS_UNCOMPARED = "documents_uncompared"
    PORTRAIT_PAGE_UNREAD = "portrait_page_unread"
    SPECIMEN = "specimen"
    RECAPTURE_PATTERN = "recapture_pattern"
    RECAPTURE_FRINGES = "recapture_fringes"
    RECAPTURE_FRAME = "recapture_frame"
    RECAPTURE_BANDS = "recapture_bands"
    COPY_COLOURLESS = "copy_colourless"
    COPY_DOTS = "copy_dots"
    COPY_EMBLEM_PALE = "copy_emblem_pale"
    DIGITS_UNEVEN = "digits_uneven"
    NOISE_DIFFERS = "noise_differs"
    PORTRAIT_EDGED = "portrait_edged"
    PORTRAIT_NOISE_DIFFERS = "portrait_noise_differs"
    COMPRESSION_DIFFERS = "compression_differs"
    EDITED_BY_SOFTWARE = "edited_by_software"
    COMPROMISED_NUMBER = "compromised_number"
    IMAGE_SEEN_BEFORE = "image_seen_before"
    PORTRAIT_SEEN_BEFORE = "portrait_seen_before"
    CAPTURE_GAP = "capture_gap"
    ALREADY_ENROLLED = "already_enrolled"
    FACE_DECLINED = "face_declined"
    FACE_ABSENT = "face_absent"
    FACES_MANY = "faces_many"
    FACE_SMALL = "face_small"
    FACE_TURNED = "face_turned"
    FACE_BLURRED = "face_blurred"
    FACE_DARK = "face_dark"
    FACE_BRIGHT = "face_bright"
    FACE_PITCHED = "face_pitched"
    FACE_CUT = "face_cut"
    FACE_GLARE = "face_glare"
    PORTRAIT_FACE_UNCLEAR = "portrait_face_unclear"
    PHONE_KNOWN = "phone_known"
    FACE_KNOWN = "face_known"
    FACE_LISTED = "face_listed"
    FACE_NOT_COMPARED = "face_not_compared"
    FACE_DOUBTFUL = "face_doubtful"
    FACE_DIFFERS = "face_differs"
    FACE_CLAIM_WEAK = "face_claim_weak"
    FACE_REFERENCE_OLD = "face_reference_old"
    CALIBRATION_MISSING = "calibration_missing"
    LIVENESS_MISSING = "liveness_missing"
    LIVENESS_UNDONE = "liveness_undone"
    LIVENESS_ASTRAY = "liveness_astray"
    LIVENESS_TOO_SOON = "liveness_too_soon"
    LIVENESS_AT_ONCE = "liveness_at_once"
    LIVENESS_UNSTEADY = "liveness_unsteady"
    LIVENESS_FACE_LOST = "liveness_face_lost"
    LIVENESS_OTHER_FACE = "liveness_other_face"
    LIVENESS_GAP = "liveness_gap"
    LIVENESS_CLOCKS = "liveness_clocks"
    LIVENESS_JUMP = "liveness_jump"
    LIVENESS_SCALE = "liveness_scale"
    LIVENESS_STALLED = "liveness_stalled"
    LIVENESS_REPEATED = "liveness_repeated"
    LIVENESS_FROZEN = "liveness_frozen"
    LIVENESS_OTHER_PERSON = "liveness_other_person"
    LIVENESS_UNDESCRIBED = "liveness_undescribed"
    LIVENESS_COLOUR = "liveness_colour"
    LIVENESS_COLOUR_FAINT = "liveness_colour_faint"
    LIVENESS_COLOUR_LATE = "liveness_colour_late"
    LIVENESS_LINE_SLOW = "liveness_line_slow"
    LIVENESS_TEXTURE = "liveness_texture"
    LIVENESS_SPECTRUM = "liveness_spectrum"
    LIVENESS_EDGES = "liveness_edges"
    LIVENESS_PAD = "liveness_pad"
    LIVENESS_UNCLEAR = "liveness_unclear"
    KNOWN_NAME_DIFFERS = "known_name_differs"
    KNOWN_BIRTH_DIFFERS = "known_birth_differs"
    KNOWN_NUMBER_DIFFERS = "known_number_differs"
    AUTHORITY_REVOKED = "authority_revoked"
    AUTHORITY_DIFFERS = "authority_differs"
    AUTHORITY_UNKNOWN = "authority_unknown"
    AUTHORITY_UNAVAILABLE = "authority_unavailable"
    AUTHORITY_UNASKED = "authority_unasked"
    NOT_MEASURED = "not_measured"


RETRY = frozenset(
    {
        ReasonCode.CARD_NOT_FOUND,
        ReasonCode.WRONG_DOCUMENT,
        ReasonCode.WRONG_SIDE,
        ReasonCode.CARD_BLURRED,
        ReasonCode.CARD_GLARE,
        ReasonCode.CARD_DARK,
        ReasonCode.CARD_BRIGHT,
        ReasonCode.CARD_SMALL,
        ReasonCode.CARD_EDGE_CUT,
        ReasonCode.CARD_SHADOWED,
        ReasonCode.CARD_FAINT,
        ReasonCode.CARD_OCCLUDED,
        ReasonCode.CARD_GRAINY,
        ReasonCode.CARD_COMPRESSED,
        ReasonCode.CARD_TILTED,
        ReasonCode.SEVERAL_CARDS,
        ReasonCode.FIELD_UNCLEAR,
        ReasonCode.NUMBER_UNCLEAR,
        ReasonCode.ZONE_BROKEN,
        ReasonCode.ZONE_AMBIGUOUS,
        ReasonCode.EXPIRED,
        ReasonCode.DOCUMENT_NOT_ACCEPTED,
        ReasonCode.CAPTURE_GAP,
        ReasonCode.FACE_ABSENT,
        ReasonCode.FACES_MANY,
        ReasonCode.FACE_SMALL,
        ReasonCode.FACE_TURNED,
        ReasonCode.FACE_BLURRED,
        ReasonCode.FACE_DARK,
        ReasonCode.FACE_BRIGHT,
        ReasonCode.FACE_PITCHED,
        ReasonCode.FACE_CUT,
        ReasonCode.FACE_GLARE,
        ReasonCode.PORTRAIT_FACE_UNCLEAR,
    }
)
"""What a better picture or a valid card cures (R115)."""
FINAL = frozenset(
    {
        ReasonCode.NUMBER_CHECK_WRONG,
        ReasonCode.NUMBER_BIRTH_IMPOSSIBLE,
        ReasonCode.NUMBER_PROVINCE_UNKNOWN,
        ReasonCode.SEX_DIFFERS,
        ReasonCode.BIRTH_DIFFERS,
        ReasonCode.PERMIT_CONTRADICTION,
        ReasonCode.DUPLICATE_NUMBER_DIFFERS,
        ReasonCode.SPECIMEN,
        ReasonCode.FACE_DIFFERS,
        ReasonCode.ALREADY_ENROLLED,
        ReasonCode.AUTHORITY_REVOKED,
        ReasonCode.AUTHORITY_DIFFERS,
        ReasonCode.AUTHORITY_UNKNOWN,
    }
)
"""Contradictions in the evidence itself or with its issuer, and duplicates: sending it again changes nothing (R115)."""
SAYS_NOTHING = frozenset(
    {
        ReasonCode.CALIBRATION_MISSING,
        ReasonCode.FACE_CLAIM_WEAK,
        ReasonCode.LIVENESS_MISSING,
        ReasonCode.AUTHORITY_UNAVAILABLE,
        ReasonCode.AUTHORITY_UNASKED,
        ReasonCode.FACE_NOT_COMPARED,
        ReasonCode.FIELD_TYPED,
    }
)
"""What we lack ourselves, or what follows from a poor picture: nothing said of the evidence, so another try may go before."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One judged fact: what it is, what it alone leads to, and the figures behind it for staff."""

    code: ReasonCode
    outcome: Outcome
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """Scores, thresholds, model and calibration; never a name, a number or a date of birth."""
    where: Polygon | None = None
    """In the photograph; None: of all of it, or of something no photograph shows."""

    @property
    def kind(self) -> Kind:
        """What can follow from it."""
        if self.code in RETRY:
            return Kind.RETRY
        return Kind.FINAL if self.code in FINAL else Kind.REVIEW


def curable(reasons: Sequence[Reason]) -> bool:
    """Whether better pictures or a valid card are all that is wanted; one other reason, and a person looks at once (R115).

    A note, which alone would be accepted, asks for nobody.
    """
    told = [r for r in reasons if r.code not in SAYS_NOTHING and r.outcome is not Outcome.ACCEPT]
    return bool(told) and all(reason.kind is Kind.RETRY for reason in told)


def worst(reasons: Sequence[Reason]) -> Outcome:
    """The outcome all reasons together lead to: the worst of them, acceptance where there is none."""
    return max((reason.outcome for reason in reasons), key=[*Outcome].index, default=Outcome.ACCEPT)
