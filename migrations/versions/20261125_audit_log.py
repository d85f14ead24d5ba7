"""The audit's log: leaves, signed heads, what was witnessed; and a role that appends to it and does nothing else."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261125_audit_log"
down_revision = "20261125_suites"

AUDITOR = "hufu_auditor"
APPENDER = "hufu_appender"
"""Made as the application's role is: by a database administrator, or by `hufu up`."""
LOG = ("audit_leaves", "audit_heads", "audit_witnessed")


def upgrade() -> None:
    # What was recorded before gets the number of this very migration: the first batches append all of it.
    op.add_column(
        "audit_events",
        sa.Column("unit", sa.BigInteger(), nullable=False, server_default=sa.text("pg_current_xact_id()::text::bigint")),
    )
    op.create_index("audit_events_unit", "audit_events", ["unit", "sequence"])
    make_tables()
    # The application's grant names its columns, so it can give no `unit`; and it is granted nothing of the log.
    op.execute(f"GRANT SELECT ON audit_events TO {APPENDER}")
    for table in LOG:
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {APPENDER}")
        op.execute(f"GRANT SELECT ON {table} TO {AUDITOR}")


def downgrade() -> None:
    for table in LOG:
        op.drop_table(table)
    op.execute(f"REVOKE SELECT ON audit_events FROM {APPENDER}")
    op.drop_index("audit_events_unit", "audit_events")
    op.drop_column("audit_events", "unit")


def make_tables() -> None:
    op.create_table("audit_leaves",
    sa.Column("leaf_index", sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column("sequence", sa.BigInteger(), nullable=False),
    sa.Column("event", sa.Text(), nullable=False),
    sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint("leaf_index"),
    sa.UniqueConstraint("event"),
    sa.UniqueConstraint("sequence")
    )
    op.create_table("audit_heads",
    sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column("log", sa.Text(), nullable=False),
    sa.Column("size", sa.BigInteger(), nullable=False),
    sa.Column("root", sa.LargeBinary(), nullable=False),
    sa.Column("hashing", sa.Text(), nullable=False),
    sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column("first", sa.BigInteger(), nullable=False),
    sa.Column("last", sa.BigInteger(), nullable=False),
    sa.Column("horizon", sa.BigInteger(), nullable=False),
    sa.Column("ceiling", sa.BigInteger(), nullable=False),
    sa.Column("peaks", postgresql.ARRAY(sa.LargeBinary()), nullable=False),
    sa.Column("algorithm", sa.Text(), nullable=False),
    sa.Column("key", sa.Text(), nullable=False),
    sa.Column("key_version", sa.Integer(), nullable=False),
    sa.Column("public_key", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column("signature", sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint("number"),
    sa.UniqueConstraint("size")
    )
    op.create_table("audit_witnessed",
    sa.Column("witness", sa.Text(), nullable=False),
    sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint("witness", "number")
    )
