"""What is an enrolled face? A photograph that was good enough, where it came from, and which models have described it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.core.ids import FaceId, PersonId
from app.core.refusal import Refusal

SLOTS = range(1, 6)
"""Five photographs of a person at most: more add little to the score and much to what could be stolen."""

Quality = Mapping[str, float]
"""What was measured of the face when it was taken, by name; nothing of who it is."""


class NoFaceEnrolled(Refusal, code="no_face_enrolled"):
    """There is nothing to compare with: this person goes another way (R98)."""


class FaceModelOutdated(Refusal, code="face_model_outdated"):
    """Every enrolled face was described by another model than ours; nobody compares across two (R92)."""


class Source(StrEnum):
    """Where a photograph came from."""

    PROOFING = "proofing"  # it was accepted beside the portrait on the document
    ENROLMENT = "enrolment"  # it was enrolled later, where it was like those that were there


@dataclass(frozen=True, slots=True)
class Reference:
    """One enrolled photograph, without its picture."""

    id: FaceId
    person_id: PersonId
    slot: int
    source: Source
    quality: Quality
    taken_at: datetime
    models: tuple[str, ...]
    """`name@version` of each model that has described it: during a change of models there are two."""
