"""What does a case rest on, once people have typed from the document in hand? R40."""

from dataclasses import asdict
from typing import Any

import pytest

from app.services.examination_document import as_now, numbers_in, raw_of, said_before, values, with_said
from app.services.judgement import found_by_people, resting_on, said_of
from app.verification.authority import AuthorityAnswer, Said
from app.verification.examination import Kind
from app.verification.holder import holder
from app.verification.typed import Typed, completed
from tests.verification.examinations import NOW, TODAY, measured, policy

OWN, ANOTHERS = "11010119900307002X", "110101198001010010"
DOCUMENT: dict[str, Any] = {
    "kind": "resident_card", "numbers": (OWN,),
    "fields": {name: asdict(field) for name, field in holder(measured()).items()},
}  # fmt: skip
ANOTHER = Typed("王另", ANOTHERS, "北京市", "北京市公安局", "2016-01-01", "2036-01-01")


def resting(document: dict[str, Any], typed: Typed, kind: Kind = Kind.RESIDENT_CARD) -> dict[str, Any]:
    return resting_on(document, typed, kind, policy(), now=NOW)


@pytest.mark.rule("R40")
def test_the_same_card_leaves_the_case_as_it_was() -> None:
    assert resting(DOCUMENT, Typed("欧阳样例", OWN)) is DOCUMENT


@pytest.mark.rule("R40")
def test_of_another_card_nothing_that_was_read_is_left_but_to_be_seen() -> None:
    case = resting(DOCUMENT, ANOTHER)
    assert (case["fields"], case["numbers"]) == ({}, ())
    identity = completed(values(case), ANOTHER, today=TODAY)
    found = found_by_people(case, identity, ANOTHER)
    assert (values(found)["name"], raw_of(found, "name")) == ("王另", "欧阳样例")
    assert numbers_in(found) == (ANOTHERS,)


@pytest.mark.rule("R40")
def test_of_a_new_card_with_the_old_number_the_old_term_is_not_left() -> None:
    case = resting(DOCUMENT, Typed("欧阳样例", OWN, valid_to="2046-01-01"))
    assert DOCUMENT["fields"].keys() - case["fields"].keys() == {"authority", "valid_from", "valid_to"}
    assert (case["numbers"], case["apart"]) == ((OWN,), True)


def test_where_no_picture_was_taken_the_case_rests_on_what_was_typed() -> None:
    case = resting({}, Typed(number="K3"), Kind.PASSPORT)
    assert (case["kind"], case["fields"], case["apart"]) == (Kind.PASSPORT, {}, False)


def test_only_what_a_reviewer_typed_is_the_clerks() -> None:
    read = {**DOCUMENT["fields"], "sex": {**DOCUMENT["fields"]["sex"], "value": None, "confidence": 0.2}}
    case, typed = DOCUMENT | {"fields": read}, Typed(address="北京市西城区")
    identity = completed(values(case), typed, today=TODAY)
    found = found_by_people(case, identity, typed)["fields"]
    assert [name for name, field in found.items() if field["source"] == "clerk"] == ["address"]
    assert (found["sex"]["value"], found["sex"]["confidence"]) == ("女", found["number"]["confidence"])


@pytest.mark.rule("R45")
@pytest.mark.parametrize(("name", "answer"), [("ERIKSSON, ANNA", "confirmed"), ("ERIKSSON HANNA", "unasked")])
def test_the_authority_s_answer_is_to_a_name_and_not_to_its_spelling(name: str, answer: str) -> None:
    read = {"name": "Eriksson Anna", "number": "K<204418C7", "authority": "SWE", "valid_to": "2030-01-01"}
    fields = {each: {"raw": said, "value": said, "confidence": 0.9, "source": "ocr"} for each, said in read.items()}
    case = as_now({"kind": "passport", "fields": fields, "authority_answer": "confirmed"})
    typed = Typed(name=name, number="K204418C7", sex="F", birth="1990-03-07")
    identity = completed(values(case), typed, today=TODAY, kind=Kind.PASSPORT)
    assert said_of(case, identity) == answer


@pytest.mark.rule("R45")
@pytest.mark.parametrize(("answer", "stands"), [("revoked", "revoked"), ("confirmed", "confirmed")])
@pytest.mark.parametrize("read", [{"value": None}, {"value": "2026-03-07", "source": "applicant"}])
def test_an_answer_kept_without_its_question_was_about_no_term_that_no_machine_read(
    answer: str, stands: str, read: dict[str, str | None]
) -> None:
    fields = DOCUMENT["fields"] | {"valid_to": {**DOCUMENT["fields"]["valid_to"], **read}}
    case, typed = as_now(DOCUMENT | {"fields": fields, "authority_answer": answer}), Typed(valid_to="2036-03-07")
    assert said_of(case, completed(values(case), typed, today=TODAY)) == stands


@pytest.mark.rule("R45")
def test_what_is_said_of_another_is_said_of_neither_but_of_each_their_own() -> None:
    own = Said(AuthorityAnswer.REVOKED, {"kind": "resident_card", "number": OWN, "name": "欧阳样例"})
    another = Said(AuthorityAnswer.CONFIRMED, {"kind": "resident_card", "number": ANOTHERS, "name": "王另"})
    held = with_said(with_said(DOCUMENT, own), another)
    assert said_of(resting(held, ANOTHER), completed({}, ANOTHER, today=TODAY)) is AuthorityAnswer.CONFIRMED
    assert said_of(held, completed(values(held), Typed(), today=TODAY)) is AuthorityAnswer.REVOKED


def test_the_same_question_is_kept_once_with_its_last_answer_and_silence_takes_nothing_back() -> None:
    about = {"kind": "resident_card", "number": OWN, "name": "欧阳样例"}
    held: dict[str, Any] = {}
    for answer in ("unknown", "revoked", "unavailable", "unasked"):
        held = with_said(held, Said(AuthorityAnswer(answer), about))
    assert said_before(held) == (Said(AuthorityAnswer.REVOKED, about),)
    assert as_now(held) is held
