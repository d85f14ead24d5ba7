"""Are faces enrolled with consent, good and of one person alone, shown without a picture, and erased on a word?"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.assertion.client import ClientKind
from app.gateways.vision import LookedAt, VisionFailed, Why
from app.gateways.vision.null import WELL_SHOWN
from app.verification.examination import ShownFace
from app.verification.faces.quality import NO_FACE
from tests.flows.conftest import ISSUER, PICTURE, Bank
from tests.flows.facing import described, known, photograph
from tests.flows.people import bearer
from tests.flows.stolen import stolen_from
from tests.verification.examinations import FACE, changed

BLURRED = described(0.0, changed(WELL_SHOWN, view=changed(FACE, blur=5)))


def looking(bank: Bank, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], Awaitable[None]]) -> None:
    """Something happens once, while the next photograph is being looked at."""
    look, due = bank.eyes.look, [meanwhile]

    async def slowly(octets: bytes) -> LookedAt:
        if due:
            await due.pop()()
        return await look(octets)

    monkeypatch.setattr(bank.eyes, "look", slowly)


async def test_photographs_are_enrolled_with_their_quality_and_shown_without_a_picture(bank: Bank) -> None:
    person = await known(bank)
    answer = await person.enrol({2: 0.0, 1: 0.1})
    assert answer.status_code == 200, answer.text
    read = (await person.call("GET")).json()
    assert (read["consented"], read["turned_away"]) == (True, [])
    assert [(each["slot"], each["source"], each["models"]) for each in read["items"]] == [
        (1, "enrolment", ["dlib@1"]), (2, "enrolment", ["dlib@1"]),
    ]  # fmt: skip
    assert read["items"][0]["quality"]["eye_distance_px"] == 120
    assert set(read["items"][0]) == {"slot", "source", "quality", "taken_at", "models"}


@pytest.mark.rule("R95", "R97")
async def test_without_consent_no_photograph_is_even_read(bank: Bank) -> None:
    person = await known(bank, consented=False)
    for answer in (await person.enrol({1: 0.0}), await person.compare(0.0)):
        assert (answer.status_code, answer.json()["purpose"]) == (403, "face_enrolment")
    assert [each["reason"] for each in bank.events("face.enrol")] == ["consent_needed"]
    assert person.held() == []


async def test_a_photograph_replaces_the_one_in_its_slot_and_others_stay(bank: Bank) -> None:
    person = await known(bank)
    await person.enrol({1: 0.0, 2: 0.0})
    before = bank.sql("SELECT slot, id FROM face_references ORDER BY slot")
    await person.enrol({2: 0.1, 5: 0.1})
    after = bank.sql("SELECT slot, id FROM face_references ORDER BY slot")
    assert (person.held(), after[0]) == ([1, 2, 5], before[0])
    assert after[1] != before[1]


async def test_a_poor_photograph_is_turned_away_with_advice_and_the_good_ones_stay(bank: Bank) -> None:
    person = await known(bank)
    (turned,) = (await person.enrol({1: 0.0, 2: BLURRED})).json()["turned_away"]
    assert person.held() == [1]
    assert (turned["slot"], [each["code"] for each in turned["findings"]]) == (2, ["face_blurred"])
    assert "try again" in turned["findings"][0]["words"]


@pytest.mark.parametrize(("apart", "code"), [(0.39, "face_doubtful"), (0.7, "face_differs")])
async def test_nobody_enrols_another_beside_a_subscribers_face_or_in_its_place(
    bank: Bank, apart: float, code: str
) -> None:
    person = await known(bank)
    await person.enrol({1: 0.0})
    answer = (await person.enrol({1: apart, 2: apart})).json()
    assert [each["findings"][0]["code"] for each in answer["turned_away"]] == [code, code]
    assert [each["slot"] for each in answer["items"]] == [1]


async def test_the_first_photographs_must_be_of_one_person(bank: Bank) -> None:
    person = await known(bank)
    answer = (await person.enrol({1: 0.0, 2: 0.7, 3: 0.2})).json()
    assert ([each["slot"] for each in answer["items"]], [each["slot"] for each in answer["turned_away"]]) == (
        [1, 3],
        [2],
    )


async def test_the_first_photograph_must_be_like_the_one_of_the_proofing(bank: Bank) -> None:
    person = await known(bank)
    bank.eyes.faces[PICTURE] = described(1.0)  # the face shown then
    assert [each["findings"][0]["code"] for each in (await person.enrol({1: 0.0})).json()["turned_away"]] == [
        "face_differs"
    ]
    assert len((await person.enrol({1: 0.9})).json()["items"]) == 1
    assert [each["detail"]["likened_to"] for each in bank.events("face.enrol")] == [1, 1]


async def test_where_the_proofing_left_no_picture_the_first_one_is_likened_to_nothing_and_the_audit_says_so(
    bank: Bank,
) -> None:
    person = await known(bank)
    bank.sql("DELETE FROM images")  # as of whoever was compared with their card at the counter
    assert len((await person.enrol({1: 0.9})).json()["items"]) == 1
    assert bank.events("face.enrol")[-1]["detail"]["likened_to"] == 0


@pytest.mark.rule("R75", "R92")
async def test_of_a_banks_own_model_no_distance_enrols_or_matches_before_it_was_calibrated(bank: Bank) -> None:
    person = await known(bank)
    bank.sql("DELETE FROM images")  # or the first would be likened, too
    first, second = (described(place, model="arcface-1@0") for place in (0.0, 0.1))
    turned_away = (await person.enrol({1: first, 2: second})).json()["turned_away"]
    assert [(each["slot"], each["findings"][0]["code"]) for each in turned_away] == [(2, "face_doubtful")]
    told = (await person.compare(second)).json()
    assert (told["outcome"], told["score"]["threshold"]) == ("refer", 0.0)
    assert [each["code"] for each in told["reasons"]] == ["face_doubtful", "calibration_missing"]


@pytest.mark.rule("R92")
async def test_faces_of_another_model_are_neither_compared_nor_mixed(bank: Bank) -> None:
    person = await known(bank)
    await person.enrol({1: 0.0})
    for answer in (
        await person.enrol({2: described(0.0, model="dlib@2")}),
        await person.compare(described(0.0, model="dlib@2")),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "face_model_outdated")
    assert person.held() == [1]


@pytest.mark.rule("R98", "R109")
async def test_a_withdrawal_erases_every_face_at_once_and_leaves_the_way_in(bank: Bank) -> None:
    person = await known(bank)
    await person.enrol({1: 0.0, 2: 0.0})
    answer = (await person.answer(given=False)).json()
    assert (answer["consented"], answer["items"], person.held()) == (False, [], [])
    assert bank.sql("SELECT count(*) FROM face_descriptors") == [(0,)]
    assert "access_token" in await person.subscriber.signed_in()
    assert (await person.compare(0.0)).json()["code"] == "consent_needed"
    rows = bank.sql("SELECT given, withdrawn_at IS NULL FROM consents WHERE purpose = 'face_enrolment' ORDER BY id")
    assert rows == [(True, False), (False, True)]


async def test_erasing_leaves_the_consent_and_photographs_may_be_taken_anew(bank: Bank) -> None:
    person = await known(bank)
    await person.enrol({1: 0.0})
    answer = (await person.call("DELETE")).json()
    assert (answer["consented"], answer["items"]) == (True, [])
    assert (await person.compare(0.0)).json()["code"] == "no_face_enrolled"
    assert len((await person.enrol({1: 0.2})).json()["items"]) == 1


async def test_a_face_withdrawn_while_it_was_looked_at_is_not_enrolled(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await known(bank)
    look = bank.eyes.look

    async def withdrawn_meanwhile(octets: bytes) -> LookedAt:
        await person.answer(given=False)
        return await look(octets)

    monkeypatch.setattr(bank.eyes, "look", withdrawn_meanwhile)
    answer = await person.enrol({1: 0.0})
    assert (answer.status_code, answer.json()["code"], person.held()) == (403, "consent_needed", [])


@pytest.mark.rule("R109")
async def test_an_erasure_waits_for_no_photographs_and_those_that_come_in_are_like_nobody_any_more(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await known(bank)
    bank.sql("DELETE FROM images")  # nothing else is left that a face could be likened to
    await person.enrol({1: 0.0})
    erased: list[int] = []

    async def meanwhile() -> None:
        erased.append((await person.call("DELETE")).status_code)

    looking(bank, monkeypatch, meanwhile)
    answer = await person.enrol({1: 1.0})
    assert (erased, answer.status_code, answer.headers["retry-after"], person.held()) == ([200], 503, "5", [])
    assert bank.events("face.erase")[-1]["detail"]["faces_erased"] == 1


@pytest.mark.parametrize("withdrawn", [False, True])
async def test_a_strangers_face_is_not_enrolled_where_the_persons_went_while_it_was_read(
    bank: Bank, twin: Bank, monkeypatch: pytest.MonkeyPatch, *, withdrawn: bool
) -> None:
    person = await known(bank)
    await person.enrol({1: 0.0})
    headers = bearer(await bank.kiosk_token())

    async def meanwhile() -> None:
        if withdrawn:
            assert [(await person.answer(given=each)).status_code for each in (False, True)] == [201, 201]
        else:  # at another process, which does not know what comes in here
            answer = await twin.http.delete(f"/v1/subscribers/{person.id}/faces", headers=headers)
            assert answer.status_code == 200

    looking(bank, monkeypatch, meanwhile)
    answer = await person.enrol({1: 1.0})
    assert (answer.status_code, answer.headers["retry-after"], person.held()) == (503, "5", [])
    again = (await person.enrol({1: 1.0})).json()
    assert [each["findings"][0]["code"] for each in again["turned_away"]] == ["face_differs"]


async def test_where_this_model_finds_no_face_in_the_picture_of_the_proofing_none_is_like_it(bank: Bank) -> None:
    person = await known(bank)
    bank.eyes.faces[PICTURE] = LookedAt(ShownFace(NO_FACE, (), ()), b"", "dlib@1")
    answer = (await person.enrol({1: 0.0, 2: 0.1})).json()
    assert [each["findings"][0]["code"] for each in answer["turned_away"]] == ["face_not_compared"] * 2
    assert (person.held(), bank.events("face.enrol")[-1]["detail"]["likened_to"]) == ([], 0)


async def test_two_who_enrol_the_fifth_at_once_leave_five(bank: Bank, twin: Bank) -> None:
    person = await known(bank)
    await person.enrol(dict.fromkeys(range(1, 5), 0.0))
    headers = bearer(await bank.kiosk_token())
    address, files = f"/v1/subscribers/{person.id}/faces", [person.files({5: each}) for each in (0.1, 0.2)]
    answers = await asyncio.gather(
        *(at.http.put(address, files=each, headers=headers) for at, each in zip((bank, twin), files, strict=True))
    )
    assert [each.status_code for each in answers] == [200, 200]
    assert person.held() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", ["0", "6", "face", "01", ""])
async def test_there_is_no_other_slot(bank: Bank, name: str) -> None:
    person = await known(bank)
    answer = await person.call("PUT", files={name: ("a.png", PICTURE)})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


@pytest.mark.parametrize(
    ("octets", "status", "code"), [(b"", 422, "empty_image"), (b"no picture", 415, "unsupported_image")]
)
async def test_what_is_no_picture_is_refused_and_recorded(bank: Bank, octets: bytes, status: int, code: str) -> None:
    person = await known(bank)
    answer = await person.call("PUT", files={"1": ("a.png", octets)})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert bank.events("face.enrol")[-1]["reason"] == code


async def test_a_process_that_is_lost_is_answered_by_come_later(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await known(bank)

    async def lost(_: bytes) -> LookedAt:
        raise VisionFailed(Why.TIMED_OUT)

    monkeypatch.setattr(bank.eyes, "look", lost)
    for answer in (await person.enrol({1: 0.0}), await person.call("PUT", files={"1": photograph(1)})):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_nobody_else_is_anybody(bank: Bank) -> None:
    person = await known(bank)
    person.id = "per_nobody"
    for answer in (
        await person.call("GET"),
        await person.enrol({1: 0.0}),
        await person.call("DELETE"),
        await person.answer(),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_each_deed_has_a_scope_of_its_own(bank: Bank) -> None:
    person = await known(bank)
    await bank.client("kiosk", kind=ClientKind.KIOSK, scopes=["proofing:create"], audiences=[ISSUER])
    told = [
        (await person.call("GET")).json()["scope"], (await person.enrol({1: 0.0})).json()["scope"],
        (await person.call("DELETE")).json()["scope"], (await person.compare(0.0)).json()["scope"],
    ]  # fmt: skip
    assert told == ["faces:read", "faces:enrol", "faces:enrol", "faces:compare"]


@pytest.mark.rule("R110", "R111")
async def test_nothing_of_a_face_rests_in_clear_or_stands_in_the_audit(bank: Bank) -> None:
    person = await known(bank)
    face = LookedAt(WELL_SHOWN, described(0.123456789).descriptor, "dlib@1")
    await person.enrol({1: face})
    await person.compare(0.2)
    stolen = stolen_from(bank.owner_url)
    assert stolen.marks() == []
    assert face.descriptor[:64] not in stolen.binary
    (event,) = bank.events("face.enrol")
    assert event["detail"] == {
        "slots": "1",
        "turned_away": "",
        "scores": "0.1235",
        "likened_to": 1,
        "likened_by": "doc_selfie",
        "model": "dlib@1",
        "calibration": "uncalibrated",
    }
