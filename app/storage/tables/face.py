"""What is kept of a face? Up to five photographs of a subscriber, what each model made of them, and what was compared.

Scores of two models mean nothing beside each other (R92), and the database knows it: what was compared names its model in
both its foreign keys, so that no comparison made by one model can point at a descriptor made by another.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.storage.tables.shape import MOMENT, metadata, moment, sealed, word

face_references = Table(
    "face_references",
    metadata,
    word("id", primary_key=True),
    # With an account that never was one its face goes, too.
    Column("person_id", Text, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False),
    Column("slot", Integer, nullable=False),
    word("source"),
    sealed("sealed_image"),
    Column("quality", JSONB, nullable=False),
    sealed("block_index", nullable=True),
    moment("taken_at"),
    # Five at most, whoever races: a sixth has no place to stand.
    UniqueConstraint("person_id", "slot", name="face_references_person_id_slot_key"),
    CheckConstraint("slot BETWEEN 1 AND 5", name="face_references_slot_check"),
    # Only those who agreed to be searched among stand in a block.
    Index("face_references_block_index", "block_index"),
    CheckConstraint("source IN ('proofing', 'enrolment')", name="face_references_source_check"),
)

face_listings = Table(
    "face_listings",
    metadata,
    # Once, whoever races.
    Column("person_id", Text, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True),
    word("ground"),
    Column("proposal_id", Text, ForeignKey("staff_proposals.id"), nullable=False),
    moment("listed_at"),
)

face_counts = Table(
    "face_counts",
    metadata,
    word("counted_on", primary_key=True),
    Column("carrier_index", LargeBinary, primary_key=True),
    word("counter", primary_key=True),
    Column("hour", MOMENT, primary_key=True),
    Column("refusals", Integer, nullable=False),
    Index("face_counts_hour", "hour"),
)

face_descriptors = Table(
    "face_descriptors",
    metadata,
    Column("reference_id", Text, ForeignKey("face_references.id", ondelete="CASCADE"), primary_key=True),
    word("model", primary_key=True),
    sealed("sealed_descriptor"),
    moment("made_at"),
)

face_comparisons = Table(
    "face_comparisons",
    metadata,
    word("id", primary_key=True),
    Column("person_id", Text, ForeignKey("persons.id"), nullable=False, index=True),
    Column("client_id", Text, ForeignKey("clients.id"), nullable=False),
    word("model"),
    Column("score", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    word("calibration"),
    word("outcome"),
    moment("at"),
    UniqueConstraint("id", "model", name="face_comparisons_id_model_key"),
)

face_compared = Table(
    "face_compared",
    metadata,
    word("comparison_id", primary_key=True),
    word("reference_id", primary_key=True),
    word("model"),
    ForeignKeyConstraint(
        ["comparison_id", "model"],
        ["face_comparisons.id", "face_comparisons.model"],
        name="face_compared_by_this_model",
        ondelete="CASCADE",
    ),
    # The score of a comparison outlives the face; which photograph it was of does not.
    ForeignKeyConstraint(
        ["reference_id", "model"],
        ["face_descriptors.reference_id", "face_descriptors.model"],
        name="face_compared_with_this_model",
        ondelete="CASCADE",
    ),
)
