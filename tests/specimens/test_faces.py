"""Is text printed in a face that has it, whatever is installed?"""

from pathlib import Path

import numpy as np
import pytest

from app.specimens.canvas import Picture
from app.specimens.faces import (
    BUILT_IN,
    Face,
    chinese_faces,
    latin_face,
    machine_readable_face,
    tibetan_face,
    uyghur_face,
)
from app.specimens.second_script import second_scripts

NOWHERE = (Path("/nowhere"),)


def written(face: Face, text: str) -> Picture:
    canvas = np.full((60, 400, 3), 255, np.uint8)
    face.write(canvas, text, (8, 44), 32, (0, 0, 0))
    return canvas


def test_the_built_in_face_is_always_there_and_first() -> None:
    assert chinese_faces(NOWHERE) == (BUILT_IN,)
    assert chinese_faces()[0] == BUILT_IN
    assert machine_readable_face(NOWHERE) is None


def test_a_face_says_what_it_has() -> None:
    assert BUILT_IN.has("欧阳·AZ09<")
    assert not BUILT_IN.has("欧阳㛃")


def test_matplotlibs_face_is_found_where_debian_has_none() -> None:
    face = latin_face(NOWHERE)
    assert face is not None
    assert face.has("0123456789")
    assert not face.has("欧")


def test_a_text_ends_where_its_width_says() -> None:
    for face in (BUILT_IN, latin_face(NOWHERE)):
        assert face is not None
        end = face.write(np.full((60, 400, 3), 255, np.uint8), "SPECIMEN 12", (8, 44), 32, (0, 0, 0))
        assert end == pytest.approx(8 + face.width("SPECIMEN 12", 32), abs=2)


def test_letters_of_uyghur_are_joined() -> None:
    face = uyghur_face(NOWHERE)
    assert face is not None
    apart = sum(int((written(face, letter) < 128).sum()) for letter in "بىر")
    assert int((written(face, "بىر") < 128).sum()) != apart


def test_zhuang_can_be_printed_everywhere_and_tibetan_where_its_face_is() -> None:
    names = [script.name for script in second_scripts(NOWHERE)]
    assert names[0] == "Zhuang"
    assert ("Tibetan" in names) == (tibetan_face(NOWHERE) is not None)


def test_a_second_script_has_every_letter_of_its_words() -> None:
    for script in second_scripts():
        assert all(script.face.has(word) for word in script.words.values())
