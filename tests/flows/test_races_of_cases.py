"""Of fifty who submit, vote, approve or enrol at once, at two processes, what may be done once: does exactly one?"""

from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.embedded import EmbeddedPostgres
from tests.flows import racing
from tests.flows.feeding import Fed
from tests.flows.people import CORE, Applicant
from tests.flows.racing import RACERS, Landed, Pair, Shot, fired, of_kind, statuses
from tests.flows.reviewing import CARD, REASON, Reviewer, faceless, reviewers
from tests.flows.staffing import STAFF_PASSWORD, propose

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
SIGN_INS = 10
"""Under way at once; five shots each."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(
    postgres: EmbeddedPostgres, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Pair]:
    database = postgres.create_database("races_of_cases", template=migrated)
    async with racing.pair(database, tmp_path_factory.mktemp("races")) as made:
        yield made
    postgres.drop_database(database.name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desks(pair: Pair) -> list[Reviewer]:
    return await reviewers(pair.bank, "anna", "bao")


def filled(path: str, fed: Fed) -> Shot:
    """What was fed, as a shot at this address."""
    assert not isinstance(fed.body, bytes)
    return Shot.post(path.format(**fed.path), fed.body, fed.headers)


async def once(pair: Pair, path: str, fed: Fed, *, status: int, otherwise: str) -> list[Landed]:
    """Fifty of one request: one is done, every other is refused as one that comes too late."""
    landed = await fired(pair, filled(path, fed))
    found = Counter(each.json().get("code", each.status) for each in landed)
    assert found == {status: 1, otherwise: RACERS - 1}
    return landed


@pytest.mark.rule("A124")
async def test_one_applicant_token_hands_in_once(pair: Pair) -> None:
    fed = await pair.feeder.submit_proofing()
    await once(pair, "/v1/proofings/{proofing_id}/submission", fed, status=202, otherwise="illegal_move")
    assert [arguments for task, arguments in pair.bank.take_jobs() if task == "examine"] == [fed.path]


@pytest.mark.rule("A124")
async def test_one_contact_code_makes_one_subscriber(pair: Pair) -> None:
    fed, before = await pair.feeder.prove_contact(), pair.count("subscribers")
    await once(pair, "/v1/proofings/{proofing_id}/contact/code", fed, status=201, otherwise="illegal_move")
    assert pair.count("subscribers") == before + 1


@pytest.mark.rule("A32", "A38")
async def test_one_code_binds_one_app(pair: Pair) -> None:
    fed = await pair.feeder.confirm_totp()
    await once(pair, "/v1/proofings/{proofing_id}/totp/confirmation", fed, status=200, otherwise="totp_not_begun")
    assert pair.count("authenticators WHERE kind = 'totp' AND state = 'active' AND subscriber_id = (SELECT person_id FROM proofings WHERE id = %s)", fed.path["proofing_id"]) == 1  # fmt: skip


@pytest.mark.rule("A124")
async def test_one_code_by_message_proves_one_log_in_once(pair: Pair) -> None:
    fed = await pair.feeder.prove_sms_code()
    await once(pair, "/v1/logins/{login_id}/sms/code", fed, status=200, otherwise="step_out_of_order")


@pytest.mark.rule("R102", "A124")
async def test_one_rejection_is_appealed_once(pair: Pair) -> None:
    fed = await pair.feeder.appeal_decision()
    await once(pair, "/v1/proofings/{proofing_id}/appeal", fed, status=201, otherwise="illegal_move")
    assert pair.count("reviews WHERE proofing_id = %s", fed.path["proofing_id"]) == 1


async def test_one_idempotency_key_is_one_proposal_and_one_answer(pair: Pair) -> None:
    fed, before = await pair.feeder.make_proposal(), pair.count("staff_proposals")
    shot = Shot.post("/v1/staff/proposals", fed.body, fed.headers | {"idempotency-key": "fifty-at-once"})  # type: ignore[arg-type]
    landed = await fired(pair, shot)
    assert statuses(landed).keys() <= {201, 409}
    assert {each.json()["code"] for each in landed if each.status == 409} <= {"answer_in_progress"}
    (answer,) = {each.body for each in landed if each.status == 201}
    assert pair.count("staff_proposals") == before + 1
    assert {each.body for each in await fired(pair, shot)} == {answer}


async def in_review(pair: Pair) -> tuple[Applicant, str]:
    """Somebody referred, and the review of their case."""
    applicant = await faceless(pair.bank)
    return applicant, str(pair.bank.sql("SELECT id FROM reviews WHERE proofing_id = %s", applicant.id)[0][0])


async def headers_of(pair: Pair, desks: list[Reviewer]) -> list[dict[str, str]]:
    """Both again where the clock ended a session, for each sign-in lets a minute pass."""
    return [await pair.bank.colleagues[each.name].present() for each in desks]


@pytest.mark.rule("R113")
async def test_one_review_is_claimed_by_one_of_two(pair: Pair, desks: list[Reviewer]) -> None:
    _, review_id = await in_review(pair)
    landed = await fired(
        pair, *(Shot.post(f"/v1/reviews/{review_id}/claim", headers=each) for each in await headers_of(pair, desks))
    )
    each = [set(statuses(of_kind(landed, which, kinds=2))) for which in (0, 1)]
    assert sorted(each, key=min) == [{200}, {409}]


@pytest.mark.rule("R113")
async def test_one_reviewer_has_one_vote(pair: Pair, desks: list[Reviewer]) -> None:
    (_, review_id), anna = await in_review(pair), desks[0]
    assert (await anna.claim(review_id)).status_code == 200
    fed = Fed({"review_id": review_id}, (await headers_of(pair, desks))[0], {"outcome": "accept", "reason": REASON})
    await once(pair, "/v1/reviews/{review_id}/votes", fed, status=201, otherwise="already_voted")
    assert pair.count("votes WHERE review_id = %s", review_id) == 1
    assert pair.bank.sql("SELECT verdict FROM reviews WHERE id = %s", review_id) == [(None,)]


@pytest.mark.rule("R98", "R113")
async def test_two_reviewers_have_two_votes_and_make_one_decision(pair: Pair, desks: list[Reviewer]) -> None:
    (applicant, review_id), body = await in_review(pair), {"result": "accept", "reason": REASON, **CARD}
    path = f"/v1/proofings/{applicant.id}/in-person"
    landed = await fired(pair, *(Shot.post(path, body, each) for each in await headers_of(pair, desks)))
    for which in (0, 1):
        assert statuses(of_kind(landed, which, kinds=2)).get(201) == 1, landed[0]
    assert statuses(landed).keys() == {201, 409}
    assert sorted(str(each.json()["outcome"]) for each in landed if each.status == 201) == ["None", "accept"]
    assert pair.count("votes WHERE review_id = %s", review_id) == 2
    assert (await applicant.get()).json()["state"] == "accepted"


@pytest.mark.rule("R113", "A122")
async def test_one_proposal_is_done_once(pair: Pair) -> None:
    # A client, for nothing else keeps a second one away: two members of staff could not have one name.
    wanted = {
        "kind": "client.create",
        "name": "core",
        "client_kind": "service",
        "purpose": "races",
        "scopes": ["payments:read"],
    }
    ann, bob = await pair.bank.officers()
    proposed = await propose(pair.bank.http, ann, **wanted, audiences=[CORE], grants=["client_credentials"])
    fed, before = Fed({"proposal_id": proposed}, await bob.present()), pair.count("clients")
    await once(pair, "/v1/staff/proposals/{proposal_id}/approval", fed, status=200, otherwise="proposal_closed")
    assert pair.count("clients") == before + 1


@pytest.mark.rule("A38", "A124")
async def test_one_enrolment_code_enrols_once(pair: Pair) -> None:
    await once(
        pair,
        "/v1/staff/enrolment/confirmation",
        await pair.feeder.confirm_staff(),
        status=200,
        otherwise="enrolment_code_invalid",
    )


@pytest.mark.rule("A32")
async def test_one_code_of_a_device_opens_one_session_of_staff(pair: Pair) -> None:
    clerk = await pair.feeder.clerk()
    sign_ins = [f"/v1/staff/sign-ins/{await clerk.begin()}" for _ in range(SIGN_INS)]
    for each in sign_ins:
        proven = await pair.bank.http.post(f"{each}/password", json={"password": STAFF_PASSWORD})
        assert proven.status_code == 200, proven.text
    code = {"code": clerk.code(1)}
    found = statuses(await fired(pair, *(Shot.post(f"{each}/totp", code) for each in sign_ins)))
    assert (found.pop(200), found.keys() - {401, 409, 429}) == (1, set())
    assert pair.count("staff_sessions WHERE staff_id = %s", clerk.id) == 1
