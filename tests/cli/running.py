"""How do tests hold `hufu up` in their hands? Started, watched through its processes, ended whatever happens."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx


@dataclass(frozen=True)
class Up:
    """A running `hufu up`."""

    process: subprocess.Popen[str]
    folder: Path
    port: int


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def family(pid: int) -> set[int]:
    """The process and all that descend from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            parents[int(entry.name)] = parent_of(int(entry.name))
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def child_running(up: Up, words: str) -> int:
    """The process id of the child whose command line has these words, once there is one."""
    assert within(60, lambda: any(children(up, words)))
    return children(up, words)[0]


def children(up: Up, words: str) -> list[int]:
    return [pid for pid in family(up.process.pid) - {up.process.pid} if words in command_of(pid)]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def within(seconds: float, happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).is_success
    except httpx.TransportError:
        return False


def start(folder: Path, port: int, **more: str) -> subprocess.Popen[str]:
    environment = os.environ | {"HUFU_DATA": str(folder), "HUFU_PORT": str(port)} | more
    command = [sys.executable, "-m", "app.cli", "up", "--no-demo"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@contextlib.contextmanager
def ready_up(folder: Path, **more: str) -> Iterator[Up]:
    """`hufu up` in the folder, ready; ended whatever happens."""
    port = free_port()
    process = start(folder, port, **more)
    members = {process.pid}
    try:
        assert within(120, lambda: ready(port) or process.poll() is not None), logs(folder)
        members = family(process.pid)
        yield Up(process, folder, port)
        members |= family(process.pid)
    finally:
        process.kill()
        process.communicate()
        within(30, lambda: not any(map(running, members)))


def logs(folder: Path) -> str:
    return "\n".join(log.read_text()[-3000:] for log in sorted((folder / "logs").glob("[aw]*.log")))
