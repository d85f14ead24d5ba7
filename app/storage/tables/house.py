"""What does the house itself keep? Keys, outgoing messages, the audit."""

from sqlalchemy import BigInteger, Column, Identity, Index, Integer, SmallInteger, Table, text
from sqlalchemy.dialects.postgresql import JSONB

from app.storage.tables.shape import metadata, moment, sealed, texts, word

keys = Table(
    "keys",
    metadata,
    word("purpose", primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("suite", SmallInteger, nullable=False),
    word("master"),
    word("environment"),
    sealed("wrapped"),
    moment("created_at"),
    moment("not_before"),
    moment("retired_at", nullable=True),
)

messages = Table(
    "messages",
    metadata,
    word("id", primary_key=True),
    word("person_id"),
    word("channel"),
    word("template"),
    word("language"),
    sealed("sealed_recipient"),
    sealed("sealed_body", nullable=True),
    sealed("sealed_values", nullable=True),
    moment("created_at"),
    word("state"),
    moment("expires_at"),
    Column("tries", Integer, nullable=False),
    moment("settled_at", nullable=True),
)
Index("messages_unsent", messages.c.created_at, postgresql_where=text("state IN ('queued', 'sending')"))

audit_events = Table(
    "audit_events",
    metadata,
    Column("sequence", BigInteger, Identity(always=True), primary_key=True),
    word("id"),
    moment("at"),
    word("action"),
    word("outcome"),
    word("actor_kind"),
    word("actor_id", nullable=True),
    word("client_id", nullable=True),
    word("network", nullable=True),
    texts("factors"),
    word("subject", nullable=True),
    word("object_id", nullable=True),
    word("reason", nullable=True),
    Column("detail", JSONB, nullable=False),
    # Which unit of work wrote it: never given, for whoever could choose it could write into the past.
    Column("unit", BigInteger, nullable=False, server_default=text("pg_current_xact_id()::text::bigint")),
    Index("audit_events_unit", "unit", "sequence"),
)
