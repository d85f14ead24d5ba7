"""May an applicant type what could not be read, is it kept as typed and sealed, and does it accept nobody by itself? R40."""

import asyncio
import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from app.core.audit import Actor, ActorKind
from app.services.vault import Sealed
from app.verification.examination import Field
from tests.flows.conftest import PICTURE, Applicant, Bank, bearer, seen
from tests.flows.reviewing import CROP, review_of, reviewers, submitted, unclear
from tests.flows.stolen import stolen_from
from tests.verification.examinations import EMBLEM, PORTRAIT, changed

pytestmark = pytest.mark.rule("R40")
NAME, ADDRESS = "resident-card/portrait/name", "resident-card/portrait/address"
TYPED, READ = "欧阳样例", "欧阳样"
UNREAD = Field("", None, 0.0)


async def typed(applicant: Applicant, **named: str) -> Any:
    fields = {f"resident-card/portrait/{name}": text for name, text in named.items()}
    return await applicant.put("/fields", json={"fields": fields})


async def kept(bank: Bank, applicant: Applicant) -> dict[str, Any]:
    """The sealed examination, opened as the house does."""
    async with bank.ground.journal.database.work() as work:
        stored = await work.proofings.find(applicant.id)
        assert stored is not None
        assert stored.sealed_examination is not None
        person = await bank.ground.vault.person(work, stored.proofing.person_id)
        by = Actor(ActorKind.SYSTEM, "test")
        plain = await person.open(
            Sealed.EXAMINATION, applicant.id, stored.sealed_examination, by=by, purpose="test"
        )  # fmt: skip
    return dict(json.loads(plain))


async def test_a_field_that_could_not_be_read_is_shown_with_its_picture_and_may_be_typed(bank: Bank) -> None:
    applicant = await unclear(bank)
    shown = (await applicant.get()).json()
    assert (shown["needed"], len(shown["evidence"])) == ([f"field:{NAME}"], 3)
    (asked,) = (await applicant.get("/fields")).json()["items"]
    assert (asked["name"], asked["side"], asked["field"], asked["raw"]) == (NAME, "portrait", "name", READ)
    assert (base64.b64decode(asked["crop"]), asked["typed"]) == (CROP, False)
    assert (await applicant.post("/submission")).json()["code"] == "still_needed"
    answer = await typed(applicant, name=TYPED)
    assert (answer.status_code, answer.json()["needed"]) == (200, [])
    assert (await applicant.get("/fields")).json()["items"][0]["typed"] is True


async def test_what_was_typed_brings_the_case_to_people_who_see_it_beside_its_picture(bank: Bank) -> None:
    (anna,) = await reviewers(bank, "anna")
    applicant = await unclear(bank)
    await typed(applicant, name=TYPED)
    await submitted(applicant)
    shown = (await applicant.get()).json()
    assert (shown["state"], [each["code"] for each in shown["decision"]["reasons"]]) == ("referred", ["under_review"])
    review_id = await review_of(anna, applicant)
    await anna.claim(review_id)
    case = (await anna.get(f"/reviews/{review_id}")).json()
    assert [each["code"] for each in case["reasons"]] == ["field_typed"]
    name = case["fields"]["name"]
    assert (name["value"], name["source"], base64.b64decode(name["crop"])) == (TYPED, "applicant", CROP)
    assert (case["fields"]["number"]["source"], case["fields"]["number"]["crop"]) == ("ocr", None)


async def test_what_was_typed_stands_beside_what_was_read_and_never_in_it(bank: Bank) -> None:
    applicant = await unclear(bank)
    await typed(applicant, name=f"  {TYPED}　")
    await submitted(applicant)
    document = await kept(bank, applicant)
    expected = {"raw": TYPED, "value": TYPED, "confidence": 1.0, "source": "applicant"}
    assert document["fields"]["name"] == expected
    assert (document["read"]["name"]["raw"], document["read"]["name"]["source"]) == (READ, "ocr")
    assert TYPED not in json.dumps(document["pages"], ensure_ascii=False)


@pytest.mark.parametrize(("fields", "source"), [({}, "applicant"), ({"name": TYPED}, "clerk")])
async def test_it_stays_the_applicants_until_a_reviewer_types_it_too_and_then_stands_beside(
    bank: Bank, fields: dict[str, str], source: str
) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await unclear(bank)
    await typed(applicant, name=TYPED)
    await submitted(applicant)
    review_id = await review_of(anna, applicant)
    for each in (anna, bao):
        assert (await each.vote(review_id, fields=fields)).status_code == 201
    assert (await applicant.get()).json()["state"] == "accepted"
    document = await kept(bank, applicant)
    held, beside = document["fields"]["name"], document["read"]["name"]
    assert (held["value"], held["source"]) == (TYPED, source)
    if source == "clerk":
        assert (beside["value"], beside["source"]) == (TYPED, "applicant")
        beside = beside["read"]
    assert (beside["raw"], beside["source"]) == (READ, "ocr")


async def test_a_picture_taken_again_takes_what_was_typed_from_the_old_one_along(bank: Bank) -> None:
    applicant = await unclear(bank)
    await typed(applicant, name=TYPED)
    assert (await applicant.put("/evidence/resident-card/portrait", content=PICTURE)).json()["needed"] == []
    assert bank.sql("SELECT sealed_typed FROM proofings") == [(None,)]
    assert (await applicant.get("/fields")).json()["items"] == []
    bank.eyes.examined = seen()
    await submitted(applicant)
    assert (await applicant.get()).json()["state"] == "accepted"


async def test_instead_of_typing_the_picture_may_be_taken_again_but_not_another(bank: Bank) -> None:
    applicant = await unclear(bank)
    assert (await applicant.put("/face", content=PICTURE)).json()["needed"] == [f"field:{NAME}"]
    assert (await applicant.put("/evidence/resident-card/portrait", content=PICTURE)).json()["needed"] == []


async def test_what_is_read_after_all_is_not_taken_from_what_was_typed(bank: Bank) -> None:
    applicant = await unclear(bank)
    await typed(applicant, name="somebody else")
    bank.eyes.examined = seen()
    await submitted(applicant)
    assert (await applicant.get()).json()["state"] == "accepted"
    assert (await kept(bank, applicant))["fields"]["name"]["value"] == TYPED


@pytest.mark.rule("R115")
async def test_what_was_typed_outlasts_another_picture_that_has_to_be_taken_again(bank: Bank) -> None:
    blurred, name = changed(EMBLEM, view=replace(EMBLEM.view, blur=1)), Field(READ, None, 0.4)
    bank.eyes.examined = seen(portrait=changed(PORTRAIT, name=name), emblem=blurred)
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    await submitted(applicant)
    assert (await applicant.get()).json()["needed"] == ["resident-card/emblem", f"field:{NAME}"]
    await typed(applicant, name=TYPED)
    for _ in range(2):
        assert (await applicant.put("/evidence/resident-card/emblem", content=PICTURE)).json()["needed"] == []
        await submitted(applicant)
        assert (await kept(bank, applicant))["fields"]["name"]["source"] == "applicant"
    assert (await applicant.get()).json()["state"] == "referred"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({ADDRESS: "x"}, "field_not_asked"),
        ({NAME: TYPED, "resident-card/portrait/number": "11010119900307002X"}, "field_not_asked"),
        ({"nowhere": "x"}, "malformed"),
        ({NAME: ""}, "malformed"),
        ({NAME: "a\u202eb"}, "malformed"),
        ({NAME: "x" * 201}, "malformed"),
        ({NAME: 1}, "malformed"),
        ({f"a/b/{'c' * at}": "x" for at in range(1, 18)}, "malformed"),
    ],
)
async def test_nothing_else_can_be_typed(bank: Bank, fields: dict[str, Any], code: str) -> None:
    applicant = await unclear(bank)
    assert (await applicant.put("/fields", json={"fields": fields})).json()["code"] == code
    assert bank.sql("SELECT sealed_typed FROM proofings") == [({NAME: None},)]


async def test_a_day_is_typed_as_days_are_and_a_sex_as_it_is_printed(bank: Bank) -> None:
    applicant = await unclear(bank, sex=UNREAD, birth=UNREAD)
    assert (await typed(applicant, birth="7 March 1990")).json()["code"] == "date_malformed"
    assert (await typed(applicant, birth="2099-01-01")).json()["code"] == "day_impossible"
    assert (await typed(applicant, sex="F")).json()["code"] == "sex_unknown"
    answer = await typed(applicant, birth="１９９０-03-07", sex="女")
    assert (answer.status_code, answer.json()["needed"]) == (200, [])


async def test_nobody_types_while_we_look_or_people_do(bank: Bank) -> None:
    applicant = await unclear(bank)
    await typed(applicant, name=TYPED)
    await submitted(applicant)
    assert (await typed(applicant, name="another")).json()["code"] == "illegal_move"
    assert (await applicant.get("/fields")).json()["items"] == []


async def test_a_stranger_neither_sees_nor_types(bank: Bank) -> None:
    applicant, stranger = await unclear(bank), await bank.applicant()
    client = bearer(await bank.kiosk_token())
    for headers, status in ((bearer(stranger.token), 404), (client, 404)):
        assert (await applicant.get("/fields", headers=headers)).status_code == status
        body = {"fields": {NAME: TYPED}}
        assert (await applicant.put("/fields", json=body, headers=headers)).status_code == status
    assert bank.sql("SELECT sealed_typed FROM proofings WHERE id = %s", applicant.id) == [({NAME: None},)]


async def test_two_who_type_at_once_in_two_processes_lose_nothing(bank: Bank, twin: Bank) -> None:
    applicant = await unclear(bank, name=UNREAD, address=UNREAD)
    elsewhere = Applicant(twin, applicant.id, applicant.token)
    for _ in range(5):
        answers = await asyncio.gather(typed(applicant, name=TYPED), typed(elsewhere, address="北京市东城区"))
        assert [answer.status_code for answer in answers] == [200, 200]
        assert (await applicant.get()).json()["needed"] == []
        bank.sql("UPDATE proofings SET sealed_typed = %s::jsonb", json.dumps({NAME: None, ADDRESS: None}))


async def test_what_is_typed_while_it_is_handed_over_is_taken_whole_or_refused(bank: Bank, twin: Bank) -> None:
    applicant = await unclear(bank)
    await typed(applicant, name="BEFORE")
    elsewhere = Applicant(twin, applicant.id, applicant.token)
    answer, handed = await asyncio.gather(typed(elsewhere, name="AFTER"), applicant.post("/submission"))
    assert (handed.status_code, answer.status_code in {200, 409}) == (202, True)
    await bank.work()
    found = (await kept(bank, applicant))["fields"]["name"]["value"]
    assert found == ("AFTER" if answer.status_code == 200 else "BEFORE")


@pytest.mark.rule("R23", "R111")
async def test_what_was_typed_rests_sealed_and_no_event_tells_it(bank: Bank) -> None:
    applicant = await unclear(bank)
    await applicant.get("/fields")
    await typed(applicant, name=TYPED)
    read, told = bank.events("proofing.read_fields"), bank.events("proofing.type_fields")
    assert [each["detail"] for each in (*read, *told)] == [{"fields": NAME}, {"fields": NAME}]
    woken = [each for each in bank.events("data.unseal") if each["reason"] == "typing"]
    assert [(each["actor_kind"], each["detail"]["what"]) for each in woken] == [
        ("applicant", "proofings.sealed_examination")
    ]
    stolen = stolen_from(bank.owner_url)
    assert (stolen.holds([TYPED, READ]), stolen.confirms([TYPED]), stolen.marks()) == ([], [], [])


@pytest.mark.rule("R97")
async def test_whoever_takes_everything_back_leaves_nothing_typed_and_no_picture_of_a_field(bank: Bank) -> None:
    applicant = await unclear(bank)
    await typed(applicant, name=TYPED)
    assert (await applicant.call("DELETE")).json()["needed"] == []
    assert bank.sql("SELECT sealed_typed, sealed_examination FROM proofings") == [(None, None)]
    assert (await applicant.get("/fields")).json()["items"] == []
