"""`/v1/reviews` and the counter: what reviewers see, claim and decide; the applicant's appeal to them."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.refusal import NotFound
from app.routers.bodies import LINES, ONE_LINE
from app.routers.callers import Applicant, Deciding, Reviewer
from app.routers.language import CHINESE
from app.routers.paging import Listed, Paging, listed
from app.routers.repeatable import RepeatableRouter
from app.routers.shown_proofing import ShownAssurance, ShownProofing, StaffReason, assurance_shown, shown, staff_reasons
from app.routers.wiring import Language, Served
from app.services.bench import Finding
from app.services.callers import StaffCaller
from app.services.reviews import CaseView, GivenVote, OwnDocument, Queued
from app.verification.examination import Kind
from app.verification.proofing import ImageKind, State
from app.verification.review import Cause, Phase, Verdict
from app.verification.typed import Guardian, Relation, Typed

router = RepeatableRouter(prefix="/v1", tags=["reviews"])
STRICT = ConfigDict(extra="forbid")
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), ONE_LINE]
Told = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=2000), LINES]
IssuingState = Annotated[str, StringConstraints(pattern="^[A-Z]{1,3}$")]
Opening = Literal[
    Kind.RESIDENT_CARD,
    Kind.RESIDENCE_PERMIT,
    Kind.PERMANENT_RESIDENT_CARD,
    Kind.TEMPORARY_CARD,
    Kind.PASSPORT,
    Kind.IDENTITY_CARD,
]
"""The kinds an account may be opened on: the others support one of these and never stand for it (R53)."""
Picture = Annotated[str, Path(json_schema_extra={"enum": [kind.value.replace("/", "-") for kind in ImageKind]})]
KINDS = {kind.value.replace("/", "-"): kind for kind in ImageKind}
SHOWN_FIELDS = ("name", "number", "address", "authority", "valid_from", "valid_to", "sex", "birth")


class OwnNumber(BaseModel):
    """Whose case nobody may decide: their own."""

    model_config = STRICT
    number: Text = Field(description="of a document of your own; kept sealed, found by a keyed hash")
    kind: Opening = Field(Kind.RESIDENT_CARD, description="of that document; each may be told, one after another")
    issuing_state: IssuingState | None = Field(None, description="who issued a passport or a foreign identity card")


class Declared(BaseModel):
    """It is written down."""

    declared: bool = Field(description="always true")


class TypedFields(BaseModel):
    """What was typed from the document; left out: as it was read."""

    model_config = STRICT
    name: Text | None = Field(None, description="as printed")
    number: Text | None = Field(None, description="as printed; must keep the rules of its kind")
    address: Text | None = Field(None, description="as printed")
    authority: Text | None = Field(
        None, description="who issued the card; of a document with a zone its state, by the three letters the zone has"
    )
    valid_from: Text | None = Field(None, description="YYYY-MM-DD")
    valid_to: Text | None = Field(None, description="YYYY-MM-DD, or 长期 or `long_term`")
    sex: Text | None = Field(
        None, description="of documents whose number does not tell it: M, F or X where there is a zone, else 男 or 女"
    )
    birth: Text | None = Field(None, description="YYYY-MM-DD; of documents whose number does not tell it")


class VoteBody(BaseModel):
    """One reviewer's finding."""

    model_config = STRICT
    outcome: Verdict = Field(description="what you find")
    reason: Told = Field(description="why, in your own words; required, kept sealed")
    fields: TypedFields = Field(
        default_factory=TypedFields, description="what was not read, or not surely, typed from the picture"
    )


class GuardianBody(BaseModel):
    """Who came along with somebody under sixteen."""

    model_config = STRICT
    name: Text = Field(description="the guardian's name; kept sealed")
    relation: Relation = Field(description="what the guardian is to the minor")


class ComparisonBody(BaseModel):
    """What a reviewer found who compared the person with their document."""

    model_config = STRICT
    result: Verdict = Field(description="`accept`: the person is the document's rightful holder")
    reason: Told = Field(description="what was compared and seen; required, kept sealed")
    kind: Opening = Field(Kind.RESIDENT_CARD, description="of the document in hand")
    number: Text = Field(description="typed from the document; must keep the rules of its kind")
    name: Text = Field(description="typed from the document")
    address: Text | None = Field(None, description="typed where it was not surely read")
    authority: Text | None = Field(None, description="typed where it was not surely read")
    valid_from: Text | None = Field(None, description="typed where it was not surely read")
    valid_to: Text | None = Field(None, description="typed where it was not surely read; 长期 also as `long_term`")
    sex: Text | None = Field(
        None,
        description="typed where neither number nor picture tells it: M, F or X where there is a zone, else 男 or 女",
    )
    birth: Text | None = Field(None, description="typed where neither number nor picture tells it")
    issuing_state: IssuingState | None = Field(
        None, description="who issued a passport or a foreign identity card, as its zone writes it"
    )
    guardian: GuardianBody | None = Field(None, description="for an applicant under sixteen")

    def typed(self) -> Typed:
        """What was typed; a state is the authority of what it issues."""
        given = {field.name: getattr(self, field.name) for field in fields(Typed)}
        return Typed(**given | {"authority": self.issuing_state or self.authority})


class AppealBody(BaseModel):
    """Why the applicant thinks the automatic decision wrong."""

    model_config = STRICT
    statement: Told = Field(description="in the applicant's own words; kept sealed")


class ShownReview(BaseModel):
    """A review, as the list shows it: nothing of the person, nothing of what anybody found."""

    id: str
    proofing_id: str = Field(description="the case")
    cause: Cause = Field(description="why people look")
    phase: Phase = Field(description="where it stands")
    opened_at: datetime = Field(description="since when it waits")
    due_at: datetime = Field(description="by when it must be answered")
    overdue: bool = Field(description="that moment has passed")
    yours: bool = Field(description="you claimed it")
    claimed_until: datetime | None = Field(description="while somebody looks at it")
    voted: bool = Field(description="you have voted")
    outcome: Verdict | None = Field(description="once it is decided")


class ShownField(BaseModel):
    """One field of the document."""

    value: str | None = Field(description="as understood")
    raw: str = Field(description="as read or typed")
    confidence: float = Field(description="0 to 1")
    source: str = Field(description="`ocr`, `applicant` or `clerk`")
    crop: str | None = Field(description="its picture, JPEG in base64; null: surely read, or not found")


class ShownVote(BaseModel):
    """A vote, to those who have voted."""

    reviewer: str = Field(description="who")
    outcome: Verdict = Field(description="what they found")
    reason: str | None = Field(description="why; null once the applicant has taken the case back, or never finished it")
    in_person: bool = Field(description="at the counter")
    at: datetime = Field(description="when")


class ShownCase(ShownReview):
    """Everything a reviewer needs to decide; each reading is an event of the audit."""

    state: State = Field(description="the proofing's")
    fields: dict[str, ShownField] = Field(description="what the card says")
    unread: list[str] = Field(description="fields to type before you can accept: not read, or not surely")
    reasons: list[StaffReason] = Field(description="why the policy could not accept, for staff")
    comparison: dict[str, str | int | float | bool] | None = Field(description="distance of the two faces")
    assurance: ShownAssurance | None = Field(description="documents that count, controls that were passed")
    images: list[str] = Field(description="pictures held; each at `/v1/reviews/{id}/images/{kind}`")
    attack_found: bool = Field(
        description="a liveness try was taken for an attack: whoever accepts needs a second person"
    )
    statement: str | None = Field(description="the appellant's words")
    votes: list[ShownVote] = Field(description="empty until you have voted")


@router.put("/staff/me/number")
async def declare_number(body: OwnNumber, caller: Deciding, house: Served) -> Declared:
    """Say once which number is your own, and those of your other documents: so your own case is never shown to you."""
    await house.reviews.declare(caller, OwnDocument(body.kind, body.number, body.issuing_state))
    return Declared(declared=True)


@router.get("/reviews")
async def read_reviews(caller: Reviewer, house: Served, wanted: Paging) -> Listed[ShownReview]:
    """Open reviews, what is due first."""
    return listed(await house.reviews.queue(caller, wanted), lambda each: review_shown(each, caller))


@router.post("/reviews/{review_id}/claim")
async def claim_review(review_id: str, caller: Reviewer, house: Served) -> ShownReview:
    """Take a review to look at, for thirty minutes."""
    return review_shown(await house.reviews.claim(caller, review_id), caller)


@router.get("/reviews/{review_id}")
async def read_review(review_id: str, caller: Reviewer, house: Served, language: Language) -> ShownCase:
    """The case, to whoever claimed it or has voted."""
    return _case(await house.reviews.read(caller, review_id), caller, language=language)


@router.get("/reviews/{review_id}/images/{kind}", response_class=Response)
async def read_review_image(review_id: str, kind: Picture, caller: Reviewer, house: Served) -> Response:
    """One picture, unsealed for this view; it rests in no cache."""
    if kind not in KINDS:
        raise NotFound
    picture = await house.reviews.picture(caller, review_id, KINDS[kind])
    return Response(picture.octets, media_type=f"image/{picture.format}")


@router.post("/reviews/{review_id}/votes", status_code=201)
async def vote_on_review(review_id: str, body: VoteBody, caller: Reviewer, house: Served) -> ShownReview:
    """Give your finding; the second that agrees decides, a third decides where two differ."""
    finding = Finding(body.outcome, body.reason, Typed(**body.fields.model_dump()))
    return review_shown(await house.reviews.vote(caller, review_id, finding), caller)


@router.post("/proofings/{proofing_id}/in-person", status_code=201)
async def compare_in_person(proofing_id: str, body: ComparisonBody, caller: Reviewer, house: Served) -> ShownReview:
    """Write down that you compared the person with the document; a second person confirms as the policy says."""
    guardian = None if body.guardian is None else Guardian(body.guardian.name, body.guardian.relation)
    finding = Finding(body.result, body.reason, body.typed(), guardian, body.kind)
    return review_shown(await house.counter.compare(caller, proofing_id, finding), caller)


@router.post("/proofings/{proofing_id}/appeal", status_code=201)
async def appeal_decision(
    proofing_id: str, body: AppealBody, caller: Applicant, house: Served, language: Language
) -> ShownProofing:
    """Ask people to decide after an automatic rejection (PIPL Art. 24); answered within fifteen days."""
    return shown(await house.counter.appeal(caller, proofing_id, body.statement), language=language)


def review_shown(found: Queued | CaseView, caller: StaffCaller) -> ShownReview:
    """The review as any reviewer may see it."""
    review = found.review
    claimant = review.claim_of(found.at)
    return ShownReview(
        id=review.id,
        proofing_id=review.proofing_id,
        cause=review.cause,
        phase=review.phase(found.at),
        opened_at=review.opened_at,
        due_at=review.due_at,
        overdue=review.overdue(found.at),
        yours=claimant == caller.staff_id,
        claimed_until=review.claim.until if review.claim is not None and claimant is not None else None,
        voted=review.has_voted(caller.staff_id),
        outcome=review.verdict,
    )


def _case(view: CaseView, caller: StaffCaller, *, language: str) -> ShownCase:
    read, crops = view.document.get("fields", {}), view.document.get("crops", {})
    decision = view.proofing.decision
    return ShownCase(
        **review_shown(view, caller).model_dump(),
        state=view.proofing.state,
        fields={name: ShownField(**read[name], crop=crops.get(name)) for name in SHOWN_FIELDS if name in read},
        unread=list(view.unread),
        reasons=[] if decision is None else staff_reasons(decision.reasons, chinese=language == CHINESE),
        comparison=None if decision is None else dict(decision.facts) or None,
        assurance=None if decision is None else assurance_shown(decision),
        images=[kind.replace("/", "-") for kind in view.kinds],
        attack_found=view.attacked,
        statement=view.statement,
        votes=[_vote(each) for each in view.votes],
    )


def _vote(given: GivenVote) -> ShownVote:
    vote = given.vote
    return ShownVote(
        reviewer=vote.reviewer_id, outcome=vote.verdict, reason=given.reason, in_person=vote.in_person, at=vote.at
    )
