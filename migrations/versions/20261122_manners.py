"""Idempotency keys, progress events."""

revision = "20261122_manners"
down_revision = "20261122_sms"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
