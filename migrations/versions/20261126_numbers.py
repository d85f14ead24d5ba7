"""An account is found by every number its holder has, and a reviewer may have told several."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_numbers"
down_revision = "20261126_likenesses"

ROLE = "hufu_app"


def upgrade() -> None:
    op.create_table(
        "account_numbers",
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("subscriber_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscribers.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("number_index"),
    )
    op.create_index("ix_account_numbers_subscriber_id", "account_numbers", ["subscriber_id"])
    op.execute("INSERT INTO account_numbers (number_index, subscriber_id) SELECT number_index, id FROM subscribers")
    # By which numbers an account is found is never changed, nor taken away from one that stays: not by the application.
    op.execute(f"GRANT SELECT, INSERT ON account_numbers TO {ROLE}")
    # What was told before is sealed for its staff's id, and stays so.
    op.add_column("reviewers", sa.Column("id", sa.Text(), nullable=True))
    op.execute("UPDATE reviewers SET id = staff_id")
    op.alter_column("reviewers", "id", nullable=False)
    op.drop_constraint("reviewers_pkey", "reviewers", type_="primary")
    op.create_primary_key("reviewers_pkey", "reviewers", ["id"])
    op.create_index("ix_reviewers_staff_id", "reviewers", ["staff_id"])


def downgrade() -> None:
    op.drop_index("ix_reviewers_staff_id", "reviewers")
    op.drop_constraint("reviewers_pkey", "reviewers", type_="primary")
    # Before, a reviewer had one number: the one for life where they told it, else the first.
    op.execute("DELETE FROM reviewers a USING reviewers b WHERE a.staff_id = b.staff_id AND a.id > b.id")
    op.create_primary_key("reviewers_pkey", "reviewers", ["staff_id"])
    op.drop_column("reviewers", "id")
    op.drop_table("account_numbers")
