"""Do two people who act through two processes decide as through one, and does each secret open one door once?

Two `hufu serve` and one `hufu worker` run as processes of their own, in the sandbox, whose clock is moved over HTTP. The
tests ask over HTTP alone; what `hufu clients create` and `hufu staff bootstrap` do is done beforehand, through the services.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import httpx
import pytest
import pytest_asyncio

from app.building import ground
from app.core.clock import SystemClock
from app.core.environment import Environment
from app.embedded import EmbeddedPostgres
from app.mfa.guessing import CN_BANK
from app.settings import Settings
from app.specimens.applicant import Upload, honest_upload, impostor_upload
from app.specimens.portraits import astronaut, grace_hopper
from app.staff.roles import Role
from tests.flows import documented, staffing
from tests.flows.conftest import PASSWORD, Applicant, Bank, Eyes, Subscriber, bearer, founded, register, seen
from tests.flows.processes import (
    PRINTED_ON,
    SandboxHands,
    enrolled,
    environment,
    examined,
    examined_without_face,
    free_port,
    program,
    ready,
    speaking,
)
from tests.flows.reviewing import REASON, Reviewer, review_of, reviewers
from tests.flows.staffing import Colleague, approve, propose

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
Pair = tuple[Bank, Bank]
Reviewers = tuple[Reviewer, Reviewer]
APPEAL = {"statement": "I have grown a beard since the card was made."}
STILL_HERE = ": still here"
PROPOSALS = "/v1/staff/proposals"
ANOTHER_CODE, CLAIM_ENDS = timedelta(seconds=60), timedelta(minutes=30)
ROUNDS = 5
ENROLLED, FACELESS, IMPOSTOR = 1, 2, 3
"""Seeds: who they are."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(
    postgres: EmbeddedPostgres, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Pair]:
    """One bank behind two processes; whoever is called at the one is known at the other."""
    folder, ports = tmp_path_factory.mktemp("pair"), (free_port(), free_port())
    database, issuer = postgres.create_database("pair", template=migrated), f"http://127.0.0.1:{ports[0]}"
    settings = await founded(database, folder, SystemClock(), environment=Environment.SANDBOX, issuer=issuer)
    async with AsyncExitStack() as stack:
        for name, command, port in (("a", "serve", ports[0]), ("b", "serve", ports[1]), ("worker", "worker", ports[0])):
            stack.enter_context(program(command, environment(settings, port), folder / f"{name}.log"))
        here = await opened(stack, settings, ports[0])
        await register(here)
        await here.officers()
        yield here, replace(here, http=await answering(stack, ports[1]))
    postgres.drop_database(database.name)


async def opened(stack: AsyncExitStack, settings: Settings, port: int) -> Bank:
    """The bank as it is met at that port; `ground` is there to call in its clients and first officers."""
    near, http = await ground(settings), await answering(stack, port)
    stack.push_async_callback(near.database.close)
    hands = stack.enter_context(httpx.Client(base_url=http.base_url, trust_env=False))
    return Bank(http, near, SandboxHands(hands), Eyes(seen()), settings.owner_url())


async def answering(stack: AsyncExitStack, port: int) -> httpx.AsyncClient:
    """A client of a process that is ready, each of its answers held to the description that it gives of itself."""
    http = await stack.enter_async_context(speaking(port))
    await ready(http)
    http.event_hooks = {"response": [documented.hook((await http.get("/openapi.json")).json())]}
    return http


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desks(pair: Pair) -> Reviewers:
    """Two reviewers, each at a process of their own."""
    here, there = pair
    anna, bao = await reviewers(here, "anna", "bao")
    return anna, replace(bao, bank=there)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def subscriber(pair: Pair) -> Subscriber:
    """Somebody with two factors."""
    return (await enrolled(pair[0], await examined(pair[0], pictures(ENROLLED))))[0]


@cache
def pictures(seed: int) -> Upload:
    """An honest person's; drawn once, for that takes as long as reading them."""
    return honest_upload(seed, PRINTED_ON, astronaut())


async def referred(bank: Bank) -> Applicant:
    """A case of somebody who refused the face comparison."""
    applicant = await examined_without_face(bank, pictures(FACELESS))
    assert await state(applicant) == "referred"
    return applicant


async def state(applicant: Applicant, at: Bank | None = None) -> str:
    return str((await replace(applicant, bank=at or applicant.bank).get()).json()["state"])


def statuses(answers: Iterable[httpx.Response]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def added(name: str) -> dict[str, Any]:
    return {"kind": "staff.add", "login_name": name, "display_name": f"Colleague {name}", "roles": [Role.REVIEWER]}


async def decide(bank: Bank, who: Colleague, proposal_id: str) -> httpx.Response:
    return await bank.http.post(f"{PROPOSALS}/{proposal_id}/approval", headers=who.headers)


@pytest.mark.rule("R113", "A122")
async def test_what_one_officer_asks_at_one_process_another_allows_at_the_other(pair: Pair) -> None:
    here, there = pair
    ann, bob = await here.officers()
    proposal_id = await propose(here.http, ann, **added("rui"))
    assert (await decide(there, ann, proposal_id)).json()["code"] == "own_proposal"
    shown = await approve(there.http, bob, proposal_id)
    rui = await staffing.enrolled(there.http, there.clock, "rui", shown["staff_id"], shown["enrolment_code"])
    answer = await here.http.get("/v1/staff/me", headers=await rui.sign_in())
    assert (answer.json()["login_name"], answer.json()["roles"]) == ("rui", ["reviewer"])


@pytest.mark.rule("R113", "A122")
async def test_of_two_officers_who_approve_at_once_one_does(pair: Pair) -> None:
    here, there = pair
    ann, bob = await here.officers()
    eve = await here.colleague("eve", Role.SECURITY_OFFICER)
    names = [f"yan-{turn}" for turn in range(ROUNDS)]
    for name in names:
        proposal_id = await propose(here.http, ann, **added(name))
        await bob.present()
        answers = await asyncio.gather(*(decide(at, who, proposal_id) for at, who in ((here, bob), (there, eve)) * 4))
        assert statuses(answers) == [200] + [409] * 7
    people = (await there.http.get("/v1/staff/people", headers=await ann.present())).json()
    assert Counter(each["login_name"] for each in people if each["login_name"] in names) == dict.fromkeys(names, 1)


@pytest.mark.rule("R113")
async def test_nobody_at_another_process_sees_a_vote_before_their_own(pair: Pair, desks: Reviewers) -> None:
    anna, bao = desks
    review_id = await review_of(bao, await referred(pair[0]))
    await anna.vote(review_id, "reject", reason="The edge of the portrait looks cut.")
    await bao.claim(review_id)
    before = await bao.get(f"/reviews/{review_id}")
    assert (before.json()["votes"], "looks cut" in before.text) == ([], False)
    assert (await bao.vote(review_id)).json()["phase"] == "contested"
    after = (await bao.get(f"/reviews/{review_id}")).json()["votes"]
    assert [(each["outcome"], each["reason"] == REASON) for each in after] == [("reject", False), ("accept", True)]


@pytest.mark.rule("R113")
async def test_the_second_who_agrees_at_the_other_process_decides(pair: Pair, desks: Reviewers) -> None:
    (here, there), (anna, bao) = pair, desks
    applicant = await referred(here)
    review_id = await review_of(bao, applicant)
    assert (await anna.vote(review_id)).json()["outcome"] is None
    assert await state(applicant, there) == "referred"
    assert (await bao.vote(review_id)).json()["outcome"] == "accept"
    assert [await state(applicant, at) for at in pair] == ["accepted", "accepted"]


async def raced(asking: Sequence[Reviewer], path: str, **more: Any) -> list[httpx.Response]:
    """The same asked by each, where they sit, at once: who they are is settled before."""
    proven = [await each.bank.colleagues[each.name].present() for each in asking]
    calls = zip(asking, proven, strict=True)
    return await asyncio.gather(*(each.bank.http.post(f"/v1{path}", headers=them, **more) for each, them in calls))


async def test_of_two_who_claim_at_once_one_gets_it(pair: Pair, desks: Reviewers) -> None:
    review_id = await review_of(desks[0], await referred(pair[0]))
    for _ in range(ROUNDS):
        answers = await raced(desks * 4, f"/reviews/{review_id}/claim")
        each = [statuses(answers[at::2]) for at in (0, 1)]
        assert sorted(each) == [[200] * 4, [409] * 4]
        assert {answer.json()["code"] for answer in answers if answer.is_error} == {"claimed_by_another"}
        pair[0].clock.move(CLAIM_ENDS)


@pytest.mark.rule("R113")
async def test_one_person_voting_at_both_processes_at_once_has_one_vote(pair: Pair, desks: Reviewers) -> None:
    anna, applicant = desks[0], await referred(pair[0])
    review_id = await review_of(anna, applicant)
    await anna.claim(review_id)
    twice = (anna, replace(anna, bank=pair[1])) * 4
    answers = await raced(twice, f"/reviews/{review_id}/votes", json={"outcome": "accept", "reason": REASON})
    assert statuses(answers) == [201] + [409] * 7
    assert len((await anna.get(f"/reviews/{review_id}")).json()["votes"]) == 1
    assert await state(applicant) == "referred"


@pytest.mark.rule("R98", "R113")
async def test_two_at_two_counters_who_find_the_same_at_once_are_two(pair: Pair, desks: Reviewers) -> None:
    applicant, person = await referred(pair[0]), pictures(FACELESS).truth.person
    found = {"result": "accept", "reason": REASON, "number": person.number, "name": person.name}
    answers = await raced(desks, f"/proofings/{applicant.id}/in-person", json=found)
    assert statuses(answers) == [201, 201]
    assert {answer.json()["outcome"] for answer in answers} == {None, "accept"}
    assert [await state(applicant, at) for at in pair] == ["accepted", "accepted"]


@pytest.mark.rule("R102", "R105")
async def test_an_appeal_made_at_one_process_is_decided_by_two_at_both(pair: Pair, desks: Reviewers) -> None:
    here, there = pair
    upload = impostor_upload(IMPOSTOR, PRINTED_ON, astronaut(), grace_hopper())
    applicant = await examined(here, upload)
    assert await state(applicant) == "rejected"
    appealing = [replace(applicant, bank=at).post("/appeal", json=APPEAL) for at in (there, here)]
    assert statuses(await asyncio.gather(*appealing)) == [201, 409]
    review_id = await review_of(desks[0], applicant)
    assert [(await each.vote(review_id)).json()["outcome"] for each in desks] == [None, "accept"]
    assert await state(applicant, there) == "accepted"


async def heard(lines: AsyncIterator[str], wanted: str) -> list[str]:
    """What was said up to the event of that state."""
    said: list[str] = []
    async for line in lines:
        said.append(line)
        if f'"state": "{wanted}"' in line:
            break
    return said


async def test_a_vote_at_one_process_wakes_who_follows_at_the_other(pair: Pair, desks: Reviewers) -> None:
    here, (anna, bao) = pair[0], desks
    applicant = await referred(here)
    review_id = await review_of(anna, applicant)
    await anna.vote(review_id, "reject")
    path, headers = f"/v1/proofings/{applicant.id}/events", bearer(applicant.token)
    async with httpx.AsyncClient(base_url=here.http.base_url, timeout=60, trust_env=False) as http:
        async with http.stream("GET", path, headers=headers) as stream:
            lines = stream.aiter_lines()
            await heard(lines, "referred")
            assert (await bao.vote(review_id, "reject")).json()["outcome"] == "reject"
            # Woken, not found at the next look around: that comes with a heartbeat.
            assert STILL_HERE not in await heard(lines, "rejected")


@pytest.mark.rule("A32")
async def test_of_four_log_ins_at_two_processes_with_one_code_one_is_proven(pair: Pair, subscriber: Subscriber) -> None:
    pair[0].clock.move(ANOTHER_CODE)
    logins = [await pair[turn % 2].begin(subscriber.phone) for turn in range(4)]
    for login in logins:
        assert (await login.password(PASSWORD)).status_code == 200
    code = subscriber.code()
    assert statuses(await asyncio.gather(*(login.totp(code) for login in logins))) == [200, 401, 401, 401]


@pytest.mark.rule("A20", "A26", "A124")
async def test_of_fifty_wrong_passwords_at_once_no_more_than_the_limit_are_looked_at_and_the_owner_comes_in(
    pair: Pair, subscriber: Subscriber
) -> None:
    pair[0].clock.move(ANOTHER_CODE)
    token = await subscriber.device_token()
    logins = [await pair[turn % 2].begin(subscriber.phone) for turn in range(50)]
    told = Counter(statuses(await asyncio.gather(*(login.password(f"wrong-{n}") for n, login in enumerate(logins)))))
    assert told[401] == CN_BANK.person.strikes
    assert (
        told[429] + told[503] == 50 - told[401]
    )  # 503: the queue of hashes was full or slow, and nothing was looked at
    assert (await (await pair[0].begin(subscriber.phone)).password(PASSWORD)).status_code == 429
    assert (await (await pair[1].begin(subscriber.phone, device_token=token)).password(PASSWORD)).status_code == 200
    pair[0].clock.move(CN_BANK.person.block)


@pytest.mark.rule("A89", "A90")
async def test_one_refresh_token_at_both_processes_has_one_successor(pair: Pair, subscriber: Subscriber) -> None:
    here, there = pair
    here.clock.move(ANOTHER_CODE)
    first = (await subscriber.signed_in())["refresh_token"]
    answers = await asyncio.gather(*(pair[turn % 2].refresh(first) for turn in range(10)))
    assert statuses(answers) == [200] * 10
    (second,) = {answer.json()["refresh_token"] for answer in answers}
    third = (await there.refresh(second)).json()["refresh_token"]
    assert (await here.refresh(first)).json()["error"] == "invalid_grant"
    assert (await there.refresh(third)).json()["error"] == "invalid_grant"


async def test_of_racers_with_one_idempotency_key_one_does_it(pair: Pair) -> None:
    here, there = pair
    ann, _ = await here.officers()
    names = [f"once-{turn}" for turn in range(ROUNDS)]
    for name in names:
        headers = await ann.present() | {"idempotency-key": f"proposal-{name}"}
        asked = [at.http.post(PROPOSALS, json=added(name), headers=headers) for at in (here, there) * 8]
        done = [answer for answer in await asyncio.gather(*asked) if answer.status_code != 409]
        assert {(answer.status_code, answer.content) for answer in done} == {(201, done[0].content)}
        again = await there.http.post(PROPOSALS, json=added(name), headers=headers)
        assert (again.content, "idempotency-replayed" in again.headers) == (done[0].content, True)
    listed = (await here.http.get(PROPOSALS, headers=await ann.present())).json()["items"]
    proposed = [each["facts"]["login_name"] for each in listed]
    assert [proposed.count(name) for name in names] == [1] * ROUNDS
