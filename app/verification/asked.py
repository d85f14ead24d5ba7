"""What is an applicant asked for again: pictures to take anew, or fields to type from one that stays? R40, R115."""

from collections.abc import Collection, Mapping
from typing import Final, TypeVar

from app.core.refusal import Refusal
from app.verification.evidence import SIDES, primary
from app.verification.findings.typed import asked_as
from app.verification.holder import ATTRIBUTES
from app.verification.proofing import ImageKind
from app.verification.reasons import Kind, Reason, ReasonCode

T = TypeVar("T")
TYPABLE: Final = frozenset(ATTRIBUTES) - {"number"}
"""What an account is opened with. A number is taken only where its check holds and two readings agree: it is never typed."""


class FieldNotAsked(Refusal, code="field_not_asked"):
    """Nothing but what could not be read is typed. Facts: asked, comma-separated."""


def to_retake(reasons: Collection[Reason], held: Collection[ImageKind]) -> frozenset[ImageKind]:
    """The pictures, of those held, that the reasons ask for again; only those are given up (R115).

    One of which nothing is wanted but fields that can be typed stays: its applicant may type them or take it anew.
    """
    return frozenset(kind for kind in held if _of(kind, reasons) and not _fields(kind, reasons, held))


def to_type(reasons: Collection[Reason], held: Collection[ImageKind]) -> tuple[str, ...]:
    """The fields to type from pictures that stay, by `field_named`."""
    return tuple(dict.fromkeys(name for kind in held for name in _fields(kind, reasons, held)))


def fields_after(
    reasons: Collection[Reason], held: Collection[ImageKind], before: Mapping[str, T | None]
) -> dict[str, T | None]:
    """What is asked to be typed after a decision, and what was typed already of the pictures that stay."""
    staying = frozenset(held) - to_retake(reasons, held)
    typed = {name: value for name, value in before.items() if value is not None and picture_of(name) in staying}
    return dict.fromkeys(to_type(reasons, held), None) | typed


def without(fields: Mapping[str, T], picture: ImageKind) -> dict[str, T]:
    """The fields but those of a picture that is given up: what was typed from it is forgotten with it."""
    return {name: value for name, value in fields.items() if picture_of(name) is not picture}


def picture_of(name: str) -> ImageKind:
    """The picture a field is typed from."""
    return ImageKind(name.rpartition("/")[0])


def _fields(kind: ImageKind, reasons: Collection[Reason], held: Collection[ImageKind]) -> tuple[str, ...]:
    """The fields to type, where they are all that is wanted of a picture of the document that the identity rests on."""
    wanted = _of(kind, reasons)
    named = [asked_as(reason) for reason in wanted]
    main = primary([each.page[0] for each in held if each.page is not None])
    if kind.page is None or kind.page[0] is not main:
        return ()
    if not all(name is not None and name.rpartition("/")[2] in TYPABLE for name in named):
        return ()
    return tuple(name for name in named if name is not None)


def _of(kind: ImageKind, reasons: Collection[Reason]) -> list[Reason]:
    return [reason for reason in reasons if reason.kind is Kind.RETRY and _shown_in(reason, kind)]


def _shown_in(reason: Reason, kind: ImageKind) -> bool:
    """Whether what a reason complains of is in this picture."""
    side = reason.facts.get("side")
    if side is not None:
        return kind.page is not None and kind.page == (reason.facts.get("kind", kind.page[0]), side)
    if reason.code is ReasonCode.PORTRAIT_FACE_UNCLEAR:
        return kind.page is not None and kind.page[1] is SIDES[kind.page[0]][0]
    if reason.code is ReasonCode.CAPTURE_GAP:
        return kind.page is not None and kind.page[0] == reason.facts["kind"]
    if reason.code in {ReasonCode.EXPIRED, ReasonCode.SECONDARY_ALONE}:
        return kind.page is not None
    return kind is ImageKind.FACE
