"""What do the rows look like? Shapes and constraints; the migrations make them, these statements use them.

Columns named `sealed…` hold ciphertext only; columns named `…_index` hold keyed hashes of what they find.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP

metadata = MetaData()
MOMENT = TIMESTAMP(timezone=True)


def moment(name: str, *, nullable: bool = False) -> Column[object]:
    """A point in time, UTC."""
    return Column(name, MOMENT, nullable=nullable)


def texts(name: str) -> Column[object]:
    """A list of words."""
    return Column(name, ARRAY(Text), nullable=False)


def sealed(name: str, *, nullable: bool = False) -> Column[object]:
    """Ciphertext or a keyed hash."""
    return Column(name, LargeBinary, nullable=nullable)


def word(name: str, *, nullable: bool = False, **more: object) -> Column[object]:
    """Short text."""
    return Column(name, Text, nullable=nullable, **more)  # type: ignore[arg-type]


keys = Table(
    "keys",
    metadata,
    word("purpose", primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("suite", SmallInteger, nullable=False),
    word("master"),
    sealed("wrapped"),
    moment("created_at"),
    moment("not_before"),
    moment("retired_at", nullable=True),
)

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

persons = Table(
    "persons",
    metadata,
    word("id", primary_key=True),
    sealed("wrapped_key"),
    moment("created_at"),
)

proofings = Table(
    "proofings",
    metadata,
    word("id", primary_key=True),
    Column("person_id", Text, ForeignKey("persons.id"), nullable=False, unique=True),
    Column("client_id", Text, ForeignKey("clients.id"), nullable=False),
    word("state"),
    word("language"),
    word("customer_ref", nullable=True),
    sealed("applicant_token_index"),
    word("policy", nullable=True),
    Column("decision", JSONB),
    sealed("sealed_examination", nullable=True),
    sealed("number_index", nullable=True),
    moment("created_at"),
    moment("changed_at"),
    moment("expires_at"),
    moment("submitted_at", nullable=True),
    moment("decided_at", nullable=True),
    UniqueConstraint("applicant_token_index", name="proofings_applicant_token_index_key"),
)
Index("proofings_unfinished", proofings.c.expires_at, postgresql_where=text("state IN ('open', 'accepted', 'binding')"))

consents = Table(
    "consents",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("person_id", Text, ForeignKey("persons.id"), nullable=False, index=True),
    Column("proofing_id", Text, ForeignKey("proofings.id"), nullable=False, index=True),
    word("purpose"),
    word("legal_basis"),
    texts("data_types"),
    word("text_version"),
    word("text_sha256"),
    word("language"),
    word("channel"),
    Column("given", Boolean, nullable=False),
    moment("at"),
    moment("withdrawn_at", nullable=True),
)

images = Table(
    "images",
    metadata,
    word("id", primary_key=True),
    Column("proofing_id", Text, ForeignKey("proofings.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", Text, ForeignKey("persons.id"), nullable=False),
    word("kind"),
    sealed("sealed"),
    sealed("sha256_index"),
    word("format"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    word("software", nullable=True),
    moment("at"),
    UniqueConstraint("proofing_id", "kind", name="images_proofing_id_kind_key"),
)

contacts = Table(
    "contacts",
    metadata,
    Column("proofing_id", Text, ForeignKey("proofings.id", ondelete="CASCADE"), primary_key=True),
    word("channel"),
    sealed("sealed_address"),
    sealed("address_index"),
    sealed("digest"),
    moment("sent_at"),
    Column("sent", Integer, nullable=False),
    Column("strikes", Integer, nullable=False),
    moment("used_at", nullable=True),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Text, ForeignKey("persons.id"), primary_key=True),
    Column("proofing_id", Text, ForeignKey("proofings.id"), nullable=False, unique=True),
    word("customer_ref", nullable=True),
    word("state"),
    word("ial"),
    word("language"),
    sealed("sealed_attributes"),
    sealed("number_index"),
    moment("created_at"),
    UniqueConstraint("customer_ref", name="subscribers_customer_ref_key"),
    UniqueConstraint("number_index", name="subscribers_number_index_key"),
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
    Column("in_a_row", Integer, nullable=False),
    Column("blocks", Integer, nullable=False),
    moment("blocked_until", nullable=True),
    Column("exhausted", Boolean, nullable=False),
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
    sealed("sealed_body"),
    moment("created_at"),
    moment("delivered_at", nullable=True),
)

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
)
