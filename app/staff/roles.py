"""What is a member of staff for? Four fixed roles; none contains another."""

from enum import StrEnum

from app.core.refusal import Refusal


class RolesConflict(Refusal, code="roles_conflict"):
    """No role at all, or an auditor who would audit what they do themselves."""


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


def check_roles(roles: frozenset[Role]) -> None:
    """Whether one person may hold these together; raises RolesConflict. Whoever audits does nothing else."""
    if not roles or (Role.AUDITOR in roles and len(roles) > 1):
        raise RolesConflict
