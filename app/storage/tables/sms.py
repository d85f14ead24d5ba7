"""What is kept of codes by SMS? The one sent for each log-in, and how much was sent to what numbers have in common."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, Table, Text

from app.storage.tables.shape import metadata, moment, sealed, word

sms_codes = Table(
    "sms_codes",
    metadata,
    Column("login_id", Text, ForeignKey("logins.id", ondelete="CASCADE"), primary_key=True),
    sealed("digest"),
    moment("sent_at"),
    Column("sent", Integer, nullable=False),
    moment("used_at", nullable=True),
)

sendings = Table(
    "sendings",
    metadata,
    word("cap", primary_key=True),
    Column("value_index", LargeBinary, primary_key=True),
    Column("sent", Integer, nullable=False),
    moment("window_started", nullable=True),
    moment("last_at", nullable=True),
)
