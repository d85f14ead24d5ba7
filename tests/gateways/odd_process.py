"""A vision process that does on request what a hostile picture might make a real one do. Started by the pool's tests."""

import os
import signal
import sys
import time

from app.gateways.vision import messages
from app.gateways.vision.frames import NO_BLOBS, Blobs, Frame, read
from app.gateways.vision.messages import Answer, Broken, Handler, Load, Looked, Ready, Seen, Taken, Task, page_names
from app.gateways.vision.packing import packed
from app.gateways.vision.page_time import Starved
from app.gateways.vision.process import main
from app.verification.documents.authenticity.bands import OCTETS
from app.verification.documents.reading import Reading
from app.verification.evidence import Measured, Presented
from app.verification.examination import NO_CARD, FaceDeclined, FaceView, ShownFace
from app.verification.picture import Format, Picture, Traces

ENDS = {b"stop": signal.SIGSTOP, b"die": signal.SIGKILL}
FAULTS = {b"raise": KeyError("张三 110101199003070000"), b"late": Starved()}
SHOWN = {b"hash": (bytes(OCTETS), 0), b"stub": (bytes(OCTETS - 1), 0), b"left": (bytes(OCTETS), 1)}
"""The portrait's hash, and how many pages took too long."""
MODULE = "tests.gateways.odd_process"


def obedient() -> tuple[Ready, Handler]:
    """Does what the last word of its first blob says; else answers with the blob's length as the picture's width."""
    return Ready(("odd",)), _obey


def _obey(_task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
    match blobs[0].rsplit(b" ")[-1]:
        case b"sleep":
            time.sleep(60)
        case b"stop" | b"die" as ends:
            os.kill(os.getpid(), ENDS[ends])
        case b"raise" | b"late" as fault:
            raise FAULTS[fault]
        case b"hog":
            return Broken(), (bytes(1 << 34), b"", b"")
        case b"print":
            print("a library speaks where it should not", flush=True)  # noqa: T201  on purpose
        case b"broken":
            return Broken(), NO_BLOBS
        case b"faceless":
            return Looked(ShownFace(FaceView(0, 0.0, 0.0, 0.0, 0.0, 0.0), (), ()), "face@1"), (b"",)
        case b"hash" | b"stub" | b"left" as shown:
            return _seen(blobs, *SHOWN[shown])
    return Taken(Picture(Format.PNG, len(blobs[0]), 1, "", Traces(None, None, None))), blobs


def _seen(blobs: Blobs, likeness: bytes, overdue: int) -> tuple[Answer, Blobs]:
    """Nothing on any page, and a portrait's hash of the first."""
    pages = [Presented(kind, side, Reading(NO_CARD, None, None, {})) for kind, side in page_names(blobs[1])]
    measured = Measured(tuple(pages), FaceDeclined.CONSENT_REFUSED)
    hashes = {f"{pages[0].kind}/{pages[0].side}": likeness}
    return Seen(measured, "face@1", "text@1", overdue), (b"", b"", packed({}), packed(hashes))


def lie() -> None:
    """Says ready, and then what is not an answer."""
    sys.stdout.buffer.write(Frame(messages.write(Ready(("odd",)))).pack())
    sys.stdout.buffer.flush()
    read(sys.stdin.buffer)
    sys.stdout.buffer.write(Frame(b'[{"kind":"taken","picture":{"width":1e999}}]').pack())
    sys.stdout.buffer.flush()
    time.sleep(60)


def mute() -> tuple[Ready, Handler]:
    """Never says it is ready."""
    time.sleep(60)
    return obedient()


ROLES: dict[str, Load] = {"obedient": obedient, "mute": mute}

if __name__ == "__main__":
    lie() if sys.argv[1] == "lying" else main(ROLES)
