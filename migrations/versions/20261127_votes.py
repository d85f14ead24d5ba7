"""What reviewers typed and wrote of somebody who took everything back, or never finished, goes with what was measured (R97, R110)."""

from alembic import op

revision = "20261127_votes"
down_revision = "20261126_rejected"

ROLE = "hufu_app"
FORGET = """
CREATE FUNCTION forget_findings(ended text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM proofings WHERE id = ended AND state IN ('withdrawn', 'expired')
        AND NOT EXISTS (SELECT FROM proofing_events WHERE proofing_id = ended AND state = 'enrolled');
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE votes SET sealed_reason = NULL, sealed_typed = NULL, identity_index = NULL
        FROM reviews WHERE reviews.id = votes.review_id AND reviews.proofing_id = ended;
    UPDATE reviews SET sealed_statement = NULL WHERE proofing_id = ended;
    RETURN true;
END $$
"""
"""A function of the owner's: the application's role changes no vote, and of a case that somebody decides on this takes nothing.

Who voted, what and when stays.
"""


def upgrade() -> None:
    op.execute("ALTER TABLE votes ALTER COLUMN sealed_reason DROP NOT NULL")
    op.execute(FORGET)
    op.execute("REVOKE EXECUTE ON FUNCTION forget_findings FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION forget_findings TO {ROLE}")
    # Of those that people looked at alone: most of what expired nobody did, and the table is held meanwhile.
    op.execute(
        "SELECT forget_findings(id) FROM proofings WHERE state IN ('withdrawn', 'expired') "
        "AND EXISTS (SELECT FROM reviews WHERE proofing_id = proofings.id)"
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION forget_findings")
    op.execute("UPDATE votes SET sealed_reason = '' WHERE sealed_reason IS NULL")
    op.execute("ALTER TABLE votes ALTER COLUMN sealed_reason SET NOT NULL")
