"""`/v1/proofings/{id}/fields`: what could not be read of a picture, and what the applicant types instead."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.routers.bodies import ONE_LINE
from app.routers.callers import Presenting
from app.routers.repeatable import RepeatableRouter
from app.routers.shown_proofing import ShownProofing, shown
from app.routers.wiring import Language, Served
from app.services.typed_fields import AskedField

router = RepeatableRouter(prefix="/v1/proofings", tags=["proofings"])
MOST_FIELDS = 16
"""More than any two sides of a document have."""
Name = Annotated[str, StringConstraints(max_length=80, pattern=r"^[a-z-]+/[a-z-]+/[a-z_]+$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), ONE_LINE]


class TypedBody(BaseModel):
    """What the applicant typed."""

    model_config = ConfigDict(extra="forbid")
    fields: Annotated[dict[Name, Text], Field(max_length=MOST_FIELDS)] = Field(
        description="by name, as printed; dates YYYY-MM-DD, 长期 also as `long_term`"
    )


class UnclearField(BaseModel):
    """One field that could not be read surely."""

    name: str = Field(description="as `needed` names it: kind, side and field")
    side: str = Field(description="the picture it is in")
    field: str = Field(description="of the document")
    raw: str = Field(description="what was seen; empty: nothing")
    crop: str | None = Field(description="its picture, JPEG in base64; null: it was not found")
    typed: bool = Field(description="it was typed already, and may be typed again")


class UnclearFields(BaseModel):
    """All that may be typed at this moment."""

    items: list[UnclearField] = Field(description="empty: nothing is asked for")


@router.get("/{proofing_id}/fields")
async def read_fields(proofing_id: str, caller: Presenting, house: Served) -> UnclearFields:
    """The fields to type, or else to take the picture of again."""
    return UnclearFields(items=[_shown(each) for each in await house.typed_fields.read(caller, proofing_id)])


@router.put("/{proofing_id}/fields")
async def type_fields(
    proofing_id: str, body: TypedBody, caller: Presenting, house: Served, language: Language
) -> ShownProofing:
    """Type what could not be read: it is kept as typed, and a person compares it with the picture."""
    return shown(await house.typed_fields.type(caller, proofing_id, body.fields), language=language)


def _shown(asked: AskedField) -> UnclearField:
    _, side, field = asked.name.split("/")
    return UnclearField(name=asked.name, side=side, field=field, raw=asked.raw, crop=asked.crop, typed=asked.typed)
