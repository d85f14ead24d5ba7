"""Does every picture of the corpus get the answer its table says, at the cost of no process and no more memory than is allowed?"""

import os
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from app.core.refusal import Refusal
from app.gateways.vision import PoolStats, VisionFailed
from app.gateways.vision.pooled import INTAKE, PooledVision, pooled_vision
from app.verification.examination import Kind, Side
from app.verification.picture import Traces
from tests.corpus import TAKEN, Sample, samples
from tests.corpus.jpegs import PLACE, with_exif

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
CORPUS = list(samples())
KILOBYTE = 1024
ODD = (
    "JPEG 1 x 1", "JPEG 30,000 x 1", "JPEG 1 x 30,000", "JPEG in CMYK", "JPEG declared twice as high", "PNG at 1 bit",
    "PNG 40,000 x 1,000 at 1 bit", "PNG of 16 bits, transparent", "WebP 16,383 x 1",
)  # fmt: skip
"""Taken, and of no shape a card or a face has."""


@dataclass(frozen=True)
class Met:
    """What became of the corpus in one process."""

    answers: dict[str, str]
    traces: dict[str, Traces]
    stats: PoolStats
    pid: int


def intake_process() -> int:
    """The one decoder this test process has started."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    (found,) = [int(pid) for pid in listed if b"\0intake\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return found


def told(pid: int, what: str) -> str:
    """What Linux tells of a process."""
    return Path(f"/proc/{pid}/{what}").read_text()


def most_octets(pid: int, what: str) -> int:
    """The most memory a process ever had: `VmHWM` resident, `VmPeak` of address space (proc(5))."""
    found = re.search(rf"{what}:\s+(\d+) kB", told(pid, "status"))
    assert found is not None
    return int(found[1]) * KILOBYTE


async def answer_to(vision: PooledVision, sample: Sample, traces: dict[str, Traces]) -> str:
    try:
        traces[sample.name] = (await vision.intake(sample.make())).traces
    except Refusal as refusal:
        return refusal.code
    except VisionFailed as failed:
        return f"no answer: {failed.why}"
    return TAKEN


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def met() -> AsyncIterator[Met]:
    """The corpus, one picture after the other."""
    pools = pooled_vision(intake_processes=1, examiner_processes=0)
    await pools.start()
    try:
        pid, traces = intake_process(), dict[str, Traces]()
        answers = {each.name: await answer_to(pools, each, traces) for each in CORPUS}
        yield Met(answers, traces, pools.stats()[0], pid)
    finally:
        await pools.stop()


@pytest.mark.parametrize("sample", CORPUS, ids=lambda sample: sample.name)
async def test_a_strange_picture_is_taken_or_refused_as_the_table_says(met: Met, sample: Sample) -> None:
    assert met.answers[sample.name] == sample.expected, sample.why


async def test_no_strange_picture_costs_a_process_its_life_or_its_time(met: Met) -> None:
    stats = met.stats
    assert (stats.died, stats.replaced, stats.timed_out, stats.failed, stats.alive) == (0, 0, 0, 0, 1)
    assert intake_process() == met.pid


async def test_memory_stays_within_what_a_decoder_is_given(
    met: Met, record_property: Callable[[str, object], None]
) -> None:
    """The kernel's own figures; RLIMIT_AS holds address space, which is always more than what is resident."""
    limits = told(met.pid, "limits")
    assert re.search(rf"Max address space\s+{INTAKE.memory_octets}\s+{INTAKE.memory_octets}\s", limits)
    record_property("resident", most_octets(met.pid, "VmHWM"))
    assert most_octets(met.pid, "VmHWM") < most_octets(met.pid, "VmPeak") <= INTAKE.memory_octets


async def test_of_the_place_a_picture_was_taken_at_nothing_is_told(met: Met) -> None:
    assert PLACE in with_exif(PLACE)
    assert met.traces["EXIF with the place"] == Traces(software=None, make=None, taken=None)


async def test_a_picture_that_was_taken_is_examined_whatever_its_shape() -> None:
    pools = pooled_vision(intake_processes=0, examiner_processes=1)
    await pools.start()
    try:
        for each in (sample.make() for sample in CORPUS if sample.name in ODD):
            assert (await pools.examine({(Kind.RESIDENT_CARD, Side.PORTRAIT): each}, each)).descriptor is None
        stats = pools.stats()[1]
    finally:
        await pools.stop()
    assert (stats.done, stats.failed, stats.replaced, stats.timed_out) == (len(ODD), 0, 0, 0)
