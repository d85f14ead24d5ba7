"""Reviews, votes, appeals, and comparisons at the counter."""

revision = "20261122_reviews"
down_revision = "20261122_staff"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
