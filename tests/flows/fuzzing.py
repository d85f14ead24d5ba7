"""What is sent that nobody thought of? Requests drawn from the interface's own description, over HTTP, each answer judged.

Drawn from a seed, so that the same description gives the same requests: a failure names operation, place and seed.
"""

import asyncio
import os
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.embedded import Database
from app.settings import Settings
from tests.flows.conftest import Bank, open_bank
from tests.flows.feeding import Fed
from tests.flows.processes import READY_SECONDS
from tests.flows.serving import serving
from tests.flows.staff_feeding import Feeder

T = TypeVar("T")
Case = schemathesis.Case[Any]
EXAMPLES = int(os.environ.get("HUFU_FUZZ_EXAMPLES", "20"))
"""Requests drawn for each operation."""
SEED = int(os.environ.get("HUFU_FUZZ_SEED", "20261125"))
ONLY = frozenset(os.environ.get("HUFU_FUZZ_ONLY", "").split())
"""Operations' names, to look at them alone."""
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
ISSUER = "https://sandbox.hufu.example"
LAST = ("move_sandbox_clock",)
"""Whatever was fed before is too old after these."""
ANSWER_SECONDS = 30
UNCOUNTED = 1_000_000
"""Requests a minute with one token: quotas have tests of their own, and strangers here all bring the same one."""


@dataclass
class Tally:
    """What came of it."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def unreached(self) -> list[str]:
        """Operations that never did what they are for, and what they answered instead."""
        return [
            f"{name}: {dict(found)}"
            for name, found in self.statuses.items()
            if not any(200 <= status < 300 for status in found)
        ]


class Road:
    """The house behind a real server, and everybody who has something to ask of it."""

    def __init__(self, bank: Bank, loop: asyncio.AbstractEventLoop, port: int) -> None:
        self.feeder = Feeder(bank)
        self.base_url = f"http://127.0.0.1:{port}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.bank = bank
        self._loop = loop
        self._addresses = count(1)

    def do(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Have something done inside the house."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=120)

    def fed(self, name: str) -> Fed:
        """What this operation wants to be asked well."""
        return self.do(getattr(self.feeder, name)()) if hasattr(self.feeder, name) else Fed()

    def network(self) -> dict[str, str]:
        """Another address for each request, or all of them together would soon be one network that guesses too much."""
        at = next(self._addresses)
        return {"x-forwarded-for": f"10.{at >> 16 & 255}.{at >> 8 & 255}.{at & 255}"}

    def operations(self) -> list[Any]:
        """Every operation, as the house itself describes it."""
        document = self.session.get(f"{self.base_url}/openapi.json", timeout=ANSWER_SECONDS).json()
        found = [
            each.ok() for each in schemathesis.openapi.from_dict(document).get_all_operations() if isinstance(each, Ok)
        ]
        return sorted(
            (each for each in found if not ONLY or name_of(each) in ONLY), key=lambda each: name_of(each) in LAST
        )


def name_of(operation: Any) -> str:
    """What the description calls it."""
    return str(operation.definition.raw["operationId"])


def drawn(operation: Any, seeded: int) -> list[Case]:
    """As many requests as are asked for, half of them against the description; where there are fewer, the same again."""
    found: list[Case] = []
    while len(found) < EXAMPLES:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            with suppress(Unsatisfiable):  # nothing in this operation can be wrong
                collect(operation.as_strategy(generation_mode=mode), seeded + len(found), found)
        assert found
    return found[:EXAMPLES]


def collect(strategy: SearchStrategy[Case], seeded: int, found: list[Case]) -> None:
    """Draw, and send nothing: what fails is not made smaller, for the house would not be the same any more."""

    @seed(seeded)
    @settings(
        max_examples=(EXAMPLES + 1) // 2, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=strategy)
    def draw(case: Case) -> None:
        found.append(case)

    draw()


def breaks_the_form(case: Case) -> bool:
    """Whether what is sent of body or query is against the description; tokens and addresses are put right afterwards."""
    if case.meta is None:
        return False
    # A name whose value is an empty list or mapping is never sent: what arrives may have no fault left.
    lost = any(value in ([], {}, None) for value in (case.query or {}).values())
    return case.meta.is_negative_at(ParameterLocation.BODY) or (
        case.meta.is_negative_at(ParameterLocation.QUERY) and not lost
    )


@contextmanager
def served(database: Database, founded: Callable[..., Coroutine[Any, Any, Settings]]) -> Iterator[Road]:
    """The house on a port of its own, in the environment that has the most routes, as `hufu serve` runs it."""
    ended = threading.Event()

    async def live(opened: "Future[Road]") -> None:
        made = await founded(database, environment="sandbox", issuer=ISSUER, log_level="error", quota_person=UNCOUNTED)
        async with open_bank(database, made) as bank, serving(bank) as port:
            opened.set_result(Road(bank, asyncio.get_running_loop(), port))
            await asyncio.to_thread(ended.wait)

    with ThreadPoolExecutor(1) as house:
        opened: Future[Road] = Future()
        living: Future[None] = house.submit(lambda: asyncio.run(live(opened)))
        either: list[Future[Any]] = [opened, living]
        wait(either, timeout=READY_SECONDS, return_when=FIRST_COMPLETED)
        try:
            if living.done():  # it never opened, and says why
                living.result()
            yield opened.result(0)
        finally:
            ended.set()
        living.result(READY_SECONDS)


def judged(road: Road, tally: Tally, case: Case, at: int, headers: dict[str, str], checks: list[Any]) -> int:
    """Send it; count the answer, and write down whatever does not stand in the description."""
    name = name_of(case.operation)
    answer = case.call(
        base_url=road.base_url, session=road.session, headers=headers | road.network(), timeout=ANSWER_SECONDS
    )
    tally.statuses.setdefault(name, Counter())[answer.status_code] += 1
    try:
        case.validate_response(answer, checks=checks)
    except (Failure, FailureGroup) as failure:
        found = failure.exceptions if isinstance(failure, FailureGroup) else [failure]
        words = "; ".join(f"{each.title}: {each.message}" for each in found)
        tally.faults.append(
            f"{name}, example {at} of HUFU_FUZZ_SEED={SEED} HUFU_FUZZ_EXAMPLES={EXAMPLES}: {answer.status_code} {words}\n"
            f"{answer.content[:300]!r}\n{case.as_curl_command()}"
        )
    return int(answer.status_code)
