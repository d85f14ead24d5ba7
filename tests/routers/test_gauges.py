"""Do the figures say what is full?"""

import asyncio

from prometheus_client import CollectorRegistry

from app.core.load import Load
from app.gateways.passwords import Cost, Passwords, argon2id
from app.gateways.vision import PoolStats
from app.gateways.vision.pooled import pooled_vision
from app.routers.gauges import Gauges
from app.services.standing import Figures
from app.verification.faces.weighing import UNJUDGED

STATS = PoolStats("intake", alive=2, waiting=3, running=1, done=10, failed=4, timed_out=5, died=6, turned_away=7, replaced=8, working_seconds=1.5)  # fmt: skip


def registry() -> CollectorRegistry:
    made = CollectorRegistry()
    made.register(
        Gauges(lambda: (STATS,), {"database": lambda: Load(1, 2, 3)}, standing=Figures(), refused=dict, judged=UNJUDGED)
    )
    return made


def test_a_bounded_resource_tells_its_use_queue_and_limit() -> None:
    found = [registry().get_sample_value(f"hufu_resource_{name}", {"resource": "database"}) for name in ("in_use", "waiting", "limit")]  # fmt: skip
    assert found == [1, 2, 3]


def test_each_task_of_a_pool_is_counted_under_one_outcome() -> None:
    outcomes = ("answered", "failed", "timed_out", "died", "turned_away")
    told = registry()
    found = [told.get_sample_value("hufu_vision_tasks_total", {"role": "intake", "outcome": each}) for each in outcomes]
    assert found == [6, 4, 5, 6, 7]


def test_a_pool_tells_its_processes_and_its_work() -> None:
    told, role = registry(), {"role": "intake"}
    names = ("processes", "running", "waiting", "processes_replaced_total", "working_seconds_total")
    assert [told.get_sample_value(f"hufu_vision_{name}", role) for name in names] == [2, 1, 3, 8, 1.5]


def test_a_real_pool_fits_the_collector() -> None:
    told = CollectorRegistry()
    told.register(
        Gauges(
            pooled_vision(intake_processes=1, examiner_processes=0).stats,
            {},
            standing=Figures(),
            refused=dict,
            judged=UNJUDGED,
        )
    )
    assert told.get_sample_value("hufu_vision_processes", {"role": "intake"}) == 0


async def test_hashes_beyond_the_threads_are_waiting() -> None:
    passwords = Passwords(argon2id(Cost()), dummy_secret="nobody's", threads=1)
    asked = [asyncio.create_task(passwords.verify("wrong", None)) for _ in range(3)]
    await asyncio.sleep(0)
    assert passwords.load() == Load(in_use=1, waiting=2, limit=1)
    await asyncio.gather(*asked)
    passwords.close()
    assert passwords.load() == Load(in_use=0, waiting=0, limit=1)
