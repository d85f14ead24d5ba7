"""Keys say where they were made, and the sandbox's clock how far it is ahead."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_sandbox"
down_revision = "20261122_floor"

ROLE = "hufu_app"


def upgrade() -> None:
    # Nothing but development has made keys before this.
    op.add_column("keys", sa.Column("environment", sa.Text(), nullable=False, server_default="development"))
    op.alter_column("keys", "environment", server_default=None)
    op.create_table(
        "sandbox_clock",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ahead_seconds", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name="sandbox_clock_is_one"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO sandbox_clock (id, ahead_seconds) VALUES (1, 0)")
    op.execute(f"GRANT SELECT, UPDATE (ahead_seconds) ON sandbox_clock TO {ROLE}")


def downgrade() -> None:
    op.drop_table("sandbox_clock")
    op.drop_column("keys", "environment")
