"""The tables of the main road, and what the application's role may do with them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_main_road"
down_revision = None

ROLE = "hufu_app"
"""The application's role; a database administrator makes it, `hufu up` does where the database is our own."""
READ_ONLY = ("keys",)
INSERT_ONLY = ("audit_events",)
READ_AND_WRITE = (
    "aliases", "authenticators", "authorization_codes", "clients", "consents", "contacts", "guesses", "images", "logins",
    "messages", "persons", "proofings", "revoked_tokens", "sessions", "subscribers",
)


def upgrade() -> None:
    make_tables()
    for table in READ_ONLY:
        op.execute(f"GRANT SELECT ON {table} TO {ROLE}")
    for table in INSERT_ONLY:
        # Nothing that is recorded can be read back, changed or taken away by whoever holds the application's password.
        op.execute(f"GRANT INSERT ON {table} TO {ROLE}")
    for table in READ_AND_WRITE:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ROLE}")


def make_tables() -> None:
    op.create_table('audit_events',
    sa.Column('sequence', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('actor_kind', sa.Text(), nullable=False),
    sa.Column('actor_id', sa.Text(), nullable=True),
    sa.Column('client_id', sa.Text(), nullable=True),
    sa.Column('network', sa.Text(), nullable=True),
    sa.Column('factors', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('subject', sa.Text(), nullable=True),
    sa.Column('object_id', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('sequence')
    )
    op.create_table('clients',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('first_party', sa.Boolean(), nullable=False),
    sa.Column('secret_index', sa.LargeBinary(), nullable=True),
    sa.Column('grants', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('scopes', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('audiences', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('origins', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('redirects', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('disabled_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('guesses',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('value_index', sa.LargeBinary(), nullable=False),
    sa.Column('strikes', sa.Integer(), nullable=False),
    sa.Column('window_started', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('in_a_row', sa.Integer(), nullable=False),
    sa.Column('blocks', sa.Integer(), nullable=False),
    sa.Column('blocked_until', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('exhausted', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('key', 'value_index')
    )
    op.create_table('keys',
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('suite', sa.SmallInteger(), nullable=False),
    sa.Column('master', sa.Text(), nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('not_before', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('retired_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('purpose', 'version')
    )
    op.create_table('messages',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('template', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('sealed_recipient', sa.LargeBinary(), nullable=False),
    sa.Column('sealed_body', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('delivered_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('persons',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('wrapped_key', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('revoked_tokens',
    sa.Column('jti', sa.Text(), nullable=False),
    sa.Column('expires_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('jti')
    )
    op.create_table('proofings',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Text(), nullable=False),
    sa.Column('client_id', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('customer_ref', sa.Text(), nullable=True),
    sa.Column('applicant_token_index', sa.LargeBinary(), nullable=False),
    sa.Column('policy', sa.Text(), nullable=True),
    sa.Column('decision', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('sealed_examination', sa.LargeBinary(), nullable=True),
    sa.Column('number_index', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('changed_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('expires_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('submitted_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('decided_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['clients.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('applicant_token_index', name='proofings_applicant_token_index_key'),
    sa.UniqueConstraint('person_id')
    )
    op.create_index('proofings_unfinished', 'proofings', ['expires_at'], unique=False, postgresql_where=sa.text("state IN ('open', 'accepted', 'binding')"))
    op.create_table('consents',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('person_id', sa.Text(), nullable=False),
    sa.Column('proofing_id', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('data_types', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('text_version', sa.Text(), nullable=False),
    sa.Column('text_sha256', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('withdrawn_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], ),
    sa.ForeignKeyConstraint(['proofing_id'], ['proofings.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_consents_person_id'), 'consents', ['person_id'], unique=False)
    op.create_index(op.f('ix_consents_proofing_id'), 'consents', ['proofing_id'], unique=False)
    op.create_table('contacts',
    sa.Column('proofing_id', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('sealed_address', sa.LargeBinary(), nullable=False),
    sa.Column('address_index', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('sent_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('strikes', sa.Integer(), nullable=False),
    sa.Column('used_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['proofing_id'], ['proofings.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('proofing_id')
    )
    op.create_table('images',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('proofing_id', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('sha256_index', sa.LargeBinary(), nullable=False),
    sa.Column('format', sa.Text(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('software', sa.Text(), nullable=True),
    sa.Column('at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], ),
    sa.ForeignKeyConstraint(['proofing_id'], ['proofings.id'], ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('proofing_id', 'kind', name='images_proofing_id_kind_key')
    )
    op.create_table('subscribers',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('proofing_id', sa.Text(), nullable=False),
    sa.Column('customer_ref', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('ial', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('sealed_attributes', sa.LargeBinary(), nullable=False),
    sa.Column('number_index', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['persons.id'], ),
    sa.ForeignKeyConstraint(['proofing_id'], ['proofings.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('customer_ref', name='subscribers_customer_ref_key'),
    sa.UniqueConstraint('number_index', name='subscribers_number_index_key'),
    sa.UniqueConstraint('proofing_id')
    )
    op.create_table('aliases',
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('address_index', sa.LargeBinary(), nullable=False),
    sa.Column('subscriber_id', sa.Text(), nullable=False),
    sa.Column('sealed_address', sa.LargeBinary(), nullable=False),
    sa.Column('proven_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], ),
    sa.PrimaryKeyConstraint('channel', 'address_index')
    )
    op.create_index(op.f('ix_aliases_subscriber_id'), 'aliases', ['subscriber_id'], unique=False)
    op.create_table('authenticators',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('subscriber_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('sealed_secret', sa.LargeBinary(), nullable=False),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('bound_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('ended_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('authenticators_one_active', 'authenticators', ['subscriber_id', 'kind'], unique=True, postgresql_where=sa.text("state = 'active'"))
    op.create_index(op.f('ix_authenticators_subscriber_id'), 'authenticators', ['subscriber_id'], unique=False)
    op.create_table('authorization_codes',
    sa.Column('code_index', sa.LargeBinary(), nullable=False),
    sa.Column('client_id', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Text(), nullable=False),
    sa.Column('session_id', sa.Text(), nullable=False),
    sa.Column('code_challenge', sa.Text(), nullable=False),
    sa.Column('scopes', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('audiences', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('acr', sa.Text(), nullable=False),
    sa.Column('amr', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('auth_time', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('ial', sa.Text(), nullable=False),
    sa.Column('redirect', sa.Text(), nullable=True),
    sa.Column('network', sa.Text(), nullable=True),
    sa.Column('expires_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('spent_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['clients.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['subscribers.id'], ),
    sa.PrimaryKeyConstraint('code_index')
    )
    op.create_table('logins',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('client_id', sa.Text(), nullable=False),
    sa.Column('identifier_hash', sa.LargeBinary(), nullable=False),
    sa.Column('person_id', sa.Text(), nullable=True),
    sa.Column('code_challenge', sa.Text(), nullable=False),
    sa.Column('scopes', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('resources', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('acr_required', sa.Text(), nullable=False),
    sa.Column('proofs', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('strikes', sa.Integer(), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('expires_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('completed_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['clients.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['subscribers.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('sessions',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('subscriber_id', sa.Text(), nullable=False),
    sa.Column('client_id', sa.Text(), nullable=False),
    sa.Column('scopes', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('audiences', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('acr', sa.Text(), nullable=False),
    sa.Column('amr', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('auth_time', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('ial', sa.Text(), nullable=False),
    sa.Column('network', sa.Text(), nullable=True),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('rotated_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('expires_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('ended_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('ended_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['clients.id'], ),
    sa.ForeignKeyConstraint(['subscriber_id'], ['subscribers.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_sessions_subscriber_id'), 'sessions', ['subscriber_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_sessions_subscriber_id'), table_name='sessions')
    op.drop_table('sessions')
    op.drop_table('logins')
    op.drop_table('authorization_codes')
    op.drop_index(op.f('ix_authenticators_subscriber_id'), table_name='authenticators')
    op.drop_index('authenticators_one_active', table_name='authenticators', postgresql_where=sa.text("state = 'active'"))
    op.drop_table('authenticators')
    op.drop_index(op.f('ix_aliases_subscriber_id'), table_name='aliases')
    op.drop_table('aliases')
    op.drop_table('subscribers')
    op.drop_table('images')
    op.drop_table('contacts')
    op.drop_index(op.f('ix_consents_proofing_id'), table_name='consents')
    op.drop_index(op.f('ix_consents_person_id'), table_name='consents')
    op.drop_table('consents')
    op.drop_index('proofings_unfinished', table_name='proofings', postgresql_where=sa.text("state IN ('open', 'accepted', 'binding')"))
    op.drop_table('proofings')
    op.drop_table('revoked_tokens')
    op.drop_table('persons')
    op.drop_table('messages')
    op.drop_table('keys')
    op.drop_table('guesses')
    op.drop_table('clients')
    op.drop_table('audit_events')
