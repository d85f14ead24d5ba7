"""Does each fact lead to what it should, and the worst of them to the decision?"""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.acr import Ial
from app.verification.decision import Outcome, decide
from app.verification.documents.resident_number import check_character
from app.verification.evidence import Examination
from app.verification.examination import Kind, Side
from app.verification.reasons import Reason, ReasonCode, worst
from tests.verification.examinations import (
    CARD,
    EMBLEM,
    NOW,
    PORTRAIT,
    TODAY,
    changed,
    codes,
    decided,
    examination,
    policy,
    presented,
    read,
    result,
)
from tests.verification.licence_pages import PAGE as LICENCE
from tests.verification.licence_pages import TODAY as LICENCE_DAY


def numbered(digits: str) -> str:
    return digits + check_character(digits)


def test_nothing_wrong_is_accepted() -> None:
    decision = decided(examination())
    assert (decision.outcome, decision.reasons, decision.policy) == (Outcome.ACCEPT, (), "development-1")
    assert (decision.ial, decision.decided_at, decision.human_review) == (Ial.NONE, NOW, False)


@given(st.lists(st.sampled_from([Outcome.REFER, Outcome.REJECT]), max_size=5))
def test_the_worst_finding_decides_and_none_accepts(outcomes: list[Outcome]) -> None:
    found = [Reason(ReasonCode.SPECIMEN, outcome) for outcome in outcomes]
    expected = Outcome.REJECT if Outcome.REJECT in outcomes else Outcome.REFER if outcomes else Outcome.ACCEPT
    assert worst(found) is expected


def test_an_examination_without_one_of_its_facts_cannot_be_built() -> None:
    whole = {field.name: getattr(examination(), field.name) for field in fields(Examination)}
    for name in whole:
        with pytest.raises(TypeError):
            Examination(**{key: value for key, value in whole.items() if key != name})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"found": False}, "card_not_found"),
        ({"seen": None}, "card_not_found"),
        ({"seen": Side.EMBLEM}, "wrong_side"),
        ({"blur": 6.9}, "card_blurred"),
        ({"glare": 0.0051}, "card_glare"),
        ({"brightness": 54.9}, "card_dark"),
        ({"brightness": 245.1}, "card_bright"),
        ({"width_px": 699.9}, "card_small"),
        ({"edge_cut": True}, "card_edge_cut"),
    ],
)
def test_a_poor_picture_refers(change: dict[str, Any], code: str) -> None:
    portrait = replace(PORTRAIT, view=changed(CARD, **change))
    assert result(decided(examination(portrait))) == ("refer", [code])


@pytest.mark.parametrize(
    "change", [{"blur": 7.0}, {"glare": 0.005}, {"brightness": 55.0}, {"brightness": 245.0}, {"width_px": 700.0}]
)
def test_a_picture_at_its_limit_is_good_enough(change: dict[str, Any]) -> None:
    portrait = replace(PORTRAIT, view=changed(CARD, **change))
    assert decided(examination(portrait)).outcome is Outcome.ACCEPT


@pytest.mark.rule("R26")
def test_two_portrait_sides_are_a_wrong_side() -> None:
    decision = decided(examination(emblem=replace(EMBLEM, view=CARD)))
    assert result(decision) == ("refer", ["wrong_side"])
    assert decision.reasons[0].facts == {"kind": "resident_card", "side": "emblem"}


@pytest.mark.rule("R40")
@pytest.mark.parametrize("field", ["name", "address"])
def test_a_field_read_unsurely_refers(field: str) -> None:
    assert decided(examination(changed(PORTRAIT, **{field: read("某某", 0.90)}))).outcome is Outcome.ACCEPT
    unsure = decided(examination(changed(PORTRAIT, **{field: read("某某", 0.89)})))
    assert result(unsure) == ("refer", ["field_unclear"])


@pytest.mark.parametrize("field", ["authority", "valid_from", "valid_to"])
def test_a_field_not_read_on_the_other_side_refers(field: str) -> None:
    assert result(decided(examination(emblem=changed(EMBLEM, **{field: read(None)})))) == ("refer", ["field_unclear"])


def test_what_the_number_says_too_needs_no_second_reading() -> None:
    portrait = replace(PORTRAIT, birth=read("1990-03-07", 0.6), sex=read("女", 0.6))
    assert decided(examination(portrait)).outcome is Outcome.ACCEPT


@pytest.mark.rule("R8")
def test_an_altered_number_is_rejected() -> None:
    altered = replace(PORTRAIT, number=replace(read(None), raw="110101199003070022"))
    assert result(decided(examination(altered))) == ("reject", ["number_check_wrong"])


@pytest.mark.rule("R9")
@pytest.mark.parametrize(
    ("number", "code"),
    [("110101199013070015", "number_birth_impossible"), ("990101199001010019", "number_province_unknown")],
)
def test_an_impossible_number_is_rejected_by_its_own_name(number: str, code: str) -> None:
    assert result(decided(examination(replace(PORTRAIT, number=read(number))))) == ("reject", [code])


@pytest.mark.parametrize("number", ["110101199003070022", "110101199013070015"])
def test_a_number_read_unsurely_never_rejects(number: str) -> None:
    unsure = replace(PORTRAIT, number=replace(read(None, 0.89), raw=number))
    assert result(decided(examination(unsure))) == ("refer", ["number_unclear"])


def test_a_number_on_a_poor_picture_never_rejects() -> None:
    altered = replace(PORTRAIT, number=replace(read(None), raw="110101199003070022"), view=replace(CARD, blur=1))
    assert result(decided(examination(altered))) == ("refer", ["card_blurred", "number_check_wrong"])


@pytest.mark.parametrize("raw", ["", "1101011990030700", "110101900307001"])
def test_what_is_no_number_at_all_is_unclear(raw: str) -> None:
    unread = replace(PORTRAIT, number=replace(read(None), raw=raw))
    assert result(decided(examination(unread))) == ("refer", ["number_unclear"])


@pytest.mark.rule("R15")
@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ({"sex": read("男")}, ["sex_differs"]),
        ({"birth": read("1990-03-08")}, ["birth_differs"]),
        ({"sex": read("男"), "birth": read("1990-03-08")}, ["sex_differs", "birth_differs"]),
    ],
)
def test_which_pair_differs_from_the_number_is_told(printed: dict[str, Any], expected: list[str]) -> None:
    assert result(decided(examination(changed(PORTRAIT, **printed)))) == ("reject", expected)


@pytest.mark.rule("R15")
def test_a_pair_that_differs_by_an_unsure_reading_refers() -> None:
    decision = decided(examination(replace(PORTRAIT, sex=read("男", 0.89))))
    assert result(decision) == ("refer", ["sex_differs", "field_unclear"])


@pytest.mark.rule("R10")
def test_an_implausible_age_refers() -> None:
    old = replace(PORTRAIT, number=read("110101189901010011"), sex=read("男"), birth=read("1899-01-01"))
    long_term = replace(EMBLEM, valid_to=read("long_term"))
    assert result(decided(examination(old, long_term))) == ("refer", ["age_implausible"])


@pytest.mark.rule("R17")
def test_a_permits_number_on_a_residents_layout_is_rejected() -> None:
    number = read("820000198512310029")
    contradictory = replace(PORTRAIT, number=number, birth=read("1985-12-31"))
    assert codes(decided(examination(contradictory)))[0] == "permit_contradiction"
    assert decided(examination(contradictory)).outcome is Outcome.REJECT


@pytest.mark.rule("R17")
def test_a_residents_number_on_a_permits_layout_is_rejected() -> None:
    contradictory = replace(PORTRAIT, ethnicity_listed=None, permit_layout=True)
    assert result(decided(examination(contradictory))) == ("reject", ["permit_contradiction"])


@pytest.mark.rule("R16", "R17")
def test_a_permit_presented_as_a_resident_card_is_another_document() -> None:
    of_permit = replace(CARD, kind=Kind.RESIDENCE_PERMIT)
    permit = replace(PORTRAIT, number=read("820000198512310029"), birth=read("1985-12-31"), view=of_permit)
    assert result(decided(examination(permit))) == ("refer", ["wrong_document"])


@pytest.mark.rule("R53")
def test_a_licence_alone_is_no_evidence_of_who_somebody_is() -> None:
    alone = replace(examination().measured, pages=(presented(Kind.DRIVING_LICENCE, Side.MAIN, LICENCE),))
    found = decided(replace(examination(), measured=alone), today=LICENCE_DAY)
    assert result(found) == ("refer", ["secondary_alone"])


@pytest.mark.rule("R53")
def test_a_licence_beside_a_resident_card_is_judged_with_it() -> None:
    both = (
        *examination().measured.pages,
        presented(Kind.DRIVING_LICENCE, Side.MAIN, replace(LICENCE, name=read(None))),
    )
    found = decided(replace(examination(), measured=replace(examination().measured, pages=both)), today=LICENCE_DAY)
    assert result(found) == ("refer", ["field_unclear"])


@pytest.mark.rule("R37")
@pytest.mark.parametrize(("listed", "expected"), [(True, []), (None, []), (False, ["ethnicity_unlisted"])])
def test_an_ethnicity_nobody_lists_refers(expected: list[str], *, listed: bool | None) -> None:
    assert codes(decided(examination(replace(PORTRAIT, ethnicity_listed=listed)))) == expected


@pytest.mark.rule("R39")
@pytest.mark.parametrize(
    ("authority", "expected"), [("某县公安局", []), ("某市公安局某分局", []), ("某县派出所", ["authority_unusual"])]
)
def test_an_unusual_authority_refers(authority: str, expected: list[str]) -> None:
    assert codes(decided(examination(emblem=replace(EMBLEM, authority=read(authority))))) == expected


@pytest.mark.rule("R34")
@pytest.mark.parametrize(("today", "expected"), [(date(2036, 3, 7), []), (date(2036, 3, 8), ["expired"])])
def test_an_expired_card_is_not_accepted(today: date, expected: list[str]) -> None:
    assert codes(decided(examination(), today=today)) == expected


@pytest.mark.rule("R28", "R31", "R32", "R33", "R42", "R43")
@pytest.mark.parametrize(
    ("end", "code", "risk"),
    [
        ("2031-03-07", "term_unknown", "high"),
        ("2026-03-07", "term_wrong_for_age", "medium"),
        ("long_term", "long_term_too_young", "medium"),
    ],
)
def test_a_term_that_does_not_fit_the_birth_on_the_other_side_refers(end: str, code: str, risk: str) -> None:
    emblem = replace(EMBLEM, valid_from=read("2016-04-07"), valid_to=read(end.replace("03-07", "04-07")))
    decision = decided(examination(emblem=emblem))
    assert (result(decision), decision.reasons[0].facts) == (("refer", [code]), {"risk": risk})


@pytest.mark.rule("R42")
def test_a_temporary_card_refers() -> None:
    emblem = replace(EMBLEM, valid_from=read("2025-10-01"), valid_to=read("2026-01-01"))
    assert result(decided(examination(emblem=emblem))) == ("refer", ["temporary_card"])


@pytest.mark.rule("R35")
@pytest.mark.parametrize(("birth", "expected"), [("20091101", []), ("20091102", ["guardian_needed"])])
def test_below_sixteen_refers_to_the_guardians_path(birth: str, expected: list[str]) -> None:
    young = replace(
        PORTRAIT, number=read(numbered(f"110101{birth}002")), birth=read(f"{birth[:4]}-{birth[4:6]}-{birth[6:]}")
    )
    emblem = replace(EMBLEM, valid_from=read("2025-01-01"), valid_to=read("2030-01-01"))
    assert codes(decided(examination(young, emblem))) == expected


@pytest.mark.rule("R43")
@pytest.mark.parametrize(("gap", "expected"), [(599.9, []), (600.0, ["capture_gap"]), (float("nan"), ["capture_gap"])])
def test_both_sides_are_captured_within_ten_minutes(gap: float, expected: list[str]) -> None:
    assert codes(decided(examination(gap=gap))) == expected


def test_a_number_that_has_a_subscriber_refers() -> None:
    assert result(decided(examination(enrolled=True))) == ("refer", ["already_enrolled"])


def test_a_picture_sent_for_somebody_else_refers_but_where_specimens_go_round() -> None:
    again = examination(seen_before=True)
    strict = changed(policy(), accepts_seen_images=False)
    by = decide(again, strict, attempt=1, today=TODAY, now=NOW)
    assert result(by) == ("refer", ["image_seen_before"])
    assert result(decided(again)) == ("accept", [])


@pytest.mark.rule("R102")
def test_every_automatic_rejection_carries_the_right_to_a_person() -> None:
    rejected = decided(examination(replace(PORTRAIT, sex=read("男"))))
    assert (rejected.outcome, rejected.human_review, rejected.ial) == (Outcome.REJECT, True, Ial.NONE)
    assert not decided(examination(gap=601)).human_review


def test_production_refers_whom_development_accepts() -> None:
    decision = decided(examination(), "production-1")
    assert result(decision) == ("refer", ["calibration_missing", "liveness_missing", "authority_unasked"])
    assert decision.ial is Ial.NONE


@pytest.mark.parametrize(
    ("by", "outcome"), [("development-1", "accept"), ("sandbox-1", "accept"), ("production-1", "reject")]
)
def test_a_specimen_is_rejected_in_production_alone(by: str, outcome: str) -> None:
    specimen = replace(PORTRAIT, view=replace(CARD, specimen=True))
    assert decided(examination(specimen), by).outcome == outcome


@given(st.integers(0, 17), st.sampled_from("0123456789X"))
def test_no_altered_character_of_a_number_is_accepted(position: int, other: str) -> None:
    number = PORTRAIT.number.raw
    altered = number[:position] + other + number[position + 1 :]
    side = replace(PORTRAIT, number=replace(read(None), raw=altered))
    assert altered == number or decided(examination(side)).outcome is not Outcome.ACCEPT


@pytest.mark.parametrize("measure", ["blur", "glare", "brightness", "width_px"])
def test_a_measure_of_a_card_that_is_no_number_is_never_good_enough(measure: str) -> None:
    portrait = replace(PORTRAIT, view=changed(CARD, **{measure: float("nan")}))
    assert decided(examination(portrait)).outcome is Outcome.REFER
