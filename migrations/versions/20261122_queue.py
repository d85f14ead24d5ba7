"""The queue's own tables and functions, as procrastinate's pinned wheel ships them."""

import procrastinate
from alembic import op
from procrastinate.schema import SchemaManager

revision = "20261122_queue"
down_revision = "20261122_main_road"

ROLE = "hufu_app"
TABLES = ("procrastinate_workers", "procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_events")
REMOVE_FUNCTIONS_AND_TYPES = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'procrastinate_%' LOOP
        EXECUTE 'DROP FUNCTION ' || found.name || ' CASCADE';
    END LOOP;
    FOR found IN SELECT typname AS name FROM pg_type WHERE typname LIKE 'procrastinate_%' AND typtype IN ('c', 'e') LOOP
        EXECUTE 'DROP TYPE IF EXISTS ' || found.name || ' CASCADE';
    END LOOP;
END $$
"""


def upgrade() -> None:
    connector = procrastinate.PsycopgConnector()
    run(SchemaManager(connector).get_schema())
    op.execute(f"GRANT USAGE ON SEQUENCE procrastinate_jobs_id_seq, procrastinate_periodic_defers_id_seq, procrastinate_events_id_seq TO {ROLE}")
    for table in TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ROLE}")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table} CASCADE")
    run(REMOVE_FUNCTIONS_AND_TYPES)


def run(script: str) -> None:
    """A script with percent signs and semicolons in it, past every parameter syntax."""
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(script)
