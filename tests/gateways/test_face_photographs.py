"""Does every photograph get an answer about its faces, in its own pixels, however it is stored and whatever it shows?"""

from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from app.gateways.vision.decoding import Pixels, decode
from app.gateways.vision.engines import Face
from app.gateways.vision.face_choice import EngineName, FaceChoice
from app.gateways.vision.face_engines import chosen
from app.gateways.vision.faces import Faces
from app.gateways.vision.photographs import sight
from app.specimens.portraits import astronaut, encode, grace_hopper, selfie
from app.verification.faces.comparison import distance
from app.verification.faces.five_points import Box

SELFIE = decode(selfie(astronaut(), 1)).pixels
PHONE_WIDTH = 3000


@pytest.fixture(scope="module")
def engine() -> Faces:
    found = chosen(FaceChoice(EngineName.ONNX, crops=1))
    assert isinstance(found, Faces)
    return found


def stored(picture: Image.Image, kind: str) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def scaled(picture: Pixels, width: int) -> Pixels:
    size = (width, round(picture.shape[0] * width / picture.shape[1]))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def phone(orientation: int = 1) -> bytes:
    """Twelve megapixels, with a sensor's noise."""
    large = scaled(SELFIE, PHONE_WIDTH).astype(np.int16)
    noise = np.random.default_rng(0).normal(0, 4, large.shape).astype(np.int16)
    return encode((large + noise).clip(0, 255).astype(np.uint8)[:, :, ::-1], orientation)


def face_of(engine: Faces, octets: bytes) -> Face:
    look = sight(engine, octets).look
    assert look.faces == 1
    assert look.largest is not None
    return look.largest


def parts(box: Box, frame: tuple[int, int]) -> list[float]:
    return [edge / frame[number % 2] for number, edge in enumerate(box)]


def test_a_phones_photograph_gives_nearly_the_descriptor_of_all_its_pixels(engine: Faces) -> None:
    octets = phone()
    whole = engine.look(decode(octets).pixels).largest
    assert whole is not None
    assert distance(face_of(engine, octets).descriptor, whole.descriptor) <= 0.1


def test_places_are_told_in_the_whole_photographs_pixels(engine: Faces) -> None:
    large, small = sight(engine, phone()), sight(engine, selfie(astronaut(), 1))
    assert (large.frame, small.frame) == ((3000, 4000), (960, 1280))
    assert parts(large.look.boxes[0], large.frame) == pytest.approx(parts(small.look.boxes[0], small.frame), abs=0.03)
    assert large.look.largest is not None
    assert small.look.largest is not None
    nose = np.array(large.look.largest.points.nose) / PHONE_WIDTH
    assert nose == pytest.approx(np.array(small.look.largest.points.nose) / 960, abs=0.02)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_phone_held_otherwise_gives_the_same_face_upright(engine: Faces, orientation: int) -> None:
    upright, turned = sight(engine, phone()), sight(engine, phone(orientation))
    assert turned.frame == upright.frame
    assert upright.look.largest is not None
    assert turned.look.largest is not None
    assert distance(upright.look.largest.descriptor, turned.look.largest.descriptor) < 0.1


def test_a_small_face_in_a_large_photograph_is_described_from_more_of_its_pixels(engine: Faces) -> None:
    """At a quarter it is 75 px wide, and half of its chip's pixels would be made up."""
    field = np.full((3000, 4000, 3), 120, np.uint8)
    field[900:1900, 1500:2250] = scaled(SELFIE, 750)
    octets = stored(Image.fromarray(field), "JPEG")
    whole, quarter = (engine.look(decode(octets, shrink).pixels).largest for shrink in (1, 4))
    assert whole is not None
    assert quarter is not None
    described = face_of(engine, octets).descriptor
    assert distance(described, whole.descriptor) < distance(quarter.descriptor, whole.descriptor)


def transparent() -> Image.Image:
    picture = Image.fromarray(SELFIE).convert("RGBA")
    picture.putalpha(Image.fromarray(np.where(np.indices(SELFIE.shape[:2])[1] < 40, 0, 255).astype(np.uint8)))
    return picture


def progressive() -> bytes:
    buffer = BytesIO()
    Image.fromarray(SELFIE).save(buffer, "JPEG", progressive=True)
    return buffer.getvalue()


KINDS: dict[str, Callable[[], bytes]] = {
    "grey": lambda: stored(Image.fromarray(SELFIE).convert("L"), "JPEG"),
    "CMYK": lambda: stored(Image.fromarray(SELFIE).convert("CMYK"), "JPEG"),
    "sixteen bits": lambda: stored(Image.fromarray(SELFIE.mean(axis=2).astype(np.uint16) * 257), "PNG"),
    "transparent": lambda: stored(transparent(), "PNG"),
    "palette": lambda: stored(Image.fromarray(SELFIE).quantize(128), "PNG"),
    "WebP": lambda: stored(Image.fromarray(SELFIE), "WEBP"),
    "progressive": progressive,
}


@pytest.mark.parametrize("kind", KINDS)
def test_however_it_is_stored_the_face_is_the_same_persons(engine: Faces, kind: str) -> None:
    plain = face_of(engine, selfie(astronaut(), 1))
    assert distance(face_of(engine, KINDS[kind]()).descriptor, plain.descriptor) < 0.3


def cartoon() -> Pixels:
    drawn = np.full((600, 600, 3), 255, np.uint8)
    cv2.circle(drawn, (300, 300), 200, (255, 220, 60), -1)
    for x in (230, 370):
        cv2.circle(drawn, (x, 250), 22, (0, 0, 0), -1)
    cv2.ellipse(drawn, (300, 330), (110, 90), 0, 20, 160, (0, 0, 0), 9)
    return drawn


FACELESS: dict[str, Callable[[], Pixels]] = {
    "nothing": lambda: np.full((900, 1200, 3), 90, np.uint8),
    "a cartoon": cartoon,
    "upside down": lambda: np.ascontiguousarray(SELFIE[::-1, ::-1]),
    "20 × 20": lambda: scaled(SELFIE, 15),
    "1 × 1": lambda: np.zeros((1, 1, 3), np.uint8),
    "a thread": lambda: np.zeros((1, 9000, 3), np.uint8),
}


@pytest.mark.parametrize("what", FACELESS)
def test_where_no_face_is_the_answer_is_none(engine: Faces, what: str) -> None:
    look = sight(engine, stored(Image.fromarray(FACELESS[what]()), "PNG")).look
    assert (look.faces, look.largest) == (0, None)


def test_forty_megapixels_give_the_face_that_is_there(engine: Faces) -> None:
    octets = stored(Image.fromarray(scaled(SELFIE, 5440)), "JPEG")
    frame = sight(engine, octets).frame
    assert frame[0] * frame[1] > 39_000_000
    assert distance(face_of(engine, octets).descriptor, face_of(engine, selfie(astronaut(), 1)).descriptor) < 0.15


def test_two_people_are_two_faces_and_nearly_as_large(engine: Faces) -> None:
    both = np.concatenate([SELFIE, decode(selfie(grace_hopper(), 1)).pixels], axis=1)
    boxes = sight(engine, stored(Image.fromarray(both), "JPEG")).look.boxes
    widths = [box[2] - box[0] for box in boxes]
    assert len(boxes) == 2
    assert widths[1] > 0.6 * widths[0]


def test_a_picture_on_the_wall_is_a_face_much_smaller_than_the_applicants(engine: Faces) -> None:
    wall = np.full((1280, 1500, 3), 160, np.uint8)
    wall[:, :960], wall[100:633, 1050:1450] = SELFIE, decode(selfie(grace_hopper(), 1)).pixels[::2, ::2][:533, :400]
    boxes = sight(engine, stored(Image.fromarray(wall), "JPEG")).look.boxes
    widths = [box[2] - box[0] for box in boxes]
    assert len(boxes) == 2
    assert widths[1] < 0.75 * widths[0]
