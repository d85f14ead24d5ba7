"""A block list of faces: who stands on it, on what ground, by which two officers' agreement."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_block_list"
down_revision = "20261126_captures"

ROLE = "hufu_app"
MOMENT = postgresql.TIMESTAMP(timezone=True)
BEFORE = "'staff.add', 'staff.roles', 'staff.disable', 'client.create', 'policy.choose'"
OF_FACES = "'face.block', 'face.unblock'"


def upgrade() -> None:
    op.create_table(
        "face_listings",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("listed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["subscribers.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["proposal_id"], ["staff_proposals.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    # Not evidence: the proposals and the audit tell who was listed and why, and a withdrawal takes the row away.
    op.execute(f"GRANT SELECT, INSERT, DELETE ON face_listings TO {ROLE}")
    _kinds(f"{BEFORE}, {OF_FACES}")


def downgrade() -> None:
    op.drop_table("face_listings")
    op.execute(f"DELETE FROM staff_proposals WHERE kind IN ({OF_FACES})")
    _kinds(BEFORE)


def _kinds(allowed: str) -> None:
    op.drop_constraint("staff_proposals_kind", "staff_proposals", type_="check")
    op.create_check_constraint("staff_proposals_kind", "staff_proposals", f"kind IN ({allowed})")
