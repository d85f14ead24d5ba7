"""Does a child come back when it dies, and never outlive us?"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.supervisor import Child, Program, stop_all

STARTER = """
import sys, time
from pathlib import Path
from app.supervisor import Child, Program
child = Child(Program("sleeper", ["/bin/sleep", "600"], {}, Path(sys.argv[1])))
child.start()
print(child.process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., Child]]:
    """Starts a shell script as a child, and ends it after the test."""
    started: list[Child] = []

    def start(script: str) -> Child:
        environment = {"PATH": os.environ["PATH"]}
        started.append(
            Child(Program("script", ["/bin/sh", "-c", script], environment, tmp_path / "logs" / "script.log"))
        )
        started[-1].start()
        return started[-1]

    yield start
    stop_all(started)


def within(seconds: float, happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_a_dead_child_comes_back_after_a_pause_and_not_before(run: Callable[..., Child]) -> None:
    child = run("exit 3")
    assert within(5, lambda: not child.alive())
    assert child.revive(100.0) == "script ended with status 3; starting it again in 1 s"
    assert child.revive(100.9) is None
    assert child.revive(101.0) == "script started again"


def test_a_living_child_is_left_alone(run: Callable[..., Child]) -> None:
    child = run("sleep 600")
    assert child.revive(1e9) is None


def test_the_pause_doubles_up_to_five_seconds_while_it_keeps_dying(run: Callable[..., Child]) -> None:
    child, now, pauses = run("exit 1"), 0.0, []
    for _ in range(8):
        assert within(5, lambda: not child.alive())
        child.started_at = now
        child.revive(now)
        pauses.append(child.pause_seconds)
        now = child.next_start_at
        child.revive(now)
    assert pauses == [1, 2, 4, 5, 5, 5, 5, 5]


def test_nobody_waits_longer_once_what_was_missing_is_back(run: Callable[..., Child]) -> None:
    child = run("exit 1")
    child.pause_seconds = 5
    assert within(5, lambda: not child.alive())
    child.started_at = 100.0
    assert child.revive(100.0) == "script ended with status 1; starting it again in 5 s"
    child.hasten(101.0)
    assert child.revive(101.0) == "script started again"


def test_a_child_that_ran_steadily_comes_back_at_once(run: Callable[..., Child]) -> None:
    child = run("exit 1")
    child.pause_seconds = 5
    assert within(5, lambda: not child.alive())
    child.revive(child.started_at + 11)
    assert child.pause_seconds == 0.5


def test_its_output_goes_to_a_log_that_only_we_may_read(run: Callable[..., Child]) -> None:
    child = run("echo said; echo cried >&2")
    assert within(5, lambda: not child.alive())
    assert child.program.log.read_text() == "said\ncried\n"
    assert child.program.log.stat().st_mode & 0o777 == 0o600


def test_stopping_is_asked_for_first(run: Callable[..., Child]) -> None:
    child = run("trap 'echo asked; exit 0' TERM; echo ready; while :; do sleep 0.01; done")
    assert within(5, lambda: "ready" in child.program.log.read_text())
    child.stop()
    assert child.program.log.read_text() == "ready\nasked\n"


def test_who_does_not_listen_is_killed(run: Callable[..., Child]) -> None:
    child = run("trap '' TERM; echo ready; while :; do sleep 0.01; done")
    assert within(5, lambda: "ready" in child.program.log.read_text())
    assert child.process is not None
    pid = child.process.pid
    child.stop(patience_seconds=0.1)
    assert not running(pid)


def test_grandchildren_go_with_the_child(run: Callable[..., Child]) -> None:
    child = run("sleep 600 & echo $!; wait")
    assert within(5, lambda: child.program.log.read_text().endswith("\n"))
    grandchild = int(child.program.log.read_text())
    child.stop()
    assert within(5, lambda: not running(grandchild))


def test_grandchildren_of_a_killed_child_go_before_it_starts_again(run: Callable[..., Child]) -> None:
    child = run("sleep 600 & echo $!; wait")
    assert within(5, lambda: child.program.log.read_text().endswith("\n"))
    grandchild = int(child.program.log.read_text())
    assert child.process is not None
    child.process.kill()
    assert within(5, lambda: not child.alive())
    child.revive(time.monotonic())
    assert within(5, lambda: not running(grandchild))


def test_a_child_dies_with_a_killed_starter(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        child = int(starter.stdout.readline())
        starter.send_signal(signal.SIGKILL)
    assert within(5, lambda: not running(child))


def test_no_process_of_ours_leaves_a_core_file() -> None:
    asked = "from app.supervisor import leave_no_core; leave_no_core(); import os; os.execlp('sh', 'sh', '-c', 'ulimit -Hc')"
    told = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert told.stdout == "0\n"
