"""What runs on which core, and what has it used? `hufu up` on a folder of its own: API on one core, the rest on the other."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

API_CORE, OTHER_CORE = 0, 1
TICKS = os.sysconf("SC_CLK_TCK")
LONGEST_START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Server:
    """A server on its core."""

    pid: int
    port: int

    def wait(self, path: str) -> None:
        """Until it answers."""
        deadline = time.monotonic() + LONGEST_START_SECONDS
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}{path}", trust_env=False).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise TimeoutError(f"nothing answers at {path} on port {self.port}")

    def cpu_seconds(self) -> float:
        """CPU time of the process and all its threads."""
        return cpu_seconds(self.pid)


@dataclass(frozen=True, slots=True)
class House:
    """Everything that `hufu up` started."""

    api: Server
    folder: Path
    keeper: int

    def clocks(self) -> tuple[float, float]:
        """CPU seconds of the API's process, and of PostgreSQL with all its back ends."""
        postgres = (pid for pid in family(self.keeper) if "postgres" in command_of(pid))
        return self.api.cpu_seconds(), sum(map(cpu_seconds, postgres))

    def api_memory_octets(self) -> int:
        """Proportional set size of the API and its pool: shared pages are divided among those who share them."""
        return sum(map(pss_octets, family(self.api.pid)))


@contextmanager
def house() -> Iterator[House]:
    """`hufu up` as anybody runs it, durable; then moved to its cores."""
    with tempfile.TemporaryDirectory(prefix="hufu-bench-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o711)
        os.environ |= {"HUFU_DATA": name, "HUFU_PORT": str(port)}
        with started("-m", "app.cli", "up", "--no-demo", core=OTHER_CORE) as keeper:
            Server(keeper.pid, port).wait("/readyz")
            api = next(pid for pid in family(keeper.pid) if "app.cli serve" in command_of(pid))
            for pid in family(api):
                _pin(pid, API_CORE)
            yield House(Server(api, port), folder, keeper.pid)


@contextmanager
def started(*words: str, core: int) -> Iterator[subprocess.Popen[bytes]]:
    """A Python program on one core, ended at the end; what it prints is shown only if it fails."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603  our own programs
            [sys.executable, *words],
            stdout=said,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),  # noqa: PLW1509  one system call, before any thread
        )
        try:
            yield process
        except BaseException:
            said.seek(0)
            sys.stderr.write(said.read().decode(errors="replace")[-4000:])
            raise
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    found = [pid]
    for each in found:
        for thread in Path(f"/proc/{each}/task").iterdir():
            found += map(int, (thread / "children").read_text().split())
    return found


def command_of(pid: int) -> str:
    """Its command line; empty for one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def cpu_seconds(pid: int) -> float:
    """User and system time, proc_pid_stat(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def pss_octets(pid: int) -> int:
    """Proportional set size of one process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _pin(pid: int, core: int) -> None:
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {core})
