"""What takes two people? Seven deeds, as plain facts that can be kept, shown and done once."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final, TypeAlias

from app.core.ids import PersonId, StaffId
from app.staff.listing import Ground, Release
from app.staff.roles import Role

Fact: TypeAlias = str | bool | list[str]


class Kind(StrEnum):
    """Their names."""

    STAFF_ADD = "staff.add"
    STAFF_ROLES = "staff.roles"
    STAFF_DISABLE = "staff.disable"
    CLIENT_CREATE = "client.create"
    POLICY_CHOOSE = "policy.choose"
    FACE_BLOCK = "face.block"
    FACE_UNBLOCK = "face.unblock"


@dataclass(frozen=True, slots=True)
class AddStaff:
    """Invite somebody; the display name rests sealed beside it."""

    login_name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class ChangeRoles:
    """Give these roles in place of those somebody has."""

    staff_id: StaffId
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class DisableStaff:
    """Let somebody in no more."""

    staff_id: StaffId


@dataclass(frozen=True, slots=True)
class CreateClient:
    """Register a client; the only way to one with an administrative scope."""

    name: str
    kind: str
    purpose: str
    scopes: frozenset[str]
    audiences: frozenset[str]
    grants: frozenset[str]
    origins: frozenset[str]
    redirects: frozenset[str]
    first_party: bool
    confidential: bool


@dataclass(frozen=True, slots=True)
class ChoosePolicy:
    """Let this version of the decision policy decide from then on."""

    policy: str


@dataclass(frozen=True, slots=True)
class BlockFace:
    """Put a subscriber's enrolled faces on the block list."""

    subscriber_id: PersonId
    ground: Ground


@dataclass(frozen=True, slots=True)
class UnblockFace:
    """Take them off."""

    subscriber_id: PersonId
    release: Release


Deed: TypeAlias = AddStaff | ChangeRoles | DisableStaff | CreateClient | ChoosePolicy | BlockFace | UnblockFace
BY_KIND: Final[Mapping[Kind, type[Deed]]] = {
    Kind.STAFF_ADD: AddStaff,
    Kind.STAFF_ROLES: ChangeRoles,
    Kind.STAFF_DISABLE: DisableStaff,
    Kind.CLIENT_CREATE: CreateClient,
    Kind.POLICY_CHOOSE: ChoosePolicy,
    Kind.FACE_BLOCK: BlockFace,
    Kind.FACE_UNBLOCK: UnblockFace,
}
CODES: Final[Mapping[str, type[Ground | Release]]] = {"ground": Ground, "release": Release}
_KINDS: Final = {deed: kind for kind, deed in BY_KIND.items()}


def kind_of(deed: Deed) -> Kind:
    """Its name."""
    return _KINDS[type(deed)]


def facts_of(deed: Deed) -> dict[str, Fact]:
    """As it is kept and shown."""
    return {field.name: _flat(getattr(deed, field.name)) for field in fields(deed)}


def deed_of(kind: Kind, facts: Mapping[str, Fact]) -> Deed:
    """The deed these facts were kept of."""
    given = {name: frozenset(fact) if isinstance(fact, list) else fact for name, fact in facts.items()}
    if isinstance(roles := given.get("roles"), frozenset):
        given["roles"] = frozenset(Role(role) for role in roles)
    for name, codes in CODES.items():
        if name in given:
            given[name] = codes(str(given[name]))
    made: Deed = BY_KIND[kind](**given)  # type: ignore[arg-type]  # written by facts_of alone
    return made


def _flat(value: str | bool | frozenset[str]) -> Fact:  # noqa: FBT001  a fact
    return sorted(value) if isinstance(value, frozenset) else value
