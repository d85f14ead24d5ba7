"""`/v1/staff/proposals`: what one security officer asks for and another allows."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.assertion.client import ClientKind, Grant
from app.core.ids import PersonId, StaffId
from app.routers.bodies import LINES, ONE_LINE
from app.routers.callers import Officer
from app.routers.paging import Listed, Paging, listed
from app.routers.proofings import STRICT
from app.routers.repeatable import RepeatableRouter, ShownOnce
from app.routers.wiring import Served
from app.services.approved import Approved
from app.services.proposals import Shown
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
from app.staff.enrolment import LOGIN_NAME
from app.staff.listing import Ground, Release
from app.staff.roles import Role

router = RepeatableRouter(prefix="/v1/staff/proposals", tags=["staff"])
Roles = Annotated[list[Role], Field(max_length=4, description="all of them, in place of any held before")]
Words = Annotated[list[Annotated[str, ONE_LINE]], Field(max_length=32)]
Line = Annotated[str, Field(min_length=1, max_length=200), ONE_LINE]
Person = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="the subscriber")]
StaffMember = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="the member of staff")]


class AddStaffBody(BaseModel):
    """Invite somebody."""

    model_config = STRICT
    kind: Literal["staff.add"] = Field(description="to invite somebody")
    login_name: str = Field(pattern=f"^{LOGIN_NAME}$", description="what they will sign in with")
    display_name: Line = Field(description="what colleagues call them")
    roles: Roles

    def deed(self) -> Deed:
        """As a plain fact."""
        return AddStaff(self.login_name, frozenset(self.roles))


class ChangeRolesBody(BaseModel):
    """Give somebody other roles; their sessions end."""

    model_config = STRICT
    kind: Literal["staff.roles"] = Field(description="to give somebody other roles")
    staff_id: StaffMember
    roles: Roles

    def deed(self) -> Deed:
        """As a plain fact."""
        return ChangeRoles(StaffId(self.staff_id), frozenset(self.roles))


class DisableStaffBody(BaseModel):
    """Put somebody out; their sessions end."""

    model_config = STRICT
    kind: Literal["staff.disable"] = Field(description="to put somebody out")
    staff_id: StaffMember

    def deed(self) -> Deed:
        """As a plain fact."""
        return DisableStaff(StaffId(self.staff_id))


class CreateClientBody(BaseModel):
    """Register a client; the only way to one with a scope below `admin:`."""

    model_config = STRICT
    kind: Literal["client.create"] = Field(description="to register a client")
    name: Line = Field(description="what staff call it")
    client_kind: ClientKind = Field(description="what runs it")
    purpose: Line = Field(description="what the bank uses it for")
    scopes: Words = Field(description="what it may ask for")
    audiences: Words = Field(description="resources it may ask tokens for")
    grants: list[Grant] = Field(max_length=3, description="how it may ask")
    origins: Words = Field(default=[], description="web origins of it")
    redirects: Words = Field(default=[], description="where it may be sent back to")
    first_party: bool = Field(strict=True, default=False, description="the bank's own front end")
    confidential: bool = Field(strict=True, default=True, description="it can keep a secret")

    def deed(self) -> Deed:
        """As plain facts."""
        return CreateClient(
            name=self.name,
            kind=self.client_kind,
            purpose=self.purpose,
            scopes=frozenset(self.scopes),
            audiences=frozenset(self.audiences),
            grants=frozenset(self.grants),
            origins=frozenset(self.origins),
            redirects=frozenset(self.redirects),
            first_party=self.first_party,
            confidential=self.confidential,
        )


class ChoosePolicyBody(BaseModel):
    """Let another version of the decision policy decide from then on."""

    model_config = STRICT
    kind: Literal["policy.choose"] = Field(description="to choose the decision policy")
    policy: Line = Field(description="its version")

    def deed(self) -> Deed:
        """As a plain fact."""
        return ChoosePolicy(self.policy)


class BlockFaceBody(BaseModel):
    """Put a subscriber's enrolled faces on the block list; whoever shows one again is referred to people, never rejected by it."""

    model_config = STRICT
    kind: Literal["face.block"] = Field(description="to list a subscriber's faces")
    subscriber_id: Person
    ground: Ground = Field(description="what was found of the account")

    def deed(self) -> Deed:
        """As a plain fact."""
        return BlockFace(PersonId(self.subscriber_id), self.ground)


class UnblockFaceBody(BaseModel):
    """Take a subscriber's faces off the block list."""

    model_config = STRICT
    kind: Literal["face.unblock"] = Field(description="to take a subscriber's faces off the list")
    subscriber_id: Person
    release: Release = Field(description="why they stand there no more")

    def deed(self) -> Deed:
        """As a plain fact."""
        return UnblockFace(PersonId(self.subscriber_id), self.release)


Body = Annotated[
    AddStaffBody
    | ChangeRolesBody
    | DisableStaffBody
    | CreateClientBody
    | ChoosePolicyBody
    | BlockFaceBody
    | UnblockFaceBody,
    Field(discriminator="kind"),
]


class Objection(BaseModel):
    """Why not."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    reason: Annotated[str, Field(min_length=1, max_length=500), LINES] = Field(
        description="in the officer's own words; stays with the proposal"
    )


class ShownProposal(BaseModel):
    """A proposal."""

    id: str
    kind: str = Field(description="what is asked for")
    state: str = Field(description="`open`, `approved`, `rejected` or `expired`")
    facts: dict[str, str | bool | list[str]] = Field(description="what exactly, as it was proposed")
    display_name: str | None = Field(description="of somebody to be added, while the proposal is open")
    target: str | None = Field(description="the member of staff, or the subscriber, it is about")
    proposed_by: str = Field(description="the officer who asks")
    created_at: datetime
    expires_at: datetime
    decided_by: str | None = Field(description="the officer who approved or rejected it")
    decided_at: datetime | None
    reason: str | None = Field(description="why it was rejected")


class ShownApproval(BaseModel):
    """What approval did; what it shows is shown this once, to the approver."""

    id: str
    state: str = Field(description="`approved`: it is done")
    staff_id: str | None = Field(description="somebody who was invited")
    enrolment_code: Annotated[str | None, ShownOnce()] = Field(description="to be handed to them and nobody else")
    enrolment_expires_at: datetime | None = Field(description="until when it can be used")
    client_id: str | None = Field(description="a client that was registered")
    client_secret: Annotated[str | None, ShownOnce()] = Field(description="its secret, where it keeps one")


@router.post("", status_code=201)
async def make_proposal(body: Body, caller: Officer, house: Served) -> ShownProposal:
    """Propose (role security officer); another officer has a day to decide."""
    display_name = body.display_name if isinstance(body, AddStaffBody) else None
    return _proposal(await house.proposals.propose(caller, body.deed(), display_name))


@router.get("")
async def read_proposals(caller: Officer, wanted: Paging, house: Served) -> Listed[ShownProposal]:
    """Proposals, the newest first (role security officer)."""
    return listed(await house.proposals.read(caller, wanted), _proposal)


@router.post("/{proposal_id}/approval")
async def approve_proposal(proposal_id: str, caller: Officer, house: Served) -> ShownApproval:
    """Approve what another proposed; it is done at once."""
    return _approval(await house.proposals.approve(caller, proposal_id))


@router.post("/{proposal_id}/rejection")
async def reject_proposal(proposal_id: str, body: Objection, caller: Officer, house: Served) -> ShownProposal:
    """Reject it, or take one's own back."""
    return _proposal(await house.proposals.reject(caller, proposal_id, body.reason))


def _proposal(each: Shown) -> ShownProposal:
    return ShownProposal(
        id=each.id,
        kind=each.kind,
        state=each.state,
        facts=each.facts,
        display_name=each.display_name,
        target=each.target,
        proposed_by=each.proposed_by,
        created_at=each.created_at,
        expires_at=each.expires_at,
        decided_by=each.decided_by,
        decided_at=each.decided_at,
        reason=each.reason,
    )


def _approval(approved: Approved) -> ShownApproval:
    invitation, secret = approved.invitation, approved.client_secret
    return ShownApproval(
        id=approved.proposal_id,
        state="approved",
        staff_id=None if invitation is None else invitation.staff_id,
        enrolment_code=None if invitation is None else invitation.code.reveal(),
        enrolment_expires_at=None if invitation is None else invitation.expires_at,
        client_id=approved.client_id,
        client_secret=None if secret is None else secret.reveal(),
    )
