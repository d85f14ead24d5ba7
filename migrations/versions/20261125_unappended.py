"""How old is the oldest event the audit's log has not taken? A question the application may ask, and read no event by it."""

from alembic import op

revision = "20261125_unappended"
down_revision = "20261125_audit_log"

ROLE = "hufu_app"
OLDEST = """
CREATE FUNCTION oldest_unappended() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH log AS (
        SELECT coalesce((SELECT horizon FROM audit_heads ORDER BY number DESC LIMIT 1), 0) AS since,
               pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS ceiling
    )
    SELECT at FROM audit_events
    WHERE unit >= (SELECT CASE WHEN since > ceiling THEN 0 ELSE since END FROM log)
      AND unit < (SELECT ceiling FROM log)
      AND NOT EXISTS (SELECT FROM audit_leaves WHERE audit_leaves.sequence = audit_events.sequence)
    ORDER BY unit, sequence LIMIT 1
$$
"""
"""As the appender asks (`AuditLog.unappended`), restored into another cluster too. In the index's order: the first is the
oldest but for those whose unit of work took long. Both bounds are there, or the plan walks the whole record: with one
alone the planner expects a third of it.
"""


def upgrade() -> None:
    op.execute(OLDEST)
    op.execute("REVOKE EXECUTE ON FUNCTION oldest_unappended FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION oldest_unappended TO {ROLE}")


def downgrade() -> None:
    op.execute("DROP FUNCTION oldest_unappended")
