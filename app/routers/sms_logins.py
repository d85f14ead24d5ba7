"""`/v1/logins/{login_id}/sms`: a code to the proven phone as the second proof of a log-in."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.routers.bindings import Code
from app.routers.logins import ShownLogin, shown
from app.routers.repeatable import RepeatableRouter
from app.routers.wiring import Came, Language, Served
from app.services.wording import SMS_RISK

router = RepeatableRouter(prefix="/v1/logins", tags=["logins"])


class ShownSms(BaseModel):
    """A code on its way."""

    id: str
    recipient: str = Field(description="the phone it goes to, masked")
    expires_at: datetime = Field(description="when the code is dead")
    risk: str = Field(description="to be shown beside the field for the code: what is safer, and why")


@router.post("/{login_id}/sms", status_code=202)
async def send_sms_code(login_id: str, origin: Came, language: Language, house: Served) -> ShownSms:
    """Send a code to the phone that was proven, after the first proof."""
    sent = await house.sms_logins.send(login_id, origin.network)
    return ShownSms(id=sent.login_id, recipient=sent.recipient, expires_at=sent.expires_at, risk=SMS_RISK[language])


@router.post("/{login_id}/sms/code")
async def prove_sms_code(login_id: str, body: Code, origin: Came, house: Served) -> ShownLogin:
    """Prove possession of the phone by the code that was sent for this log-in."""
    return shown(await house.sms_logins.prove(login_id, body.code, origin.network))
