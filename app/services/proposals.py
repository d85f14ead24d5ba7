"""How do two people decide? One proposes, another approves, and what was proposed is done in the same unit of work."""

from dataclasses import dataclass
from datetime import datetime

from app.core import ids
from app.core.audit import Actor
from app.core.entropy import Entropy
from app.core.ids import PersonId, ProposalId, StaffId
from app.core.paging import Mark, Page, Wanted, page
from app.core.refusal import NotFound
from app.services.approved import Approved, Deeds
from app.services.callers import StaffCaller
from app.services.journal import Journal
from app.services.own_cases import OwnCases
from app.services.staff_enrolment import StaffInvitations
from app.services.vault import Sealed, Vault
from app.staff import proposal as rules
from app.staff.deeds import (
    AddStaff,
    BlockFace,
    ChangeRoles,
    Deed,
    DisableStaff,
    Fact,
    Kind,
    UnblockFace,
    facts_of,
    kind_of,
)
from app.staff.proposal import Proposal, State
from app.storage.work import Work

LISTING = "proposal_list"


@dataclass(frozen=True, slots=True)
class Shown:
    """A proposal as officers see it."""

    id: ProposalId
    kind: Kind
    state: State
    facts: dict[str, Fact]
    display_name: str | None
    """Of somebody to be added, until the proposal is closed."""
    target: str | None
    proposed_by: str
    created_at: datetime
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


class Proposals:
    """The proposals."""

    def __init__(
        self, journal: Journal, vault: Vault, deeds: Deeds, invitations: StaffInvitations, entropy: Entropy
    ) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._deeds = deeds
        self._invitations = invitations
        self._entropy = entropy
        self._own_cases = OwnCases(vault)

    async def propose(self, caller: StaffCaller, deed: Deed, display_name: str | None = None) -> Shown:
        """Ask for it; what could not be done is refused at once. `display_name`: of somebody to be added."""
        async with self._journal.act("proposal.make", caller.actor()) as act:
            async with self._database.work() as work:
                await self._deeds.check(work, deed)
                await self._refuse_own(work, caller, deed)
                target, sealed_name = await self._target(work, deed, display_name)
                proposal = rules.propose(
                    ProposalId(ids.named("prp", self._entropy.draw(ids.NONCE_BYTES))),
                    deed,
                    by=caller.staff_id,
                    now=self._clock.now(),
                    target=target,
                    sealed_name=sealed_name,
                )
                await work.proposals.add(proposal)
                act.object_id, act.subject = proposal.id, target
                await act.record(work, kind=kind_of(deed))
        return _shown(proposal, display_name, self._clock.now())

    async def read(self, caller: StaffCaller, wanted: Wanted) -> Page[Shown]:
        """The newest first."""
        async with self._journal.act("proposal.list", caller.actor()) as act:
            async with self._database.work() as work:
                found = await work.proposals.page(wanted.after, wanted.reach)
                shown = [_shown(each, await self._name(work, each, by=act.actor), self._clock.now()) for each in found]
                await act.record(work, count=len(shown))
        return page(shown, wanted, lambda each: Mark(each.created_at, each.id))

    async def approve(self, caller: StaffCaller, proposal_id: str) -> Approved:
        """Agree, and it is done; of two who decide at once, the second finds it decided."""
        async with self._journal.act("proposal.approve", caller.actor(), object_id=proposal_id) as act:
            async with self._database.work() as work:
                proposal = await self._locked(work, proposal_id)
                act.subject = proposal.target
                officers = await work.staff.lock_officers()
                approved = proposal.approve(caller.staff_id, officers, now=self._clock.now())
                await self._refuse_own(work, caller, proposal.deed, proposed_by=proposal.proposed_by)
                done = await self._deeds.do(work, proposal, officers)
                await work.proposals.save(approved)
                await act.record(
                    work,
                    None,
                    kind=kind_of(proposal.deed),
                    proposed_by=proposal.proposed_by,
                    made_client=done.client_id,
                )
        return done

    async def reject(self, caller: StaffCaller, proposal_id: str, reason: str) -> Shown:
        """Refuse it, or take one's own back."""
        async with self._journal.act("proposal.reject", caller.actor(), object_id=proposal_id) as act:
            async with self._database.work() as work:
                proposal = await self._locked(work, proposal_id)
                act.subject = proposal.target
                rejected = proposal.reject(caller.staff_id, reason, now=self._clock.now())
                await self._refuse_own(work, caller, proposal.deed)
                await work.proposals.save(rejected)
                await act.record(work, kind=kind_of(proposal.deed), proposed_by=proposal.proposed_by)
        return _shown(rejected, None, self._clock.now())

    async def _refuse_own(
        self, work: Work, caller: StaffCaller, deed: Deed, *, proposed_by: StaffId | None = None
    ) -> None:
        """Nobody has a part in what becomes of their own face, and nobody two parts in what becomes of another's (R113)."""
        if not isinstance(deed, BlockFace | UnblockFace):
            return
        await self._own_cases.refuse_account(work, caller, deed.subscriber_id)
        if proposed_by is not None and await self._own_cases.is_one_person(work, caller, proposed_by):
            raise rules.OwnProposal

    async def _locked(self, work: Work, proposal_id: str) -> Proposal:
        proposal = await work.proposals.lock(proposal_id)
        if proposal is None:
            raise NotFound
        return proposal

    async def _target(self, work: Work, deed: Deed, display_name: str | None) -> tuple[str | None, bytes | None]:
        match deed:
            case AddStaff(login_name=login_name):
                return await self._invitations.newcomer(work, display_name or login_name)
            case ChangeRoles(staff_id=staff_id) | DisableStaff(staff_id=staff_id):
                return staff_id, None
            case BlockFace(subscriber_id=subscriber_id) | UnblockFace(subscriber_id=subscriber_id):
                return subscriber_id, None
        return None, None

    async def _name(self, work: Work, proposal: Proposal, *, by: Actor) -> str | None:
        if (
            proposal.sealed_name is None
            or proposal.target is None
            or proposal.state(self._clock.now()) is not State.OPEN
        ):
            return None
        person = await self._vault.person(work, PersonId(proposal.target))
        name = await person.open(Sealed.STAFF_NAME, proposal.target, proposal.sealed_name, by=by, purpose=LISTING)
        return name.decode()


def _shown(proposal: Proposal, display_name: str | None, now: datetime) -> Shown:
    return Shown(
        id=proposal.id,
        kind=kind_of(proposal.deed),
        state=proposal.state(now),
        facts=facts_of(proposal.deed),
        display_name=display_name,
        target=proposal.target,
        proposed_by=proposal.proposed_by,
        created_at=proposal.created_at,
        expires_at=proposal.expires_at,
        decided_by=proposal.decided_by,
        decided_at=proposal.decided_at,
        reason=proposal.reason,
    )
