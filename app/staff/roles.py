"""What is a member of staff for? Four fixed roles; none contains another."""

from enum import StrEnum


class Role(StrEnum):
    """The roles there are."""

    REVIEWER = "reviewer"
    """Decides what was referred, compares people with documents at the counter."""
    SECURITY_OFFICER = "security_officer"
    """Proposes and approves people, roles, administrative clients and policies."""
    AUDITOR = "auditor"
    """Reads the audit and nothing else."""
    OPERATOR = "operator"
    """Sees queues and health, restarts work; sees no person's data."""
