"""`/v1/proofings`: open, answer notices, present evidence, submit, read, withdraw."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.core.refusal import NotFound
from app.routers import etags
from app.routers.bodies import ONE_LINE, picture_in
from app.routers.callers import Applicant, Presenting, ProofingOpener, ProofingReader
from app.routers.etags import IfNoneMatch
from app.routers.language import CHINESE
from app.routers.repeatable import RepeatableRouter, ShownOnce
from app.routers.wiring import Language, Served
from app.services.callers import ClientCaller
from app.services.proofings import Answer, ProofingView
from app.verification.decision import Decision
from app.verification.known import Known
from app.verification.notices import NOTICES
from app.verification.proofing import LEGAL_BASIS, WHOSE_MOVE, ImageKind, Mover, Purpose, State
from app.verification.reasons import Outcome, Reason
from app.verification.words import UNDER_REVIEW, Told, said, told

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


class ToldReason(BaseModel):
    """What the applicant is told."""

    code: str = Field(description="stable; what a program decides by")
    side: str | None = Field(description="the picture it is about")
    words: str = Field(description="in the reader's language")


class StaffReason(BaseModel):
    """What the bank's own client sees of a reason."""

    code: str = Field(description="stable; what a program decides by")
    outcome: str = Field(description="what this reason alone leads to")
    kind: str = Field(description="what sort of finding it is")
    words: str = Field(description="for staff, in the reader's language")
    facts: dict[str, str | int | float | bool] = Field(description="what was measured, and the threshold")


class ShownAssurance(BaseModel):
    """What the assurance level was computed from."""

    evidence: list[str] = Field(description="kinds of document that count")
    passed: list[str] = Field(description="controls that were passed")


class ShownDecision(BaseModel):
    """The decision; `staff_reasons` only for the client that opened the proofing."""

    outcome: str = Field(description="`accept`, `retry`, `refer` or `reject`")
    decided_by: str = Field(description="`policy` alone, people in a `review`, or people at the `counter`")
    policy: str = Field(description="name and version of the policy it was taken under")
    ial: str = Field(description="assurance reached, SP 800-63A: `none` or `ial1` to `ial3`")
    ial_missing: list[str] = Field(description="where it accepts, what the next level would take")
    decided_at: datetime
    reasons: list[ToldReason] = Field(description="what the applicant is told")
    human_review: bool = Field(description="the applicant may ask for a person to decide (PIPL Art. 24)")
    staff_reasons: list[StaffReason] | None = Field(None, description="every reason, with its facts")
    comparison: dict[str, str | int | float | bool] | None = Field(
        None, description="distance of the two faces, thresholds and model"
    )
    assurance: ShownAssurance | None = Field(None, description="what `ial` was computed from")


class ShownProofing(BaseModel):
    """A proofing and whose move it is."""

    id: str
    state: State = Field(description="where it stands")
    whose_move: Mover = Field(description="who acts next")
    needed: list[str] = Field(
        description="answers, pictures and unclear fields still to come before it can be submitted"
    )
    evidence: list[str] = Field(description="pictures held")
    created_at: datetime
    changed_at: datetime
    expires_at: datetime = Field(description="when it ends unfinished")
    answer_due_at: datetime | None = Field(description="while people decide: by when")
    decision: ShownDecision | None = Field(description="once it is taken")


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


def shown(view: ProofingView, *, language: str, for_client: bool = False) -> ShownProofing:
    """The proofing as its reader may see it."""
    proofing = view.proofing
    return ShownProofing(
        id=proofing.id,
        state=proofing.state,
        whose_move=WHOSE_MOVE[proofing.state],
        needed=list(view.needed),
        evidence=list(view.kinds),
        created_at=proofing.created_at,
        changed_at=proofing.changed_at,
        expires_at=proofing.expires_at,
        answer_due_at=view.answer_due_at,
        decision=_decision(view, language=language, for_client=for_client),
    )


def _decision(view: ProofingView, *, language: str, for_client: bool) -> ShownDecision | None:
    decision = view.proofing.decision
    if decision is None:
        return None
    chinese = language == CHINESE
    return ShownDecision(
        outcome=decision.outcome,
        policy=decision.policy,
        ial=decision.ial,
        ial_missing=list(decision.assurance.missing),
        decided_at=decision.decided_at,
        decided_by=decision.decided_by,
        human_review=decision.human_review and view.proofing.state is State.REJECTED,
        reasons=[
            ToldReason(code=each.code, side=each.side, words=each.words.zh if chinese else each.words.en)
            for each in _told(view, decision)
        ],
        staff_reasons=staff_reasons(decision.reasons, chinese=chinese) if for_client else None,
        comparison=dict(decision.facts) if for_client and decision.facts else None,
        assurance=assurance_shown(decision) if for_client else None,
    )


def assurance_shown(decision: Decision) -> ShownAssurance:
    """What staff read of how the level came about."""
    return ShownAssurance(evidence=list(decision.assurance.evidence), passed=list(decision.assurance.passed))


def _told(view: ProofingView, decision: Decision) -> tuple[Told, ...]:
    """What the applicant reads; of an appealed rejection, that people look again."""
    if view.proofing.state is State.REFERRED and decision.outcome is Outcome.REJECT:
        return (UNDER_REVIEW,)
    return told(decision.outcome, decision.reasons, decision.decided_by)


def staff_reasons(reasons: Sequence[Reason], *, chinese: bool) -> list[StaffReason]:
    """Every reason as staff read it."""
    return [
        StaffReason(
            code=each.code,
            outcome=each.outcome,
            kind=each.kind,
            words=said(each).zh if chinese else said(each).en,
            facts=dict(each.facts),
        )
        for each in reasons
    ]
