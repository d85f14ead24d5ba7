"""Who stands in for staff in the tests of the rules?"""

from datetime import UTC, datetime

from app.core.ids import StaffId
from app.staff.enrolment import Member, State, invited
from app.staff.roles import Role

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OFFICER = frozenset({Role.SECURITY_OFFICER})


def someone(name: str = "ann", *roles: Role) -> Member:
    """Just invited."""
    return invited(
        StaffId(name),
        login_name=name,
        sealed_name=b"sealed",
        roles=frozenset(roles) or OFFICER,
        source="bootstrap",
        enrolment_index=b"index",
        now=NOW,
    )


def active(name: str = "ann", *roles: Role) -> Member:
    """Enrolled."""
    member = someone(name, *roles).bound(b"hash", b"seed", now=NOW).enrolled(7, now=NOW)
    assert member.state is State.ACTIVE
    return member
