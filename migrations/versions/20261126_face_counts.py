"""How often faces are refused, by R91's counters, for each person, page session and network: keyed hashes, by the hour."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_face_counts"
down_revision = "20261126_block_list"

ROLE = "hufu_app"
MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "face_counts",
        sa.Column("counted_on", sa.Text(), nullable=False),
        sa.Column("carrier_index", sa.LargeBinary(), nullable=False),
        sa.Column("counter", sa.Text(), nullable=False),
        sa.Column("hour", MOMENT, nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("counted_on", "carrier_index", "counter", "hour"),
    )
    op.create_index("face_counts_hour", "face_counts", ["hour"])
    # Figures, not evidence: each refusal is an event of its own in the audit.
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON face_counts TO {ROLE}")


def downgrade() -> None:
    op.drop_index("face_counts_hour", table_name="face_counts")
    op.drop_table("face_counts")
