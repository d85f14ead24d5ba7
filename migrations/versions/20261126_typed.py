"""What could not be read its applicant may type: each field is sealed by itself, and rests with the proofing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_typed"
down_revision = "20261126_seen_images"


def upgrade() -> None:
    op.add_column("proofings", sa.Column("sealed_typed", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("proofings", "sealed_typed")
