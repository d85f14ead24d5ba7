"""Can an OCR engine read what is printed on every kind, photographed clean?"""

from datetime import date

import pytest
from rapidocr import RapidOCR
from rapidocr.utils.output import RapidOCROutput

from app.specimens.drawing import Drawing
from app.specimens.kinds import draw
from app.specimens.names import Kind
from app.specimens.photograph import Capture, photograph, rectified
from app.specimens.portraits import astronaut

TODAY = date(2026, 1, 15)
READ = {
    Kind.RESIDENCE_PERMIT: (1, ("authority", "travel_permit", "times_issued")),
    Kind.PERMANENT_RESIDENT_CARD: (0, ("latin_name", "chinese_name", "number", "authority")),
    Kind.TEMPORARY_CARD: (0, ("name", "sex", "number", "authority")),
    Kind.DRIVING_LICENCE: (0, ("number", "name", "sex", "nationality", "birth", "first_issue", "classes")),
    Kind.PASSPORT: (0, ("number", "surname", "given_names", "line_2")),
    Kind.VISA: (0, ("number", "surname", "given_names", "line_2")),
}
"""Which side, and which of its fields are printed as they are read."""
ALIKE = str.maketrans("OQ\u03a1", "00P")
"""A zone's alphabets tell these apart, not their shapes (R65); the engine knows Greek letters too."""


@pytest.fixture(scope="module")
def engine() -> RapidOCR:
    return RapidOCR(params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 1})


def read(engine: RapidOCR, drawing: Drawing) -> str:
    """All lines, run together."""
    found = engine(rectified(photograph(drawing, Capture(seed=1))))
    assert isinstance(found, RapidOCROutput)
    return "".join(found.txts or ()).replace(" ", "").translate(ALIKE)


@pytest.mark.parametrize("kind", READ)
def test_what_is_printed_can_be_read(kind: Kind, engine: RapidOCR) -> None:
    side, names = READ[kind]
    drawing = draw(kind, 1, TODAY, astronaut().for_card())[side]
    text = read(engine, drawing)
    for name in names:
        assert drawing.fields[name].replace(" ", "").translate(ALIKE) in text
