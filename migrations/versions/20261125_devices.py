"""Known devices are counted apart from strangers, and no count of failures is without end."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261125_devices"
down_revision = "20261122_sandbox"

ROLE = "hufu_app"
MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "known_devices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("token_index", sa.LargeBinary(), nullable=False),
        sa.Column("network", sa.Text(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_known_devices_person_id", "known_devices", ["person_id"])
    # Not evidence: a device is forgotten, and its rows are taken away.
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON known_devices TO {ROLE}")
    for table in ("logins", "staff_sign_ins"):
        op.add_column(table, sa.Column("device_id", sa.Text(), nullable=True))
    op.add_column("guesses", sa.Column("struck_at", MOMENT, nullable=True))
    op.execute("UPDATE guesses SET struck_at = greatest(window_started, blocked_until - interval '24 hours')")
    # Whoever was shut out for good waits out the block that was written beside it, and is looked at again.
    op.drop_column("guesses", "exhausted")


def downgrade() -> None:
    op.add_column("guesses", sa.Column("exhausted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("guesses", "exhausted", server_default=None)
    op.drop_column("guesses", "struck_at")
    for table in ("logins", "staff_sign_ins"):
        op.drop_column(table, "device_id")
    op.drop_index("ix_known_devices_person_id", table_name="known_devices")
    op.drop_table("known_devices")
