"""Does a proofing that shows a number the bank knows to be misused go to people, though nobody can read which they are? R23."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.core.wrapped_key import Purpose
from app.embedded import EmbeddedPostgres
from app.services.compromised_numbers import Added, CompromisedNumbers, Removed
from app.services.vault import Use
from app.verification.documents.reading import Reading
from tests.flows.conftest import Applicant, Bank, bearer, seen
from tests.flows.feeding import jpeg
from tests.flows.reviewing import number, submitted
from tests.flows.rotating import finished, hurry, rotating
from tests.flows.stolen import stolen_from
from tests.verification.examinations import PORTRAIT, read

MISUSED, OTHER = number("19900307", "002"), number("19900307", "004")
DESK = "fraud-desk"
ROWS = "SELECT number_index, listed_at, listed_by FROM compromised_numbers"


def listed(bank: Bank) -> CompromisedNumbers:
    return CompromisedNumbers(bank.ground.journal, bank.ground.vault)


async def showing(bank: Bank, shown: str) -> Applicant:
    """Somebody whose card bears this number, and about whom nothing else is wrong."""
    bank.eyes.examined = seen(portrait=replace(PORTRAIT, number=read(shown)))
    applicant = await bank.applicant()
    await applicant.complete_evidence()
    await submitted(applicant)
    return applicant


async def told(bank: Bank, applicant: Applicant) -> tuple[str, list[dict[str, Any]]]:
    headers = bearer(await bank.kiosk_token())
    shown = (await bank.http.get(f"/v1/proofings/{applicant.id}", headers=headers)).json()
    return shown["state"], [each["facts"] for each in shown["decision"]["staff_reasons"]]


async def test_a_number_that_is_listed_brings_its_case_to_people_who_read_why(bank: Bank) -> None:
    assert await listed(bank).add([MISUSED], by=DESK) == Added(1, 0)
    applicant = await showing(bank, MISUSED)
    facts = {"kind": "resident_card", "side": "portrait", "listed": True}
    assert await told(bank, applicant) == ("referred", [facts])
    assert "listed" not in (await applicant.get()).text


async def test_another_number_is_nobodys_business(bank: Bank) -> None:
    await listed(bank).add([MISUSED], by=DESK)
    state, facts = await told(bank, await showing(bank, OTHER))
    assert (state, facts) == ("accepted", [])


async def test_one_that_was_removed_refers_nobody_any_more(bank: Bank) -> None:
    await listed(bank).add([MISUSED, OTHER], by=DESK)
    assert await listed(bank).remove([MISUSED, number()], by=DESK) == Removed(1, 1)
    assert await told(bank, await showing(bank, MISUSED)) == ("accepted", [])
    assert (await told(bank, await showing(bank, OTHER)))[0] == "referred"


async def test_a_number_given_twice_is_listed_once_since_the_first_time(bank: Bank) -> None:
    assert await listed(bank).add([MISUSED, MISUSED], by=DESK) == Added(1, 0)
    rows = bank.sql(ROWS)
    assert await listed(bank).add([OTHER, MISUSED], by="police-circular") == Added(1, 1)
    assert [row[1:] for row in rows] == [(bank.clock.now(), DESK)]
    assert set(rows) < set(bank.sql(ROWS))


async def test_of_many_who_list_one_number_at_once_exactly_one_adds_it(bank: Bank, twin: Bank) -> None:
    desks = [listed(each) for each in (bank, twin) * 4]
    found = await asyncio.gather(*(desk.add([MISUSED], by=DESK) for desk in desks))
    assert sorted(each.added for each in found) == [0] * 7 + [1]
    assert len(bank.sql(ROWS)) == 1


async def test_who_adds_and_who_removes_at_once_leave_what_one_after_the_other_would(bank: Bank, twin: Bank) -> None:
    numbers = [number(order=f"{at:03}") for at in range(40)]
    await listed(bank).add(numbers[:20], by=DESK)
    added, removed = await asyncio.gather(
        listed(bank).add(numbers, by=DESK), listed(twin).remove(numbers[::-1], by=DESK)
    )
    assert (added.added, removed.removed, len(bank.sql(ROWS))) in {(20, 40, 0), (40, 20, 40)}


@pytest.mark.rule("R23")
async def test_no_listed_number_can_be_read_or_guessed_in_a_stolen_database_or_a_log(
    bank: Bank, postgres: EmbeddedPostgres, capfd: pytest.CaptureFixture[str]
) -> None:
    await listed(bank).add([MISUSED, "K204418C7"], by=DESK)
    await listed(bank).remove([MISUSED], by=DESK)
    await listed(bank).add([MISUSED], by=DESK)
    stolen, written = stolen_from(bank.owner_url), "".join(capfd.readouterr()) + postgres.log.read_text("utf-8")
    assert "compromised_numbers" in stolen.tables
    assert DESK in stolen.text.decode("utf-8", "replace")
    for each in (MISUSED, "K204418C7"):
        assert (stolen.holds([each]), stolen.confirms([each])) == ([], [])
        assert each not in written


async def test_each_change_is_an_event_that_counts_and_names_no_number(bank: Bank) -> None:
    await listed(bank).add([MISUSED, OTHER], by=DESK)
    await listed(bank).remove([MISUSED, number()], by=DESK)
    (added,), (removed,) = (bank.events(f"compromised_numbers.{verb}") for verb in ("add", "remove"))
    assert added["detail"] == {"by": DESK, "added": 2, "known": 0, "renewed": 0}
    assert removed["detail"] == {"by": DESK, "removed": 1, "unknown": 1}
    assert {(each["actor_id"], each["subject"], each["object_id"]) for each in (added, removed)} == {
        ("hufu documents", None, None)
    }


@pytest.mark.rule("A117")
@pytest.mark.timeout(100)
async def test_the_list_is_found_after_the_index_key_was_rotated_and_moves_when_it_is_given_again(bank: Bank) -> None:
    await listed(bank).add([MISUSED, OTHER], by=DESK)
    since = bank.sql(ROWS)[0][1:]
    with rotating(bank, "rotate-index") as first:
        hurry(bank, Purpose.INDEX, first)
        assert "index key 1 stays, named by 2 of compromised_numbers.number_index" in " ".join(finished(first).split())
    await bank.ground.keyring.read()
    assert (await told(bank, await showing(bank, MISUSED)))[0] == "referred"
    assert await listed(bank).remove([OTHER], by=DESK) == Removed(1, 0)
    assert await listed(bank).add([MISUSED], by=DESK) == Added(0, 1)
    assert bank.sql(ROWS) == [(bank.ground.vault.index(Use.COMPROMISED_NUMBER, MISUSED), *since)]
    with rotating(bank, "rotate-index") as second:
        assert "stays" not in finished(second)
    assert bank.sql("SELECT version FROM keys WHERE purpose = 'index'") == [(2,)]


async def test_a_reading_alone_is_told_of_a_listed_number_and_of_one_on_a_page_beside(bank: Bank) -> None:
    await listed(bank).add([MISUSED], by=DESK)
    headers = bearer(await bank.kiosk_token())
    page, other = (replace(PORTRAIT, number=read(shown)) for shown in (MISUSED, OTHER))
    one = ("compromised_number", {"kind": "resident_card", "side": "portrait", "listed": True})
    for shown, beside, said in ((page, other, ([one], [])), (other, page, ([], [one]))):
        bank.eyes.page, bank.eyes.beside = shown, (Reading(beside.view, beside, None, {}),)
        told = (await bank.http.post("/v1/documents/readings", content=jpeg(), headers=headers)).json()
        found = tuple([(each["code"], each["facts"]) for each in page["findings"]] for page in (told, *told["beside"]))
        assert found == said
