"""What does the audit's log look like? A leaf for each event, a head for each batch, and who has seen which head.

Nobody may change or delete any of it, and only `hufu_appender` may add.
"""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.storage.tables.shape import metadata, moment, word

audit_leaves = Table(
    "audit_leaves",
    metadata,
    Column("leaf_index", BigInteger, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False, unique=True),
    word("event", unique=True),
    Column("leaf_hash", LargeBinary, nullable=False),
)
"""No foreign key to the event: that one is gone is for the verification to find, not for a constraint to hide."""

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    word("log"),
    Column("size", BigInteger, nullable=False, unique=True),
    Column("root", LargeBinary, nullable=False),
    word("hashing"),
    moment("at"),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("horizon", BigInteger, nullable=False),
    Column("ceiling", BigInteger, nullable=False),
    Column("peaks", ARRAY(LargeBinary), nullable=False),
    word("algorithm"),
    word("key"),
    Column("key_version", Integer, nullable=False),
    Column("public_key", JSONB, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

audit_witnessed = Table(
    "audit_witnessed",
    metadata,
    word("witness", primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    moment("at"),
)
