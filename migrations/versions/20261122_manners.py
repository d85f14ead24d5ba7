"""Answers kept for repeated requests, and the states a proofing went through."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_manners"
down_revision = "20261122_sms"

ROLE = "hufu_app"
MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("key_index", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key_index"),
    )
    op.create_index("idempotency_keys_expiry", "idempotency_keys", ["expires_at"])
    op.create_table(
        "proofing_events",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("proofing_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["proofing_id"], ["proofings.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("proofing_events_of", "proofing_events", ["proofing_id", "sequence"])
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT, DELETE ON proofing_events TO {ROLE}")


def downgrade() -> None:
    op.drop_table("proofing_events")
    op.drop_table("idempotency_keys")
