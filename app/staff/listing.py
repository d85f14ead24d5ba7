"""Why does a face stand on the block list, and why is it taken off? Grounds as codes; two officers agree to either."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.ids import PersonId, ProposalId
from app.core.refusal import Refusal


class Ground(StrEnum):
    """What was found of the account whose face is listed."""

    FALSE_IDENTITY = "false_identity"
    FORGED_DOCUMENT = "forged_document"
    PRESENTATION_ATTACK = "presentation_attack"
    ACCOUNT_FRAUD = "account_fraud"  # it served fraud, by its holder's doing (反电信网络诈骗法 Art. 31)


class Release(StrEnum):
    """Why a face stands there no more."""

    LISTED_IN_ERROR = "listed_in_error"
    APPEAL_UPHELD = "appeal_upheld"
    TIME_OVER = "time_over"


@dataclass(frozen=True, slots=True)
class Listing:
    """One subscriber's place on the block list."""

    person_id: PersonId
    ground: Ground
    proposal_id: ProposalId
    """By which two officers agreed to it."""
    listed_at: datetime


class FaceListedAlready(Refusal, code="face_listed_already"):
    """This subscriber's faces stand on the block list already."""


class FaceNotListed(Refusal, code="face_not_listed"):
    """This subscriber's faces do not stand on the block list: they were taken off, or withdrawn."""
