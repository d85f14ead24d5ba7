"""A bank lists the document numbers it knows to be misused, as keyed hashes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_compromised"
down_revision = "20261126_face_counts"

ROLE = "hufu_app"


def upgrade() -> None:
    op.create_table(
        "compromised_numbers",
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("listed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("listed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number_index"),
    )
    # Not evidence: the audit tells when a list grew or shrank and by how much. A keyed hash is made anew under a newer key.
    op.execute(f"GRANT SELECT, INSERT, DELETE, UPDATE (number_index) ON compromised_numbers TO {ROLE}")


def downgrade() -> None:
    op.drop_table("compromised_numbers")
