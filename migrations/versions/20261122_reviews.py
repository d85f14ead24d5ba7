"""Reviews, votes, appeals, and comparisons at the counter."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_reviews"
down_revision = "20261122_staff"

ROLE = "hufu_app"
MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.add_column("proofings", sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "reviews",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("proofing_id", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_until", MOMENT, nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("sealed_statement", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["proofing_id"], ["proofings.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["claimed_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reviews_proofing_id", "reviews", ["proofing_id"])
    op.create_index("reviews_one_open", "reviews", ["proofing_id"], unique=True, postgresql_where=sa.text("closed_at IS NULL"))
    op.create_index("reviews_queue", "reviews", ["due_at", "id"], postgresql_where=sa.text("closed_at IS NULL"))
    op.create_table(
        "votes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("review_id", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("identity_index", sa.LargeBinary(), nullable=True),
        sa.Column("in_person", sa.Boolean(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_typed", sa.LargeBinary(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("review_id", "reviewer_id", name="votes_review_id_reviewer_id_key"),
    )
    op.create_table(
        "reviewers",
        sa.Column("staff_id", sa.Text(), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    # Whoever was referred before there were reviews is looked at too.
    op.execute(
        "INSERT INTO reviews (id, proofing_id, cause, opened_at, due_at) "
        "SELECT 'rev' || substr(id, 4), id, 'referral', changed_at, changed_at + interval '15 days' FROM proofings WHERE state = 'referred'"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON reviews TO {ROLE}")
    # A vote once given is never changed, nor whose number a reviewer has: not even by the application.
    op.execute(f"GRANT SELECT, INSERT ON votes, reviewers TO {ROLE}")


def downgrade() -> None:
    op.drop_table("reviewers")
    op.drop_table("votes")
    op.drop_table("reviews")
    op.drop_column("proofings", "attempts")
