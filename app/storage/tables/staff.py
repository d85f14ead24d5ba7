"""What is kept of staff? People, their sign-ins and sessions, what they proposed, and the policy they chose."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from app.storage.tables.house import audit_events
from app.storage.tables.shape import metadata, moment, sealed, texts, word

staff = Table(
    "staff",
    metadata,
    Column("id", Text, ForeignKey("persons.id"), primary_key=True),
    word("login_name"),
    sealed("sealed_name"),
    texts("roles"),
    word("state"),
    word("source"),
    moment("created_at"),
    sealed("enrolment_index", nullable=True),
    moment("enrolment_expires_at", nullable=True),
    sealed("sealed_password", nullable=True),
    sealed("sealed_seed", nullable=True),
    Column("last_step", BigInteger, nullable=False),
    moment("enrolled_at", nullable=True),
    moment("disabled_at", nullable=True),
    UniqueConstraint("login_name", name="staff_login_name_key"),
    UniqueConstraint("enrolment_index", name="staff_enrolment_index_key"),
    CheckConstraint("state IN ('invited', 'active', 'disabled')", name="staff_state"),
    CheckConstraint(
        "state <> 'active' OR (sealed_password IS NOT NULL AND sealed_seed IS NOT NULL)", name="staff_two_factors"
    ),
)

staff_sign_ins = Table(
    "staff_sign_ins",
    metadata,
    word("id", primary_key=True),
    sealed("name_index"),
    Column("staff_id", Text, ForeignKey("staff.id")),
    moment("created_at"),
    moment("expires_at"),
    Column("strikes", Integer, nullable=False),
    moment("password_at", nullable=True),
    moment("completed_at", nullable=True),
    word("device_id", nullable=True),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    word("id", primary_key=True),
    sealed("token_index"),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False, index=True),
    word("network", nullable=True),
    moment("created_at"),
    moment("used_at"),
    moment("expires_at"),
    moment("ended_at", nullable=True),
    word("ended_reason", nullable=True),
    UniqueConstraint("token_index", name="staff_sessions_token_index_key"),
)

staff_proposals = Table(
    "staff_proposals",
    metadata,
    word("id", primary_key=True),
    word("kind"),
    Column("content", JSONB, nullable=False),
    word("target", nullable=True),
    sealed("sealed_name", nullable=True),
    Column("proposed_by", Text, ForeignKey("staff.id"), nullable=False),
    moment("created_at"),
    moment("expires_at"),
    word("outcome"),
    Column("decided_by", Text, ForeignKey("staff.id")),
    moment("decided_at", nullable=True),
    word("reason", nullable=True),
    CheckConstraint(
        "kind IN ('staff.add', 'staff.roles', 'staff.disable', 'client.create', 'policy.choose',"
        " 'face.block', 'face.unblock')",
        name="staff_proposals_kind",
    ),
    CheckConstraint("outcome IN ('open', 'approved', 'rejected')", name="staff_proposals_outcome"),
    # Four eyes, held even against a mistake of ours: whoever proposed it cannot stand as the one who approved it.
    CheckConstraint(
        "outcome <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)",
        name="staff_proposals_four_eyes",
    ),
)
Index("staff_proposals_newest", staff_proposals.c.created_at, staff_proposals.c.id)

chosen_policies = Table(
    "chosen_policies",
    metadata,
    Column("proposal_id", Text, ForeignKey("staff_proposals.id"), primary_key=True),
    word("policy"),
    moment("at"),
)

Index("audit_events_at", audit_events.c.at, postgresql_using="brin")
Index("audit_events_subject", audit_events.c.subject, audit_events.c.sequence)
