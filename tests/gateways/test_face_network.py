"""Is dlib's face network on onnxruntime dlib's face network, to the last weight?"""

from collections.abc import Callable
from pathlib import Path

import cv2
import dlib
import numpy as np
import pytest
from onnxruntime import InferenceSession, SessionOptions

from app.gateways.vision.decoding import Pixels, decode
from app.gateways.vision.face_choice import MOST_CROPS, EngineName, FaceChoice
from app.gateways.vision.face_engines import chosen
from app.gateways.vision.face_network.crops import CROPS
from app.gateways.vision.face_network.describing import WEIGHTS, FaceNetwork, NetworkDescriber
from app.gateways.vision.face_network.graph import onnx_of
from app.gateways.vision.face_network.serialised import NotTheNetwork, Octets
from app.gateways.vision.face_network.weights import network
from app.gateways.vision.finding import weights_folder
from app.specimens.portraits import astronaut, grace_hopper, selfie
from app.verification.faces.comparison import Descriptor, distance

FILE = weights_folder() / WEIGHTS
CHANCE = np.random.default_rng(7)
AUGMENTED: dict[str, Callable[[Pixels], Pixels]] = {
    "as it is": lambda chip: chip,
    "mirrored": lambda chip: chip[:, ::-1],
    "upside down": lambda chip: chip[::-1],
    "dark": lambda chip: (chip * 0.3).astype(np.uint8),
    "blurred": lambda chip: np.asarray(cv2.GaussianBlur(chip, (9, 9), 3), np.uint8),
    "noisy": lambda chip: (chip + CHANCE.normal(0, 15, chip.shape)).clip(0, 255).astype(np.uint8),
    "grey": lambda chip: np.repeat(chip.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8),
    "moved": lambda chip: np.roll(chip, (7, -9), (0, 1)),
}
MADE = [
    np.zeros((150, 150, 3), np.uint8),
    np.full((150, 150, 3), 255, np.uint8),
    *CHANCE.integers(0, 256, (6, 150, 150, 3), np.uint8),
]


@pytest.fixture(scope="module")
def ours() -> FaceNetwork:
    return FaceNetwork(FILE)


@pytest.fixture(scope="module")
def theirs() -> Callable[[Pixels], Descriptor]:
    reference = dlib.face_recognition_model_v1(str(FILE))
    return lambda chip: np.array(reference.compute_face_descriptor(np.ascontiguousarray(chip)), np.float32)


@pytest.fixture(scope="module")
def chips() -> list[Pixels]:
    """Of every real portrait at hand, as printed on a card and in three renditions each."""
    engine, found = chosen(FaceChoice(EngineName.DLIB, crops=1)), []
    for portrait in (astronaut(), grace_hopper()):
        photographs = [portrait.for_card()[:, :, ::-1], *(decode(selfie(portrait, seed)).pixels for seed in (1, 2, 3))]
        faces = [engine.look(each).largest for each in photographs]
        found += [face.chip for face in faces if face is not None]
    assert len(found) == 8
    return found


@pytest.mark.parametrize("how", AUGMENTED)
def test_a_face_has_the_descriptor_that_dlib_gives_it(
    ours: FaceNetwork, theirs: Callable[[Pixels], Descriptor], chips: list[Pixels], how: str
) -> None:
    changed = [np.ascontiguousarray(AUGMENTED[how](chip)) for chip in chips]
    for chip, descriptor in zip(changed, ours.describe(np.stack(changed)), strict=True):
        assert distance(descriptor, theirs(chip)) < 1e-4


def test_what_is_no_face_has_the_descriptor_that_dlib_gives_it(
    ours: FaceNetwork, theirs: Callable[[Pixels], Descriptor]
) -> None:
    for chip, descriptor in zip(MADE, ours.describe(np.stack(MADE)), strict=True):
        assert distance(descriptor, theirs(chip)) < 1e-4


def test_a_batch_is_what_its_faces_are_alone(ours: FaceNetwork, chips: list[Pixels]) -> None:
    together = ours.describe(np.stack(chips))
    alone = np.concatenate([ours.describe(chip[None]) for chip in chips])
    assert np.abs(together - alone).max() < 1e-6


def test_the_runtime_lays_planes_out_anew_but_twice(tmp_path: Path) -> None:
    """Before the products of matrices and at the end; a `Pad` among the convolutions cost every sum after it two of these.

    A node's `op_type` in the graph that is really run: field 4 of NodeProto, 13 letters. None where there are no blocks.
    """
    options = SessionOptions()
    options.log_severity_level = 4  # it warns that what it writes is good for this processor alone
    options.optimized_model_filepath = str(tmp_path / "run.onnx")
    InferenceSession(onnx_of(network(FILE.read_bytes())), options, providers=["CPUExecutionProvider"])
    assert (tmp_path / "run.onnx").read_bytes().count(b"\x22\x0dReorderOutput") <= 2


@pytest.mark.parametrize("change", [lambda octets: octets + b"\0", lambda octets: octets[:-1], lambda _: b""])
def test_a_file_is_read_to_its_last_octet_and_not_beyond(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(NotTheNetwork):
        network(change(FILE.read_bytes()))


@pytest.mark.parametrize(
    "name", [b"loss_metric_2", b"con_4", b"affine_", b"relu_", b"max_pool_2", b"avg_pool_2", b"fc_2"]
)
def test_a_layer_of_another_kind_is_refused(name: bytes) -> None:
    octets = FILE.read_bytes()
    at = octets.rindex(name)
    with pytest.raises(NotTheNetwork):
        network(octets[:at] + b"?" + octets[at + 1 :])


def test_weights_of_which_one_bit_differs_are_refused(tmp_path: Path) -> None:
    octets = bytearray(FILE.read_bytes())
    octets[-1000] ^= 1
    other = tmp_path / WEIGHTS
    other.write_bytes(octets)
    with pytest.raises(NotTheNetwork):
        FaceNetwork(other)


@pytest.mark.parametrize(
    ("octets", "value"), [(b"\x01\x96", 150), (b"\x81\x05", -5), (b"\x02\x00\x01", 256), (b"\x01\x00", 0)]
)
def test_an_integer_is_read_by_its_control_octet(octets: bytes, value: int) -> None:
    assert Octets(octets).integer() == value


@pytest.mark.parametrize("octets", [b"", b"\x00", b"\x09" + bytes(9), b"\x11\x01", b"\x02\x01"])
def test_what_is_no_integer_is_refused(octets: bytes) -> None:
    with pytest.raises(NotTheNetwork):
        Octets(octets).integer()


def test_a_number_is_its_mantissa_times_a_power_of_two() -> None:
    assert Octets(b"\x01\x03" + b"\x81\x02").number() == 0.75


def test_one_crop_is_the_chip_that_dlib_sees(theirs: Callable[[Pixels], Descriptor]) -> None:
    face = chosen(FaceChoice(EngineName.ONNX, crops=1)).look(decode(selfie(astronaut(), 1)).pixels).largest
    assert face is not None
    assert distance(face.descriptor, theirs(face.chip)) < 1e-4


def test_more_crops_are_fixed_and_give_another_descriptor() -> None:
    picture = decode(selfie(astronaut(), 1)).pixels
    looks = [chosen(FaceChoice(EngineName.ONNX, crops=count)).look(picture).largest for count in (1, 4, 4)]
    one, four, again = (face.descriptor for face in looks if face is not None)
    assert np.array_equal(four, again)
    assert 0.001 < distance(one, four) < 0.2


def test_every_recipe_has_a_name_of_its_own(ours: FaceNetwork) -> None:
    names = {NetworkDescriber(ours, count).model for count in range(1, MOST_CROPS + 1)}
    names.add(chosen(FaceChoice(EngineName.DLIB, crops=1)).model)
    assert len(names) == MOST_CROPS + 1 == len(CROPS) + 1


@pytest.mark.parametrize("count", [0, MOST_CROPS + 1])
def test_crops_that_are_not_in_the_recipe_are_refused(ours: FaceNetwork, count: int) -> None:
    with pytest.raises(ValueError, match="crops"):
        NetworkDescriber(ours, count)
