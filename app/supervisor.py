"""How does a child process live and die with us? Started in a session of its own, stopped in order, never left behind."""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

PR_SET_PDEATHSIG = 1
"""linux/prctl.h"""
FIRST_PAUSE_SECONDS = 0.5
STEADY_SECONDS = 10.0
"""A child that has lived this long was up, and starts the next time without delay."""
LONGEST_PAUSE_SECONDS = 5.0
"""What we wait for may be back for as long before we notice; each try in vain takes seconds of a core."""

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def dying_with_us(last_signal: signal.Signals) -> Callable[[], None]:
    """What a child runs before its program starts, so that the kernel sends it `last_signal` when we die.

    It runs after the change of user, which would clear the wish. The wish is bound to the *thread* that forks: call
    from the main thread. Elsewhere than on Linux it does nothing, and the next start stops what was left.
    """
    starter = os.getpid()

    def before_exec() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, int(last_signal))
        if os.getppid() != starter:  # we died between fork and prctl: nobody is left to send the signal
            os._exit(1)

    return before_exec


def leave_no_core() -> None:
    """No core file of this process or of any it starts: it would hold keys, faces and numbers in clear."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: its name in our messages, its command, its whole environment, where its output goes."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path


@dataclass(slots=True)
class Child:
    """One program kept running: started again when it dies, with a pause that doubles while it keeps dying."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    """Seconds of the machine's monotonic clock, as all moments here."""
    next_start_at: float = 0.0
    pause_seconds: float = field(default=FIRST_PAUSE_SECONDS)

    def start(self) -> None:
        """Start the program now; its output is appended to its log."""
        with appended(self.program.log) as output:
            self.process = subprocess.Popen(  # noqa: S603  our own command, no shell
                list(self.program.command),
                env=dict(self.program.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the children in order
                # Killed rather than asked: our death takes the database along, and who ends gracefully waits for it in vain.
                preexec_fn=dying_with_us(signal.SIGKILL),  # noqa: PLW1509  only a system call, no lock is taken
            )
        self.started_at = time.monotonic()

    def alive(self) -> bool:
        """Whether the program runs."""
        return self.process is not None and self.process.poll() is None

    def revive(self, now: float) -> str | None:
        """Start the program again if it died and its pause is over; the one line that tells of it, or None."""
        if self.alive() or now < self.next_start_at:
            return None
        if self.next_start_at == 0.0:
            return self._mourn(now)
        self.next_start_at = 0.0
        self.start()
        return f"{self.program.name} started again"

    def hasten(self, now: float) -> None:
        """Wait no longer: what it may have died for want of is back."""
        self.pause_seconds = FIRST_PAUSE_SECONDS
        self.next_start_at = min(self.next_start_at, now)

    def stop(self, patience_seconds: float = 20.0) -> None:
        """Ask the program to end, insist after `patience_seconds`, and leave nothing of its process group."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            if not _ends_within(self.process, patience_seconds):
                self.process.kill()
                self.process.wait()
        _end_group(self.process.pid)
        self.process = None

    def _mourn(self, now: float) -> str:
        status = self.process.returncode if self.process else None
        if self.process is not None:
            _end_group(self.process.pid)  # the vision pools have sessions of their own, and the kernel ends them
        steady = now - self.started_at > STEADY_SECONDS
        self.pause_seconds = FIRST_PAUSE_SECONDS if steady else min(self.pause_seconds * 2, LONGEST_PAUSE_SECONDS)
        self.next_start_at = now + self.pause_seconds
        return f"{self.program.name} ended with status {status}; starting it again in {self.pause_seconds:g} s"


def stop_all(children: Sequence[Child]) -> None:
    """Ask all to end at once, then see each of them out."""
    for child in children:
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    for child in children:
        child.stop()


def _ends_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _end_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def appended(log: Path) -> BinaryIO:
    """The log opened for adding lines, readable by nobody else: what a program prints may name people."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600), "ab")
