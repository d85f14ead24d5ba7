"""Is the port light enough for the API's process, and does its twin keep the real refusals?"""

import subprocess
import sys

import pytest

from app.core.refusal import Refusal
from app.gateways.vision import Examined
from app.gateways.vision.child import CODE_ROOT
from app.gateways.vision.null import NullVision
from app.verification.evidence import Measured
from app.verification.examination import FaceDeclined, Kind, Side
from app.verification.picture import EmptyImage, Format
from tests.verification.test_picture import png

NOTHING = Examined(
    measured=Measured((), FaceDeclined.CONSENT_REFUSED), descriptor=None, face_model="none@0", text_model="none@0"
)
LOADED = """
import sys
import app.gateways.vision.pooled, app.gateways.vision.null
heavy = {"cv2", "dlib", "numpy", "onnxruntime", "PIL", "rapidocr", "face_recognition", "face_recognition_models"}
print(*sorted(heavy & set(sys.modules)))
"""


def test_the_port_and_its_pools_load_no_model_and_no_pixel_library() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOADED], cwd=CODE_ROOT, capture_output=True, text=True, check=False)
    assert (loaded.returncode, loaded.stdout, loaded.stderr) == (0, "\n", "")


async def test_the_twin_reads_headers_and_measures_what_it_was_told() -> None:
    vision = NullVision(NOTHING)
    picture = await vision.intake(png(640, 480))
    assert (picture.format, picture.width, picture.height) == (Format.PNG, 640, 480)
    pictures = {(Kind.PASSPORT, Side.DATA_PAGE): b"page"}
    assert await vision.examine(pictures, None) is NOTHING
    assert vision.seen == [(pictures, None)]


async def test_the_twin_refuses_what_the_real_one_refuses_by_header() -> None:
    with pytest.raises(EmptyImage):
        await NullVision(NOTHING).intake(b"")
    with pytest.raises(Refusal):
        await NullVision(NOTHING).intake(b"GIF89a")
