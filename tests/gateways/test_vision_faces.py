"""Does the face engine find the face that is there, at any size, and measure it as it is?"""

import cv2
import dlib
import numpy as np
import pytest

from app.gateways.vision.decoding import Pixels, decode
from app.gateways.vision.engines import Face, FaceEngine
from app.gateways.vision.face_choice import EngineName, FaceChoice
from app.gateways.vision.face_engines import chosen
from app.specimens.portraits import astronaut, grace_hopper, selfie
from app.verification.faces.comparison import distance
from app.verification.faces.quality import turn


@pytest.fixture(scope="module", params=EngineName)
def engine(request: pytest.FixtureRequest) -> FaceEngine:
    return chosen(FaceChoice(request.param, crops=4))


def only_face(engine: FaceEngine, image: Pixels) -> Face:
    look = engine.look(image)
    assert look.faces == 1
    assert look.largest is not None
    return look.largest


def scaled(image: Pixels, factor: float) -> Pixels:
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)


SELFIE = decode(selfie(astronaut(), 1)).pixels


def test_one_person_is_near_and_two_are_far(engine: FaceEngine) -> None:
    first, second = only_face(engine, SELFIE), only_face(engine, decode(selfie(astronaut(), 2)).pixels)
    other = only_face(engine, decode(selfie(grace_hopper(), 1)).pixels)
    assert distance(first.descriptor, second.descriptor) < 0.3
    assert distance(first.descriptor, other.descriptor) > 0.55


def test_a_photograph_lying_on_its_side_gives_the_same_face_once_turned(engine: FaceEngine) -> None:
    lying = decode(selfie(astronaut(), 1, orientation=6)).pixels
    assert lying.shape == SELFIE.shape
    assert distance(only_face(engine, lying).descriptor, only_face(engine, SELFIE).descriptor) < 0.1


def test_a_large_photograph_gives_the_same_face_in_its_own_pixels(engine: FaceEngine) -> None:
    face, large = only_face(engine, SELFIE), only_face(engine, scaled(SELFIE, 3))
    assert distance(face.descriptor, large.descriptor) < 0.15
    assert large.landmarks.nose == pytest.approx([3 * place for place in face.landmarks.nose], abs=30)


def test_a_small_face_is_found_at_the_second_try(engine: FaceEngine) -> None:
    small = scaled(SELFIE, 0.16)
    assert not dlib.get_frontal_face_detector()(small, 0)
    assert only_face(engine, small).chip.shape == (150, 150, 3)


def test_every_face_is_counted_and_the_largest_described(engine: FaceEngine) -> None:
    half = cv2.resize(SELFIE, None, fx=0.5, fy=0.5)
    both = np.zeros((1280, 1500, 3), np.uint8)
    both[:, :960], both[:640, 1000:1480] = SELFIE, half
    look = engine.look(both)
    assert look.faces == 2
    assert look.largest is not None
    assert look.largest.box[2] < 960


def test_no_face_in_noise(engine: FaceEngine) -> None:
    look = engine.look(np.random.default_rng(0).integers(0, 256, (300, 300, 3), np.uint8))
    assert (look.faces, look.largest) == (0, None)


def test_mirroring_a_face_mirrors_its_turn(engine: FaceEngine) -> None:
    straight = only_face(engine, SELFIE).landmarks
    mirrored = only_face(engine, SELFIE[:, ::-1]).landmarks
    assert straight.left_eye[0] < straight.nose[0] < straight.right_eye[0]
    assert mirrored.left_eye[0] < mirrored.nose[0] < mirrored.right_eye[0]
    assert turn(mirrored) == pytest.approx(-turn(straight), abs=0.1)
