"""Does whoever gives way stand behind the others in everything the kernel of this machine orders by?"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.gateways.precedence import SLICE_NANOSECONDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these are Linux's own means")
GIVEN = """
import json, os, re
from pathlib import Path
from app.gateways.precedence import give_way
before = os.nice(0)
give_way(7)
def told(name):
    path = Path("/proc/self", name)
    return path.read_text() if path.exists() else ""
slices = re.findall(r"se.slice +: +([0-9]+)", told("sched"))
print(json.dumps({
    "nice": os.nice(0) - before, "policy": os.sched_getscheduler(0), "absolute": os.nice(0),
    "session": told("autogroup"), "slice": slices,
}))
"""


@pytest.fixture(scope="module")
def given() -> dict[str, Any]:
    """What a process of a session of its own has after it gave way by seven."""
    run = subprocess.run(
        [sys.executable, "-c", GIVEN], capture_output=True, check=True, start_new_session=True, env={**os.environ}
    )
    return dict(json.loads(run.stdout))


def test_it_is_nicer_and_wakes_up_behind_others(given: dict[str, Any]) -> None:
    assert (given["nice"], given["policy"]) == (7, os.SCHED_BATCH)


def test_its_session_is_nicer_where_the_kernel_groups_by_them(given: dict[str, Any]) -> None:
    groups = Path("/proc/self/autogroup").exists()
    assert given["session"].rpartition(" ")[2].strip() == (str(given["absolute"]) if groups else "")


def test_its_slice_is_the_longest_where_the_kernel_has_slices_of_ones_own(given: dict[str, Any]) -> None:
    kernel = tuple(int(part) for part in os.uname().release.split(".")[:2])
    if kernel < (6, 12) or not given["slice"]:
        pytest.skip("this kernel has no slices of one's own, or does not tell them")
    assert given["slice"] == [str(SLICE_NANOSECONDS)]
