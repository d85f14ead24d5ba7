"""What do good manners need? Answers kept for a repeated request, and the states a proofing went through."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, LargeBinary, Table, Text

from app.storage.tables.shape import metadata, moment, sealed, word

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("key_index", LargeBinary, primary_key=True),
    sealed("fingerprint"),
    word("resource"),
    sealed("sealed_answer", nullable=True),
    moment("begun_at"),
    moment("answered_at", nullable=True),
    moment("expires_at"),
)
Index("idempotency_keys_expiry", idempotency_keys.c.expires_at)

proofing_events = Table(
    "proofing_events",
    metadata,
    Column("sequence", BigInteger, Identity(always=True), primary_key=True),
    Column("proofing_id", Text, ForeignKey("proofings.id", ondelete="CASCADE"), nullable=False),
    word("state"),
    moment("at"),
)
Index("proofing_events_of", proofing_events.c.proofing_id, proofing_events.c.sequence)
