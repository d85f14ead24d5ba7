"""Faces of those who were turned away are let go by the clock: found by when that was decided."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_rejected"
down_revision = "20261126_compromised"


def upgrade() -> None:
    op.create_index(
        "proofings_rejected", "proofings", ["decided_at"], postgresql_where=sa.text("state = 'rejected'")
    )


def downgrade() -> None:
    op.drop_index("proofings_rejected", "proofings", postgresql_where=sa.text("state = 'rejected'"))
