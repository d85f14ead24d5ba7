"""Staff: people, their sign-ins and sessions, proposals; and a role that reads the audit and nothing else."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_staff"
down_revision = "20261122_queue"

ROLE = "hufu_app"
AUDITOR = "hufu_auditor"
"""Made as the application's role is: by a database administrator, or by `hufu up`."""
READ_AND_WRITE = ("staff", "staff_sign_ins", "staff_sessions")
DECIDED = "outcome, decided_by, decided_at, reason, sealed_name"


def upgrade() -> None:
    make_tables()
    for table in READ_AND_WRITE:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ROLE}")
    # What was proposed, and by whom, stays as it was written: only the decision is added.
    op.execute(f"GRANT SELECT, INSERT, UPDATE ({DECIDED}) ON staff_proposals TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT ON chosen_policies TO {ROLE}")
    op.execute(f"GRANT SELECT ON audit_events TO {AUDITOR}")
    op.create_index("audit_events_at", "audit_events", ["at"], postgresql_using="brin")
    op.create_index("audit_events_subject", "audit_events", ["subject", "sequence"])


def downgrade() -> None:
    op.drop_index("audit_events_subject", "audit_events")
    op.drop_index("audit_events_at", "audit_events")
    op.execute(f"REVOKE SELECT ON audit_events FROM {AUDITOR}")
    for table in ("chosen_policies", "staff_proposals", "staff_sessions", "staff_sign_ins", "staff"):
        op.drop_table(table)


def make_tables() -> None:
    op.create_table('staff',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('login_name', sa.Text(), nullable=False),
    sa.Column('sealed_name', sa.LargeBinary(), nullable=False),
    sa.Column('roles', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('enrolment_index', sa.LargeBinary(), nullable=True),
    sa.Column('enrolment_expires_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('sealed_password', sa.LargeBinary(), nullable=True),
    sa.Column('sealed_seed', sa.LargeBinary(), nullable=True),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.Column('enrolled_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('disabled_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.CheckConstraint("state <> 'active' OR (sealed_password IS NOT NULL AND sealed_seed IS NOT NULL)", name='staff_two_factors'),
    sa.CheckConstraint("state IN ('invited', 'active', 'disabled')", name='staff_state'),
    sa.ForeignKeyConstraint(['id'], ['persons.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('enrolment_index', name='staff_enrolment_index_key'),
    sa.UniqueConstraint('login_name', name='staff_login_name_key')
    )
    op.create_table('staff_proposals',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('target', sa.Text(), nullable=True),
    sa.Column('sealed_name', sa.LargeBinary(), nullable=True),
    sa.Column('proposed_by', sa.Text(), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('expires_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.Text(), nullable=True),
    sa.Column('decided_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.CheckConstraint("kind IN ('staff.add', 'staff.roles', 'staff.disable', 'client.create', 'policy.choose')", name='staff_proposals_kind'),
    sa.CheckConstraint("outcome <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)", name='staff_proposals_four_eyes'),
    sa.CheckConstraint("outcome IN ('open', 'approved', 'rejected')", name='staff_proposals_outcome'),
    sa.ForeignKeyConstraint(['decided_by'], ['staff.id'], ),
    sa.ForeignKeyConstraint(['proposed_by'], ['staff.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('staff_proposals_newest', 'staff_proposals', ['created_at', 'id'], unique=False)
    op.create_table('staff_sessions',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('token_index', sa.LargeBinary(), nullable=False),
    sa.Column('staff_id', sa.Text(), nullable=False),
    sa.Column('network', sa.Text(), nullable=True),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('used_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('expires_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('ended_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('ended_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_index', name='staff_sessions_token_index_key')
    )
    op.create_index(op.f('ix_staff_sessions_staff_id'), 'staff_sessions', ['staff_id'], unique=False)
    op.create_table('staff_sign_ins',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('name_index', sa.LargeBinary(), nullable=False),
    sa.Column('staff_id', sa.Text(), nullable=True),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('expires_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('strikes', sa.Integer(), nullable=False),
    sa.Column('password_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('completed_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('chosen_policies',
    sa.Column('proposal_id', sa.Text(), nullable=False),
    sa.Column('policy', sa.Text(), nullable=False),
    sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['proposal_id'], ['staff_proposals.id'], ),
    sa.PrimaryKeyConstraint('proposal_id')
    )
