"""What the bank held of a person before rests sealed with the proofing, to be compared with the document."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_known"
down_revision = "20261126_assurance"


def upgrade() -> None:
    op.add_column("proofings", sa.Column("sealed_known", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("proofings", "sealed_known")
