"""Is nothing of a face taken without an answer of its own, and is every answer kept as the law wants it?"""

from datetime import timedelta
from typing import Any

import pytest

from app.gateways.vision import Examined, Pictures
from app.verification.picture import Picture
from tests.flows.conftest import PICTURE, START, Applicant, Bank

SIDES = ("/evidence/resident-card/portrait", "/evidence/resident-card/emblem")


async def sent_without_face(applicant: Applicant) -> None:
    """Both sides of the card, the face refused, everything handed over."""
    await applicant.answer("identity_verification")
    await applicant.answer("face_comparison", given=False)
    for path in SIDES:
        assert (await applicant.put(path, content=PICTURE)).status_code == 201
    assert (await applicant.post("/submission")).status_code == 202


def images(bank: Bank) -> list[str]:
    return [row[0] for row in bank.sql("SELECT kind FROM images ORDER BY kind")]


@pytest.mark.rule("R95", "R97")
async def test_each_purpose_is_told_in_both_languages_with_its_own_legal_basis(bank: Bank) -> None:
    notices = (await bank.http.get("/v1/notices")).json()
    told = {(n["purpose"], n["legal_basis"], n["language"]) for n in notices}
    assert told == {
        (purpose, basis, language)
        for purpose, basis in [
            ("identity_verification", "legal_obligation"),
            ("face_comparison", "separate_consent"),
            ("face_enrolment", "separate_consent"),
            ("face_search", "separate_consent"),
            ("face_fit", "separate_consent"),
            ("face_block_list", "separate_consent"),
        ]
        for language in ("zh-CN", "en")
    }


@pytest.mark.rule("R95")
@pytest.mark.parametrize("purposes", [(), ("identity_verification",)])
async def test_a_face_before_its_consent_is_refused(bank: Bank, purposes: tuple[str, ...]) -> None:
    applicant = await bank.applicant()
    for purpose in purposes:
        await applicant.answer(purpose)
    answer = await applicant.put("/face", content=PICTURE)
    assert (answer.status_code, answer.json()["code"], images(bank)) == (403, "consent_needed", [])


@pytest.mark.rule("R97")
@pytest.mark.parametrize("path", SIDES)
async def test_a_card_before_its_notice_is_refused(bank: Bank, path: str) -> None:
    applicant = await bank.applicant()
    await applicant.answer("face_comparison")
    answer = await applicant.put(path, content=PICTURE)
    assert (answer.json()["code"], answer.json()["purpose"]) == ("consent_needed", "identity_verification")
    assert images(bank) == []


@pytest.mark.rule("R96")
async def test_an_answer_is_kept_with_everything_the_law_asks_for(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.answer("face_comparison", language="en")
    notices = (await bank.http.get("/v1/notices")).json()
    shown = next(n for n in notices if (n["purpose"], n["language"]) == ("face_comparison", "en"))
    row = bank.sql(
        "SELECT c.person_id = p.person_id, purpose, legal_basis, data_types, text_version, text_sha256, c.language, "
        "channel, given, at, withdrawn_at FROM consents c JOIN proofings p ON p.id = c.proofing_id"
    )
    assert row == [
        (
            True, "face_comparison", "separate_consent", ["face_image", "face_descriptor"], shown["version"],
            shown["text_sha256"], "en", "web", True, START, None,
        )
    ]  # fmt: skip


@pytest.mark.rule("R97")
async def test_an_answer_to_another_text_than_the_one_in_force_is_none(bank: Bank) -> None:
    applicant = await bank.applicant()
    notices = (await bank.http.get("/v1/notices")).json()
    foreign = next(n["text_sha256"] for n in notices if n["purpose"] == "identity_verification")
    for digest in ("0" * 64, foreign):
        body = {"purpose": "face_comparison", "given": True, "text_sha256": digest, "channel": "web"}
        answer = await applicant.post("/consents", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_notice")
    assert bank.sql("SELECT count(*) FROM consents") == [(0,)]


@pytest.mark.rule("R96")
@pytest.mark.parametrize(
    "change",
    [
        {"purpose": ["identity_verification", "face_comparison"]},
        {"purpose": "identity_verification face_comparison"},
        {"also": ["face_comparison"]},
        {"given": None},
        {"given": "yes, all of it"},
    ],
)
async def test_answers_cannot_be_bundled_or_left_open(bank: Bank, change: dict[str, Any]) -> None:
    applicant = await bank.applicant()
    notices = (await bank.http.get("/v1/notices")).json()
    body = {
        "purpose": "identity_verification", "given": True, "text_sha256": notices[0]["text_sha256"], "channel": "web",
    } | change  # fmt: skip
    assert (await applicant.post("/consents", json=body)).status_code == 422
    assert bank.sql("SELECT count(*) FROM consents") == [(0,)]


@pytest.mark.rule("R96")
async def test_one_answer_leaves_the_other_question_open(bank: Bank) -> None:
    applicant = await bank.applicant()
    assert "consent:face_comparison" in (await applicant.answer("identity_verification")).json()["needed"]


@pytest.mark.rule("R98")
async def test_who_refuses_the_face_is_referred_to_a_person_not_to_a_wall(bank: Bank) -> None:
    applicant = await bank.applicant(language="en")
    await sent_without_face(applicant)
    await bank.work()
    shown = (await applicant.get()).json()
    assert (shown["state"], shown["whose_move"]) == ("referred", "staff")
    assert [reason["code"] for reason in shown["decision"]["reasons"]] == ["face_declined"]
    assert "Staff will help you another way" in shown["decision"]["reasons"][0]["words"]
    assert [face for _, face in bank.eyes.seen] == [None]


@pytest.mark.rule("R98")
async def test_refusing_deletes_a_face_already_sent_and_asks_for_none(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    answer = (await applicant.answer("face_comparison", given=False)).json()
    assert (answer["needed"], "face" in answer["evidence"]) == ([], False)
    assert images(bank) == ["resident-card/emblem", "resident-card/portrait"]


@pytest.mark.rule("R96", "R97")
async def test_a_withdrawal_is_kept_beside_what_it_withdraws(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.answer("face_comparison")
    bank.clock.move(timedelta(minutes=1))
    await applicant.answer("face_comparison", given=False)
    rows = bank.sql("SELECT given, withdrawn_at FROM consents ORDER BY id")
    assert rows == [(True, START + timedelta(minutes=1)), (False, None)]


@pytest.mark.rule("R97")
@pytest.mark.parametrize("state", ["examining", "referred", "accepted", "binding", "enrolled", "rejected"])
async def test_consent_to_the_face_can_be_withdrawn_at_any_time(bank: Bank, state: str) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    bank.sql("UPDATE proofings SET state = %s", state)
    bank.clock.move(timedelta(days=400))
    assert (await applicant.answer("face_comparison", given=False)).status_code == 201
    assert images(bank) == ["resident-card/emblem", "resident-card/portrait"]


async def test_a_picture_whose_consent_went_while_it_was_decoded_is_not_stored(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.answer("identity_verification")
    await applicant.answer("face_comparison")
    decode = bank.eyes.intake

    async def withdrawn_meanwhile(octets: bytes) -> Picture:
        await applicant.answer("face_comparison", given=False)
        return await decode(octets)

    bank.eyes.intake = withdrawn_meanwhile  # type: ignore[method-assign]  # these eyes take their time
    answer = await applicant.put("/face", content=PICTURE)
    assert (answer.status_code, answer.json()["code"], images(bank)) == (403, "consent_needed", [])


@pytest.mark.rule("R97")
async def test_a_face_withdrawn_while_it_was_compared_is_neither_judged_nor_kept(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    await applicant.post("/submission")
    look = bank.eyes.examine

    async def withdrawn_meanwhile(pictures: Pictures, face: bytes | None) -> Examined:
        await applicant.answer("face_comparison", given=False)
        return await look(pictures, face)

    bank.eyes.examine = withdrawn_meanwhile  # type: ignore[method-assign]
    await bank.work()
    decision = (await applicant.get()).json()["decision"]
    assert (decision["outcome"], [r["code"] for r in decision["reasons"]]) == ("refer", ["face_declined"])
    assert bank.sql("SELECT decision->'facts' FROM proofings") == [({},)]
