"""How does somebody become staff? Invited with a one-time code, then bound to a password and a TOTP seed by it.

The code stays good until the first TOTP code proves that the device holds the seed, so that an answer lost on its way
costs nobody the invitation; from that moment it opens nothing.
"""

import base64
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.ids import StaffId
from app.core.refusal import Refusal
from app.staff.roles import Role

CODE_BYTES = 20
"""160 bits; A69 asks 128 of a session, the project 112 of an enrolment code."""
LIFE = timedelta(hours=24)
LOGIN_NAME = r"[a-z0-9][a-z0-9._-]{1,31}"
"""Nobody's number or address: it stands in lists and on screens."""
FEWEST_OFFICERS = 2
"""Four eyes need two: with one officer nothing could be approved any more."""


class EnrolmentCodeInvalid(Refusal, code="enrolment_code_invalid"):
    """Unknown, used and out of date are one answer."""


class EnrolmentNotBegun(Refusal, code="enrolment_not_begun"):
    """No password was set yet, so there is no seed to confirm."""


class LoginNameTaken(Refusal, code="login_name_taken"):
    """Somebody has this login name, or had it."""


class TooFewOfficers(Refusal, code="too_few_officers"):
    """Fewer than two active security officers would remain. Facts: fewest."""


class State(StrEnum):
    """Whose move it is."""

    INVITED = "invited"  # the person: bring the code, set a password, confirm the seed
    ACTIVE = "active"  # nobody: may sign in
    DISABLED = "disabled"  # nobody: final


@dataclass(frozen=True, slots=True)
class Member:
    """One member of staff; name, password hash and seed are sealed under the person's own key."""

    id: StaffId
    login_name: str
    sealed_name: bytes = field(repr=False)
    roles: frozenset[Role]
    state: State
    source: str
    """The proposal that brought them, or `bootstrap`."""
    created_at: datetime
    enrolment_index: bytes | None = field(default=None, repr=False)
    """Keyed hash of the code; None once it is spent."""
    enrolment_expires_at: datetime | None = None
    sealed_password: bytes | None = field(default=None, repr=False)
    sealed_seed: bytes | None = field(default=None, repr=False)
    last_step: int = -1
    """The newest TOTP step that was spent (A32)."""
    enrolled_at: datetime | None = None
    disabled_at: datetime | None = None

    def open_invitation(self, now: datetime) -> "Member":
        """Itself, while its code may be brought; raises EnrolmentCodeInvalid."""
        if self.state is not State.INVITED or self.enrolment_expires_at is None or now >= self.enrolment_expires_at:
            raise EnrolmentCodeInvalid
        return self

    def bound(self, sealed_password: bytes, sealed_seed: bytes, *, now: datetime) -> "Member":
        """With a password and a seed not yet confirmed; a second try replaces the first."""
        return replace(self.open_invitation(now), sealed_password=sealed_password, sealed_seed=sealed_seed)

    def enrolled(self, last_step: int, *, now: datetime) -> "Member":
        """Active: the device showed the seed's first code, and the enrolment code opens nothing more."""
        invited = self.open_invitation(now)
        if invited.sealed_seed is None:
            raise EnrolmentNotBegun
        return replace(
            invited,
            state=State.ACTIVE,
            last_step=last_step,
            enrolled_at=now,
            enrolment_index=None,
            enrolment_expires_at=None,
        )

    def with_roles(self, roles: frozenset[Role]) -> "Member":
        """With other roles."""
        return replace(self, roles=roles)

    def disabled(self, now: datetime) -> "Member":
        """Out, for good; an invitation that was open is closed."""
        return replace(self, state=State.DISABLED, disabled_at=now, enrolment_index=None, enrolment_expires_at=None)

    @property
    def is_officer(self) -> bool:
        """Counts among those who can approve."""
        return self.state is State.ACTIVE and Role.SECURITY_OFFICER in self.roles


def invited(
    staff_id: StaffId,
    *,
    login_name: str,
    sealed_name: bytes,
    roles: frozenset[Role],
    source: str,
    enrolment_index: bytes,
    now: datetime,
) -> Member:
    """Somebody who may enrol within a day."""
    return Member(
        staff_id,
        login_name,
        sealed_name,
        roles,
        State.INVITED,
        source,
        created_at=now,
        enrolment_index=enrolment_index,
        enrolment_expires_at=now + LIFE,
    )


def spelled(nonce: bytes) -> str:
    """The code as a person copies it: groups of four letters and digits, none of them alike (base32)."""
    letters = base64.b32encode(nonce).decode("ascii")
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def heard(code: str) -> str:
    """The code as it was meant: the case and the hyphens do not matter."""
    return re.sub(r"[\s-]", "", code).upper()


def named(given: str) -> str | None:
    """The login name that was meant; None where nobody can have it."""
    name = given.strip().lower()
    return name if re.fullmatch(LOGIN_NAME, name) else None


def refuse_too_few(officers: frozenset[StaffId], before: Member, after: Member) -> None:
    """Raise TooFewOfficers where the change leaves fewer active officers than four eyes need."""
    left = officers - {before.id} | ({after.id} if after.is_officer else frozenset())
    if before.is_officer and len(left) < FEWEST_OFFICERS:
        raise TooFewOfficers(fewest=FEWEST_OFFICERS)
