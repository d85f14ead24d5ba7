"""`/v1/proofings/{id}/contact`, `…/password`, `…/totp`: what an accepted applicant binds."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from app.core.secret import Secret
from app.mfa.contact_address import Channel
from app.routers.callers import Applicant
from app.routers.proofings import STRICT
from app.routers.repeatable import RepeatableRouter, ShownOnce
from app.routers.shown_proofing import ShownProofing, shown
from app.routers.wiring import Language, Served

router = RepeatableRouter(prefix="/v1/proofings/{proofing_id}", tags=["bindings"])
LONGEST_PASSWORD = 1024
"""Characters taken in; the policy says which of them make a password."""


class ContactAddress(BaseModel):
    """A phone number or mailbox to be proven."""

    model_config = STRICT
    channel: Channel = Field(description="what the address is")
    address: str = Field(min_length=3, max_length=254, description="a phone number, or a mailbox")


class SentCode(BaseModel):
    """A code is on its way."""

    expires_at: datetime
    sent: int = Field(description="codes sent so far for this proofing")


class Code(BaseModel):
    """A code that was received or shown by an app."""

    model_config = STRICT
    code: str = Field(min_length=4, max_length=16, description="as it was received or shown")


class NewPassword(BaseModel):
    """A password to be bound."""

    model_config = STRICT
    password: SecretStr = Field(max_length=LONGEST_PASSWORD)


class TotpEnrolment(BaseModel):
    """What an authenticator app needs; shown this once."""

    seed: Annotated[str, ShownOnce()] = Field(description="base32, for typing")
    otpauth_uri: Annotated[str, ShownOnce()] = Field(description="for an app on the same device")
    qr_svg: Annotated[str, ShownOnce()] = Field(description="the same as a QR code, an SVG element")


@router.post("/contact", status_code=202)
async def send_code(proofing_id: str, body: ContactAddress, caller: Applicant, house: Served) -> SentCode:
    """Send a code to the address."""
    code = await house.bindings.send_code(caller, proofing_id, body.channel, body.address)
    return SentCode(expires_at=code.expires_at, sent=code.sent)


@router.post("/contact/code", status_code=201)
async def prove_contact(
    proofing_id: str, body: Code, caller: Applicant, house: Served, language: Language
) -> ShownProofing:
    """Prove possession; the applicant becomes a subscriber."""
    return shown(await house.bindings.prove_contact(caller, proofing_id, body.code), language=language)


@router.put("/password")
async def set_password(
    proofing_id: str, body: NewPassword, caller: Applicant, house: Served, language: Language
) -> ShownProofing:
    """Bind a password the policy allows."""
    password = Secret(body.password.get_secret_value())
    return shown(await house.bindings.set_password(caller, proofing_id, password), language=language)


@router.post("/totp", status_code=201)
async def begin_totp(proofing_id: str, caller: Applicant, house: Served) -> TotpEnrolment:
    """A new TOTP seed."""
    enrolment = await house.bindings.begin_totp(caller, proofing_id)
    return TotpEnrolment(
        seed=enrolment.seed.reveal(), otpauth_uri=enrolment.uri.reveal(), qr_svg=enrolment.qr_svg.reveal()
    )


@router.post("/totp/confirmation")
async def confirm_totp(
    proofing_id: str, body: Code, caller: Applicant, house: Served, language: Language
) -> ShownProofing:
    """Bind it by one code, which is then used."""
    return shown(await house.bindings.confirm_totp(caller, proofing_id, body.code), language=language)
