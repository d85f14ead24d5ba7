"""The least the application's role needs: what was consented to, bound or recorded can be added to, not rewritten."""

from alembic import op

revision = "20261122_floor"
down_revision = "20261122_manners"

ROLE = "hufu_app"
KEPT = ("aliases", "authenticators", "clients", "persons", "subscribers")
"""Ended or disabled, never deleted (A60)."""
EVENT = (
    "id", "at", "action", "outcome", "actor_kind", "actor_id", "client_id", "network", "factors", "subject", "object_id",
    "reason", "detail",
)


def upgrade() -> None:
    for table in KEPT:
        op.execute(f"REVOKE DELETE ON {table} FROM {ROLE}")
    # An answer to a notice is evidence (R96): its withdrawal may be noted beside it, and nothing else.
    op.execute(f"REVOKE UPDATE, DELETE ON consents FROM {ROLE}")
    op.execute(f"GRANT UPDATE (withdrawn_at) ON consents TO {ROLE}")
    # OVERRIDING SYSTEM VALUE would let it write an event into the past.
    op.execute(f"REVOKE INSERT ON audit_events FROM {ROLE}")
    op.execute(f"GRANT INSERT ({', '.join(EVENT)}) ON audit_events TO {ROLE}")
    op.execute("CREATE INDEX proofings_examining ON proofings (id) WHERE state = 'examining'")


def downgrade() -> None:
    op.execute("DROP INDEX proofings_examining")
    op.execute(f"REVOKE INSERT ({', '.join(EVENT)}) ON audit_events FROM {ROLE}")
    op.execute(f"GRANT INSERT ON audit_events TO {ROLE}")
    op.execute(f"REVOKE UPDATE (withdrawn_at) ON consents FROM {ROLE}")
    op.execute(f"GRANT UPDATE, DELETE ON consents TO {ROLE}")
    for table in KEPT:
        op.execute(f"GRANT DELETE ON {table} TO {ROLE}")
