"""What does a face cost, from a phone's photograph to its descriptor, beside plain calls of what everybody uses?

`python -m benchmarks.faces` prints the rows as JSON, and `python -m benchmarks.faces FACES` how memory stands after so
many (`face_memory.py`); run alone, on one core. The photographs are real portraits made as large as a phone's, with noise: real pixels of that
size are not at hand. Plain calls are dlib's own, in face_recognition's order (`face_encodings`, five points): importing it
would load a model that is not licensed for commerce. CPU time, each picture in turn by all.
"""

import io
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import cv2
import dlib
import numpy as np
from PIL import Image

from app.gateways.vision.decoding import Pixels, decode
from app.gateways.vision.engines import FaceEngine
from app.gateways.vision.face_choice import EngineName, FaceChoice
from app.gateways.vision.face_engines import chosen
from app.gateways.vision.face_network.describing import WEIGHTS, FaceNetwork
from app.gateways.vision.finding import weights_folder
from app.gateways.vision.photographs import sight
from app.specimens.portraits import astronaut, encode, grace_hopper, selfie
from app.verification.faces.comparison import Descriptor, distance
from benchmarks.row import Row

OTHERS = Path("../shared/faces-dev/portraits")
"""Taken in where they are there; they are not the project's."""
PHONE_PIXELS = 12_000_000
WITH_DEFAULT = 2
"""Photographs of which the library's default is asked too: each takes it seconds and a gigabyte."""
TIMES = 20
MOST_APART = 0.1
"""About as far as a box moved by 5 % moves a descriptor."""


class Plain:
    """face_recognition's `load_image_file` and `face_encodings`."""

    def __init__(self) -> None:
        self._detector = dlib.get_frontal_face_detector()
        self._points = dlib.shape_predictor(str(weights_folder() / "shape_predictor_5_face_landmarks.dat"))
        self.network = dlib.face_recognition_model_v1(str(weights_folder() / WEIGHTS))

    def describe(self, octets: bytes, upsample: int) -> Descriptor:
        """Of the largest face: the library describes all of them, of which there is one."""
        picture = np.array(Image.open(io.BytesIO(octets)).convert("RGB"))
        box = max(self._detector(picture, upsample), key=lambda each: each.area())
        found = self.network.compute_face_descriptor(picture, self._points(picture, box), 1)
        return np.array(found, np.float32)


def face_rows() -> Iterator[Row]:
    """In a process of their own."""
    command = [sys.executable, "-m", "benchmarks.faces"]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
    yield from (Row(**each) for each in json.loads(found.splitlines()[-1]))


def _rows() -> Iterator[Row]:
    plain, engines = Plain(), {crops: _engine(crops) for crops in (1, 2, 8)}
    photographs = list(_photographs())
    yield from _photograph_rows(plain, engines[1], photographs)
    octets = photographs[0]
    further = [
        (_cpu(lambda: _look(engines[8], octets)) - _cpu(lambda: _look(engines[2], octets))) / 6 for _ in range(TIMES)
    ]
    each = 1000 * statistics.median(further)
    yield Row(
        "each further crop of a face",
        f"{each:.1f} ms",
        "",
        None,
        "stated",
        True,
        "",
        f"of 2 to 8 in one batch, {TIMES} in turn; median",
    )
    yield from _descriptor_rows(plain, photographs[0])


def _photograph_rows(plain: Plain, engine: FaceEngine, photographs: list[bytes]) -> Iterator[Row]:
    _look(engine, photographs[0])
    ours, theirs, slowest, apart = [], [], [], []
    for number, octets in enumerate(photographs):
        ours.append(_median(lambda: _look(engine, octets)))  # noqa: B023  called at once
        theirs.append(_cpu(lambda: plain.describe(octets, 0)))  # noqa: B023
        if number < WITH_DEFAULT:
            slowest.append(_cpu(lambda: plain.describe(octets, 1)))  # noqa: B023
        whole = engine.look(decode(octets).pixels).largest
        if whole is not None:
            apart.append(distance(_look(engine, octets), whole.descriptor))
    pictures = f"{len(photographs)} portraits made 12 megapixels, CPU of one core, one crop; median"
    yield _times("12 MP JPEG to descriptor", ours, theirs, 15, f"{pictures}; face_recognition, upsample 0")
    yield _times("12 MP JPEG to descriptor", ours, slowest, 50, f"first {len(slowest)}; face_recognition's default")
    far, most = statistics.median(apart), max(apart)
    how = f"{pictures}; to the descriptor of all pixels; largest {most:.3f}"
    yield Row("12 MP JPEG, distance", f"{far:.3f}", "0.1", None, f"≤ {MOST_APART}", far <= MOST_APART, "", how)


def _descriptor_rows(plain: Plain, octets: bytes) -> Iterator[Row]:
    face = _engine(1).look(decode(octets, 4).pixels).largest
    if face is None:
        raise LookupError("no face")
    chip, network = np.ascontiguousarray(face.chip), FaceNetwork(weights_folder() / WEIGHTS)
    ours, theirs = [], []
    for _ in range(TIMES):
        ours.append(_cpu(lambda: network.describe(chip[None])))
        theirs.append(_cpu(lambda: plain.network.compute_face_descriptor(chip)))
    yield _times("descriptor of a chip", ours, theirs, 12, f"dlib's wheel, {TIMES} in turn; median")


def _times(work: str, ours: list[float], theirs: list[float], mark: int, how: str) -> Row:
    """How many times less: the median over pictures of what each took by both."""
    ratio = statistics.median(other / own for own, other in zip(ours, theirs, strict=False))
    spent, could = (f"{1000 * statistics.median(each):.1f} ms" for each in (ours, theirs))
    return Row(work, spent, could, ratio, f"≥ {mark} ×", ratio >= mark, "", how)


def _engine(crops: int) -> FaceEngine:
    return chosen(FaceChoice(EngineName.ONNX, crops))


def _look(engine: FaceEngine, octets: bytes) -> Descriptor:
    face = sight(engine, octets).look.largest
    if face is None:
        raise LookupError("no face")
    return face.descriptor


def _photographs() -> Iterator[bytes]:
    for portrait in (astronaut(), grace_hopper()):
        yield phone_photograph(decode(selfie(portrait, 1)).pixels[:, :, ::-1])
    for file in sorted(OTHERS.glob("*.jpg")):
        picture = cv2.imread(str(file))
        if picture is not None:
            yield phone_photograph(np.asarray(picture, np.uint8))


def phone_photograph(picture: Pixels) -> bytes:
    """BGR to a JPEG of twelve megapixels with a sensor's noise."""
    factor = (PHONE_PIXELS / (picture.shape[0] * picture.shape[1])) ** 0.5
    large = np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.int16)
    noise = np.random.default_rng(0).normal(0, 4, large.shape).astype(np.int16)
    return encode((large + noise).clip(0, 255).astype(np.uint8), 1)


def _median(task: Callable[[], object], times: int = 5) -> float:
    return statistics.median(_cpu(task) for _ in range(times))


def _cpu(task: Callable[[], object]) -> float:
    begun = time.process_time()
    task()
    return time.process_time() - begun


def main() -> None:
    """Rows, or memory."""
    cv2.setNumThreads(1)
    if len(sys.argv) > 1:
        from benchmarks.face_memory import go_on  # noqa: PLC0415  it takes its photographs from here

        go_on(int(sys.argv[1]))
        return
    print(json.dumps([asdict(row) for row in _rows()]))


if __name__ == "__main__":
    main()
