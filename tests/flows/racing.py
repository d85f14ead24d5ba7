"""How do fifty ask at once? Each over a connection of its own, opened before the signal, at one of two processes."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from asgi_lifespan import LifespanManager

from app.core.clock import SystemClock
from app.core.environment import Environment
from app.embedded import Database
from app.main import create_app
from app.settings import Settings
from tests.flows.conftest import Bank, Eyes, founded, inner_of, register, seen
from tests.flows.processes import SandboxHands, environment, free_port, program, ready, speaking
from tests.flows.staff_feeding import Feeder

RACERS = 50
CONNECTIONS = "30"
"""To the database, for each process: racers shall meet there, not in the queue before it."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One request, ready to leave."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None

    @classmethod
    def post(cls, path: str, document: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> "Shot":
        """A POST, of JSON where there is something to say."""
        if document is None:
            return cls("POST", path, headers or {})
        return cls("POST", path, (headers or {}) | {"content-type": "application/json"}, json.dumps(document).encode())

    @classmethod
    def form(cls, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> "Shot":
        """A form, as the protocol's endpoints want it."""
        said = {"content-type": "application/x-www-form-urlencoded"}
        return cls("POST", path, (headers or {}) | said, urlencode(fields).encode())


@dataclass(frozen=True, slots=True)
class Landed:
    """What came back."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass
class Pair:
    """Two processes at their ports, and the bank's hands, which call in whoever races."""

    ports: tuple[int, int]
    bank: Bank
    feeder: Feeder

    def volley(self, shots: Sequence[Shot]) -> list[Landed]:
        """All at once, every other one at the other process; what came back, in their order."""
        signal = threading.Barrier(len(shots))

        def fire(at: int, shot: Shot) -> Landed:
            connection = HTTPConnection("127.0.0.1", self.ports[at % len(self.ports)], timeout=60)
            connection.connect()
            signal.wait(60)
            connection.request(shot.method, shot.path, shot.body, shot.headers)
            answer = connection.getresponse()
            landed = Landed(answer.status, answer.read())
            connection.close()
            return landed

        with ThreadPoolExecutor(len(shots)) as racers:
            return list(racers.map(fire, range(len(shots)), shots))

    def count(self, query: str, *parameters: object) -> int:
        """How many there are, asked of the database itself."""
        return int(self.bank.sql(f"SELECT count(*) FROM {query}", *parameters)[0][0])  # noqa: S608


def statuses(landed: Iterable[Landed]) -> dict[int, int]:
    """How many of each."""
    return dict(Counter(each.status for each in landed))


async def fired(pair: Pair, *shots: Shot) -> list[Landed]:
    """As many as race, made of these in turn, each of them at either process."""
    return await asyncio.to_thread(pair.volley, [shots[at // 2 % len(shots)] for at in range(RACERS)])


def of_kind(landed: Sequence[Landed], which: int, *, kinds: int) -> list[Landed]:
    """What came back to one of several kinds of shot."""
    return [each for at, each in enumerate(landed) if at // 2 % kinds == which]


@asynccontextmanager
async def pair(database: Database, folder: Path) -> AsyncIterator[Pair]:
    """One bank behind two processes, in the sandbox, whose clock all share."""
    ports = free_port(), free_port()
    issuer = f"http://127.0.0.1:{ports[0]}"
    settings = await founded(database, folder, SystemClock(), environment=Environment.SANDBOX, issuer=issuer)
    async with AsyncExitStack() as stack:
        for name, port in zip("ab", ports, strict=True):
            told = environment(settings, port) | {"HUFU_DATABASE_CONNECTIONS": CONNECTIONS, "HUFU_LOG_LEVEL": "warning"}
            stack.enter_context(program("serve", told, folder / f"{name}.log"))
        for port in ports:
            await ready(await stack.enter_async_context(speaking(port)))
        hands = stack.enter_context(httpx.Client(base_url=issuer, trust_env=False, timeout=60))
        bank = await stack.enter_async_context(_calling_in(settings, SandboxHands(hands)))
        yield Pair(ports, bank, Feeder(bank))


@asynccontextmanager
async def _calling_in(settings: Settings, clock: SandboxHands) -> AsyncIterator[Bank]:
    """The same bank once more within this process, whose eyes see what they are told: it only makes those who race."""
    eyes = Eyes(seen())
    application = create_app(settings, clock=SystemClock(), vision=eyes)
    async with (
        LifespanManager(application, startup_timeout=30),
        httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=settings.base_url) as http,
    ):
        made = Bank(http, inner_of(application).state.ground, clock, eyes, settings.owner_url())
        await register(made)
        yield made
