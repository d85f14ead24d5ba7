"""Does a proofing open for whom it should, for nobody else, and move only as its table says?"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from app.assertion.client import ClientKind
from app.services.examinations import Examinations
from app.verification.proofing import MOVES, Move, State
from tests.flows.conftest import ISSUER, PICTURE, Applicant, Bank, bearer

Call = Callable[[Applicant], Awaitable[httpx.Response]]
CALLS: dict[Move, list[Call]] = {
    Move.CONSENT: [lambda a: a.answer("identity_verification"), lambda a: a.answer("face_comparison")],
    Move.REFUSE_FACE: [lambda a: a.answer("face_comparison", given=False)],
    Move.PRESENT: [
        lambda a: a.put("/evidence/resident-card/portrait", content=PICTURE),
        lambda a: a.put("/face", content=PICTURE),
    ],
    Move.SUBMIT: [lambda a: a.post("/submission")],
    Move.SEND_CODE: [lambda a: a.post("/contact", json={"channel": "phone", "address": "13800138000"})],
    Move.PROVE_CONTACT: [lambda a: a.post("/contact/code", json={"code": "123456"})],
    Move.BIND: [
        lambda a: a.put("/password", json={"password": "Kranich-Lotus-47"}),
        lambda a: a.post("/totp"),
        lambda a: a.post("/totp/confirmation", json={"code": "123456"}),
    ],
    Move.WITHDRAW: [lambda a: a.call("DELETE")],
}
"""Every call of the applicant's, by the move it makes; the other moves are ours."""
EVERY_CALL = [lambda a: a.get(), *(call for calls in CALLS.values() for call in calls)]


def of(answer: httpx.Response) -> tuple[int, str]:
    """The status of a problem and its code."""
    return answer.status_code, answer.json()["code"]


def put_in(bank: Bank, applicant: Applicant, state: State) -> None:
    bank.sql("UPDATE proofings SET state = %s WHERE id = %s", state.value, applicant.id)


def kept(bank: Bank) -> bytes:
    """All that is stored but the record of what was tried."""
    return bank.dump(without=("audit_events",))


async def test_opening_tells_whose_move_it_is_and_what_is_needed(bank: Bank) -> None:
    answer = await bank.http.post("/v1/proofings", json={}, headers=bearer(await bank.kiosk_token()))
    opened = answer.json()
    assert (answer.status_code, opened["state"], opened["whose_move"]) == (201, "open", "applicant")
    assert opened["needed"] == [
        "consent:identity_verification", "consent:face_comparison", "resident-card/portrait", "resident-card/emblem", "face",
    ]  # fmt: skip
    assert opened["applicant_token"].startswith("hat_")


async def test_only_a_client_with_the_scope_opens_a_proofing(bank: Bank) -> None:
    form = {"grant_type": "client_credentials"}
    core = await bank.http.post("/oauth2/token", data=form, auth=bank.clients["core"].basic)
    assert of(await bank.http.post("/v1/proofings", json={})) == (401, "unauthenticated")
    refused = await bank.http.post("/v1/proofings", json={}, headers=bearer(core.json()["access_token"]))
    assert refused.status_code in {401, 403}
    assert bank.sql("SELECT count(*) FROM proofings") == [(0,)]


async def test_the_applicant_token_is_kept_as_a_keyed_hash_alone(bank: Bank) -> None:
    applicant = await bank.applicant()
    assert applicant.token.encode() not in bank.dump()


@pytest.mark.parametrize("number", range(len(EVERY_CALL)))
async def test_an_applicant_token_is_good_for_its_own_proofing_alone(bank: Bank, number: int) -> None:
    mine, other = await bank.applicant(), await bank.applicant()
    before = kept(bank)
    elsewhere = await EVERY_CALL[number](Applicant(bank, other.id, mine.token))
    nowhere = await EVERY_CALL[number](Applicant(bank, "prf_" + "a" * 26, mine.token))
    assert of(elsewhere) == (404, "not_found")
    assert (elsewhere.status_code, elsewhere.content) == (nowhere.status_code, nowhere.content)
    assert kept(bank) == before


async def test_a_client_reads_its_own_proofings_and_no_others(bank: Bank) -> None:
    applicant = await bank.applicant()
    own = await bank.kiosk_token()
    await bank.client("kiosk", kind=ClientKind.KIOSK, scopes=["proofing:create", "proofing:read"], audiences=[ISSUER])
    foreign = await bank.kiosk_token()
    address = f"/v1/proofings/{applicant.id}"
    assert (await bank.http.get(address, headers=bearer(own))).json()["id"] == applicant.id
    refused = await bank.http.get(address, headers=bearer(foreign))
    nowhere = await bank.http.get("/v1/proofings/prf_" + "a" * 26, headers=bearer(foreign))
    assert of(refused) == (404, "not_found")
    assert (refused.status_code, refused.content) == (nowhere.status_code, nowhere.content)


async def test_a_client_acts_on_no_proofing_in_its_applicants_place(bank: Bank) -> None:
    applicant = await bank.applicant()
    client = Applicant(bank, applicant.id, await bank.kiosk_token())
    assert {of(await call(client)) for call in EVERY_CALL[1:]} == {(404, "not_found")}


@pytest.mark.rule("R114")
@pytest.mark.parametrize("state", State)
async def test_an_illegal_move_is_a_conflict_and_changes_nothing(bank: Bank, state: State) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    put_in(bank, applicant, state)
    before = kept(bank)
    for move, calls in CALLS.items():
        for call in calls if (state, move) not in MOVES else ():
            answer = await call(applicant)
            assert (of(answer), answer.json()["state"]) == ((409, "illegal_move"), state.value)
            assert answer.json()["move"] == move.value
    assert kept(bank) == before


@pytest.mark.rule("R114")
@pytest.mark.parametrize("state", [state for state in State if state is not State.EXAMINING])
async def test_the_worker_decides_nothing_that_is_not_its_move(bank: Bank, state: State) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    put_in(bank, applicant, state)
    before = kept(bank)
    from app.building import examinations_of

    examinations: Examinations = examinations_of(bank.ground, bank.eyes)
    await examinations.examine(applicant.id, last_try=True)
    assert (kept(bank), bank.eyes.seen) == (before, [])


@pytest.mark.parametrize("state", [State.OPEN, State.ACCEPTED, State.BINDING])
async def test_after_its_time_a_proofing_is_gone_for_good(bank: Bank, state: State) -> None:
    applicant = await bank.applicant()
    put_in(bank, applicant, state)
    bank.clock.move(timedelta(hours=bank.ground.settings.proofing_hours))
    moves = [move for move in CALLS if (state, move) in MOVES and move not in {Move.WITHDRAW, Move.REFUSE_FACE}]
    answers = [await call(applicant) for move in moves for call in CALLS[move]]
    assert {of(answer) for answer in answers} == {(410, "proofing_expired")}
    shown = (await applicant.get()).json()
    assert (shown["state"], shown["whose_move"], shown["needed"]) == ("expired", "nobody", [])


async def test_a_proofing_lives_to_the_last_second_it_was_given(bank: Bank) -> None:
    applicant = await bank.applicant()
    bank.clock.move(timedelta(hours=bank.ground.settings.proofing_hours, seconds=-1))
    assert (await applicant.answer("identity_verification")).status_code == 201


async def test_at_every_stage_reading_tells_what_is_still_needed(bank: Bank) -> None:
    applicant = await bank.accepted()
    assert (await applicant.get()).json()["needed"] == ["contact"]
    await applicant.bind_contact("13800138000")
    assert (await applicant.get()).json()["needed"] == ["password", "totp"]
    await applicant.put("/password", json={"password": "Kranich-Lotus-47"})
    shown = (await applicant.get()).json()
    assert (shown["state"], shown["needed"], len(shown["evidence"])) == ("binding", ["totp"], 2)  # no face any more


@pytest.mark.parametrize(("accepted", "language"), [("zh-CN", "zh-CN"), ("en-GB, zh;q=0.5", "en"), ("fr", "zh-CN")])
async def test_the_callers_language_decides_the_problems_words(bank: Bank, accepted: str, language: str) -> None:
    applicant = await bank.applicant()
    answer = await applicant.post("/submission", headers={"accept-language": accepted})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == language
    assert answer.json()["title"] == {"zh-CN": "材料不全", "en": "Something is missing"}[language]


async def test_pictures_are_gone_the_moment_a_proofing_is_withdrawn(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    answer = await applicant.call("DELETE")
    assert (answer.status_code, answer.json()["state"], answer.json()["evidence"]) == (200, "withdrawn", [])
    assert bank.sql("SELECT count(*) FROM images") == [(0,)]


@pytest.mark.rule("R97")
async def test_it_is_never_too_late_to_take_everything_back(bank: Bank) -> None:
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    bank.clock.move(timedelta(days=30))
    assert (await applicant.call("DELETE")).json()["state"] == "withdrawn"
    assert bank.sql("SELECT count(*) FROM images") == [(0,)]


@pytest.mark.rule("R97")
async def test_whoever_takes_everything_back_leaves_no_address_and_no_measurement(bank: Bank) -> None:
    applicant = await bank.accepted()
    await applicant.contact_code("13800138000")
    assert (await applicant.call("DELETE")).json()["state"] == "withdrawn"
    for table in ("images", "contacts", "messages"):
        assert bank.sql(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608
    assert bank.sql("SELECT sealed_examination, number_index FROM proofings") == [(None, None)]


@pytest.mark.rule("R97")
async def test_what_was_answered_decided_and_done_outlives_a_withdrawal(bank: Bank) -> None:
    applicant = await bank.accepted()
    await applicant.call("DELETE")
    assert bank.sql("SELECT count(*) FROM consents") == [(2,)]
    assert (await applicant.get()).json()["decision"]["outcome"] == "accept"
    assert bank.events("proofing.decide")
