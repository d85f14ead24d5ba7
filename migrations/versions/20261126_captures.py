"""The capture page is entered by a code that is good once, swapped for a cookie of one proofing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_captures"
down_revision = "20261126_liveness"

ROLE = "hufu_app"
MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "captures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("proofing_id", sa.Text(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("token_index", sa.LargeBinary(), nullable=True),
        sa.Column("kiosk", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["proofing_id"], ["proofings.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_index", name="captures_code_index_key"),
        sa.UniqueConstraint("token_index", name="captures_token_index_key"),
    )
    op.create_index("ix_captures_proofing_id", "captures", ["proofing_id"])
    # Not evidence: what happened is in the audit, and these rows are taken away a day after their end.
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON captures TO {ROLE}")


def downgrade() -> None:
    op.drop_index("ix_captures_proofing_id", table_name="captures")
    op.drop_table("captures")
