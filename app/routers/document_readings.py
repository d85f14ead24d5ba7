"""`/v1/documents/readings`: what one document says, for kiosks and back offices; nothing of it is kept."""

from base64 import b64encode
from typing import Annotated, Literal

from fastapi import Query, Request
from pydantic import BaseModel, Field

from app.routers.bodies import picture_in
from app.routers.callers import DocumentReader
from app.routers.language import CHINESE
from app.routers.repeatable import RepeatableRouter, ShownOnce
from app.routers.shown_place import Place, place_shown
from app.routers.wiring import Language, Served
from app.services.document_readings import Judged, JudgedReading
from app.verification.documents.field_places import place_of
from app.verification.documents.reading import Reading
from app.verification.examination import Kind, Side
from app.verification.reasons import Reason
from app.verification.words import said

AUTO: Literal["auto"] = "auto"
router = RepeatableRouter(prefix="/v1/documents", tags=["documents"])


class ReadField(BaseModel):
    """One field of a document."""

    value: str | None = Field(description="as understood; null: not understood")
    raw: str = Field(description="as it was seen")
    confidence: float = Field(description="0 to 1")
    sure: bool = Field(description="sure enough to be taken without a person's look")
    where: Place | None = Field(description="null: not found")
    crop: str | None = Field(description="its picture where it is not sure, JPEG in base64; null: sure, or not found")


class Quality(BaseModel):
    """How the photograph shows the document."""

    blur: float = Field(description="variance of the Laplacian on the straightened document; low is blurred")
    glare: float = Field(description="share that mirrors a light, 0 to 1")
    brightness: float = Field(description="mean grey level, 0 to 255")
    width_px: float = Field(description="length of the document's long edge in the photograph")
    edge_cut: bool = Field(description="a corner lies outside the photograph")
    specimen: bool = Field(description="it bears the mark 样本 or SPECIMEN, or Utopia issued it")


class ReadingFinding(BaseModel):
    """One thing that does not speak for the document."""

    code: str = Field(description="stable; what a program decides by")
    words: str = Field(description="in the reader's language")
    facts: dict[str, str | int | float | bool] = Field(description="what was measured, and the threshold")
    where: Place | None = Field(description="what it is about, if it is about one place")


class ShownPage(BaseModel):
    """One side of one document. It proves nobody: who presents it, a proofing says."""

    kind: Kind | None = Field(description="null: no document that is read")
    side: Side | None = Field(description="side or page of it")
    outline: Place | None = Field(description="of the document; null: none was found")
    fields: Annotated[dict[str, ReadField], ShownOnce()] = Field(description="by name, in the order of the document")
    quality: Quality = Field(description="how the photograph shows it")
    findings: list[ReadingFinding] = Field(description="what does not speak for it; empty: nothing")


class ShownReading(ShownPage):
    """What one picture shows."""

    beside: Annotated[list[ShownPage], ShownOnce()] = Field(
        description="other documents in the picture, or this one's other side"
    )
    model: str = Field(description="name and version of what read the text")


@router.post("/readings")
async def read_document(
    request: Request,
    caller: DocumentReader,
    house: Served,
    language: Language,
    kind: Annotated[
        Kind | Literal["auto"], Query(description="what it should be: another is told as `wrong_document`")
    ] = AUTO,
) -> ShownReading:
    """Read one side of one document (scope `documents:read`): the picture itself as the body."""
    octets = await picture_in(request)()
    wanted = None if kind == AUTO else Kind(kind)
    return shown(await house.document_readings.read(caller, octets, wanted), language=language)


def shown(judged: JudgedReading, *, language: str) -> ShownReading:
    """The reading as its client sees it."""
    page, *beside = (_page(each, sure=judged.sure, language=language) for each in (judged.page, *judged.beside))
    return ShownReading(**dict(page), beside=beside, model=judged.model)


def _page(judged: Judged, *, sure: float, language: str) -> ShownPage:
    reading = judged.reading
    return ShownPage(
        kind=reading.kind,
        side=reading.side,
        outline=place_shown(reading.outline),
        fields={name: _field(name, judged, sure) for name in reading.fields},
        quality=_quality(reading),
        findings=[
            ReadingFinding(
                code=reason.code,
                words=_words(reason, language),
                facts=dict(reason.facts),
                where=place_shown(reason.where or place_of(reading, str(reason.facts.get("field")))),
            )
            for reason in judged.findings
        ],
    )


def _field(name: str, judged: Judged, least: float) -> ReadField:
    field, crop = judged.reading.fields[name], judged.crops.get(name)
    sure = field.value is not None and field.confidence >= least
    return ReadField(
        value=field.value,
        raw=field.raw,
        confidence=field.confidence,
        sure=sure,
        where=place_shown(judged.reading.places.get(name)),
        crop=None if sure or crop is None else b64encode(crop).decode(),
    )


def _quality(reading: Reading) -> Quality:
    view = reading.view
    return Quality(
        blur=view.blur,
        glare=view.glare,
        brightness=view.brightness,
        width_px=view.width_px,
        edge_cut=view.edge_cut,
        specimen=reading.specimen,
    )


def _words(reason: Reason, language: str) -> str:
    return said(reason).zh if language == CHINESE else said(reason).en
