"""Whether nearly the same picture was sent for somebody else: the portrait's hash rests sealed, its parts as keyed hashes.

The columns stand in the picture's own row, so that they go with it, and with whatever takes its place.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126_likenesses"
down_revision = "20261126_typed"
PARTS = [f"likeness_{part}_index" for part in range(4)]


def upgrade() -> None:
    for name in ("sealed_likeness", *PARTS):
        op.add_column("images", sa.Column(name, sa.LargeBinary(), nullable=True))
    for name in PARTS:
        op.create_index(f"images_{name}", "images", [name], postgresql_where=sa.text(f"{name} IS NOT NULL"))


def downgrade() -> None:
    for name in reversed(PARTS):
        op.drop_index(f"images_{name}", "images")
    for name in (*reversed(PARTS), "sealed_likeness"):
        op.drop_column("images", name)
