"""Staff: people, authenticators, sessions, proposals."""

revision = "20261122_staff"
down_revision = "20261122_queue"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
