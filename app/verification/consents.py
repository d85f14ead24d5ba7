"""For what may somebody's data be used, and what did they answer? One purpose, one question (PIPL Art. 29; R95, R96)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.refusal import Refusal


class ConsentNeeded(Refusal, code="consent_needed"):
    """Face data arrived before its separate consent (R95, PIPL Art. 29), or evidence before the notice. Facts: purpose."""


class Purpose(StrEnum):
    """What personal data are processed for; one consent or notice each, never bundled (R96)."""

    IDENTITY = "identity_verification"
    FACE = "face_comparison"
    FACE_ENROLMENT = "face_enrolment"
    """To know the person again later: never asked for, and another purpose than the comparison with the card (R97)."""
    FACE_SEARCH = "face_search"
    """To find out whether one person holds two accounts: a purpose of its own again."""
    FACE_FIT = "face_fit"
    """To learn how the faces of a bank's customers differ: of the enrolled, and of nobody by themselves."""
    FACE_BLOCK_LIST = "face_block_list"
    """To compare whoever applies with the faces of those who were listed for fraud, and to be listed for it."""


class Legal(StrEnum):
    """Why we may: the legal basis of a purpose."""

    OBLIGATION = "legal_obligation"
    """AML law 2024 Art. 29: the bank must verify its customers; the notice is acknowledged, not consented to (R97, R103)."""
    CONSENT = "separate_consent"
    """PIPL Art. 29: sensitive personal information needs consent of its own (R95)."""


LEGAL_BASIS: Mapping[Purpose, Legal] = {
    Purpose.IDENTITY: Legal.OBLIGATION,
    Purpose.FACE: Legal.CONSENT,
    Purpose.FACE_ENROLMENT: Legal.CONSENT,
    Purpose.FACE_SEARCH: Legal.CONSENT,
    Purpose.FACE_FIT: Legal.CONSENT,
    Purpose.FACE_BLOCK_LIST: Legal.CONSENT,
}
DATA_TYPES: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.IDENTITY: ("identity_document_image", "identity_document_fields", "contact_address"),
    Purpose.FACE: ("face_image", "face_descriptor"),
    Purpose.FACE_ENROLMENT: ("face_image", "face_descriptor"),
    Purpose.FACE_SEARCH: ("face_descriptor",),
    Purpose.FACE_FIT: ("face_descriptor",),
    Purpose.FACE_BLOCK_LIST: ("face_descriptor",),
}
OF_FACES = frozenset({each for each in Purpose if each is not Purpose.IDENTITY})
"""Purposes for which faces are held or used: a no to any ends its use at once, in any state (R97, R109)."""


@dataclass(frozen=True, slots=True)
class Consent:
    """One answer to one purpose: to which text, in which language, over which channel (R96)."""

    purpose: Purpose
    given: bool
    text_version: str
    text_sha256: str
    language: str
    channel: str
    at: datetime


def may_know_again(consents: Collection[Consent]) -> None:
    """Raise ConsentNeeded where this person's face may not be kept to know them again by (R95)."""
    if standing(Purpose.FACE_ENROLMENT, consents) is not True:
        raise ConsentNeeded(purpose=Purpose.FACE_ENROLMENT.value)


def standing(purpose: Purpose, consents: Collection[Consent]) -> bool | None:
    """The latest answer to a purpose; None: not asked yet."""
    answers = sorted((c for c in consents if c.purpose is purpose), key=lambda c: c.at)
    return answers[-1].given if answers else None
