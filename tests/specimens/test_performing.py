"""Does a drawn person do what they are told, the same each time?"""

import cv2
import numpy as np
import pytest

from app.specimens.impostures import IMPOSTURES, PALETTE
from app.specimens.performing import ATTITUDES, GREY, Light, Performer, Person, smooth
from app.verification.faces.liveness.steps import LIGHTS, Step

CYAN: Light = (60, 220, 255)


def film(performer: Performer, step: str | None = "turn_left", light: Light = GREY) -> list[bytes]:
    return [performer.frame(at_ms, step=step, light=light) for at_ms in range(0, 2_000, 250)]


def pixels(jpeg: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def test_the_same_seed_films_the_same_session() -> None:
    assert film(Person(0, 7)) == film(Person(0, 7))
    assert film(Person(0, 7)) != film(Person(0, 8))


@pytest.mark.parametrize("species", IMPOSTURES)
def test_every_imposture_films_frames_of_one_size(species: str) -> None:
    assert {pixels(jpeg).shape for jpeg in film(IMPOSTURES[species](1, 7))} == {(480, 640, 3)}


def test_every_step_that_can_be_asked_is_known_to_who_performs_it() -> None:
    assert set(ATTITUDES) == set(Step)


def test_an_earlier_session_was_lit_by_the_same_palette() -> None:
    assert set(PALETTE) == set(LIGHTS.values())


@pytest.mark.parametrize("step", ATTITUDES)
def test_a_step_is_done_once_and_the_head_comes_back(step: str) -> None:
    person = Person(0, 7)
    held = [person.attitude(at_ms, step) for at_ms in range(0, 4_000, 50)]
    far = [abs(each.yaw) + abs(each.pitch) + abs(each.roll) + 50 * abs(each.near - 1) for each in held]
    assert max(far) > 12
    assert far[0] < 3
    assert far[-1] < 3


def test_a_screen_colours_the_face_more_than_the_wall() -> None:
    person = Person(0, 7)
    before = pixels(person.frame(0, step=None, light=GREY)).astype(float)
    person.frame(100, step=None, light=CYAN)
    after = pixels(person.frame(900, step=None, light=CYAN)).astype(float)
    face, wall = (slice(215, 245), slice(285, 355)), (slice(20, 120), slice(10, 90))
    red = {
        name: after[place][..., 2].mean() / before[place][..., 2].mean()
        for name, place in (("face", face), ("wall", wall))
    }
    assert red["face"] < 0.92
    assert red["wall"] > 0.96


def test_nothing_moves_with_a_jerk() -> None:
    assert (smooth(-1), smooth(0), smooth(0.5), smooth(1), smooth(2)) == (0, 0, 0.5, 1, 1)
