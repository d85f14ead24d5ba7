"""`/v1/me`: what a subscriber sees and ends of their own."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.routers.callers import AccountReader, SessionKeeper
from app.routers.paging import Listed, Paging, listed
from app.routers.strict import StrictRoute
from app.routers.wiring import Served

router = APIRouter(prefix="/v1/me", tags=["account"], route_class=StrictRoute)


class ShownContact(BaseModel):
    """A proven address, masked."""

    channel: str = Field(description="`phone` or `email`")
    address: str = Field(description="masked")


class ShownAuthenticator(BaseModel):
    """A bound authenticator."""

    kind: str = Field(description="`password` or `totp`")
    bound_at: datetime | None


class ShownAccount(BaseModel):
    """The caller's account; the identity number shows its first three and last four characters."""

    sub: str = Field(description="the subscriber's id, as in tokens")
    customer_ref: str | None = Field(description="the bank's own reference")
    ial: str = Field(description="assurance of the proofing, SP 800-63A: `none` or `ial1` to `ial3`")
    ial_missing: list[str] = Field(description="what the next level would take")
    name: str
    number: str = Field(description="identity number, masked")
    contacts: list[ShownContact]
    authenticators: list[ShownAuthenticator]
    created_at: datetime


class ShownSession(BaseModel):
    """A live session."""

    id: str
    client_id: str
    current: bool = Field(description="the session this request was made in")
    acr: str = Field(description="how strongly its subscriber logged in")
    amr: list[str] = Field(description="by which methods, RFC 8176")
    network: str | None = Field(description="address it was begun from")
    auth_time: datetime = Field(description="when its subscriber logged in")
    refreshed_at: datetime
    expires_at: datetime = Field(description="its end, however often it is refreshed")


class ShownDevice(BaseModel):
    """A device whose wrong guesses are counted apart from those of strangers."""

    id: str
    client_id: str
    network: str | None = Field(description="address it last signed in from")
    created_at: datetime
    used_at: datetime = Field(description="its last completed log-in")
    expires_at: datetime = Field(description="from then on a stranger's, unless it signs in before")


class EndedSessions(BaseModel):
    """How many were ended."""

    ended: int = Field(description="how many")


@router.get("")
async def read_account(caller: AccountReader, house: Served) -> ShownAccount:
    """The caller's own account (scope `account:read`)."""
    account = await house.accounts.read(caller)
    return ShownAccount(
        sub=account.id,
        customer_ref=account.customer_ref,
        ial=account.ial,
        ial_missing=list(account.ial_missing),
        name=account.name,
        number=account.number,
        contacts=[ShownContact(channel=channel, address=address) for channel, address in account.contacts],
        authenticators=[ShownAuthenticator(kind=kind, bound_at=at) for kind, at in account.authenticators],
        created_at=account.created_at,
    )


@router.get("/sessions")
async def read_sessions(caller: SessionKeeper, house: Served, wanted: Paging) -> Listed[ShownSession]:
    """The caller's live sessions, oldest first (scope `sessions:manage`)."""
    return listed(
        await house.accounts.sessions(caller, wanted),
        lambda each: ShownSession(
            id=each.family.session_id,
            client_id=each.family.client_id,
            current=each.family.session_id == caller.session_id,
            acr=each.authentication.acr,
            amr=list(each.authentication.amr),
            network=each.network,
            auth_time=each.authentication.auth_time,
            refreshed_at=each.family.rotated_at,
            expires_at=each.family.expires_at,
        ),
    )


@router.delete("/sessions")
async def end_sessions(caller: SessionKeeper, house: Served) -> EndedSessions:
    """End every session, this one too."""
    return EndedSessions(ended=await house.accounts.end_sessions(caller))


@router.delete("/sessions/{session_id}", status_code=204)
async def end_session(session_id: str, caller: SessionKeeper, house: Served) -> None:
    """End one session; its tokens are inactive from this moment."""
    await house.accounts.end_session(caller, session_id)


@router.get("/devices")
async def read_devices(caller: SessionKeeper, house: Served) -> Listed[ShownDevice]:
    """The caller's known devices, the one used last first (scope `sessions:manage`); few, for the oldest give way."""
    return Listed(
        items=[
            ShownDevice(
                id=each.id,
                client_id=each.client_id,
                network=each.network,
                created_at=each.created_at,
                used_at=each.used_at,
                expires_at=each.expires_at,
            )
            for each in await house.known_devices.of(caller)
        ],
        next=None,
    )


@router.delete("/devices/{device_id}", status_code=204)
async def forget_device(device_id: str, caller: SessionKeeper, house: Served) -> None:
    """Forget one device: from now on it is a stranger's."""
    await house.known_devices.forget(caller, device_id)
