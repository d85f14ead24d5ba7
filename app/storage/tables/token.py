"""What do log-ins and tokens rest on? Clients, log-ins, sessions, codes, revocations, counters."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from app.storage.tables.shape import metadata, moment, sealed, texts, word

clients = Table(
    "clients",
    metadata,
    word("id", primary_key=True),
    word("name"),
    word("kind"),
    Column("first_party", Boolean, nullable=False),
    sealed("secret_index", nullable=True),
    texts("grants"),
    texts("scopes"),
    texts("audiences"),
    word("purpose"),
    texts("origins"),
    texts("redirects"),
    moment("created_at"),
    moment("disabled_at", nullable=True),
)

logins = Table(
    "logins",
    metadata,
    word("id", primary_key=True),
    Column("client_id", Text, ForeignKey("clients.id"), nullable=False),
    sealed("identifier_hash"),
    Column("person_id", Text, ForeignKey("subscribers.id")),
    word("code_challenge"),
    texts("scopes"),
    texts("resources"),
    word("acr_required"),
    word("device_id", nullable=True),
    Column("proofs", JSONB, nullable=False),
    Column("strikes", Integer, nullable=False),
    moment("created_at"),
    moment("expires_at"),
    moment("completed_at", nullable=True),
)

sessions = Table(
    "sessions",
    metadata,
    word("id", primary_key=True),
    Column("subscriber_id", Text, ForeignKey("subscribers.id"), nullable=False, index=True),
    Column("client_id", Text, ForeignKey("clients.id"), nullable=False),
    texts("scopes"),
    texts("audiences"),
    word("acr"),
    texts("amr"),
    moment("auth_time"),
    word("ial"),
    texts("ial_missing"),
    word("network", nullable=True),
    Column("generation", Integer, nullable=False),
    moment("rotated_at"),
    moment("created_at"),
    moment("expires_at"),
    moment("ended_at", nullable=True),
    word("ended_reason", nullable=True),
)

authorization_codes = Table(
    "authorization_codes",
    metadata,
    Column("code_index", LargeBinary, primary_key=True),
    Column("client_id", Text, ForeignKey("clients.id"), nullable=False),
    Column("person_id", Text, ForeignKey("subscribers.id"), nullable=False),
    word("session_id"),
    word("code_challenge"),
    texts("scopes"),
    texts("audiences"),
    word("acr"),
    texts("amr"),
    moment("auth_time"),
    word("ial"),
    texts("ial_missing"),
    word("redirect", nullable=True),
    word("network", nullable=True),
    moment("expires_at"),
    moment("spent_at", nullable=True),
)

revoked_tokens = Table("revoked_tokens", metadata, word("jti", primary_key=True), moment("expires_at"), moment("at"))

guesses = Table(
    "guesses",
    metadata,
    word("key", primary_key=True),
    Column("value_index", LargeBinary, primary_key=True),
    Column("strikes", Integer, nullable=False),
    moment("window_started", nullable=True),
    moment("struck_at", nullable=True),
    Column("in_a_row", Integer, nullable=False),
    Column("blocks", Integer, nullable=False),
    moment("blocked_until", nullable=True),
)

known_devices = Table(
    "known_devices",
    metadata,
    word("id", primary_key=True),
    Column("person_id", Text, ForeignKey("persons.id"), nullable=False, index=True),
    Column("client_id", Text, ForeignKey("clients.id")),
    sealed("token_index"),
    word("network", nullable=True),
    moment("created_at"),
    moment("used_at"),
    moment("expires_at"),
    moment("ended_at", nullable=True),
)
