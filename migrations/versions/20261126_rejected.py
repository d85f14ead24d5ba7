"""Faces that nobody will compare any more are let go by the clock: found among the pictures of faces, however many cards there are."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_rejected"
down_revision = "20261126_compromised"


def upgrade() -> None:
    op.create_index("images_faces", "images", ["proofing_id"], postgresql_where=sa.text("kind = 'face'"))


def downgrade() -> None:
    op.drop_index("images_faces", "images", postgresql_where=sa.text("kind = 'face'"))
