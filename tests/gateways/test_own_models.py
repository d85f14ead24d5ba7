"""Does a bank's own model do what its manifest says, and does one that is not as described never start?"""

from pathlib import Path

import numpy as np
import pytest

from app.building.faces import face_choice
from app.gateways.vision.decoding import decode
from app.gateways.vision.engines import Face, Look
from app.gateways.vision.face_choice import EngineName, FaceChoice
from app.gateways.vision.face_engines import chosen
from app.gateways.vision.own_models.cutting import ARCFACE, EYES_AND_LIP, aligned, outer
from app.gateways.vision.own_models.manifest import ManifestRefused, opened
from app.gateways.vision.own_models.running import NoAnswer, OwnModel
from app.settings import Settings
from app.specimens.portraits import astronaut, grace_hopper, selfie
from app.verification.faces.comparison import distance
from tests.gateways.small_models import CALIBRATED, DETECT, EMBED, LANDMARK, PAD, arcface, minifas, same_points, written

SELFIE = decode(selfie(astronaut(), 1)).pixels
PARTS = [0.35, 0.4, 0.65, 0.4, 0.5, 0.55, 0.4, 0.7, 0.6, 0.7]


def face(*manifests: Path, seed: int = 1, production: bool = False) -> Face:
    picture = decode(selfie(astronaut(), seed)).pixels
    choice = FaceChoice(EngineName.ONNX, 1, tuple(map(str, manifests)), production)
    found = chosen(choice).look(picture).largest
    assert found is not None
    return found


def refused(path: Path, *, production: bool = False) -> str:
    with pytest.raises(ManifestRefused) as why:
        OwnModel(opened(path, production=production))
    return str(why.value)


def test_an_embedding_model_describes_in_its_own_length_and_one_long(tmp_path: Path) -> None:
    descriptor = face(written(tmp_path, "embed", arcface(), EMBED)).descriptor
    assert descriptor.shape == (128,)
    assert np.linalg.norm(descriptor) == pytest.approx(1, abs=1e-5)


def test_it_sees_an_aligned_face_so_that_one_person_is_nearer_than_two(tmp_path: Path) -> None:
    engine = chosen(FaceChoice(EngineName.ONNX, 1, (str(written(tmp_path, "embed", arcface(), EMBED)),)))
    pictures = (selfie(astronaut(), 1), selfie(astronaut(), 2), selfie(grace_hopper(), 1))
    first, second, other = (look.largest for look in (engine.look(decode(each).pixels) for each in pictures))
    assert first
    assert second
    assert other
    assert distance(first.descriptor, second.descriptor) < distance(first.descriptor, other.descriptor)


def test_two_ways_of_feeding_one_model_are_two_models(tmp_path: Path) -> None:
    names = set()
    for number, rest in enumerate((EMBED, EMBED.replace('"rgb"', '"bgr"'), EMBED.replace("cosine", "euclid"))):
        (folder := tmp_path / str(number)).mkdir()
        names.add(opened(written(folder, "embed", arcface(), rest), production=False).manifest.model)
    assert len(names) == 3


@pytest.mark.rule("R77")
def test_an_attack_detectors_score_is_that_of_its_class(tmp_path: Path) -> None:
    """Its three classes are the means of blue, green and red, so the colours' order is seen too."""
    model = OwnModel(opened(written(tmp_path, "pad", minifas(), PAD), production=False))
    blue, green, red = model.answer(np.full((80, 80, 3), (160, 80, 16), np.uint8))
    assert (blue, green, red) == pytest.approx((1, 5, 10))


def test_every_attack_detector_says_of_a_face_how_sure_it_is(tmp_path: Path) -> None:
    (other := tmp_path / "other").mkdir()
    near, far = written(tmp_path, "pad", minifas(), PAD), written(other, "pad", minifas(), PAD.replace("2.7", "4.0"))
    scores = face(near, far).attacks
    assert len({score.model for score in scores}) == 2
    assert all(0 < score.bona_fide < 1 for score in scores)


def test_a_landmark_model_places_the_face_for_the_embedding_one(tmp_path: Path) -> None:
    embed, points = (
        written(tmp_path, "embed", arcface(), EMBED),
        written(tmp_path, "landmark", same_points(PARTS), LANDMARK),
    )
    assert distance(face(embed).descriptor, face(embed, points).descriptor) > 0.01


@pytest.mark.parametrize("template", [ARCFACE, EYES_AND_LIP])
def test_points_that_stand_as_the_template_does_leave_a_picture_as_it_is(
    template: np.ndarray[tuple[int], np.dtype[np.complex128]],
) -> None:
    picture = SELFIE[200:312, 200:312]
    assert np.array_equal(aligned(picture, template, 112), picture)


@pytest.mark.parametrize(
    "box", [(-40.0, -40.0, 60.0, 60.0), (900.0, 1200.0, 1000.0, 1400.0), (0.0, 0.0, 2000.0, 2000.0)]
)
def test_what_is_cut_about_a_box_lies_in_the_picture(box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = outer(SELFIE, box, 4.0)
    assert 0 <= left < right <= SELFIE.shape[1]
    assert 0 <= top < bottom <= SELFIE.shape[0]


def test_a_model_of_another_hash_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "embed", arcface(), EMBED)
    (tmp_path / "embed.onnx").write_bytes(arcface()[:-1] + b"\1")
    assert "SHA-256" in refused(path)


@pytest.mark.rule("R92")
def test_production_refuses_a_model_that_nobody_calibrated(tmp_path: Path) -> None:
    assert "calibration" in refused(written(tmp_path, "embed", arcface(), EMBED), production=True)


def test_production_takes_a_calibrated_model(tmp_path: Path) -> None:
    assert face(written(tmp_path, "embed", arcface(), EMBED + CALIBRATED), production=True).descriptor.size == 128


@pytest.mark.parametrize(
    ("rest", "word"),
    [
        (EMBED.replace('template = "arcface"', ""), "alignment.template"),
        (EMBED.replace("side = 112", "side = 96"), "does not answer"),
        (EMBED.replace("scale = 127.5", "scale = 0"), "input.scale"),
        (EMBED + 'colour = "red"', "output.colour"),
        ("", "input"),
        ("[", "cannot be read"),
    ],
)  # fmt: skip
def test_a_manifest_that_is_not_whole_is_refused_by_what_it_lacks(tmp_path: Path, rest: str, word: str) -> None:
    assert word in refused(written(tmp_path, "embed", arcface(), rest))


def test_a_model_that_could_be_taken_for_dlibs_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "embed", arcface(), EMBED)
    path.write_text(path.read_text("utf-8").replace('id = "', 'id = "dlib-'), "utf-8")
    assert "dlib's own network" in refused(path)


def boxed(box: tuple[float, float, float, float], sure: float) -> list[float]:
    """A row of a detector that sees the picture from its top left."""
    return [*(edge / max(SELFIE.shape) for edge in box), sure]


def found_by(tmp_path: Path, *rows: list[float]) -> Look:
    path = written(tmp_path, "detect", same_points(*rows), DETECT)
    return chosen(FaceChoice(EngineName.ONNX, 1, (str(path),))).look(SELFIE)


def test_a_detecting_model_finds_the_faces_that_are_described(tmp_path: Path) -> None:
    dlibs = chosen(FaceChoice(EngineName.ONNX, 1)).look(SELFIE)
    (box,) = dlibs.boxes
    found = found_by(tmp_path, boxed(box, 0.9))
    assert found.boxes[0] == pytest.approx(box, abs=0.01)
    assert dlibs.largest
    assert found.largest
    assert distance(dlibs.largest.descriptor, found.largest.descriptor) < 0.01


def test_of_a_detecting_models_rows_faces_are_those_that_are_sure_and_apart(tmp_path: Path) -> None:
    far, near = (10.0, 10.0, 60.0, 60.0), (300.0, 300.0, 400.0, 400.0)
    on_another, unsure, inside_out = (
        boxed((305, 300, 405, 400), 0.7),
        boxed((500, 10, 600, 90), 0.59),
        [0.2, 0.2, 0.1, 0.3, 0.9],
    )
    in_pixels, beside = [300.0, 300.0, 400.0, 400.0, 0.9], [1.05, 1.05, 1.4, 1.4, 0.9]
    rows = [
        boxed(far, 0.7),
        boxed(near, 0.8),
        on_another,
        unsure,
        inside_out,
        in_pixels,
        beside,
        [-1e30, 0, 1e30, 1, 0.5],
    ]
    assert np.allclose(found_by(tmp_path, *rows).boxes, [near, far], atol=0.01)


def test_where_a_detecting_model_finds_nobody_nobody_is_described(tmp_path: Path) -> None:
    look = found_by(tmp_path, boxed((300, 300, 400, 400), 0.1))
    assert (look.boxes, look.largest) == ((), None)


def test_what_a_bank_finds_faces_by_is_part_of_its_models_name(tmp_path: Path) -> None:
    path = written(tmp_path, "detect", same_points(boxed((300, 300, 400, 400), 0.9)), DETECT)
    plain, own = chosen(FaceChoice(EngineName.ONNX, 1)), chosen(FaceChoice(EngineName.ONNX, 1, (str(path),)))
    assert own.model.startswith("detect-small-1@")
    assert own.model.endswith(f"+{plain.model}")


def test_a_detecting_model_whose_rows_are_not_whole_is_refused(tmp_path: Path) -> None:
    for numbers in (
        [0.1, 0.2, 0.3, 0.4],
        [0.1] * 15,
    ):  # box, five points and how sure: divisible by five, and no row of it
        with pytest.raises(ManifestRefused, match="rows of five"):
            found_by(tmp_path, numbers)


def test_a_detecting_model_that_is_sure_of_hundreds_has_no_answer(tmp_path: Path) -> None:
    with pytest.raises(NoAnswer):
        found_by(tmp_path, *[[0.1, 0.1, 0.2, 0.2, 0.9]] * 301)


def test_a_box_beyond_all_bounds_is_cut_to_what_can_be_looked_at(tmp_path: Path) -> None:
    high, wide, _ = SELFIE.shape
    (box,) = found_by(tmp_path, [-1e9, -1e9, 1e9, 1e9, 0.9]).boxes
    assert box == (-wide, -high, 2 * wide, 2 * high)


def test_what_a_manifest_does_not_say_changes_no_models_name(tmp_path: Path) -> None:
    """Or every descriptor that was enrolled would be of another model after an update."""
    name = opened(written(tmp_path, "embed", arcface(), EMBED), production=False).manifest.model
    assert name.rpartition(".")[2] == "6e0783e7"


def test_a_detecting_model_that_does_not_say_how_sure_it_must_be_is_refused(tmp_path: Path) -> None:
    assert "output.least" in refused(written(tmp_path, "detect", minifas(), LANDMARK))


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    assert "does not answer" in refused(written(tmp_path, "embed", b"not a model", EMBED))


def test_a_model_outside_the_manifests_folder_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "embed", arcface(), EMBED)
    path.write_text(path.read_text().replace("embed.onnx", "../embed.onnx"))
    assert "file" in refused(path)


def test_two_models_that_describe_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "embed", arcface(), EMBED)
    with pytest.raises(ManifestRefused):
        face(path, path)


def test_a_setting_names_the_manifests_and_a_bad_one_is_refused_before_any_process_starts(tmp_path: Path) -> None:
    path = written(tmp_path, "pad", minifas(), PAD)
    assert face_choice(Settings(face_models=str(path))).manifests == (str(path),)
    (tmp_path / "pad.onnx").write_bytes(b"")
    with pytest.raises(ManifestRefused):
        face_choice(Settings(face_models=str(path)))
