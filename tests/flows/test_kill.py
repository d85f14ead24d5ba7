"""Does `kill -9` of any of us, at any moment, lose nothing that was acknowledged and double nothing?

`HUFU_KILLS` and `HUFU_KILL_SEED` choose how many and which; the seed is printed.
"""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random  # noqa: TID251  seeded, so that a course of kills can be asked for again

import httpx
import pytest

from app.building import ground
from app.settings import Settings
from app.specimens.applicant import Upload, honest_upload
from app.specimens.portraits import astronaut
from tests.flows.conftest import Bank, Eyes, register, seen
from tests.flows.fire import Insisting, Killer, house
from tests.flows.processes import PRINTED_ON, DeviceClock
from tests.flows.reckoning import broken, quiet
from tests.flows.underfire import Facts, Walkers

KILLS = int(os.environ.get("HUFU_KILLS", "15"))
SEED = int(os.environ.get("HUFU_KILL_SEED", "1"))
"""When who is killed; another one tries other moments."""
SUBSCRIBERS, PASSERS_BY = (1, 4, 5, 6), (3, 2)
"""Seeds: who they are; of the former as many as are needed."""
LOG_INS = 2
QUIET_SECONDS = 120

pytestmark = pytest.mark.timeout(300 + 10 * KILLS)


@contextmanager
def burning(folder: Path) -> Iterator[tuple[Killer, Walkers]]:
    """A house up and calm, its killer and those who will walk through it."""
    with house(folder) as (up, messages):
        insisting = Insisting()
        settings = Settings(data=up.folder, port=up.port)
        http = httpx.AsyncClient(transport=insisting, base_url=settings.base_url, timeout=20)
        bank = asyncio.run(opened(settings, http))
        chance = Random(SEED)  # noqa: S311  no secret comes of it
        yield Killer(up, chance), Walkers(bank, insisting, messages, Facts())


async def opened(settings: Settings, http: httpx.AsyncClient) -> Bank:
    """The bank as it is met at its port; its clients registered."""
    base = await ground(settings)
    bank = Bank(http, base, DeviceClock(), Eyes(seen()), settings.owner_url())
    await register(bank)
    await base.database.close()
    return bank


def pictures(seed: int) -> Upload:
    return honest_upload(seed, PRINTED_ON, astronaut())


async def enrolled(walkers: Walkers) -> list[tuple[str, bytes]]:
    """Those who will log in. A machine that pauses may send one to a person, or lose a code: then another comes."""
    found: list[tuple[str, bytes]] = []
    for seed in SUBSCRIBERS:
        if len(found) < LOG_INS and (one := await walkers.subscriber(pictures(seed))) is not None:
            found.append(one)
    decisions = walkers.bank.sql("SELECT state, decision->>'outcome', decision->>'reasons' FROM proofings")
    sent = walkers.bank.sql("SELECT state, tries, created_at, settled_at FROM messages")
    assert len(found) == LOG_INS, (decisions, sent)
    return found


async def storm(killer: Killer, walkers: Walkers) -> None:
    """Everybody about their business while somebody kills; then calm, and what was begun is brought to its end."""
    subscribers = await enrolled(walkers)
    others = [pictures(seed) for seed in PASSERS_BY]
    async with asyncio.TaskGroup() as group:
        for each in subscribers:
            group.create_task(walkers.log_ins(*each))
        for walk in (
            walkers.proofings(others),
            walkers.proofings(others[::-1]),
            walkers.wrong_guesses(),
            walkers.services(),
        ):
            group.create_task(walk)
        await killer.rage(KILLS)
        walkers.enough.set()
    async with asyncio.timeout(QUIET_SECONDS):
        while not quiet(walkers.bank):  # noqa: ASYNC110  other processes' doing is only seen by looking
            await asyncio.sleep(0.5)
    await walkers.bank.http.aclose()


@pytest.mark.rule("A123", "A124")
def test_killing_any_of_us_at_any_moment_loses_nothing_acknowledged_and_doubles_nothing(folder: Path) -> None:
    print(f"HUFU_KILL_SEED={SEED} HUFU_KILLS={KILLS}")  # noqa: T201  shown where it fails
    with burning(folder) as (killer, walkers):
        asyncio.run(storm(killer, walkers))
        print(dict(killer.killed), walkers.facts.counted())  # noqa: T201  as above
        assert broken(walkers.bank, walkers.facts, walkers.insisting.keys, walkers.messages) == []
        assert walkers.insisting.mistakes == []
        killer.look()
        killer.up.process.send_signal(signal.SIGTERM)
        assert killer.up.process.wait(60) == 0
        assert killer.left() == []
