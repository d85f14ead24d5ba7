"""Do the uploads differ in just the one thing their name says, and can the card in them be read?"""

from datetime import date

import cv2
import numpy as np
from rapidocr import RapidOCR
from rapidocr.utils.output import RapidOCROutput

from app.specimens.applicant import forged_upload, honest_upload, impostor_upload
from app.specimens.people import check_character, random_card
from app.specimens.photograph import Capture, Photograph, photograph, rectified
from app.specimens.portraits import astronaut, grace_hopper
from app.specimens.resident_card import address_lines, draw_emblem_side, draw_portrait_side, validity_text

TODAY = date(2026, 1, 15)


def read(photo: Photograph) -> str:
    """All lines the OCR engine sees, run together."""
    engine = RapidOCR(params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 1})
    found = engine(rectified(photo))
    assert isinstance(found, RapidOCROutput)
    return "".join(found.txts or ()).replace(" ", "")


def test_an_upload_is_three_pictures() -> None:
    upload = honest_upload(2, TODAY, astronaut())
    for jpeg in (upload.portrait_side, upload.emblem_side, upload.face):
        assert cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) is not None


def test_an_impostor_has_the_holders_card_and_another_face() -> None:
    honest, impostor = honest_upload(2, TODAY, astronaut()), impostor_upload(2, TODAY, astronaut(), grace_hopper())
    assert (impostor.portrait_side, impostor.emblem_side) == (honest.portrait_side, honest.emblem_side)
    assert impostor.face != honest.face


def test_a_forged_card_has_the_holders_face_and_a_wrong_number() -> None:
    honest, forged = honest_upload(2, TODAY, astronaut()), forged_upload(2, TODAY, astronaut())
    assert (forged.face, forged.emblem_side) == (honest.face, honest.emblem_side)
    assert forged.portrait_side != honest.portrait_side
    assert check_character(forged.truth.person.number[:17]) != forged.truth.person.number[17]


def test_an_ocr_engine_reads_the_portrait_side() -> None:
    person = random_card(1, TODAY).person
    text = read(photograph(draw_portrait_side(random_card(1, TODAY), astronaut().for_card()), Capture(seed=1)))
    for field in (person.name, person.number, person.sex, person.ethnicity, *address_lines(person.address)):
        assert field in text
    assert f"{person.birth.year}年{person.birth.month}月{person.birth.day}日" in text


def test_an_ocr_engine_reads_the_emblem_side() -> None:
    truth = random_card(1, TODAY)
    text = read(photograph(draw_emblem_side(truth), Capture(seed=2)))
    for printed in ("中华人民共和国", "居民身份证", truth.authority, validity_text(truth), "SPECIMEN"):
        assert printed in text
