"""Answers kept for repeated requests, and the states a proofing went through."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_manners"
down_revision = "20261122_sms"

ROLE = "hufu_app"
FORGET = """
CREATE FUNCTION forget_unfinished(abandoned text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE whose text;
BEGIN
    SELECT person_id INTO whose FROM proofings WHERE id = abandoned AND state = 'expired'
        AND NOT EXISTS (SELECT FROM proofing_events WHERE proofing_id = abandoned AND state = 'enrolled');
    IF whose IS NULL THEN
        RETURN false;
    END IF;
    DELETE FROM authorization_codes WHERE person_id = whose;
    DELETE FROM sessions WHERE subscriber_id = whose;
    DELETE FROM logins WHERE person_id = whose;
    DELETE FROM aliases WHERE subscriber_id = whose;
    DELETE FROM authenticators WHERE subscriber_id = whose;
    DELETE FROM subscribers WHERE id = whose;
    RETURN true;
END $$
"""
"""Takes an account away that never was one: its applicant stopped before two factors were bound, and may begin anew.

A function of the owner's: the application's role deletes no account, and what once was enrolled this takes from nobody.
"""
MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("key_index", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key_index"),
    )
    op.create_index("idempotency_keys_expiry", "idempotency_keys", ["expires_at"])
    op.create_table(
        "proofing_events",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("proofing_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["proofing_id"], ["proofings.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("proofing_events_of", "proofing_events", ["proofing_id", "sequence"])
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT ON proofing_events TO {ROLE}")
    op.execute("INSERT INTO proofing_events (proofing_id, state, at) SELECT id, state, changed_at FROM proofings")
    op.execute(FORGET)
    op.execute("REVOKE EXECUTE ON FUNCTION forget_unfinished FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION forget_unfinished TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP FUNCTION forget_unfinished")
    op.drop_table("proofing_events")
    op.drop_table("idempotency_keys")
