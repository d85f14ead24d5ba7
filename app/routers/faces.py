"""`/v1/subscribers/{id}/faces` and comparisons: who is known again by their face, for the bank's own clients.

Whoever does not want to be is asked for no face anywhere: password and authenticator app, and people, are always there (R98).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from app.routers.bodies import picture_in
from app.routers.callers import FaceComparer, FaceEnroller, FaceReader, PictureComparer
from app.routers.language import CHINESE
from app.routers.parts import parts_in
from app.routers.repeatable import RepeatableRouter, ShownOnce
from app.routers.wiring import Language, Served
from app.services.face_comparisons import CONSENT, FIRST, SECOND, ComparedFaces
from app.services.face_enrolments import EnrolledFaces
from app.services.proofings import Answer
from app.verification.consents import Purpose
from app.verification.faces.compared import Comparison
from app.verification.faces.reference import SLOTS
from app.verification.faces.score import Uncalibrated
from app.verification.reasons import Reason
from app.verification.words import said

UNCALIBRATED: Literal["uncalibrated"] = "uncalibrated"
router = RepeatableRouter(prefix="/v1", tags=["faces"])


class FaceAnswer(BaseModel):
    """The subscriber's answer to the notice about being known again by their face, or about another use of it."""

    model_config = ConfigDict(extra="forbid")
    purpose: Literal["face_comparison", "face_enrolment", "face_search", "face_fit", "face_block_list"] = Field(
        description="as the notice names it; `face_comparison`, which was asked for at the proofing, can only be withdrawn"
    )
    given: bool = Field(strict=True, description="true: consented; false: refused or withdrawn")
    text_sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="hash of the text that was shown")
    channel: Literal["web", "mobile", "kiosk"] = Field(description="where it was shown")


class FaceFinding(BaseModel):
    """One thing that is wrong with a photograph."""

    code: str = Field(description="stable; what a program decides by")
    words: str = Field(description="what to do better, in the reader's language")
    facts: dict[str, str | int | float | bool] = Field(description="what was measured, and the threshold")


class ShownReference(BaseModel):
    """One enrolled photograph; the picture itself is never shown."""

    slot: int = Field(description="1 to 5")
    source: str = Field(description="`proofing`: accepted beside the document; `enrolment`: enrolled later")
    quality: dict[str, float] = Field(description="what was measured of the face when it was taken")
    taken_at: datetime = Field(description="when it was taken")
    models: list[str] = Field(description="name and version of each model that has described it")


class TurnedAwayPhotograph(BaseModel):
    """A photograph that was not enrolled."""

    slot: int = Field(description="where it should have stood")
    findings: list[FaceFinding] = Field(description="why not")


class ShownFaces(BaseModel):
    """What a subscriber is known again by."""

    consented: bool = Field(description="the subscriber's consent stands; without it nothing is enrolled or compared")
    items: list[ShownReference] = Field(description="every enrolled photograph, by slot")
    turned_away: list[TurnedAwayPhotograph] = Field(description="of those just sent, what was not enrolled")


class FaceScore(BaseModel):
    """A score, and what it never travels without."""

    value: float = Field(description="of all photographs together; never that of the nearest alone")
    measure: str = Field(
        description="`score`: by the bank's calibration, higher is nearer; `distance`: by none, lower is nearer"
    )
    model: str = Field(description="name and version of the network that described the faces")
    fit: str | None = Field(description="id of what was learned of the bank's population, where the score rests on it")
    references: int = Field(description="photographs the probe was compared with: as many as the calibration covers")
    threshold: float = Field(description="from which on it matches; of a distance, up to which")
    calibration: str = Field(description="id of the calibration the threshold rests on, or `uncalibrated`")
    fmr: float | Literal["uncalibrated"] = Field(description="how often strangers reach such a score, as was counted")
    fmr_upper: float | Literal["uncalibrated"] = Field(description="upper 95 % bound of that: what may be relied on")
    why: str | None = Field(description="why nobody can say how often")


class FaceComparisonResult(BaseModel):
    """What a comparison came to."""

    outcome: str = Field(
        description="`accept`; `retry`: nothing was compared, see findings; `refer`: a person decides; `reject`: another"
    )
    findings: dict[str, list[FaceFinding]] = Field(description="what is wrong with which photograph; empty: nothing")
    reasons: list[FaceFinding] = Field(description="what does not speak for it; empty: nothing")
    score: FaceScore | None = Field(description="null: nothing was compared")
    warnings: list[FaceFinding] = Field(
        description="what lowers the worth of the comparison and decides nothing: `face_reference_old`"
    )


class PictureComparisonResult(FaceComparisonResult):
    """What two photographs came to, told once: it is kept nowhere."""

    score: Annotated[FaceScore | None, ShownOnce()] = Field(description="null: nothing was compared")


@router.put("/subscribers/{subscriber_id}/faces")
async def enrol_faces(
    subscriber_id: str, request: Request, caller: FaceEnroller, house: Served, language: Language
) -> ShownFaces:
    """Enrol up to five photographs (scope `faces:enrol`): parts named by their slot, each in place of what stands there."""
    parts = parts_in(request, allowed=[str(slot) for slot in SLOTS])

    async def read() -> Mapping[int, bytes]:
        return {int(name): octets for name, octets in (await parts()).items()}

    return shown(await house.face_enrolments.enrol(caller, subscriber_id, read), language)


@router.get("/subscribers/{subscriber_id}/faces")
async def read_faces(subscriber_id: str, caller: FaceReader, house: Served, language: Language) -> ShownFaces:
    """Which photographs are enrolled (scope `faces:read`): quality, dates and models; no pictures, no descriptors."""
    return shown(await house.face_enrolments.read(caller, subscriber_id), language)


@router.delete("/subscribers/{subscriber_id}/faces")
async def erase_faces(subscriber_id: str, caller: FaceEnroller, house: Served, language: Language) -> ShownFaces:
    """Erase every photograph and descriptor at once (scope `faces:enrol`); the consent stands until it is withdrawn."""
    return shown(await house.face_enrolments.erase(caller, subscriber_id), language)


@router.post("/subscribers/{subscriber_id}/face-consents", status_code=201)
async def answer_face_notice(
    subscriber_id: str, body: FaceAnswer, caller: FaceEnroller, house: Served, language: Language
) -> ShownFaces:
    """The subscriber's answer (scope `faces:enrol`): a no to `face_enrolment` or `face_comparison` erases everything at once."""
    answer = Answer(Purpose(body.purpose), body.given, body.text_sha256, body.channel)
    return shown(await house.face_enrolments.answer(caller, subscriber_id, answer), language)


@router.post("/subscribers/{subscriber_id}/face-comparisons")
async def compare_face(
    subscriber_id: str, request: Request, caller: FaceComparer, house: Served, language: Language
) -> FaceComparisonResult:
    """Compare one photograph, which is the body, with all of a subscriber's (scope `faces:compare`)."""
    house.quotas.person(subscriber_id)  # whoever tries many faces on one person is slowed down, from whichever client
    compared = await house.face_comparisons.with_subscriber(caller, subscriber_id, picture_in(request))
    return FaceComparisonResult(**result(compared, language))


@router.post("/face-comparisons")
async def compare_pictures(
    request: Request, caller: PictureComparer, house: Served, language: Language
) -> PictureComparisonResult:
    """Compare two photographs (scope `faces:compare-pictures`) of who agreed to the notice on face comparison; nothing is kept."""
    names = (FIRST, SECOND, CONSENT)
    compared = await house.face_comparisons.of_two(caller, parts_in(request, allowed=names, required=names))
    return PictureComparisonResult(**result(compared, language))


def shown(faces: EnrolledFaces, language: str) -> ShownFaces:
    """As a client sees it."""
    return ShownFaces(
        consented=faces.consented,
        items=[
            ShownReference(
                slot=each.slot,
                source=each.source,
                quality=dict(each.quality),
                taken_at=each.taken_at,
                models=list(each.models),
            )
            for each in faces.references
        ],
        turned_away=[
            TurnedAwayPhotograph(slot=each.slot, findings=_findings(each.findings, language))
            for each in faces.turned_away
        ],
    )


def result(compared: ComparedFaces, language: str) -> dict[str, object]:
    """The members of an answer."""
    found = compared.comparison
    return {
        "outcome": compared.outcome,
        "findings": {name: _findings(each, language) for name, each in compared.findings.items()},
        "reasons": [] if found is None else _findings(found.reasons, language),
        "score": None if found is None else _score(found),
        "warnings": _findings(compared.warnings, language),
    }


def _score(found: Comparison) -> FaceScore:
    claim = found.claim
    return FaceScore(
        value=round(found.score, 4),
        measure=found.measure,
        model=found.model,
        fit=found.fit,
        references=found.references,
        threshold=found.threshold,
        calibration=found.calibration,
        fmr=UNCALIBRATED if isinstance(claim, Uncalibrated) else claim.fmr,
        fmr_upper=UNCALIBRATED if isinstance(claim, Uncalibrated) else claim.upper,
        why=claim.why if isinstance(claim, Uncalibrated) else None,
    )


def _findings(reasons: Sequence[Reason], language: str) -> list[FaceFinding]:
    return [
        FaceFinding(
            code=each.code, words=said(each).zh if language == CHINESE else said(each).en, facts=dict(each.facts)
        )
        for each in reasons
    ]
