"""Is a face found among many by its owner's sex and age, each person once, and never by their nearest photograph alone?"""

import numpy as np
import pytest

from app.core.ids import FaceId, PersonId
from app.verification.faces.search import MOST_CANDIDATES, Block, block, block_of, blocks_around, nearest

CHANCE = np.random.default_rng(20261126)


def face(*places: float) -> bytes:
    descriptor = np.zeros(128, "<f4")
    descriptor[: len(places)] = places
    return descriptor.tobytes()


def stood(**faces: tuple[str, bytes]) -> Block:
    return block({FaceId(name): (PersonId(person), octets) for name, (person, octets) in faces.items()})


def found(probe: bytes, *blocks: Block, most: float = 0.45) -> list[tuple[str, float]]:
    return [(each.person_id, round(each.value, 4)) for each in nearest(probe, blocks, most=most)]


def test_a_block_is_of_one_sex_and_year() -> None:
    assert block_of("女", "1990-03-07") == "女/1990"
    assert blocks_around("女", "1990-03-07")[:3] == ("女/1989", "女/1990", "女/1991")


@pytest.mark.rule("R94")
@pytest.mark.parametrize(
    ("enrolled", "again", "there"),
    [
        ("男", "M", True), ("M", "男", True), ("F", "女", True), ("男", "X", True), ("X", "F", True), ("X", "X", True),
        ("男", "F", False), ("M", "女", False),
    ],
)  # fmt: skip
def test_who_comes_again_with_another_kind_of_document_is_searched_for_where_they_stand(
    enrolled: str, again: str, *, there: bool
) -> None:
    assert (block_of(enrolled, "1990-03-07") in blocks_around(again, "1989-12-31")) is there
    assert len(set(blocks_around(again, "1989-12-31"))) == (9 if again == "X" else 6)


@pytest.mark.parametrize(
    ("sex", "birth"), [("", "1990-03-07"), ("?", "1990-03-07"), ("女", ""), ("女", "90-3-7"), ("女", "unknown-xx")]
)
def test_who_says_too_little_is_searched_for_nowhere(sex: str, birth: str) -> None:
    assert (block_of(sex, birth), blocks_around(sex, birth)) == (None, ())


def test_the_nearest_comes_first_and_who_is_far_does_not_come() -> None:
    one = stood(a=("per_1", face(0.4)), b=("per_2", face(0.1)), c=("per_3", face(0.46)))
    assert found(face(0), one) == [("per_2", 0.1), ("per_1", 0.4)]


def test_a_person_is_as_near_as_all_their_photographs_together() -> None:
    assert found(face(0), stood(a=("per_1", face(0.1)), b=("per_1", face(0.9)))) == []
    assert found(face(0), stood(a=("per_1", face(0.1)), z=("per_0", face(5)), b=("per_1", face(0.5)))) == [
        ("per_1", 0.3)
    ]


def test_several_blocks_are_searched_together_and_empty_ones_are_nothing() -> None:
    assert found(face(0), stood(), stood(a=("per_1", face(0.2))), stood(b=("per_2", face(0.1)))) == [
        ("per_2", 0.1), ("per_1", 0.2),
    ]  # fmt: skip
    assert found(face(0)) == []


def test_a_person_is_shown_no_more_than_they_can_look_at() -> None:
    many = stood(**{f"f{at}": (f"per_{at}", face(0.01 * at)) for at in range(20)})
    assert len(found(face(0), many)) == MOST_CANDIDATES


def test_the_distances_are_those_that_two_faces_have() -> None:
    rows = CHANCE.normal(size=(50, 128)).astype("<f4") * 0.12
    probe = rows[7] + np.float32(0.01)
    searched = stood(**{f"f{at:02}": (f"per_{at:02}", row.tobytes()) for at, row in enumerate(rows)})
    expected = np.linalg.norm(rows.astype(float) - probe.astype(float), axis=1)
    for person, distance in found(probe.astype("<f4").tobytes(), searched, most=3.0):
        assert distance == pytest.approx(expected[int(person[4:])], abs=1e-3)
