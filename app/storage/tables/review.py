"""What is kept of people's judgement? Reviews, their votes, and who the reviewers themselves are."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, Text, UniqueConstraint, text

from app.storage.tables.shape import metadata, moment, sealed, word

reviews = Table(
    "reviews",
    metadata,
    word("id", primary_key=True),
    Column("proofing_id", Text, ForeignKey("proofings.id", ondelete="CASCADE"), nullable=False, index=True),
    word("cause"),
    moment("opened_at"),
    moment("due_at"),
    Column("claimed_by", Text, ForeignKey("staff.id")),
    moment("claimed_until", nullable=True),
    word("verdict", nullable=True),
    moment("closed_at", nullable=True),
    sealed("sealed_statement", nullable=True),
)
Index(
    "reviews_one_open",
    reviews.c.proofing_id,
    unique=True,
    postgresql_where=text("closed_at IS NULL"),
)
Index("reviews_queue", reviews.c.due_at, reviews.c.id, postgresql_where=text("closed_at IS NULL"))

votes = Table(
    "votes",
    metadata,
    word("id", primary_key=True),
    Column("review_id", Text, ForeignKey("reviews.id", ondelete="CASCADE"), nullable=False),
    Column("reviewer_id", Text, ForeignKey("staff.id"), nullable=False),
    word("verdict"),
    sealed("identity_index", nullable=True),
    Column("in_person", Boolean, nullable=False),
    sealed("sealed_reason", nullable=True),
    sealed("sealed_typed", nullable=True),
    moment("at"),
    # Four eyes are two persons, whatever two processes believe at once (R113).
    UniqueConstraint("review_id", "reviewer_id", name="votes_review_id_reviewer_id_key"),
)

reviewers = Table(
    "reviewers",
    metadata,
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False, index=True),
    sealed("number_index"),
    moment("declared_at"),
    sealed("sealed_number", nullable=True),
    # The staff's own id for the number that is for life, of which there is one.
    word("id", primary_key=True),
)
