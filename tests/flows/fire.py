"""Who kills what, and who asks on through it? `hufu up` on its durable database, a killer, a transport that insists."""

import asyncio
import os
import secrets  # noqa: TID251  keys of the test's own
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random  # noqa: TID251  seeded, so that a course of kills can be asked for again

import httpx

from tests.cli.running import Up, command_of, family, free_port, ready, running, within
from tests.gateways.sms_server import Process, gateway

KINDS = {
    "API": "app.cli serve",
    "intake child": "vision.process intake",
    "worker": "app.cli worker",
    "examiner child": "vision.process examiner",
    "PostgreSQL backend": "postgres: hufu_app",
    "PostgreSQL": "bin/postgres -D",
}
"""What may be killed, and by which words of its command line it is found."""
PAUSES = (0.5, 2.5)
"""Seconds between two kills, at least and at most."""
CALM, CALM_SECONDS = 0.5, 20.0
"""Before so many of the kills we wait for the house to be ready: the others strike it while it starts."""
TIRED_SECONDS = 180.0
"""Nobody is left without an answer for longer."""
IN_DOUBT_TRIES = 8


@dataclass
class Killer:
    """Kills a random one of us, again and again."""

    up: Up
    chance: Random
    killed: Counter[str] = field(default_factory=Counter)
    met: set[tuple[int, str]] = field(default_factory=set)
    """Every process that was seen, with the moment it was born: a number alone is given again."""

    async def rage(self, kills: int) -> None:
        """So many kills, at random moments."""
        while self.killed.total() < kills:
            if self.chance.random() < CALM:
                await asyncio.to_thread(within, CALM_SECONDS, lambda: ready(self.up.port))
            await asyncio.sleep(self.chance.uniform(*PAUSES))
            members = self.look()
            kind = self.chance.choice(list(KINDS))
            found = sorted(pid for pid in members if KINDS[kind] in command_of(pid))
            if found:
                os.kill(self.chance.choice(found), signal.SIGKILL)
                self.killed[kind] += 1

    def look(self) -> set[int]:
        """The processes of this moment, remembered."""
        members = family(self.up.process.pid)
        self.met |= {(pid, born(pid)) for pid in members}
        return members

    def left(self) -> list[str]:
        """What still runs of all that was ever seen."""
        return [command_of(pid) for pid, birth in self.met if running(pid) and born(pid) == birth]


def born(pid: int) -> str:
    """The moment a process was started, in the kernel's own ticks; empty: it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        return ""


class Insisting(httpx.AsyncHTTPTransport):
    """Asks until it is answered, each POST under a key of its own: what a careful front end does while we are away."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: Counter[str] = Counter()
        """Keys used, by address."""
        self.unanswered = 0
        self.mistakes: list[str] = []
        """Answers that say we were wrong, where we were only away."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The first answer that decides something; one that stays in doubt is the caller's to look after."""
        if request.method == "POST" and request.url.path.startswith("/v1"):
            request.headers["idempotency-key"] = secrets.token_urlsafe(16)
            self.keys[request.url.path] += 1
        doubts = 0
        async with asyncio.timeout(TIRED_SECONDS):
            while True:
                answer = await self._once(request)
                in_doubt = answer is not None and b"answer_in_progress" in answer.content
                doubts += in_doubt
                if answer is not None and answer.status_code != 503 and (not in_doubt or doubts >= IN_DOUBT_TRIES):
                    return answer
                if answer is None or b"outcome_unknown" in answer.content:
                    self.unanswered += 1
                await asyncio.sleep(0.3)

    async def _once(self, request: httpx.Request) -> httpx.Response | None:
        try:
            answer = await super().handle_async_request(request)
            await answer.aread()
        except httpx.TransportError:
            return None
        if answer.status_code >= 500 and answer.status_code != 503:
            self.mistakes.append(f"{request.method} {request.url.path}: {answer.status_code}")
        return answer


@contextmanager
def house(folder: Path) -> Iterator[tuple[Up, Process]]:
    """Everything as `hufu up` starts it, durable, and a gateway that notes what it was asked to send."""
    port = free_port()
    (folder / "secret").write_text("key")
    (folder / "secret").chmod(0o600)
    with gateway(folder, "succeeds") as messages, (folder / "up.log").open("w") as log:
        (folder / "gateway.toml").write_text(messages.description)
        told = os.environ | {
            "HUFU_DATA": str(folder / "data"), "HUFU_PORT": str(port), "HUFU_MESSAGES": "gateways",
            "HUFU_SMS_GATEWAY_FILE": str(folder / "gateway.toml"), "HUFU_SMS_GATEWAY_HOSTS": "127.0.0.1",
            "HUFU_SMS_GATEWAY_SECRET_FILE": str(folder / "secret"),
            "HUFU_SMTP_HOST": "127.0.0.1", "HUFU_SMTP_FROM": "noreply@bank.example",
        }  # fmt: skip
        command = [sys.executable, "-m", "app.cli", "up", "--no-demo"]
        process = subprocess.Popen(command, env=told, stdout=log, stderr=log, text=True)
        try:
            assert within(120, lambda: ready(port) or process.poll() is not None)
            yield Up(process, folder / "data", port), messages
        except BaseException:
            for said in (folder / "up.log", *sorted((folder / "data" / "logs").glob("*.log"))):
                print(said, said.read_text()[-4000:], sep="\n")  # noqa: T201  gone with the folder otherwise
            raise
        finally:
            process.kill()
            process.wait()
