"""What is said of one side of one document read alone?"""

from datetime import date
from typing import Any

import pytest

from app.verification.documents.reading import Reading
from app.verification.evidence import Measured, Presented
from app.verification.examination import NO_CARD, CardView, EmblemSide, Kind, PortraitSide, Side
from app.verification.findings.documents import document_findings, evidence_findings, findings_alone
from tests.verification.examinations import CARD, EVIDENCE, PORTRAIT, changed, policy, read
from tests.verification.test_machine_page import ZONE
from tests.verification.test_machine_page import page as zone_page

TODAY = date(2025, 11, 1)
EMBLEM_VIEW = changed(CARD, seen=Side.EMBLEM)


def reading(page: PortraitSide | EmblemSide | None, view: CardView) -> Reading:
    return Reading(view, page, None, {})


def codes(page: PortraitSide | EmblemSide | None, view: CardView) -> list[str]:
    found = document_findings(reading(page, view), policy().thresholds, today=TODAY)
    return [reason.code.value for reason in found]


def emblem(**more: Any) -> EmblemSide:
    fields = {
        "authority": read("北京市公安局东城分局"),
        "valid_from": read("2015-06-01"),
        "valid_to": read("2035-06-01"),
    }
    return EmblemSide(view=EMBLEM_VIEW, **{**fields, **more})


def test_of_a_good_side_there_is_nothing_to_say() -> None:
    assert codes(PORTRAIT, CARD) == []
    assert codes(emblem(), EMBLEM_VIEW) == []


def test_of_what_is_no_document_one_thing_is_said() -> None:
    assert codes(None, NO_CARD) == ["card_not_found"]


@pytest.mark.rule("R15")
def test_a_side_is_judged_by_what_it_says_itself() -> None:
    assert codes(changed(PORTRAIT, birth=read("1990-03-08")), CARD) == ["birth_differs"]
    assert codes(changed(PORTRAIT, number=read("110101199003070021")), CARD) == ["number_check_wrong"]
    assert codes(changed(PORTRAIT, name=read("某", 0.4)), CARD) == ["field_unclear"]


@pytest.mark.rule("R34")
def test_an_emblem_side_alone_tells_that_it_is_over_or_still_to_come() -> None:
    def of(start: str, end: str) -> list[str]:
        return codes(emblem(valid_from=read(start), valid_to=read(end)), EMBLEM_VIEW)

    assert of("2015-10-31", "2025-10-31") == ["expired"]
    assert of("2015-11-01", "2025-11-01") == []
    assert of("2025-11-02", "2035-11-02") == ["not_yet_valid"]


@pytest.mark.rule("R31", "R33")
def test_an_emblem_side_alone_tells_a_term_no_law_knows_and_no_more_of_it() -> None:
    for odd in ("2028-06-01", "2035-06-02", "2015-05-31"):
        assert "term_unknown" in codes(emblem(valid_to=read(odd)), EMBLEM_VIEW)
    for due in ("2035-06-01", "long_term"):
        assert codes(emblem(valid_to=read(due)), EMBLEM_VIEW) == []
    assert "temporary_card" in codes(emblem(valid_to=read("2015-08-31")), EMBLEM_VIEW)


def test_a_poor_picture_is_told_beside_what_it_shows() -> None:
    assert codes(PORTRAIT, changed(CARD, blur=1.0)) == ["card_blurred"]


def alone(seen: Reading, by: str = "development-1", **more: Any) -> list[str]:
    given = {"software": None, "today": TODAY, **more}
    return [reason.code.value for reason in findings_alone(seen, policy(by), **given)]


def test_what_its_file_says_of_its_making_is_told_of_a_document_read_alone() -> None:
    card = reading(PORTRAIT, CARD)
    assert alone(card, software="GIMP 2.10.34") == ["edited_by_software"]
    assert alone(card, software="iOS 17.5.1") == []
    assert alone(reading(None, NO_CARD), software="GIMP 2.10.34") == ["card_not_found"]


def test_of_another_kind_than_was_wanted_that_alone_is_told() -> None:
    wrong = reading(changed(PORTRAIT, number=read("110101199003070021")), CARD)
    assert alone(wrong, wanted=Kind.PASSPORT) == ["wrong_document"]
    assert alone(wrong, wanted=Kind.RESIDENT_CARD) == ["number_check_wrong"]


@pytest.mark.rule("R70")
def test_a_specimen_is_told_where_none_is_taken() -> None:
    marked = reading(PORTRAIT, changed(CARD, specimen=True))
    assert (alone(marked), alone(marked, "production-1")) == ([], ["specimen"])
    utopian = zone_page(ZONE)
    page = Reading(utopian.view, utopian, None, {})
    assert not utopian.view.specimen
    assert ("specimen" in alone(page), "specimen" in alone(page, "production-1")) == (False, True)


def test_the_fields_of_a_page_stand_in_its_order() -> None:
    assert list(reading(PORTRAIT, CARD).fields) == ["name", "sex", "birth", "address", "number"]
    assert list(reading(emblem(), EMBLEM_VIEW).fields) == ["authority", "valid_from", "valid_to"]
    assert reading(None, NO_CARD).fields == {}


def test_in_a_proofing_what_is_said_of_a_field_has_the_place_of_the_field() -> None:
    place = ((1.0, 2.0), (9.0, 2.0), (9.0, 4.0), (1.0, 4.0))
    shown = Reading(CARD, changed(PORTRAIT, name=read("某", 0.4)), None, {"name": place})
    found = evidence_findings(
        Measured((Presented(Kind.RESIDENT_CARD, Side.PORTRAIT, shown),), EVIDENCE), policy().thresholds, today=TODAY
    )
    assert [each.where for each in found if each.facts.get("field") == "name"] == [place]
