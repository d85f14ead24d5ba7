"""What happens once two people agreed? The seven deeds, each within the unit of work of its approval."""

from dataclasses import dataclass
from typing import assert_never

from app.assertion.client import Client, ClientKind, Grant, check_registration
from app.core.clock import Clock
from app.core.ids import ProposalId, StaffId
from app.core.refusal import NotFound
from app.core.secret import Secret
from app.services.block_list import BlockList
from app.services.clients import Clients
from app.services.policies import Policies
from app.services.staff_enrolment import Invitation, StaffInvitations
from app.staff.deeds import (
    AddStaff,
    BlockFace,
    ChangeRoles,
    ChoosePolicy,
    CreateClient,
    Deed,
    DisableStaff,
    UnblockFace,
)
from app.staff.enrolment import LoginNameTaken, Member, State, refuse_too_few
from app.staff.proposal import Proposal
from app.staff.roles import check_roles
from app.storage.work import Work


@dataclass(frozen=True, slots=True)
class Approved:
    """What the approver is shown, this once: an invitation to hand over, or a client's secret."""

    proposal_id: ProposalId
    invitation: Invitation | None = None
    client_id: str | None = None
    client_secret: Secret[str] | None = None


class Deeds:
    """Checks and does what is proposed."""

    def __init__(
        self,
        clock: Clock,
        invitations: StaffInvitations,
        clients: Clients,
        policies: Policies,
        block_list: BlockList,
    ) -> None:
        self._clock = clock
        self._invitations = invitations
        self._clients = clients
        self._policies = policies
        self._block_list = block_list

    async def check(self, work: Work, deed: Deed) -> None:
        """Refuse what could not be done as things stand."""
        match deed:
            case AddStaff():
                check_roles(deed.roles)
                await work.staff.forget_unanswered(self._clock.now())
                if await work.staff.by_name(deed.login_name) is not None:
                    raise LoginNameTaken
            case ChangeRoles():
                check_roles(deed.roles)
                _employed(await work.staff.find(deed.staff_id))
            case DisableStaff():
                _employed(await work.staff.find(deed.staff_id))
            case CreateClient():
                check_registration(self._client(deed))
            case ChoosePolicy():
                self._policies.check(deed.policy)
            case BlockFace():
                await self._block_list.check_put(work, deed.subscriber_id)
            case UnblockFace():
                await self._block_list.check_take_off(work, deed.subscriber_id)
            case _:
                assert_never(deed)

    async def do(self, work: Work, proposal: Proposal, officers: frozenset[StaffId]) -> Approved:
        """Do it, as things stand now; `officers`: those held active until this unit ends."""
        deed = proposal.deed
        match deed:
            case AddStaff():
                return Approved(proposal.id, invitation=await self._invited(work, proposal, deed))
            case ChangeRoles():
                check_roles(deed.roles)
                before = _employed(await work.staff.lock(deed.staff_id))
                await self._replace(work, officers, before, before.with_roles(deed.roles), "roles_changed")
            case DisableStaff():
                before = _employed(await work.staff.lock(deed.staff_id))
                await self._replace(work, officers, before, before.disabled(self._clock.now()), "disabled")
            case CreateClient():
                return await self._registered(work, proposal.id, deed)
            case ChoosePolicy():
                self._policies.check(deed.policy)
                await work.proposals.choose_policy(proposal.id, deed.policy, self._clock.now())
            case BlockFace():
                await self._block_list.put(work, deed.subscriber_id, deed.ground, proposal.id)
            case UnblockFace():
                await self._block_list.take_off(work, deed.subscriber_id)
            case _:
                assert_never(deed)
        return Approved(proposal.id)

    async def _invited(self, work: Work, proposal: Proposal, deed: AddStaff) -> Invitation:
        if proposal.target is None or proposal.sealed_name is None:
            raise LookupError(proposal.id)
        return await self._invitations.invite(
            work, StaffId(proposal.target), deed.login_name, proposal.sealed_name, deed.roles, source=proposal.id
        )

    async def _replace(
        self, work: Work, officers: frozenset[StaffId], before: Member, after: Member, reason: str
    ) -> None:
        """Write the change and end every session: whoever signs in next comes with what they now are."""
        refuse_too_few(officers, before, after)
        await work.staff.save(after)
        await work.staff_sessions.end_all(after.id, self._clock.now(), reason)

    async def _registered(self, work: Work, proposal_id: ProposalId, deed: CreateClient) -> Approved:
        client = self._client(deed)
        check_registration(client)
        secret = await self._clients.register(work, client)
        return Approved(proposal_id, client_id=client.id, client_secret=secret)

    def _client(self, deed: CreateClient) -> Client:
        return Client(
            id=self._clients.new_id(),
            name=deed.name,
            kind=ClientKind(deed.kind),
            first_party=deed.first_party,
            confidential=deed.confidential,
            grants=frozenset(Grant(grant) for grant in deed.grants),
            scopes=deed.scopes,
            audiences=deed.audiences,
            purpose=deed.purpose,
            origins=deed.origins,
            redirects=deed.redirects,
        )


def _employed(member: Member | None) -> Member:
    """Whoever was put out is out: nothing about them changes any more."""
    if member is None or member.state is State.DISABLED:
        raise NotFound
    return member
