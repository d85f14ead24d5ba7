"""Is one frame measured as what it is, however odd it is?"""

import hashlib
from typing import Final

import cv2
import numpy as np
import pytest

from app.core.refusal import Refusal
from app.gateways.vision.frame_reading import FrameEngine, read_frame
from app.specimens.heads import FRAME, Attitude, Levels, photographed, posed
from app.specimens.portraits import encode
from app.verification.faces.five_points import Box
from app.verification.faces.liveness.frame import MOST_OCTETS, FrameTooLarge, FrameView
from app.verification.faces.liveness.pose import pose_of
from app.verification.picture import BrokenImage, UnsupportedImage

ENGINE: Final = FrameEngine(lambda chip: (float(chip.mean()),) * 128, lambda _picture, _box: 0.25)
GREY: Final[Levels] = np.full((FRAME[1], FRAME[0], 3), 120, np.float32)


def scene(attitude: Attitude, which: int = 0, wall: Levels = GREY) -> Levels:
    picture, person = posed(which, attitude)
    return np.asarray(wall + (picture - wall) * person[..., None], np.float32)


def read(picture: Levels, near: Box | None = None, *, seed: int = 1, described: bool = False) -> FrameView:
    return read_frame(ENGINE, photographed(picture, np.random.default_rng(seed)), near=near, wants_descriptor=described)


def test_a_face_is_found_measured_and_named_by_its_bytes() -> None:
    jpeg = photographed(scene(Attitude()), np.random.default_rng(1))
    view = read_frame(ENGINE, jpeg, near=None, wants_descriptor=False)
    assert (view.faces, view.width, view.height) == (1, 640, 480)
    assert view.sha256 == hashlib.sha256(jpeg).hexdigest()
    assert view.face is not None
    assert view.face.descriptor is None
    assert view.face.background == pytest.approx((120, 120, 120), abs=8)
    assert view.face.skin[0] > view.face.skin[2]


def test_a_described_frame_carries_what_network_and_the_banks_model_say() -> None:
    face = read(scene(Attitude()), described=True).face
    assert face is not None
    assert face.descriptor is not None
    assert len(face.descriptor) == 128
    assert face.pad == 0.25


@pytest.mark.parametrize("which", [0, 1])
def test_a_drawn_head_turns_the_way_it_is_turned(which: int) -> None:
    poses = {}
    for name, attitude in {
        "rest": Attitude(), "left": Attitude(yaw=25), "right": Attitude(yaw=-25), "up": Attitude(pitch=16),
        "aslant": Attitude(roll=18), "near": Attitude(near=1.35),
    }.items():  # fmt: skip
        face = read(scene(attitude, which)).face
        pose = None if face is None else pose_of(face.points)
        assert pose is not None, name
        poses[name] = pose
    assert poses["left"].yaw - poses["rest"].yaw > 12
    assert poses["rest"].yaw - poses["right"].yaw > 12
    assert poses["up"].pitch - poses["rest"].pitch > 8
    assert poses["aslant"].roll - poses["rest"].roll == pytest.approx(18, abs=3)
    assert poses["near"].scale / poses["rest"].scale == pytest.approx(1.35, abs=0.07)


def test_near_its_last_place_a_face_is_found_as_in_the_whole_frame() -> None:
    whole = read(scene(Attitude())).face
    assert whole is not None
    near = read(scene(Attitude()), whole.box).face
    assert near is not None
    assert near.box == pytest.approx(whole.box, abs=8)


def test_a_face_that_is_no_longer_there_is_looked_for_elsewhere() -> None:
    assert read(scene(Attitude()), (0, 0, 60, 60)).faces == 1
    assert read(scene(Attitude()), (900, 900, 960, 960)).faces == 1


def test_a_second_face_does_not_stay_unseen_where_the_frame_is_described() -> None:
    one = scene(Attitude())[:, 160:480]
    two = np.concatenate([one, one[:, ::-1]], axis=1)
    alone = read(two, (80, 120, 240, 280))
    assert alone.faces == 1
    assert read(two, (80, 120, 240, 280), described=True).faces == 2


def test_a_wall_has_no_face() -> None:
    view = read(GREY)
    assert (view.faces, view.face) == (0, None)


@pytest.mark.parametrize("size", [(20, 20), (1, 400), (400, 1)])
def test_a_tiny_frame_has_no_face_and_no_error(size: tuple[int, int]) -> None:
    jpeg = cv2.imencode(".jpg", np.full((*size, 3), 90, np.uint8))[1].tobytes()
    assert read_frame(ENGINE, jpeg, near=(0, 0, 10, 10), wants_descriptor=True).faces == 0


def test_a_grey_frame_is_read_as_any_other() -> None:
    grey = cv2.cvtColor(scene(Attitude()).astype(np.uint8), cv2.COLOR_BGR2GRAY)
    jpeg = cv2.imencode(".jpg", grey)[1].tobytes()
    assert read_frame(ENGINE, jpeg, near=None, wants_descriptor=False).faces == 1


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_frame_that_was_stored_lying_is_read_as_it_was_held(orientation: int) -> None:
    frame = scene(Attitude()).astype(np.uint8)
    view = read_frame(ENGINE, encode(frame, orientation), near=None, wants_descriptor=False)
    assert (view.faces, view.width, view.height) == (1, 640, 480)


def test_a_frame_that_comes_in_passes_is_read_as_any_other() -> None:
    frame = scene(Attitude()).astype(np.uint8)
    jpeg = cv2.imencode(".jpg", frame, (cv2.IMWRITE_JPEG_PROGRESSIVE, 1))[1].tobytes()
    assert read_frame(ENGINE, jpeg, near=None, wants_descriptor=False).faces == 1


def test_what_is_no_frame_is_refused() -> None:
    jpeg = photographed(scene(Attitude()), np.random.default_rng(1))
    with pytest.raises(BrokenImage):
        read_frame(ENGINE, jpeg[: len(jpeg) // 2], near=None, wants_descriptor=False)
    with pytest.raises(UnsupportedImage):
        read_frame(ENGINE, b"GET / HTTP/1.1", near=None, wants_descriptor=False)


def test_sketches_tell_noise_anew_from_a_picture_packed_anew() -> None:
    still = scene(Attitude())
    first, second = (np.array(read(still, seed=seed).sketch) for seed in (1, 2))
    jpeg = photographed(still, np.random.default_rng(1))
    decoded = np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    packed = cv2.imencode(".jpg", decoded, (cv2.IMWRITE_JPEG_QUALITY, 95))[1].tobytes()
    again = np.array(read_frame(ENGINE, packed, near=None, wants_descriptor=False).sketch)
    assert np.sqrt(np.mean((first - second) ** 2)) > 1.5
    assert np.sqrt(np.mean((first - again) ** 2)) < 0.6


def test_a_screens_sides_and_raster_stand_out() -> None:
    screen = GREY.copy()
    screen[:, 90:96] = screen[:, -96:-90] = 10
    raster = scene(Attitude())
    raster[:, ::2] *= 0.85
    plain = read(scene(Attitude())).face
    framed, striped = read(scene(Attitude(), wall=screen)).face, read(raster).face
    assert plain is not None
    assert framed is not None
    assert striped is not None
    assert framed.edges > 0.8 > plain.edges
    assert striped.spectrum > plain.spectrum


@pytest.mark.parametrize(
    ("kind", "size", "refusal"),
    [
        (".png", (480, 640), UnsupportedImage),
        (".jpg", (3_000, 4_000), FrameTooLarge),
        (".jpg", (961, 1_280), FrameTooLarge),
    ],
)
def test_what_is_no_frame_of_a_film_is_refused_before_it_is_decoded(
    kind: str, size: tuple[int, int], refusal: type[Refusal]
) -> None:
    octets = cv2.imencode(kind, np.zeros((*size, 3), np.uint8))[1].tobytes()
    with pytest.raises(refusal):
        read_frame(ENGINE, octets, near=None, wants_descriptor=False)


def test_a_frame_of_too_many_octets_is_refused() -> None:
    with pytest.raises(FrameTooLarge):
        read_frame(ENGINE, bytes(MOST_OCTETS + 1), near=None, wants_descriptor=False)
