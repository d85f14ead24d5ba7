"""May somebody be proofed by any document the policy takes, and by none alone that only supports another?"""

from dataclasses import replace

import pytest

from app.verification.authority import AuthorityAnswer
from app.verification.documents.mrz.composing import compose
from app.verification.documents.mrz.shapes import Shape
from app.verification.evidence import Measured, Presented
from app.verification.examination import FaceDeclined, FaceEvidence, Kind, Side
from tests.flows.conftest import PICTURE, Applicant, Bank, bearer
from tests.flows.reviewing import WHOLE_CARD, review_of, reviewers, submitted
from tests.flows.test_authority import Scripted
from tests.verification.examinations import EVIDENCE, PORTRAIT, measured, presented, read
from tests.verification.licence_pages import PAGE as LICENCE
from tests.verification.mrz_zones import ANNA
from tests.verification.test_machine_page import PRINTED as OF_ICAO
from tests.verification.test_machine_page import page
from tests.verification.test_permit_findings import EMBLEM as PERMIT_EMBLEM
from tests.verification.test_permit_findings import FRONT as PERMIT_PORTRAIT

ZONE = compose(Shape.TD3, replace(ANNA, number="K204418C7"))
"""ICAO's own example is a number that everybody knows."""
PRINTED = [text.replace("L898902C3", "K204418C7") for text in OF_ICAO]
PASSPORT = presented(Kind.PASSPORT, Side.DATA_PAGE, page(ZONE, PRINTED))
PERMIT = (
    presented(Kind.RESIDENCE_PERMIT, Side.PORTRAIT, PERMIT_PORTRAIT),
    presented(
        Kind.RESIDENCE_PERMIT, Side.EMBLEM,
        replace(PERMIT_EMBLEM, valid_from=read("2024-09-01"), valid_to=read("2029-09-01")),
    ),
)  # fmt: skip


async def presenting(
    bank: Bank, pages: tuple[Presented, ...], face: FaceEvidence | FaceDeclined = EVIDENCE
) -> Applicant:
    """Somebody who has presented these pages, and their face where they agreed to it."""
    bank.eyes.examined = replace(bank.eyes.examined, measured=Measured(pages, face))
    applicant = await bank.applicant()
    await applicant.answer("identity_verification")
    await applicant.answer("face_comparison", given=isinstance(face, FaceEvidence))
    for each in pages:
        path = f"/evidence/{each.kind}/{each.side}".replace("_", "-")
        answer = await applicant.put(path, content=PICTURE)
        assert answer.status_code == 201, answer.text
    if isinstance(face, FaceEvidence):
        await applicant.put("/face", content=PICTURE)
    return applicant


@pytest.mark.rule("R26", "R45")
async def test_whoever_is_on_another_card_in_a_wrong_slot_is_neither_shown_nor_asked_about(bank: Bank) -> None:
    bank.authority = authority = Scripted(AuthorityAnswer.CONFIRMED)
    own = presented(Kind.RESIDENT_CARD, Side.PORTRAIT, replace(PORTRAIT, name=read("欧阳样例", 0.92)))
    other = replace(PORTRAIT, name=read("王另", 0.99), number=read("110101198001010010", 0.99))
    wrong = replace(presented(Kind.RESIDENT_CARD, Side.PORTRAIT, other), side=Side.EMBLEM)
    bank.eyes.examined = replace(bank.eyes.examined, crops={"resident_card/emblem/name": b"of another"})
    applicant = await presenting(bank, (own, wrong), FaceDeclined.CONSENT_REFUSED)
    await submitted(applicant)
    assert [(asked.name, asked.number) for asked in authority.asked] == [("欧阳样例", PORTRAIT.number.value)]
    (anna,) = await reviewers(bank, "anna")
    review_id = await review_of(anna, applicant)
    await anna.claim(review_id)
    shown = (await anna.get(f"/reviews/{review_id}")).json()
    name = shown["fields"]["name"]
    assert (name["value"], name["crop"]) == ("欧阳样例", None)
    assert {"authority", "valid_from", "valid_to"} <= {*shown["unread"]}


@pytest.mark.rule("R40", "R84")
async def test_beside_a_card_of_which_people_read_otherwise_no_second_picture_counts(bank: Bank) -> None:
    licence = replace(LICENCE, valid_from=read("2021-06-01"), valid_to=read("2031-06-01"))
    pages = (*measured().pages, presented(Kind.DRIVING_LICENCE, Side.MAIN, licence))
    applicant = await presenting(bank, pages, FaceDeclined.CONSENT_REFUSED)
    await submitted(applicant)
    anna, bao = await reviewers(bank, "anna", "bao")
    review_id, typed = await review_of(anna, applicant), WHOLE_CARD | {"valid_to": "2046-03-07"}
    assert [(await each.vote(review_id, fields=typed)).status_code for each in (anna, bao)] == [201, 201]
    headers = bearer(await bank.kiosk_token())
    found = (await bank.http.get(f"/v1/proofings/{applicant.id}", headers=headers)).json()["decision"]
    assert (found["outcome"], found["assurance"]["evidence"]) == ("accept", ["resident_card"])


@pytest.mark.rule("R54", "R73")
async def test_a_passport_is_examined_and_its_holder_accepted(bank: Bank) -> None:
    applicant = await presenting(bank, (PASSPORT,))
    await submitted(applicant)
    shown = (await applicant.get()).json()
    assert (shown["state"], shown["evidence"]) == ("accepted", ["passport/data-page"])  # the face is let go
    assert [[*pictures] for pictures, _ in bank.eyes.seen] == [[(Kind.PASSPORT, Side.DATA_PAGE)]]


@pytest.mark.rule("R73")
async def test_a_passport_whose_print_says_something_else_is_for_a_person(bank: Bank) -> None:
    printed = [text.replace("K204418C7", "K204418C8") for text in PRINTED]
    applicant = await presenting(bank, (presented(Kind.PASSPORT, Side.DATA_PAGE, page(ZONE, printed)),))
    await submitted(applicant)
    assert (await applicant.get()).json()["state"] == "referred"


@pytest.mark.rule("R16")
async def test_a_residence_permit_is_examined_as_what_it_is(bank: Bank) -> None:
    applicant = await presenting(bank, PERMIT)
    await submitted(applicant)
    assert (await applicant.get()).json()["state"] == "accepted"


@pytest.mark.rule("R53")
async def test_a_licence_alone_does_not_do_and_beside_a_card_it_is_judged_too(bank: Bank) -> None:
    licence = presented(Kind.DRIVING_LICENCE, Side.MAIN, LICENCE)
    applicant = await presenting(bank, (licence,))
    assert (await applicant.get()).json()["needed"] == ["resident-card/portrait", "resident-card/emblem"]
    assert (await applicant.post("/submission")).json()["code"] == "still_needed"
    running = replace(LICENCE, valid_from=read("2025-06-01"), valid_to=read("2031-06-01"), name=read(None))
    unclear = presented(Kind.DRIVING_LICENCE, Side.MAIN, running)
    both = await presenting(bank, (*measured().pages, unclear))
    await submitted(both)
    told = (await both.get()).json()["decision"]["reasons"]
    assert {(each["code"], each["side"]) for each in told} == {("field_unclear", "main")}


@pytest.mark.rule("R42")
async def test_a_temporary_card_is_not_taken_from_afar_and_nothing_of_it_is_kept(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.answer("identity_verification")
    answer = await applicant.put("/evidence/temporary-card/portrait", content=PICTURE)
    assert (answer.status_code, answer.json()["code"]) == (422, "document_not_accepted")
    assert bank.sql("SELECT count(*) FROM images") == [(0,)]


@pytest.mark.rule("R73")
async def test_two_reviewers_open_an_account_on_a_passport(bank: Bank) -> None:
    applicant = await presenting(bank, (PASSPORT,), FaceDeclined.CONSENT_REFUSED)
    await submitted(applicant)
    for each in await reviewers(bank, "liu", "chen"):
        answer = await each.vote(await review_of(each, applicant))
        assert answer.status_code == 201, answer.text
    assert (await applicant.get()).json()["state"] == "accepted"
