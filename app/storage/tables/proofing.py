"""What does a proofing leave behind? The case, its notices, pictures and the contact under proof."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.storage.tables.shape import metadata, moment, sealed, texts, word
from app.verification.documents.authenticity.bands import BANDS

LIKENESS_INDEXES = tuple(f"likeness_{part}_index" for part in range(BANDS))
"""A keyed hash of each part of a portrait's hash: two pictures are alike where enough parts are."""

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
    sealed("sealed_known", nullable=True),
    sealed("sealed_face", nullable=True),
    sealed("number_index", nullable=True),
    moment("created_at"),
    moment("changed_at"),
    moment("expires_at"),
    moment("submitted_at", nullable=True),
    moment("decided_at", nullable=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("sealed_typed", JSONB),
    UniqueConstraint("applicant_token_index", name="proofings_applicant_token_index_key"),
)
Index("proofings_unfinished", proofings.c.expires_at, postgresql_where=text("state IN ('open', 'accepted', 'binding')"))
Index("proofings_examining", proofings.c.id, postgresql_where=text("state = 'examining'"))

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
    sealed("sealed_likeness", nullable=True),
    *(sealed(name, nullable=True) for name in LIKENESS_INDEXES),
    UniqueConstraint("proofing_id", "kind", name="images_proofing_id_kind_key"),
)
Index("images_sha256_index", images.c.sha256_index)
Index("images_faces", images.c.proofing_id, postgresql_where=text("kind = 'face'"))
for _name in LIKENESS_INDEXES:
    Index(f"images_{_name}", images.c[_name], postgresql_where=images.c[_name].is_not(None))

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
