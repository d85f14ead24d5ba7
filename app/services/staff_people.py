"""Who works here? Security officers see everybody, everybody sees themselves."""

from dataclasses import dataclass
from datetime import datetime

from app.core.audit import Actor
from app.core.ids import PersonId, StaffId
from app.core.refusal import NotFound
from app.services.callers import StaffCaller
from app.services.journal import Journal
from app.services.vault import Sealed, Vault
from app.staff.enrolment import Member, State
from app.staff.roles import Role
from app.storage.work import Work

LISTING = "staff_list"
SELF = "self_service"


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as staff see them."""

    id: StaffId
    login_name: str
    display_name: str
    roles: frozenset[Role]
    state: State
    created_at: datetime
    enrolled_at: datetime | None
    disabled_at: datetime | None


class StaffPeople:
    """The people."""

    def __init__(self, journal: Journal, vault: Vault) -> None:
        self._journal = journal
        self._database = journal.database
        self._vault = vault

    async def everybody(self, caller: StaffCaller) -> tuple[Colleague, ...]:
        """All of them, those who left too."""
        async with self._journal.act("staff.list", caller.actor()) as act:
            async with self._database.work() as work:
                found = [
                    await self._shown(work, each, by=act.actor, purpose=LISTING) for each in await work.staff.all()
                ]
                await act.record(work, count=len(found))
        return tuple(found)

    async def myself(self, caller: StaffCaller) -> Colleague:
        """The caller."""
        async with self._journal.act("staff.read", caller.actor(), subject=caller.staff_id) as act:
            async with self._database.work() as work:
                member = await work.staff.find(caller.staff_id)
                if member is None:
                    raise NotFound
                shown = await self._shown(work, member, by=act.actor, purpose=SELF)
                await act.record(work)
        return shown

    async def _shown(self, work: Work, member: Member, *, by: Actor, purpose: str) -> Colleague:
        person = await self._vault.person(work, PersonId(member.id))
        name = await person.open(Sealed.STAFF_NAME, member.id, member.sealed_name, by=by, purpose=purpose)
        return Colleague(
            id=member.id,
            login_name=member.login_name,
            display_name=name.decode(),
            roles=member.roles,
            state=member.state,
            created_at=member.created_at,
            enrolled_at=member.enrolled_at,
            disabled_at=member.disabled_at,
        )
