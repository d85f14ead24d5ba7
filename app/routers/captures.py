"""`/v1/proofings/{id}/captures`: carry a proofing to a phone or a kiosk, by a code that is good once."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.routers.callers import Applicant
from app.routers.repeatable import RepeatableRouter, ShownOnce
from app.routers.wiring import Served

router = RepeatableRouter(prefix="/v1/proofings", tags=["proofings"])


class CaptureBody(BaseModel):
    """Where the page is going to be shown."""

    model_config = ConfigDict(extra="forbid")
    kiosk: bool = Field(False, strict=True, description="on a machine of the bank's: wiped after 60 seconds idle")


class ShownCapture(BaseModel):
    """A way into the capture page; good once, for ten minutes, and shown this once."""

    id: str
    code: Annotated[str, ShownOnce()] = Field(description="what the page swaps for its cookie")
    address: Annotated[str, ShownOnce()] = Field(description="where to send the applicant; following it spends nothing")
    qr_svg: Annotated[str, ShownOnce()] = Field(description="the address as a QR code, an SVG element")
    expires_at: datetime


@router.post("/{proofing_id}/captures", status_code=201)
async def open_capture(proofing_id: str, body: CaptureBody, caller: Applicant, house: Served) -> ShownCapture:
    """A one-time code for the capture page, as an address and as a QR code."""
    made = await house.captures.open(caller, proofing_id, kiosk=body.kiosk)
    return ShownCapture(
        id=made.id,
        code=made.code.reveal(),
        address=made.address.reveal(),
        qr_svg=made.qr_svg.reveal(),
        expires_at=made.expires_at,
    )
