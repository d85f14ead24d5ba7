"""SMS codes as a second factor, and what was sent to whom."""

revision = "20261122_sms"
down_revision = "20261122_reviews"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
