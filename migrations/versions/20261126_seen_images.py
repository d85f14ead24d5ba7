"""Whether a picture was sent for somebody else is asked in every examination: by an index of its keyed hash."""

from alembic import op

revision = "20261126_seen_images"
down_revision = "20261126_known"


def upgrade() -> None:
    op.create_index("images_sha256_index", "images", ["sha256_index"])


def downgrade() -> None:
    op.drop_index("images_sha256_index", "images")
