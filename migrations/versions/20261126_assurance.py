"""The assurance level is computed, and what the next one would take stands beside it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_assurance"
down_revision = "20261125_unappended"

TABLES = ("subscribers", "sessions", "authorization_codes")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(
            table,
            sa.Column("ial_missing", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{authority}"),
        )
        op.alter_column(table, "ial_missing", server_default=None)
        # A policy had claimed these levels. No authority could be asked before today, and without one there is none.
        op.execute(f"UPDATE {table} SET ial = 'none'")


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "ial_missing")
