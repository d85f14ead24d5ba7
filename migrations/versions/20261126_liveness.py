"""A liveness challenge is drawn, performed once and judged; what was made of it rests sealed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_liveness"
down_revision = "20261126_faces"

ROLE = "hufu_app"
MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "liveness_challenges",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("proofing_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("sealed_judgement", sa.LargeBinary(), nullable=True),
        sa.Column("image_id", sa.Text(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("judged_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"]),
        sa.ForeignKeyConstraint(["proofing_id"], ["proofings.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "liveness_unjudged",
        "liveness_challenges",
        ["proofing_id"],
        unique=True,
        postgresql_where=sa.text("judged_at IS NULL"),
    )
    op.create_index("liveness_of_proofing", "liveness_challenges", ["proofing_id"])
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON liveness_challenges TO {ROLE}")


def downgrade() -> None:
    op.drop_table("liveness_challenges")
