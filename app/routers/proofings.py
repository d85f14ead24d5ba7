"""`/v1/proofings`: open, answer notices, present evidence, submit, read, withdraw."""

from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.core.refusal import NotFound
from app.routers import etags
from app.routers.bodies import ONE_LINE, picture_in
from app.routers.callers import Applicant, Presenting, ProofingOpener, ProofingReader
from app.routers.etags import IfNoneMatch
from app.routers.repeatable import RepeatableRouter, ShownOnce
from app.routers.shown_proofing import ShownProofing, shown
from app.routers.wiring import Language, Served
from app.services.callers import ClientCaller
from app.services.proofings import Answer
from app.verification.consents import LEGAL_BASIS, Purpose
from app.verification.known import Known
from app.verification.notices import NOTICES
from app.verification.proofing import ImageKind

router = RepeatableRouter(prefix="/v1", tags=["proofings"])
STRICT = ConfigDict(extra="forbid")
LONGEST_WAIT_SECONDS = 30
DOCUMENT_PAGES = tuple(kind.value for kind in ImageKind if kind.page)
DocumentKind = Annotated[
    str, Path(json_schema_extra={"enum": [*dict.fromkeys(p.split("/")[0] for p in DOCUMENT_PAGES)]})
]
DocumentSide = Annotated[
    str, Path(json_schema_extra={"enum": [*dict.fromkeys(p.split("/")[1] for p in DOCUMENT_PAGES)]})
]


class KnownBody(BaseModel):
    """What the bank holds of the person already; where the document says otherwise, people look."""

    model_config = STRICT
    name: Annotated[str, Field(min_length=1, max_length=200), ONE_LINE] | None = Field(
        None, description="as registered"
    )
    birth: date | None = Field(None, description="YYYY-MM-DD")
    number_ending: str | None = Field(
        None, pattern=r"^[0-9]{3}[0-9X]$", description="the last four characters of the identity number"
    )
    phone: Annotated[str, Field(min_length=5, max_length=32), ONE_LINE] | None = Field(
        None, description="E.164, or a Chinese mobile number; looked for among subscribers before any face is"
    )


class Opening(BaseModel):
    """What a front end or kiosk opens a proofing with."""

    model_config = STRICT
    language: Literal["zh-CN", "en"] = Field("zh-CN", description="language of the messages the applicant will get")
    customer_ref: str | None = Field(
        None, min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._:-]+$", description="the bank's own reference, unique"
    )
    known: KnownBody = Field(default_factory=KnownBody, description="kept sealed, compared with the document")


class NoticeAnswer(BaseModel):
    """The applicant's answer to one notice."""

    model_config = STRICT
    purpose: Purpose = Field(description="as the notice names it")
    given: bool = Field(strict=True, description="true: acknowledged or consented; false: refused or withdrawn")
    text_sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="hash of the text that was shown")
    channel: Literal["web", "mobile", "kiosk"] = Field(description="where it was shown")


class NoticeText(BaseModel):
    """One notice in one language."""

    purpose: Purpose = Field(description="what personal data are processed for")
    legal_basis: str = Field(description="why we may: an obligation to be acknowledged, or a consent to be given")
    version: str
    language: str
    text: str = Field(description="what to show, unchanged")
    text_sha256: str = Field(description="what the answer names")


class OpenedProofing(ShownProofing):
    """A new proofing; the applicant token is shown this once."""

    applicant_token: Annotated[str, ShownOnce()] = Field(
        description="the applicant's bearer token, good for this proofing alone"
    )


@router.get("/notices")
async def read_notices(
    purpose: Annotated[Purpose | None, Query(description="only the texts of this purpose")] = None,
    language: Annotated[Literal["zh-CN", "en"] | None, Query(description="only the texts in this language")] = None,
) -> list[NoticeText]:
    """The texts to show before an answer is asked for."""
    return [
        NoticeText(
            purpose=each.purpose,
            legal_basis=LEGAL_BASIS[each.purpose],
            version=each.version,
            language=each.language,
            text=each.text,
            text_sha256=each.sha256,
        )
        for each in NOTICES
        if purpose in {None, each.purpose} and language in {None, each.language}
    ]


@router.post("/proofings", status_code=201)
async def open_proofing(body: Opening, caller: ProofingOpener, house: Served, language: Language) -> OpenedProofing:
    """Open a proofing (scope `proofing:create`)."""
    known = Known(**body.known.model_dump())
    view, token = await house.proofings.open(
        caller, language=body.language, customer_ref=body.customer_ref, known=known
    )
    return OpenedProofing(**shown(view, language=language).model_dump(), applicant_token=token)


@router.post("/proofings/{proofing_id}/consents", status_code=201)
async def answer_notice(
    proofing_id: str, body: NoticeAnswer, caller: Presenting, house: Served, language: Language
) -> ShownProofing:
    """Acknowledge, consent, refuse or withdraw; one answer to one notice."""
    answer = Answer(body.purpose, body.given, body.text_sha256, body.channel)
    return shown(await house.proofings.answer(caller, proofing_id, answer), language=language)


@router.put("/proofings/{proofing_id}/evidence/{kind}/{side}", status_code=201)
async def present_document(
    proofing_id: str,
    kind: DocumentKind,
    side: DocumentSide,
    request: Request,
    caller: Presenting,
    house: Served,
    language: Language,
) -> ShownProofing:
    """One side of a document of a kind the policy takes, such as `resident-card/portrait`: the picture itself as the body."""
    page = f"{kind}/{side}"
    if page not in DOCUMENT_PAGES:
        raise NotFound
    view = await house.proofings.present(caller, proofing_id, ImageKind(page), picture_in(request))
    return shown(view, language=language)


@router.put("/proofings/{proofing_id}/face", status_code=201)
async def present_face(
    proofing_id: str, request: Request, caller: Presenting, house: Served, language: Language
) -> ShownProofing:
    """The applicant's photograph: the picture itself as the body; refused before its consent."""
    view = await house.proofings.present(caller, proofing_id, ImageKind.FACE, picture_in(request))
    return shown(view, language=language)


@router.post("/proofings/{proofing_id}/submission", status_code=202)
async def submit_proofing(proofing_id: str, caller: Presenting, house: Served, language: Language) -> ShownProofing:
    """Hand the evidence over for examination."""
    return shown(await house.proofings.submit(caller, proofing_id), language=language)


@router.get("/proofings/{proofing_id}", response_model=ShownProofing, responses=etags.TOLD)
async def read_proofing(
    proofing_id: str,
    caller: ProofingReader,
    house: Served,
    language: Language,
    wait: Annotated[
        int, Query(ge=0, le=LONGEST_WAIT_SECONDS, description="seconds to wait while the move is ours")
    ] = 0,
    held: IfNoneMatch = None,
) -> Response:
    """The proofing now, or as soon as our move is done."""
    view = await house.proofings.read(caller, proofing_id, wait=timedelta(seconds=wait))
    return etags.answered(shown(view, language=language, for_client=isinstance(caller, ClientCaller)), held)


@router.delete("/proofings/{proofing_id}")
async def withdraw_proofing(proofing_id: str, caller: Applicant, house: Served, language: Language) -> ShownProofing:
    """Take everything back: the pictures are deleted at once."""
    return shown(await house.proofings.withdraw(caller, proofing_id), language=language)
