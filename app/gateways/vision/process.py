"""The inside of a vision process: loads its models, then answers one frame after another until its input ends.

Started by `child.py` as `python -m app.gateways.vision.process ROLE PARENT_PID MEMORY_OCTETS NICENESS OPTIONS`.
"""

import os
import sys
import traceback
from typing import BinaryIO

from app.gateways.vision import messages
from app.gateways.vision.confinement import confine
from app.gateways.vision.face_choice import FaceChoice
from app.gateways.vision.frames import NO_BLOBS, Blobs, Frame, read
from app.gateways.vision.messages import Answer, Broken, Failed, Handler, Late, Load, Ready, Task
from app.gateways.vision.page_time import Starved
from app.verification.picture import BrokenImage


def main(roles: dict[str, Load]) -> None:
    """Confine this process, then serve the role named on the command line."""
    role, parent, memory_octets, niceness = sys.argv[1:5]
    confine(parent=int(parent), memory_octets=int(memory_octets), niceness=int(niceness))
    serve(roles[role])


def serve(load: Load) -> None:
    """Say ready, then answer; returns when the asking side has closed the pipe."""
    source, sink = _pipes()
    ready, handle = load()
    _send(sink, ready, NO_BLOBS)
    while (request := read(source)) is not None:
        _send(sink, *_answer(handle, request))


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for frames alone: whatever a library prints goes to the error stream."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, sink


def _send(sink: BinaryIO, answer: Answer, blobs: Blobs) -> None:
    sink.write(Frame(messages.write(answer), blobs).pack())
    sink.flush()


def _answer(handle: Handler, request: Frame) -> tuple[Answer, Blobs]:
    try:
        return handle(Task(request.header.decode("ascii")), request.blobs)
    except BrokenImage:
        return Broken(), NO_BLOBS
    except Starved:
        return Late(), NO_BLOBS
    except Exception as error:  # noqa: BLE001  the door of the process: any fault is told, and the next task served
        return Failed(_where(error)), NO_BLOBS


def _where(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {os.path.basename(frame.filename)}:{frame.lineno}"  # noqa: PTH119  no I/O


def _intake() -> tuple[Ready, Handler]:
    from app.gateways.vision.intake import load  # noqa: PLC0415  each role loads its own libraries only

    return load()


def _examiner() -> tuple[Ready, Handler]:
    from app.gateways.vision.examiner import load  # noqa: PLC0415  as above

    return load(FaceChoice.read(sys.argv[5]))


def _reader() -> tuple[Ready, Handler]:
    from app.gateways.vision.reader import load  # noqa: PLC0415  as above

    return load()


def _looker() -> tuple[Ready, Handler]:
    from app.gateways.vision.looker import load  # noqa: PLC0415  as above

    return load(FaceChoice.read(sys.argv[5]))


if __name__ == "__main__":
    main({"intake": _intake, "examiner": _examiner, "reader": _reader, "looker": _looker})
