"""Who waits when there are more processes than processors? Whoever gave way, and nobody for it.

Niceness alone orders the processes of one session: where the kernel groups by sessions each has an equal share of the
processor, whatever its processes' niceness, and every process that keeps others off the terminal has a session of its own.
"""

import ctypes
import os
import platform
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

SLICE_NANOSECONDS: Final = 100_000_000
"""The longest there is. Whoever wakes with a shorter one takes the processor at once, not at the kernel's next tick."""
SET_ATTRIBUTES: Final = {"x86_64": 314, "aarch64": 274}
"""Numbers of sched_setattr(2), which C libraries have had for a year only."""
ATTRIBUTES: Final = struct.Struct("=IIQiIQQQ")
"""size, policy, flags, nice, priority, runtime, deadline, period: the first form of `struct sched_attr`."""


def give_way(niceness: int) -> None:
    """Take the processor from nobody from now on, this process and all it starts; `niceness` on top of what it has.

    Each step is a wish: a kernel that does not know one leaves the others.
    """
    now = os.nice(niceness)
    if sys.platform != "linux":
        return
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))  # waking up, it takes the processor from nobody
    with suppress(OSError):  # no such grouping here; sched(7), "The autogroup feature"
        Path("/proc/self/autogroup").write_text(str(now))
    # Its slice, sched(7): the kernels before 6.12 read the number and go by none.
    if (number := SET_ATTRIBUTES.get(platform.machine())) is not None:
        wanted = ATTRIBUTES.pack(ATTRIBUTES.size, os.SCHED_BATCH, 0, now, 0, SLICE_NANOSECONDS, 0, 0)
        ctypes.CDLL(None, use_errno=True).syscall(number, 0, wanted, 0)
