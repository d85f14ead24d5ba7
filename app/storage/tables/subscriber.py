"""What is kept of a subscriber? The account, its aliases and every authenticator ever bound."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint, text

from app.storage.tables.shape import metadata, moment, sealed, texts, word

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Text, ForeignKey("persons.id"), primary_key=True),
    Column("proofing_id", Text, ForeignKey("proofings.id"), nullable=False, unique=True),
    word("customer_ref", nullable=True),
    word("state"),
    word("ial"),
    texts("ial_missing"),
    word("language"),
    sealed("sealed_attributes"),
    sealed("number_index"),
    moment("created_at"),
    UniqueConstraint("customer_ref", name="subscribers_customer_ref_key"),
    UniqueConstraint("number_index", name="subscribers_number_index_key"),
)

account_numbers = Table(
    "account_numbers",
    metadata,
    # Every number of every document: two accounts of one person are two, whichever document each was opened on.
    Column("number_index", LargeBinary, primary_key=True),
    Column("subscriber_id", Text, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False, index=True),
)

aliases = Table(
    "aliases",
    metadata,
    word("channel", primary_key=True),
    Column("address_index", LargeBinary, primary_key=True),
    Column("subscriber_id", Text, ForeignKey("subscribers.id"), nullable=False, index=True),
    sealed("sealed_address"),
    moment("proven_at"),
)

authenticators = Table(
    "authenticators",
    metadata,
    word("id", primary_key=True),
    Column("subscriber_id", Text, ForeignKey("subscribers.id"), nullable=False, index=True),
    word("kind"),
    word("state"),
    sealed("sealed_secret"),
    Column("last_step", BigInteger, nullable=False),
    word("source"),
    moment("created_at"),
    moment("bound_at", nullable=True),
    moment("ended_at", nullable=True),
)
Index(
    "authenticators_one_active",
    authenticators.c.subscriber_id,
    authenticators.c.kind,
    unique=True,
    postgresql_where=text("state = 'active'"),
)
