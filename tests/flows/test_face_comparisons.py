"""Is a probe compared with the whole person, told with all that a score is worth, and two pictures with nothing kept?"""

import asyncio

import httpx
import pytest

from app.gateways.vision import LookedAt
from app.gateways.vision.null import WELL_SHOWN
from tests.flows.conftest import Bank
from tests.flows.facing import Known, described, known, photograph
from tests.flows.people import bearer
from tests.verification.examinations import FACE, changed


async def enrolled(bank: Bank, *places: float) -> Known:
    person = await known(bank)
    assert len((await person.enrol(dict(enumerate(places, 1)))).json()["items"]) == len(places)
    return person


@pytest.mark.rule("R92")
async def test_a_score_comes_with_all_that_it_never_travels_without(bank: Bank) -> None:
    person = await enrolled(bank, 0.0)
    told = (await person.compare(0.3)).json()
    assert (told["outcome"], told["findings"], told["reasons"]) == ("accept", {}, [])
    assert told["score"] == {
        "value": 0.3, "measure": "distance", "model": "dlib@1", "fit": None, "references": 1, "threshold": 0.38,
        "calibration": "uncalibrated", "fmr": "uncalibrated", "fmr_upper": "uncalibrated", "why": "no calibration is loaded",
    }  # fmt: skip


async def test_the_score_is_of_the_person_and_not_of_the_nearest_photograph(bank: Bank) -> None:
    person = await enrolled(bank, 0.0, 0.1, 0.3)
    told = (await person.compare(0.5)).json()
    assert (told["score"]["value"], told["score"]["references"]) == (pytest.approx(1.1 / 3, abs=1e-4), 3)


@pytest.mark.parametrize(
    ("place", "outcome", "codes"),
    [
        (0.38, "accept", []),
        (0.39, "refer", ["face_doubtful"]),
        (0.5499, "refer", ["face_doubtful"]),
        (0.56, "reject", ["face_differs"]),
    ],
)
async def test_what_lies_between_accepting_and_rejecting_is_for_a_person(
    bank: Bank, place: float, outcome: str, codes: list[str]
) -> None:
    person = await enrolled(bank, 0.0)
    told = (await person.compare(place)).json()
    assert (told["outcome"], [each["code"] for each in told["reasons"]]) == (outcome, codes)


@pytest.mark.rule("R91")
async def test_a_poor_probe_is_not_compared_and_counted_apart(bank: Bank) -> None:
    person = await enrolled(bank, 0.0)
    told = (await person.compare(described(0.0, changed(WELL_SHOWN, view=changed(FACE, brightness=10))))).json()
    assert (told["outcome"], told["score"], told["reasons"]) == ("retry", None, [])
    assert [each["code"] for each in told["findings"]["probe"]] == ["face_dark"]
    assert bank.events("face.compare")[-1]["detail"] == {
        "outcome": "retry", "findings": "probe:face_dark", "model": "dlib@1",
    }  # fmt: skip
    assert bank.sql("SELECT count(*) FROM face_comparisons") == [(0,)]


async def test_a_comparison_is_kept_with_the_photographs_it_was_of_and_no_picture(bank: Bank) -> None:
    person = await enrolled(bank, 0.0, 0.1)
    await person.compare(0.2)
    row = "SELECT person_id, model, round(score::numeric, 4)::float, threshold, calibration, outcome FROM face_comparisons"
    assert bank.sql(row) == [(person.id, "dlib@1", 0.15, 0.38, "uncalibrated", "accept")]
    assert bank.sql("SELECT count(*) FROM face_compared JOIN face_references ON reference_id = id") == [(2,)]
    woken = [each["reason"] for each in bank.events("data.unseal") if each["detail"]["what"].startswith("face_desc")]
    assert woken.count("face_comparison") == 2


@pytest.mark.rule("R97", "R109")
async def test_a_face_withdrawn_while_the_probe_was_looked_at_is_not_compared(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await enrolled(bank, 0.0)
    look = bank.eyes.look

    async def withdrawn_meanwhile(octets: bytes) -> LookedAt:
        await person.answer(given=False)
        return await look(octets)

    monkeypatch.setattr(bank.eyes, "look", withdrawn_meanwhile)
    answer = await person.compare(0.0)
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_needed")
    assert bank.sql("SELECT count(*) FROM face_comparisons") == [(0,)]
    assert bank.events("face.compare")[-1]["reason"] == "consent_needed"


@pytest.mark.rule("R109")
async def test_comparisons_and_a_withdrawal_at_once_leave_no_face_and_no_comparison_after_it(
    bank: Bank, twin: Bank
) -> None:
    person = await enrolled(bank, 0.0, 0.1)
    headers = bearer(await bank.kiosk_token())
    address, probe = f"/v1/subscribers/{person.id}/face-comparisons", photograph(254)
    shots = [(bank, twin)[at % 2].http.post(address, content=probe, headers=headers) for at in range(6)]
    answers = await asyncio.gather(*shots[:3], person.answer(given=False, at=bank), *shots[3:])
    assert {each.status_code for each in answers} <= {200, 201, 403, 503}
    assert (person.held(), bank.sql("SELECT count(*) FROM face_compared")) == ([], [(0,)])
    ends = bank.sql(
        "SELECT action, outcome FROM audit_events WHERE action IN ('face.compare', 'face.answer_notice') ORDER BY sequence"
    )
    withdrawn = max(at for at, (action, _) in enumerate(ends) if action == "face.answer_notice")
    assert all(outcome != "allowed" for _, outcome in ends[withdrawn + 1 :])


async def two(bank: Bank, consent: str | None = None, **faces: float | LookedAt) -> httpx.Response:
    """Two photographs, of faces so far from the one at 0."""
    wanted = {"purpose": "face_comparison", "language": "en"}
    notice = (await bank.http.get("/v1/notices", params=wanted)).json()[0]
    files = {name: ("a.png", photograph(at)) for at, name in enumerate(faces, 1)}
    for (_, octets), face in zip(files.values(), faces.values(), strict=True):
        bank.eyes.faces[octets] = face if isinstance(face, LookedAt) else described(face)
    data = {"consent": notice["text_sha256"] if consent is None else consent}
    headers = bearer(await bank.kiosk_token()) | {"idempotency-key": "two-pictures"}
    return await bank.http.post("/v1/face-comparisons", files=files, data=data, headers=headers)


async def test_two_photographs_are_compared_and_nothing_is_kept(bank: Bank) -> None:
    told = (await two(bank, first=0.0, second=0.25)).json()
    assert (told["outcome"], told["score"]["value"], told["score"]["references"]) == ("accept", 0.25, 1)
    tables = ("face_references", "face_descriptors", "face_comparisons", "images")
    assert [bank.sql(f"SELECT count(*) FROM {table}") for table in tables] == [[(0,)]] * 4  # noqa: S608
    (event,) = bank.events("face.compare_pictures")
    assert event["detail"] == {
        "text_version": "2026-11-26", "outcome": "accept", "score": 0.25, "threshold": 0.38, "model": "dlib@1",
        "calibration": "uncalibrated", "references": 1,
    }  # fmt: skip


async def test_a_repeated_key_is_not_told_the_score_again(bank: Bank) -> None:
    assert (await two(bank, first=0.0, second=0.25)).status_code == 200
    assert bank.sql("SELECT sealed_answer FROM idempotency_keys") == [(None,)]


@pytest.mark.rule("R95")
@pytest.mark.parametrize("consent", ["", "yes", "0" * 64])
async def test_two_photographs_of_who_agreed_to_no_text_in_force_are_not_looked_at(bank: Bank, consent: str) -> None:
    answer = await two(bank, consent, first=0.0, second=0.0)
    assert (answer.status_code, answer.json()["purpose"]) == (403, "face_comparison")
    assert bank.events("face.compare_pictures")[-1]["reason"] == "consent_needed"


async def test_each_of_two_photographs_is_told_what_is_wrong_with_it(bank: Bank) -> None:
    alone = described(0.0, changed(WELL_SHOWN, beside=(0.8, 0.01)))
    told = (await two(bank, first=alone, second=0.0)).json()
    assert (told["outcome"], told["score"], [*told["findings"]]) == ("retry", None, ["first"])
    assert told["findings"]["first"][0]["facts"] == {"faces": 2}


async def test_one_photograph_is_not_two(bank: Bank) -> None:
    answer = await two(bank, first=0.0)
    assert (answer.status_code, answer.json()["detail"]) == (422, "body.second: missing")
