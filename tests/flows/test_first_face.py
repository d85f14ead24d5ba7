"""Does the face accepted at the proofing become the first enrolled one, where its owner agreed, and nowhere else?"""

from typing import Any

import httpx
import pytest

from app.gateways.sealing import Tampered
from app.gateways.vision.null import WELL_SHOWN
from app.services.enrolled_faces import place_of
from app.services.vault import Sealed
from tests.flows.conftest import PHONE, PICTURE, Applicant, Bank, seen
from tests.flows.facing import Known, described, known_from, photograph
from tests.flows.reviewing import WHOLE_CARD, faceless, impostor, review_of, reviewers
from tests.flows.stolen import stolen_from
from tests.flows.test_appeal import WORDS
from tests.flows.test_counter_kinds import PASSPORT
from tests.verification.examinations import EVIDENCE, changed, shown

HELD = "SELECT slot, source, model FROM face_references JOIN face_descriptors ON reference_id = id"


async def accepted(bank: Bank, *agreed: str) -> Applicant:
    """An accepted applicant who agreed to these, too."""
    applicant = await bank.applicant()
    for purpose in agreed:
        assert (await applicant.answer(purpose)).status_code == 201
    await applicant.complete_evidence()
    await applicant.post("/submission")
    await bank.work()
    return applicant


def held(bank: Bank) -> list[tuple[Any, ...]]:
    return bank.sql(HELD)


async def test_the_face_accepted_at_the_proofing_is_the_first_enrolled(bank: Bank) -> None:
    applicant = await accepted(bank, "face_enrolment")
    assert held(bank) == []
    await applicant.bind_contact(PHONE)
    assert held(bank) == [(1, "proofing", "dlib@1")]
    assert bank.sql("SELECT sealed_face FROM proofings") == [(None,)]
    (event,) = bank.events("face.enrol")
    assert event["detail"] == {"source": "proofing", "slot": 1, "model": "dlib@1"}


@pytest.mark.rule("R96", "R97", "R98")
async def test_without_an_agreement_of_its_own_no_face_is_kept_and_nothing_breaks(bank: Bank) -> None:
    applicant = await accepted(bank)
    assert bank.sql("SELECT sealed_face FROM proofings") == [(None,)]
    await bank.enrolled_from(applicant)
    assert held(bank) == []


@pytest.mark.rule("R109")
@pytest.mark.parametrize("purpose", ["face_comparison", "face_enrolment"])
async def test_a_no_before_enrolment_leaves_nothing_to_enrol(bank: Bank, purpose: str) -> None:
    applicant = await accepted(bank, "face_enrolment")
    assert (await applicant.answer(purpose, given=False)).status_code == 201
    assert bank.sql("SELECT sealed_face FROM proofings") == [(None,)]
    await applicant.bind_contact(PHONE)
    assert held(bank) == []


@pytest.mark.rule("R98", "R109")
@pytest.mark.parametrize("purpose", ["face_comparison", "face_enrolment"])
async def test_a_no_years_later_takes_every_face_and_leaves_the_way_in(bank: Bank, purpose: str) -> None:
    applicant = await accepted(bank, "face_enrolment")
    subscriber = await bank.enrolled_from(applicant)
    assert (await applicant.answer(purpose, given=False)).status_code == 201
    assert held(bank) == []
    assert bank.events("proofing.answer_notice")[-1]["detail"]["faces_erased"] == 1
    assert "access_token" in await subscriber.signed_in()


@pytest.mark.parametrize("faces", [0, 2])
async def test_a_face_that_is_not_alone_in_its_picture_is_not_enrolled(bank: Bank, faces: int) -> None:
    bank.eyes.examined = seen(face=changed(EVIDENCE, applicant=shown(faces=faces)))
    await accepted(bank, "face_enrolment")
    assert bank.sql("SELECT sealed_face FROM proofings") == [(None,)]


async def test_a_face_in_a_picture_on_the_wall_is_no_second_applicant(bank: Bank) -> None:
    bank.eyes.examined = seen(face=changed(EVIDENCE, applicant=changed(EVIDENCE.applicant, beside=(0.2,))))
    applicant = await accepted(bank, "face_enrolment")
    await applicant.bind_contact(PHONE)
    assert held(bank) == [(1, "proofing", "dlib@1")]


@pytest.mark.rule("R110", "R111")
async def test_who_steals_the_database_steals_no_face(bank: Bank) -> None:
    bank.eyes.examined = changed(seen(), descriptor=bytes(range(256)) * 2)
    applicant = await accepted(bank, "face_enrolment")
    await applicant.bind_contact(PHONE)
    stolen = stolen_from(bank.owner_url)
    assert held(bank)
    assert stolen.marks() == []
    assert not any(octets in stolen.binary for octets in (PICTURE, bytes(range(256))))


@pytest.mark.rule("R110")
async def test_with_a_persons_key_destroyed_the_house_itself_opens_no_face_of_theirs(bank: Bank) -> None:
    applicant = await accepted(bank, "face_enrolment")
    await applicant.bind_contact(PHONE)
    query = """SELECT person_id, reference_id, wrapped_key, sealed_image, sealed_descriptor FROM face_references
               JOIN face_descriptors ON reference_id = face_references.id JOIN persons ON person_id = persons.id"""
    ((person, face, key, image, descriptor),) = bank.sql(query)
    vault, entropy = bank.ground.vault, bank.ground.entropy
    another = vault._keys.wrap_person_key(vault._keys.new_person_key(person, entropy), entropy)
    rests = {Sealed.REFERENCE: (face, image), Sealed.DESCRIPTOR: (place_of(face, "dlib@1"), descriptor)}
    for what, (row, sealed) in rests.items():
        assert vault.open_many(what, [(person, key, row, sealed)])
        with pytest.raises(Tampered):
            vault.open_many(what, [(person, another, row, sealed)])


async def test_an_account_never_finished_leaves_no_face(bank: Bank) -> None:
    applicant = await accepted(bank, "face_enrolment")
    await applicant.bind_contact(PHONE)
    bank.sql("UPDATE proofings SET expires_at = created_at")
    from app.services.purges import Purges

    assert await Purges(bank.ground.journal).abandoned() == 1
    assert held(bank) == []


FACES = "SELECT count(*) FROM images WHERE kind = 'face'"


@pytest.mark.rule("R104", "R110")
async def test_a_face_that_was_to_be_compared_alone_is_gone_with_the_acceptance_and_the_card_stays(bank: Bank) -> None:
    await accepted(bank)
    assert bank.sql("SELECT kind FROM images ORDER BY kind") == [("resident-card/emblem",), ("resident-card/portrait",)]
    assert bank.events("proofing.decide")[-1]["detail"]["face_erased"] is True
    assert bank.sql("SELECT count(*) FROM proofings WHERE sealed_examination IS NULL") == [(0,)]


@pytest.mark.rule("R109", "R110")
async def test_the_face_of_whoever_agreed_to_be_known_again_stays_until_they_withdraw_that(bank: Bank) -> None:
    applicant = await accepted(bank, "face_enrolment")
    await bank.enrolled_from(applicant)
    assert bank.sql(FACES) == [(1,)]
    assert (await applicant.answer("face_enrolment", given=False)).status_code == 201
    assert bank.sql(FACES) == [(0,)]


@pytest.mark.rule("R109")
async def test_a_no_to_being_known_again_leaves_the_face_that_is_still_to_be_compared(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    assert (await applicant.answer("face_enrolment", given=False)).status_code == 201
    assert bank.sql(FACES) == [(1,)]


@pytest.mark.rule("R110")
@pytest.mark.parametrize("verdict", ["accept", "reject"])
async def test_people_see_the_face_until_they_have_decided_and_it_goes_with_their_decision(
    bank: Bank, verdict: str
) -> None:
    anna, bao = await reviewers(bank, "anna", "bao")
    applicant = await impostor(bank)
    await applicant.post("/appeal", json=WORDS)
    review_id = await review_of(anna, applicant)
    await anna.vote(review_id, verdict)
    assert bank.sql(FACES) == [(1,)]
    assert (await bao.vote(review_id, verdict)).json()["outcome"] == verdict
    assert bank.sql(FACES) == [(0,)]
    assert bank.events("proofing.decide")[-1]["detail"]["face_erased"] is True


@pytest.mark.rule("R104", "R110")
async def test_whoever_agrees_later_is_likened_to_the_portrait_on_their_document(bank: Bank) -> None:
    person = await known_from(bank, await accepted(bank))
    await person.answer()
    bank.eyes.faces[PICTURE] = described(1.0)  # the card
    assert [each["findings"][0]["code"] for each in (await person.enrol({1: 0.0})).json()["turned_away"]] == [
        "face_differs"
    ]
    answer = (await person.enrol({2: 0.9, 3: 0.7})).json()  # the third is far from the card, near the second
    assert [each["slot"] for each in answer["items"]] == [2, 3]
    told = bank.events("face.enrol")[-1]["detail"]
    assert (told["likened_to"], told["likened_by"]) == (1, "doc_selfie")


@pytest.mark.rule("R97", "R109")
async def test_whoever_withdrew_the_comparison_enrols_no_stranger_after_it(bank: Bank) -> None:
    person = await known_from(bank, await accepted(bank, "face_enrolment"))
    await person.answer("face_comparison", given=False)
    bank.eyes.faces[PICTURE] = described(1.0)
    (turned_away,) = (await person.enrol({1: 0.0})).json()["turned_away"]
    assert [each["code"] for each in turned_away["findings"]] == ["face_differs"]


@pytest.mark.parametrize("beside", [1, 0])
async def test_a_page_with_another_face_beside_the_portrait_says_nobody_is_like_it(bank: Bank, beside: int) -> None:
    person = await known_from(bank, await accepted(bank))
    await person.answer()
    shown_there = changed(WELL_SHOWN, view=changed(WELL_SHOWN.view, faces=1 + beside))
    bank.eyes.faces[PICTURE] = described(0.0, shown_there)
    turned_away = (await person.enrol({1: 0.0})).json()["turned_away"]
    assert [each["findings"][0]["code"] for each in turned_away] == ["face_not_compared"] * beside


def codes(answer: httpx.Response) -> list[str]:
    return [each["findings"][0]["code"] for each in answer.json()["turned_away"]]


async def counted_by_another_document(bank: Bank, applicant: Applicant) -> Known:
    """A resident card was photographed; a passport was in hand at the counter, and two people accepted that."""
    for each in await reviewers(bank, "anna", "bao"):
        assert (await each.compare(applicant, **PASSPORT)).status_code == 201
    return await known_from(bank, applicant)


async def test_the_holder_of_a_photographed_card_is_not_whose_passport_was_in_hand(bank: Bank) -> None:
    person = await counted_by_another_document(bank, await faceless(bank))
    await person.answer()
    bank.eyes.faces[PICTURE] = described(1.0)  # the card
    assert codes(await person.enrol({1: 0.0, 2: 0.9})) == ["face_not_compared"] * 2
    assert person.held() == []


async def test_a_face_compared_with_a_card_that_was_not_in_hand_is_neither_enrolled_nor_kept(bank: Bank) -> None:
    applicant = await impostor(bank, "face_enrolment")
    await applicant.post("/appeal", json=WORDS)
    bank.sql("UPDATE proofings SET sealed_face = sealed_examination")  # whatever was made of it is not even opened
    person = await counted_by_another_document(bank, applicant)
    assert (held(bank), bank.sql(FACES)) == ([], [(0,)])
    assert bank.events("proofing.purge_face")[-1]["detail"] == {"face_erased": True}
    assert codes(await person.enrol({1: 0.0})) == ["face_not_compared"]


async def test_a_card_that_nothing_was_read_of_says_nothing_of_whoever_had_one_in_hand(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.answer("identity_verification")
    for side in ("portrait", "emblem"):
        await applicant.put(f"/evidence/resident-card/{side}", content=PICTURE)  # and never handed over
    for each in await reviewers(bank, "anna", "bao"):
        assert (await each.compare(applicant, **WHOLE_CARD)).status_code == 201
    person = await known_from(bank, applicant)
    await person.answer()
    assert codes(await person.enrol({1: 0.0})) == ["face_not_compared"]


@pytest.mark.rule("R95", "R96")
async def test_who_agreed_to_a_text_without_the_portrait_and_withdrew_the_comparison_is_asked_again(bank: Bank) -> None:
    person = await known_from(bank, await accepted(bank, "face_enrolment"))
    bank.sql("UPDATE consents SET text_version = '2026-11-26' WHERE purpose = 'face_enrolment'")
    await person.answer("face_comparison", given=False)
    asked = await person.enrol({1: 0.0})
    assert (asked.status_code, asked.json()["purpose"], person.held()) == (403, "face_enrolment", [])
    await person.answer()
    assert len((await person.enrol({1: 0.0})).json()["items"]) == 1


@pytest.mark.rule("R95", "R96")
async def test_whoever_still_agrees_to_the_comparison_is_likened_to_their_document_under_any_text(bank: Bank) -> None:
    person = await known_from(bank, await accepted(bank))
    await person.answer()
    bank.sql("UPDATE consents SET text_version = '2026-11-26' WHERE purpose = 'face_enrolment'")
    assert len((await person.enrol({1: 0.0})).json()["items"]) == 1


@pytest.mark.parametrize("faces", [0, 2])
async def test_a_picture_of_no_face_or_two_at_the_proofing_leaves_the_portrait_to_say_who_it_is(
    bank: Bank, faces: int
) -> None:
    bank.eyes.examined = changed(seen(), descriptor=b"")
    applicant, picture = await bank.applicant(), photograph(7)
    await applicant.answer("face_enrolment")
    await applicant.complete_evidence()
    await applicant.put("/face", content=picture)
    await applicant.post("/submission")
    await bank.work()
    several = changed(WELL_SHOWN, view=changed(WELL_SHOWN.view, faces=faces))
    bank.eyes.faces |= {picture: described(0.0, several), PICTURE: described(1.0)}  # the second is the card
    person = await known_from(bank, applicant)
    assert codes(await person.enrol({1: 0.0})) == ["face_differs"]
    assert len((await person.enrol({2: 0.9})).json()["items"]) == 1
    assert bank.events("face.enrol")[-1]["detail"]["likened_by"] == "doc_selfie"
