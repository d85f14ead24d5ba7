"""What is kept of the capture page? The code that opens it and the session it is swapped for, each as a keyed hash."""

from sqlalchemy import Boolean, Column, ForeignKey, Table, Text, UniqueConstraint

from app.storage.tables.shape import metadata, moment, sealed, word

captures = Table(
    "captures",
    metadata,
    word("id", primary_key=True),
    Column("proofing_id", Text, ForeignKey("proofings.id", ondelete="CASCADE"), nullable=False, index=True),
    sealed("code_index"),
    sealed("token_index", nullable=True),
    Column("kiosk", Boolean, nullable=False),
    moment("created_at"),
    moment("expires_at"),
    moment("entered_at", nullable=True),
    moment("used_at", nullable=True),
    moment("ended_at", nullable=True),
    UniqueConstraint("code_index", name="captures_code_index_key"),
    UniqueConstraint("token_index", name="captures_token_index_key"),
)
