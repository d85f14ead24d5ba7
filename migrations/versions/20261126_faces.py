"""Enrolled faces: five photographs of a subscriber at most, a descriptor of each by model, and what was compared with what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_faces"
down_revision = "20261126_numbers"

ROLE = "hufu_app"
MOMENT = postgresql.TIMESTAMP(timezone=True)
TABLES = ("face_references", "face_descriptors", "face_comparisons", "face_compared")


def upgrade() -> None:
    op.create_table(
        "face_references",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sealed_image", sa.LargeBinary(), nullable=False),
        sa.Column("quality", postgresql.JSONB(), nullable=False),
        sa.Column("block_index", sa.LargeBinary(), nullable=True),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.CheckConstraint("slot BETWEEN 1 AND 5", name="face_references_slot_check"),
        sa.CheckConstraint("source IN ('proofing', 'enrolment')", name="face_references_source_check"),
        sa.ForeignKeyConstraint(["person_id"], ["subscribers.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "slot", name="face_references_person_id_slot_key"),
    )
    op.create_index("face_references_block_index", "face_references", ["block_index"])
    op.create_table(
        "face_descriptors",
        sa.Column("reference_id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("sealed_descriptor", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["reference_id"], ["face_references.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reference_id", "model"),
    )
    op.create_table(
        "face_comparisons",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("calibration", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("id", "model", name="face_comparisons_id_model_key"),
    )
    op.create_index("ix_face_comparisons_person_id", "face_comparisons", ["person_id"])
    op.create_table(
        "face_compared",
        sa.Column("comparison_id", sa.Text(), nullable=False),
        sa.Column("reference_id", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comparison_id", "model"], ["face_comparisons.id", "face_comparisons.model"],
            name="face_compared_by_this_model", ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reference_id", "model"], ["face_descriptors.reference_id", "face_descriptors.model"],
            name="face_compared_with_this_model", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("comparison_id", "reference_id"),
    )  # fmt: skip
    # A photograph is replaced by another, never changed; of what was compared nothing is taken back.
    op.execute(f"GRANT SELECT, INSERT, DELETE ON face_references, face_descriptors TO {ROLE}")
    # Where it may be searched for is.
    op.execute(f"GRANT UPDATE (block_index) ON face_references TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT ON face_comparisons, face_compared TO {ROLE}")
    op.add_column("proofings", sa.Column("sealed_face", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("proofings", "sealed_face")
    for table in reversed(TABLES):
        op.drop_table(table)
