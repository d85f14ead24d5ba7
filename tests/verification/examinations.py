"""What does an examination look like in which nothing is wrong? Tests change one fact of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from app.verification.authority import AuthorityAnswer
from app.verification.decision import MOST_ATTEMPTS, Decision, decide
from app.verification.documents.reading import Page, Reading
from app.verification.evidence import Examination, Measured, Presented
from app.verification.examination import (
    CardView,
    EmblemSide,
    FaceComparison,
    FaceDeclined,
    FaceEvidence,
    FaceView,
    Field,
    Kind,
    PortraitSide,
    ShownFace,
    Side,
)
from app.verification.faces.liveness.judgement import Judgement
from app.verification.known import NOTHING_KNOWN, Known
from app.verification.policy import Policy, parse_policy

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
TODAY = date(2025, 11, 1)
NOW = datetime(2025, 11, 1, 3, tzinfo=UTC)
POLICIES = Path(__file__).parents[2] / "app" / "verification" / "policies"


def changed(value: T, **facts: Any) -> T:
    """The value with some of its facts changed, named at run time."""
    return replace(value, **facts)


def policy(name: str = "development-1") -> Policy:
    return parse_policy((POLICIES / f"{name}.toml").read_text("utf-8"))


def read(value: str | None, confidence: float = 0.98) -> Field:
    """A field of which the value is what was seen."""
    return Field(value or "", value, confidence)


CARD = CardView(
    found=True,
    kind=Kind.RESIDENT_CARD,
    seen=Side.PORTRAIT,
    blur=80,
    glare=0,
    brightness=170,
    width_px=1200,
    edge_cut=False,
    specimen=False,
)
FACE = FaceView(faces=1, eye_distance_px=120, box_share=0.2, blur=150, brightness=120, turn=0.02)
PORTRAIT = PortraitSide(
    view=CARD,
    name=read("欧阳样例"),
    sex=read("女"),
    birth=read("1990-03-07"),
    address=read("北京市东城区"),
    number=read("11010119900307002X"),
    ethnicity_listed=True,
    permit_layout=False,
)
EMBLEM = EmblemSide(
    view=replace(CARD, seen=Side.EMBLEM),
    authority=read("北京市公安局东城分局"),
    valid_from=read("2016-03-07"),
    valid_to=read("2036-03-07"),
)
EVIDENCE = FaceEvidence(applicant=ShownFace(FACE, (), ()), portrait=FACE, comparison=FaceComparison(0.30, "dlib@1"))


def shown(**facts: Any) -> ShownFace:
    """The applicant's face, with some figures of how it is shown changed."""
    return ShownFace(changed(FACE, **facts), (), ())


def presented(kind: Kind, side: Side, page: Page) -> Presented:
    """A page and what it was presented as."""
    return Presented(kind, side, Reading(page.view, page, None, {}))


def measured(
    portrait: PortraitSide = PORTRAIT, emblem: EmblemSide = EMBLEM, face: FaceEvidence | FaceDeclined = EVIDENCE
) -> Measured:
    """A resident card's two sides and a face."""
    kind = Kind.RESIDENT_CARD
    return Measured((presented(kind, Side.PORTRAIT, portrait), presented(kind, Side.EMBLEM, emblem)), face)


def examination(
    portrait: PortraitSide = PORTRAIT,
    emblem: EmblemSide = EMBLEM,
    face: FaceEvidence | FaceDeclined = EVIDENCE,
    *,
    gap: float = 60.0,
    enrolled: bool = False,
    authority: AuthorityAnswer = AuthorityAnswer.UNASKED,
    known: Known = NOTHING_KNOWN,
    seen_before: bool = False,
    apart: Mapping[tuple[Kind, Side], int] = MappingProxyType({}),
    liveness: Judgement | None = None,
    failed_tries: tuple[Judgement, ...] = (),
    typed: Mapping[str, str] = MappingProxyType({}),
    phone: bool = False,
    misused: tuple[tuple[Kind, Side], ...] = (),
    alike: int = 0,
    listed: int = 0,
) -> Examination:
    """An examination that development's policy accepts, but for what is given."""
    return Examination(
        measured(portrait, emblem, face),
        capture_gaps_seconds={Kind.RESIDENT_CARD: gap},
        already_enrolled=enrolled,
        authority=authority,
        known=known,
        software={},
        image_seen_before=seen_before,
        portraits_apart=apart,
        liveness=liveness,
        failed_tries=failed_tries,
        numbers_listed=misused,
        phone_enrolled=phone,
        face_candidates=alike,
        face_listed=listed,
        typed=typed,
    )


def decided(
    given: Examination, by: str = "development-1", *, today: date = TODAY, attempt: int = MOST_ATTEMPTS
) -> Decision:
    """The decision; at the last attempt, where nothing is asked for again, unless another is given."""
    return decide(given, policy(by), attempt=attempt, today=today, now=NOW)


def codes(decision: Decision) -> list[str]:
    return [reason.code.value for reason in decision.reasons]


def result(decision: Decision) -> tuple[str, list[str]]:
    """The outcome and the codes of its reasons."""
    return decision.outcome.value, codes(decision)
