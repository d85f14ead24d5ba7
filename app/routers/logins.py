"""`/v1/logins`: one log-in of one claimant, for the bank's own front ends."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel, Field, SecretStr

from app.assertion.oauth import InvalidClient
from app.core.secret import Secret
from app.routers.bindings import LONGEST_PASSWORD, Code, NewPassword
from app.routers.bodies import SecretText
from app.routers.callers import basic_of
from app.routers.proofings import STRICT
from app.routers.repeatable import RepeatableRouter, ShownOnce
from app.routers.wiring import Came, Served
from app.services.clients import Credentials
from app.services.login_steps import Progress
from app.services.logins import Asked

router = RepeatableRouter(prefix="/v1/logins", tags=["logins"])


class Beginning(BaseModel):
    """What a front end asks a log-in for; a confidential client proves itself by HTTP Basic besides."""

    model_config = STRICT
    client_id: str = Field(min_length=1, max_length=64, description="the front end")
    identifier: SecretText = Field(min_length=1, max_length=254, description="phone number or e-mail address")
    code_challenge: str = Field(max_length=128, description="hash of the verifier the front end keeps, RFC 7636")
    code_challenge_method: str = Field("S256", max_length=16, description="`S256` alone")
    scope: str | None = Field(None, max_length=1000, description="scopes asked for, separated by spaces")
    resources: list[str] = Field(default=[], max_length=8, description="audiences its tokens may be for, RFC 8707")
    device_token: SecretText | None = Field(
        None, max_length=256, description="of this person's last completed log-in at this device, where there was one"
    )


class Password(BaseModel):
    """What the claimant knows."""

    model_config = STRICT
    password: SecretStr = Field(max_length=LONGEST_PASSWORD)


class ShownLogin(BaseModel):
    """A log-in and what to prove next."""

    id: str
    needed: list[str] = Field(description="what to prove next: `password`, `totp`; empty: complete it")
    offered: list[str] = Field(description="what that step may be done with, the best first: `totp`, `sms`")
    expires_at: datetime


class CompletedLogin(BaseModel):
    """The way to the token endpoint."""

    code: Annotated[str, ShownOnce()] = Field(
        description="authorization code, exchanged once at /oauth2/token within 60 seconds"
    )
    iss: str = Field(description="who issued the code, RFC 9207")
    device_token: Annotated[str, ShownOnce()] = Field(
        description="to be kept at this device and brought to its next log-in, in place of the one before; proves nothing"
    )


async def credentials_of(request: Request, body: Beginning) -> Credentials:
    """The client by name, or by Basic; raises InvalidClient where the two differ."""
    basic = basic_of(request)
    if basic is None:
        return Credentials(body.client_id, None)
    if basic.client_id != body.client_id:
        raise InvalidClient
    return basic


@router.post("", status_code=201, openapi_extra={"security": [{"basic": []}, {}]})
async def begin_login(
    body: Beginning, credentials: Annotated[Credentials, Depends(credentials_of)], origin: Came, house: Served
) -> ShownLogin:
    """Begin; the answer is the same whether anybody has this identifier."""
    asked = Asked(
        Secret(body.identifier.get_secret_value()),
        body.code_challenge,
        body.code_challenge_method,
        body.scope,
        tuple(body.resources),
        None if body.device_token is None else Secret(body.device_token.get_secret_value()),
    )
    return shown(await house.logins.begin(credentials, asked, origin.network))


@router.post("/{login_id}/password")
async def prove_password(login_id: str, body: Password, origin: Came, house: Served) -> ShownLogin:
    """Prove the password."""
    password = Secret(body.password.get_secret_value())
    return shown(await house.logins.prove_password(login_id, password, origin.network))


@router.post("/{login_id}/totp")
async def prove_totp(login_id: str, body: Code, origin: Came, house: Served) -> ShownLogin:
    """Prove possession of the TOTP authenticator by one code."""
    return shown(await house.logins.prove_totp(login_id, body.code, origin.network))


@router.put("/{login_id}/new-password")
async def change_password(login_id: str, body: NewPassword, origin: Came, house: Served) -> ShownLogin:
    """Replace a password that has expired, once every factor is proven."""
    password = Secret(body.password.get_secret_value())
    return shown(await house.logins.change_password(login_id, password, origin.network))


@router.post("/{login_id}/completion", status_code=201)
async def complete_login(login_id: str, origin: Came, house: Served) -> CompletedLogin:
    """End the log-in with an authorization code."""
    done = await house.logins.complete(login_id, origin.network)
    return CompletedLogin(code=done.code.reveal(), iss=house.issuer, device_token=done.device_token.reveal())


def shown(progress: Progress) -> ShownLogin:
    """The log-in as its front end sees it."""
    return ShownLogin(
        id=progress.login_id,
        needed=list(progress.needed),
        offered=list(progress.offered),
        expires_at=progress.expires_at,
    )
