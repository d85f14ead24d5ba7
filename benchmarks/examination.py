"""What does one examination cost, beside the bare models? Run alone on one core: `python -m benchmarks.examination`."""

import json
import time
from collections.abc import Callable
from datetime import date

import cv2
import dlib
import numpy as np
from rapidocr import RapidOCR

from app.gateways.vision.decoding import decode
from app.gateways.vision.examiner import load
from app.gateways.vision.face_choice import OURS
from app.gateways.vision.faces import DlibFaces
from app.gateways.vision.finding import weights_folder
from app.gateways.vision.messages import Seen, Task, names_of
from app.specimens.applicant import Upload, honest_upload
from app.specimens.portraits import astronaut
from app.verification.examination import Kind, Side

EXAMINATIONS = 4
CARD = ((Kind.RESIDENT_CARD, Side.PORTRAIT), (Kind.RESIDENT_CARD, Side.EMBLEM))


def main() -> None:
    """Print CPU seconds of one examination of ours and of the bare models, as JSON."""
    cv2.setNumThreads(1)
    uploads = [honest_upload(seed, date(2026, 11, 22), astronaut()) for seed in range(EXAMINATIONS)]
    ours = [_cpu(examination, upload) for examination in [_examination()] for upload in [uploads[0], *uploads]][1:]
    bare = [_cpu(models, upload) for models in [_bare_models()] for upload in [uploads[0], *uploads]][1:]
    print(json.dumps({"ours": sum(ours) / EXAMINATIONS, "bare": sum(bare) / EXAMINATIONS}))


def _examination() -> Callable[[Upload], None]:
    _, handle = load(OURS)

    def examine(upload: Upload) -> None:
        answer, _ = handle(Task.EXAMINE, (upload.face, names_of(CARD), upload.portrait_side, upload.emblem_side))
        if not isinstance(answer, Seen):
            raise TypeError(answer)

    return examine


def _bare_models() -> Callable[[Upload], None]:
    """Two plain calls of RapidOCR on the photographs as they are, two descriptors of dlib on faces already found."""
    reader = RapidOCR(params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 1})
    network = dlib.face_recognition_model_v1(str(weights_folder() / "dlib_face_recognition_resnet_model_v1.dat"))
    found = DlibFaces().look(decode(honest_upload(0, date(2026, 11, 22), astronaut()).face).pixels)
    chip = np.ascontiguousarray(found.largest.chip) if found.largest else np.zeros((150, 150, 3), np.uint8)

    def call(upload: Upload) -> None:
        for side in (upload.portrait_side, upload.emblem_side):
            reader(side)
            network.compute_face_descriptor(chip)

    return call


def _cpu(task: Callable[[Upload], None], upload: Upload) -> float:
    begun = time.process_time()
    task(upload)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
