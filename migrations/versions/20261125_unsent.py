"""How long the oldest message has waited is asked every few seconds: by an index of those that wait alone."""

from alembic import op

revision = "20261125_unsent"
down_revision = "20261125_devices"


def upgrade() -> None:
    op.execute("CREATE INDEX messages_unsent ON messages (created_at) WHERE state IN ('queued', 'sending')")


def downgrade() -> None:
    op.execute("DROP INDEX messages_unsent")
