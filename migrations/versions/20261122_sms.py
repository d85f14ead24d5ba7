"""SMS codes as a second factor, what was sent to whom, and where each message stands on its way out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_sms"
down_revision = "20261122_reviews"

ROLE = "hufu_app"
TABLES = ("sms_codes", "sendings")
MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    make_tables()
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ROLE}")
    widen_messages()


def make_tables() -> None:
    op.create_table('sms_codes',
    sa.Column('login_id', sa.Text(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('sent_at', MOMENT, nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('used_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['login_id'], ['logins.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('login_id')
    )
    op.create_table('sendings',
    sa.Column('cap', sa.Text(), nullable=False),
    sa.Column('value_index', sa.LargeBinary(), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('window_started', MOMENT, nullable=True),
    sa.Column('last_at', MOMENT, nullable=True),
    sa.PrimaryKeyConstraint('cap', 'value_index')
    )


def widen_messages() -> None:
    op.add_column('messages', sa.Column('state', sa.Text(), nullable=True))
    op.add_column('messages', sa.Column('expires_at', MOMENT, nullable=True))
    op.add_column('messages', sa.Column('tries', sa.Integer(), nullable=True))
    op.add_column('messages', sa.Column('settled_at', MOMENT, nullable=True))
    op.add_column('messages', sa.Column('sealed_values', sa.LargeBinary(), nullable=True))
    # All that was written before are codes of ten minutes; marked before they were sent, the marked ones may have left.
    op.execute("""
        UPDATE messages SET expires_at = created_at + interval '10 minutes', settled_at = delivered_at,
            tries = CASE WHEN delivered_at IS NULL THEN 0 ELSE 1 END,
            state = CASE WHEN delivered_at IS NULL THEN 'queued' ELSE 'unknown' END
    """)
    for column in ('state', 'expires_at', 'tries'):
        op.alter_column('messages', column, nullable=False)
    op.alter_column('messages', 'sealed_body', nullable=True)
    op.drop_column('messages', 'delivered_at')


def downgrade() -> None:
    op.add_column('messages', sa.Column('delivered_at', MOMENT, nullable=True))
    op.execute("UPDATE messages SET delivered_at = coalesce(settled_at, created_at) WHERE state <> 'queued'")
    op.execute("DELETE FROM messages WHERE sealed_body IS NULL")
    op.alter_column('messages', 'sealed_body', nullable=False)
    for column in ('sealed_values', 'settled_at', 'tries', 'expires_at', 'state'):
        op.drop_column('messages', column)
    op.drop_table('sendings')
    op.drop_table('sms_codes')
