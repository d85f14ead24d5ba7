"""What may a process do that opens strangers' pictures? As little as Linux lets us take away without privileges."""

import ctypes
import os
import resource
import signal
import sys

from app.gateways.precedence import give_way

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


def confine(*, parent: int, memory_octets: int, niceness: int) -> None:
    """Bind this process's life to `parent` and take away memory, files, cores, privileges and precedence."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:  # it died before the signal was asked for
        sys.exit(1)
    give_way(niceness)
    _limit(resource.RLIMIT_AS, memory_octets)
    _limit(resource.RLIMIT_CORE, 0)  # a core holds faces and numbers in clear
    _limit(resource.RLIMIT_FSIZE, 0)  # nothing is ever written to disk here


def _limit(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))
