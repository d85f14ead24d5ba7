"""Are refusals of faces figures, by R91's counters, for the person, the page's session and the network, and never a name?"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.core.audit import Actor, ActorKind
from app.core.ids import ClientId, PersonId, ProofingId
from app.core.refusal import NotFound
from app.services.callers import PresentingCaller
from app.services.judgement import one_is_enough
from app.services.liveness import Liveness
from app.services.performance import Performance
from app.services.purges import Purges
from app.services.refused_faces import count_refusals
from app.specimens.impostures import Swapped
from app.verification.faces.liveness.judgement import Count
from app.verification.proofing import Proofing, State
from app.verification.reasons import Outcome, Reason, ReasonCode
from tests.flows.conftest import START, Applicant, Bank, inner_of
from tests.flows.facing import described, known
from tests.flows.reviewing import impostor, review_of, reviewers
from tests.flows.test_capture import entered
from tests.flows.test_liveness import shown
from tests.verification.examinations import decided, examination, policy

PERSON = PersonId("per_somebody")
AT_HOME = Actor(ActorKind.APPLICANT, "cap_page", network="192.0.2.7")


@pytest.fixture
async def filmed(bank: Bank) -> Applicant:
    """Somebody who may be filmed."""
    opened = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        assert (await opened.answer(purpose)).status_code == 201
    return opened


async def refused(bank: Bank, times: int, *, by: Actor = AT_HOME) -> None:
    for _ in range(times):
        async with bank.ground.database.work() as work:
            now = bank.clock.now()
            await count_refusals(work, bank.ground.vault, [Count.PAD_REJECT], PERSON, by=by, at=now)


async def figures(bank: Bank) -> str:
    """What Prometheus reads once the watch has looked."""
    assert bank.envelope is not None
    await inner_of(bank.envelope).state.house.standing.count_refused_faces()
    return (await bank.http.get("/metrics")).text


def rows(bank: Bank) -> list[tuple[str, str, int]]:
    found = bank.sql("SELECT counted_on, counter, sum(refusals) FROM face_counts GROUP BY 1, 2 ORDER BY 1, 2")
    return [(counted_on, counter, int(many)) for counted_on, counter, many in found]


@pytest.mark.rule("R91")
async def test_an_attack_at_the_challenge_is_counted_for_the_person_and_the_network(filmed: Applicant) -> None:
    await shown(filmed, Swapped)
    assert rows(filmed.bank) == [("network", "pad_reject", 1), ("person", "pad_reject", 1)]
    assert 'hufu_face_refusals_a_day{counter="pad_reject"} 1.0' in await figures(filmed.bank)


@pytest.mark.rule("R91")
async def test_an_attack_that_is_judged_twice_is_counted_once(
    filmed: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = Liveness.outcome

    async def twice(self: Liveness, caller: PresentingCaller, performance: Performance, *met: Any) -> Any:
        first = await once(self, caller, performance, *met)
        assert await once(self, caller, performance, *met) == NotFound()
        return first

    monkeypatch.setattr(Liveness, "outcome", twice)
    await shown(filmed, Swapped)
    assert rows(filmed.bank) == [("network", "pad_reject", 1), ("person", "pad_reject", 1)]


@pytest.mark.rule("R91")
async def test_a_try_broken_off_on_the_page_is_counted_for_its_session_too(filmed: Applicant) -> None:
    bank, headers = filmed.bank, await entered(filmed.bank, filmed)
    for _ in range(2):
        answer = await bank.http.post(f"/v1/proofings/{filmed.id}/liveness", headers=headers)
        assert answer.status_code == 201, answer.text
        begun = await bank.http.post(answer.json()["performances"], json={}, headers=headers)
    assert begun.status_code == 503  # the first still has its place
    assert rows(bank) == [(each, "failure_to_capture", 1) for each in ("device", "network", "person")]


async def test_who_succeeds_is_not_counted(filmed: Applicant) -> None:
    await shown(filmed)
    assert rows(filmed.bank) == []


@pytest.mark.rule("R91")
async def test_poor_photographs_and_other_faces_are_two_counters(bank: Bank) -> None:
    person, seen = await known(bank), described(0.0)
    blurred = replace(seen, shown=replace(seen.shown, view=replace(seen.shown.view, blur=0.1)))
    await person.enrol({1: 0.0, 2: blurred, 3: 0.9})
    await person.compare(blurred)
    await person.compare(0.9)
    assert rows(bank) == [("person", "no_match", 2), ("person", "quality_reject", 2)]


@pytest.mark.rule("R91")
async def test_people_who_accept_another_face_are_counted_apart_from_the_refusal(bank: Bank) -> None:
    ann, bo = await reviewers(bank, "ann", "bo")
    rejected = await impostor(bank)
    await rejected.post("/appeal", json={"statement": "That is me, only older. Look again."})
    review_id = await review_of(ann, rejected)
    for each in (ann, bo):
        await each.vote(review_id)
    assert (await rejected.get()).json()["state"] == "accepted"
    assert rows(bank) == [("person", "human_override", 1), ("person", "no_match", 1)]


@pytest.mark.rule("R91")
async def test_the_figures_say_how_many_were_refused_how_often_and_name_nobody(bank: Bank) -> None:
    await refused(bank, 3)
    await refused(bank, 1, by=AT_HOME._replace(id="cap_other"))
    told = await figures(bank)
    expected = {
        ("person", 1): 1,
        ("person", 3): 1,
        ("person", 10): 0,
        ("device", 1): 2,
        ("device", 3): 1,
        ("network", 3): 1,
    }
    for (carrier, least), many in expected.items():
        labels = f'at_least="{least}",counted_on="{carrier}",counter="pad_reject"'
        assert f"hufu_face_refused_carriers{{{labels}}} {many}.0" in told
    assert not [name for name in (PERSON, "cap_page", "192.0.2.7") if name in told]
    assert not [name for name in (PERSON, "cap_page", "192.0.2.7") if name.encode() in bank.dump()]


async def test_addresses_of_one_site_are_one_network_and_our_own_work_has_none(bank: Bank) -> None:
    for network in ("2001:db8::1", "2001:db8::2", "2001:db8:1::1"):
        await refused(bank, 1, by=Actor(ActorKind.APPLICANT, None, network=network))
    await refused(bank, 1, by=Actor(ActorKind.SYSTEM, "worker"))
    assert bank.sql("SELECT count(*) FROM face_counts WHERE counted_on = 'network'") == [(2,)]
    assert rows(bank) == [("network", "pad_reject", 3), ("person", "pad_reject", 4)]


async def test_after_a_day_they_are_no_figures_and_after_two_no_rows(bank: Bank) -> None:
    await refused(bank, 1)
    bank.clock.move(timedelta(hours=22))
    assert 'hufu_face_refusals_a_day{counter="pad_reject"} 1.0' in await figures(bank)
    bank.clock.move(timedelta(hours=2))
    assert 'hufu_face_refusals_a_day{counter="pad_reject"} 0.0' in await figures(bank)
    bank.clock.move(timedelta(days=1))
    assert (await Purges(bank.ground.journal).outdated())["face_counts"] == 3
    assert rows(bank) == []


@pytest.mark.rule("R91")
async def test_each_of_the_five_counters_is_told_where_nobody_was_refused(bank: Bank) -> None:
    told = await figures(bank)
    assert all(f'hufu_face_refusals_a_day{{counter="{each}"}} 0.0' in told for each in Count)
    assert told.count("hufu_face_refused_carriers{") == 3 * 5 * 3


@pytest.mark.rule("R113")
@pytest.mark.parametrize(
    ("code", "enough"),
    [
        (ReasonCode.LIVENESS_FROZEN, False),
        (ReasonCode.LIVENESS_GAP, True),
        (ReasonCode.FACE_LISTED, False),
        (ReasonCode.COMPROMISED_NUMBER, False),
    ],
)
def test_neither_an_attack_nor_a_list_of_the_banks_is_one_persons_to_wave_through(
    code: ReasonCode, *, enough: bool
) -> None:
    decision = replace(decided(examination()), reasons=(Reason(code, Outcome.REFER),))
    proofing = Proofing(
        ProofingId("prf"), PERSON, ClientId("cli"), State.REFERRED, "en", None, START, START, START, decision=decision
    )
    assert one_is_enough(replace(policy(), in_person_second_person=False), proofing) is enough
