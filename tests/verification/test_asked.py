"""Is a picture asked for again only where nothing less helps, and is nothing asked to be typed but what could not be read?"""

import pytest

from app.verification.asked import fields_after, picture_of, to_retake, to_type, without
from app.verification.documents.reading import CROPPED_BELOW
from app.verification.examination import Kind
from app.verification.policy import parse_policy
from app.verification.proofing import ImageKind
from app.verification.reasons import Outcome, Reason, ReasonCode
from tests.verification.examinations import POLICIES

PORTRAIT, EMBLEM, FACE = ImageKind.RESIDENT_PORTRAIT, ImageKind.RESIDENT_EMBLEM, ImageKind.FACE
HELD = (PORTRAIT, EMBLEM, FACE)
NAME, ADDRESS, END = "resident-card/portrait/name", "resident-card/portrait/address", "resident-card/emblem/valid_to"


def reason(code: ReasonCode, side: str, field: str | None = None, kind: str = "resident_card") -> Reason:
    return Reason(code, Outcome.REFER, {"kind": kind, "side": side} | ({"field": field} if field else {}))


def unclear(field: str, side: str = "portrait", kind: str = "resident_card") -> Reason:
    return reason(ReasonCode.FIELD_UNCLEAR, side, field, kind)


@pytest.mark.rule("R40")
def test_a_picture_of_which_only_fields_are_unclear_stays_and_they_may_be_typed() -> None:
    reasons = (unclear("name"), unclear("address"), unclear("valid_to", "emblem"))
    assert to_retake(reasons, HELD) == frozenset()
    assert to_type(reasons, HELD) == (NAME, ADDRESS, END)


@pytest.mark.rule("R40", "R115")
@pytest.mark.parametrize(
    "other",
    [
        reason(ReasonCode.CARD_BLURRED, "portrait"),
        reason(ReasonCode.NUMBER_UNCLEAR, "portrait", "number"),
        unclear("nationality"),
        Reason(ReasonCode.EXPIRED, Outcome.REFER),
        Reason(ReasonCode.PORTRAIT_FACE_UNCLEAR, Outcome.REFER),
    ],
    ids=lambda each: each.code.value,
)
def test_a_picture_of_which_more_is_wanted_is_taken_again_and_nothing_typed_from_it(other: Reason) -> None:
    reasons = (unclear("name"), other)
    assert PORTRAIT in to_retake(reasons, HELD)
    assert to_type(reasons, HELD) == ()


def test_of_two_pictures_one_may_stay_while_the_other_is_taken_again() -> None:
    reasons = (unclear("valid_to", "emblem"), reason(ReasonCode.CARD_DARK, "portrait"))
    assert to_retake(reasons, HELD) == {PORTRAIT}
    assert to_type(reasons, HELD) == (END,)


@pytest.mark.rule("R40")
def test_a_number_is_never_typed() -> None:
    assert to_type((reason(ReasonCode.NUMBER_UNCLEAR, "portrait", "number"),), HELD) == ()
    assert to_type((unclear("number"),), HELD) == ()


@pytest.mark.rule("R53")
def test_what_only_supports_another_document_is_not_typed_but_taken_again() -> None:
    reasons = (unclear("name", "main", "driving_licence"),)
    held = (*HELD, ImageKind.LICENCE_MAIN)
    assert to_retake(reasons, held) == {ImageKind.LICENCE_MAIN}
    assert to_type(reasons, held) == ()


def test_of_two_documents_with_a_side_of_one_name_the_one_complained_of_is_meant() -> None:
    held = (ImageKind.PERMIT_PORTRAIT, *HELD)
    assert to_retake((reason(ReasonCode.CARD_BLURRED, "portrait", kind="residence_permit"),), held) == {
        ImageKind.PERMIT_PORTRAIT
    }
    assert to_type((unclear("name"),), held) == (NAME,)


def test_what_was_typed_stays_with_its_picture_and_goes_with_it() -> None:
    typed = {NAME: b"typed", END: None}
    again = (unclear("address"), reason(ReasonCode.CARD_DARK, "emblem"))
    assert fields_after(again, HELD, typed) == {ADDRESS: None, NAME: b"typed"}
    assert fields_after((reason(ReasonCode.CARD_DARK, "portrait"),), HELD, typed) == {}
    assert without(typed, PORTRAIT) == {END: None}
    assert without(typed, FACE) == typed


def test_a_field_is_named_by_its_picture() -> None:
    assert (picture_of(NAME), picture_of(END)) == (PORTRAIT, EMBLEM)


def test_a_reason_kept_before_reasons_named_their_document_asks_for_the_picture() -> None:
    old = Reason(ReasonCode.FIELD_UNCLEAR, Outcome.REFER, {"side": "portrait", "field": "name"})
    assert to_retake((old,), HELD) == {PORTRAIT}
    assert to_type((old,), HELD) == ()


@pytest.mark.parametrize("name", sorted(path.stem for path in POLICIES.glob("*.toml")))
def test_whatever_a_policy_finds_unclear_has_its_picture(name: str) -> None:
    assert parse_policy((POLICIES / f"{name}.toml").read_text("utf-8")).thresholds.field_sure.value < CROPPED_BELOW


def test_the_front_of_a_permanent_resident_card_is_asked_for_by_its_own_name() -> None:
    assert to_type((unclear("name", "front", Kind.PERMANENT_RESIDENT_CARD.value),), (ImageKind.PERMANENT_FRONT,)) == (
        "permanent-resident-card/front/name",
    )


@pytest.mark.rule("R43", "R115")
def test_sides_that_arrived_too_far_apart_are_given_up_and_no_other_documents() -> None:
    gap = Reason(ReasonCode.CAPTURE_GAP, Outcome.REFER, {"kind": "resident_card"})
    assert to_retake((gap,), (*HELD, ImageKind.LICENCE_MAIN)) == {PORTRAIT, EMBLEM}
