"""`/v1/staff`: how staff enrol, sign in and out, and who they are."""

from datetime import datetime
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, Field, SecretStr

from app.core.secret import Secret
from app.routers.bindings import LONGEST_PASSWORD, Code
from app.routers.bodies import SecretText
from app.routers.callers import AnyStaff, Officer, bearer_of
from app.routers.proofings import STRICT
from app.routers.repeatable import RepeatableRouter, ShownOnce
from app.routers.wiring import Came, Served
from app.services.staff_people import Colleague
from app.services.staff_signin import Progress

router = RepeatableRouter(prefix="/v1/staff", tags=["staff"])
EnrolmentCode = Annotated[SecretText, Field(min_length=1, max_length=64, description="the one-time enrolment code")]


class StaffEnrolment(BaseModel):
    """An invitation taken up."""

    model_config = STRICT
    enrolment_code: EnrolmentCode
    password: SecretStr = Field(max_length=LONGEST_PASSWORD, description="at least 15 characters")


class StaffSeed(BaseModel):
    """What the authenticator app needs; shown this once."""

    seed: Annotated[str, ShownOnce()] = Field(description="base32")
    uri: Annotated[str, ShownOnce()] = Field(description="otpauth://, as the QR code says it")
    qr_svg: Annotated[str, ShownOnce()] = Field(description="the QR code")


class StaffConfirmation(BaseModel):
    """The first code of the app."""

    model_config = STRICT
    enrolment_code: EnrolmentCode
    code: str = Field(min_length=4, max_length=16, description="as the app shows it")


class Confirmed(BaseModel):
    """Enrolled."""

    state: str = Field(description="`active`: sign in now")


class Named(BaseModel):
    """Who wants to sign in."""

    model_config = STRICT
    login_name: SecretText = Field(min_length=1, max_length=64, description="as a security officer gave it")
    device_token: SecretText | None = Field(
        None, max_length=256, description="of this person's last sign-in at this device, where there was one"
    )


class StaffPassword(BaseModel):
    """What the member of staff knows."""

    model_config = STRICT
    password: SecretStr = Field(max_length=LONGEST_PASSWORD)


class ShownSignIn(BaseModel):
    """A sign-in and what to prove next."""

    id: str
    needed: str = Field(description="what to prove next: `password` or `totp`")
    expires_at: datetime


class StaffToken(BaseModel):
    """A session; its token is shown this once."""

    session_token: Annotated[str, ShownOnce()] = Field(description="bring it as `Authorization: Bearer`")
    idle_seconds: int = Field(description="it ends when it was not used for so long")
    expires_at: datetime = Field(description="its end, however often it is used")
    device_token: Annotated[str, ShownOnce()] = Field(
        description="to be kept at this device and brought to its next sign-in, in place of the one before; proves nothing"
    )


class ShownColleague(BaseModel):
    """A member of staff."""

    id: str
    login_name: str = Field(description="what they sign in with")
    display_name: str = Field(description="what colleagues call them")
    roles: list[str] = Field(description="`reviewer`, `security_officer`, `auditor`, `operator`")
    state: str = Field(description="`invited`, `active` or `disabled`")
    created_at: datetime
    enrolled_at: datetime | None = Field(description="when their device was confirmed")
    disabled_at: datetime | None = Field(description="when they were put out")


@router.post("/enrolment")
async def enrol_staff(body: StaffEnrolment, origin: Came, house: Served) -> StaffSeed:
    """Take an invitation up: set the password, get the TOTP seed."""
    enrolment = await house.staff_enrolments.begin(
        body.enrolment_code.get_secret_value(), Secret(body.password.get_secret_value()), origin.network
    )
    return StaffSeed(seed=enrolment.seed.reveal(), uri=enrolment.uri.reveal(), qr_svg=enrolment.qr_svg.reveal())


@router.post("/enrolment/confirmation")
async def confirm_staff(body: StaffConfirmation, origin: Came, house: Served) -> Confirmed:
    """Show that the device holds the seed; the enrolment code opens nothing more."""
    await house.staff_enrolments.confirm(body.enrolment_code.get_secret_value(), body.code, origin.network)
    return Confirmed(state="active")


@router.post("/sign-ins", status_code=201)
async def begin_sign_in(body: Named, origin: Came, house: Served) -> ShownSignIn:
    """Begin; the answer is the same whether anybody has this name."""
    token = None if body.device_token is None else Secret(body.device_token.get_secret_value())
    name = Secret(body.login_name.get_secret_value())
    return _progress(await house.staff_sign_ins.begin(name, token, origin.network))


@router.post("/sign-ins/{sign_in_id}/password")
async def prove_staff_password(sign_in_id: str, body: StaffPassword, origin: Came, house: Served) -> ShownSignIn:
    """Prove the password."""
    password = Secret(body.password.get_secret_value())
    return _progress(await house.staff_sign_ins.prove_password(sign_in_id, password, origin.network))


@router.post("/sign-ins/{sign_in_id}/totp")
async def prove_staff_totp(sign_in_id: str, body: Code, origin: Came, house: Served) -> StaffToken:
    """Prove possession of the device by one code; this opens the session."""
    opened = await house.staff_sign_ins.prove_totp(sign_in_id, body.code, origin.network)
    session = opened.session
    return StaffToken(
        session_token=opened.token.reveal(),
        idle_seconds=int((session.idle_at - session.used_at).total_seconds()),
        expires_at=session.expires_at,
        device_token=opened.device_token.reveal(),
    )


@router.delete("/session", status_code=204)
async def sign_out(caller: AnyStaff, request: Request, house: Served) -> None:
    """End the session this request was made in."""
    await house.staff_doors.sign_out(caller, bearer_of(request) or "")


@router.get("/me")
async def read_myself(caller: AnyStaff, house: Served) -> ShownColleague:
    """The caller."""
    return _colleague(await house.staff_people.myself(caller))


@router.get("/people")
async def read_people(caller: Officer, house: Served) -> list[ShownColleague]:
    """Everybody, those who left too (role security officer)."""
    return [_colleague(each) for each in await house.staff_people.everybody(caller)]


def _progress(progress: Progress) -> ShownSignIn:
    return ShownSignIn(id=progress.id, needed=progress.needed, expires_at=progress.expires_at)


def _colleague(each: Colleague) -> ShownColleague:
    return ShownColleague(
        id=each.id,
        login_name=each.login_name,
        display_name=each.display_name,
        roles=sorted(each.roles),
        state=each.state,
        created_at=each.created_at,
        enrolled_at=each.enrolled_at,
        disabled_at=each.disabled_at,
    )
