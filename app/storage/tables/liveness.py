"""What does a liveness challenge leave behind? What was drawn, until it is judged; then what was made of it."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, text

from app.storage.tables.shape import metadata, moment, sealed, word

liveness_challenges = Table(
    "liveness_challenges",
    metadata,
    word("id", primary_key=True),
    Column("proofing_id", Text, ForeignKey("proofings.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", Text, ForeignKey("persons.id"), nullable=False),
    word("state"),
    sealed("sealed", nullable=True),
    word("verdict", nullable=True),
    sealed("sealed_judgement", nullable=True),
    Column("image_id", Text),
    moment("opened_at"),
    moment("expires_at"),
    moment("judged_at", nullable=True),
)
# One at a time: two at once are two cameras.
Index(
    "liveness_unjudged",
    liveness_challenges.c.proofing_id,
    unique=True,
    postgresql_where=text("judged_at IS NULL"),
)
Index("liveness_of_proofing", liveness_challenges.c.proofing_id)
