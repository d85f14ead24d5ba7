"""What does reading one side of a card cost, beside plain RapidOCR? Run alone on one core: `python -m benchmarks.documents`."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date

import cv2
from rapidocr import RapidOCR

from app.gateways.vision.messages import Read, Task
from app.gateways.vision.reader import load
from app.specimens.applicant import honest_upload
from app.specimens.portraits import astronaut
from benchmarks.row import Row, at_most

CARDS = 5
"""The first is not counted."""
MARK = 0.6


def reading_rows() -> Iterator[Row]:
    """One row for each side."""
    command = [sys.executable, "-m", "benchmarks.documents"]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)  # noqa: S603
    how = f"CPU on one core, mean of {CARDS - 1} cards; limit: plain RapidOCR on the same photographs, in turn"
    for side, (ours, bare) in found.items():
        yield at_most(f"reading of one {side} side", ours, bare, MARK, unit="s", how=how)


def main() -> None:
    """Print for each side the CPU seconds of one reading of ours and of plain RapidOCR, as JSON."""
    cv2.setNumThreads(1)
    uploads = [honest_upload(seed, date(2026, 11, 22), astronaut()) for seed in range(CARDS)]
    ours, bare = _ours(), _bare()
    sides = {"portrait": [up.portrait_side for up in uploads], "emblem": [up.emblem_side for up in uploads]}
    found = {}
    for side, photographs in sides.items():
        times = [(_cpu(ours, photograph), _cpu(bare, photograph)) for photograph in photographs][1:]
        found[side] = [sum(each) / len(times) for each in zip(*times, strict=True)]
    print(json.dumps(found))


def _ours() -> Callable[[bytes], None]:
    _, handle = load()

    def read(photograph: bytes) -> None:
        answer, _ = handle(Task.READ, (photograph, b"", b""))
        if not isinstance(answer, Read) or not answer.reading.fields:
            raise TypeError(answer)

    return read


def _bare() -> Callable[[bytes], None]:
    reader = RapidOCR(params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 1})

    def read(photograph: bytes) -> None:
        reader(photograph)

    return read


def _cpu(task: Callable[[bytes], None], photograph: bytes) -> float:
    begun = time.process_time()
    task(photograph)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
