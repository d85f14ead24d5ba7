"""Is one picture known again, and a stranger's not taken for it? Drawn cards with real people's small portraits."""

from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.specimens.drawing import Drawing
from app.specimens.people import random_card
from app.specimens.photograph import Photograph, photograph
from app.specimens.resident_card import draw_portrait_side
from app.verification.documents.authenticity.likeness import (
    BANDS,
    BITS,
    alike,
    bands,
    distance,
    perceptual_hash,
    probes,
)
from app.verification.documents.layout import Box
from tests.verification.card_shots import PORTRAIT, PORTRAIT_AT, TODAY, Shot, capture, received, taken

hashes = st.integers(0, 2**BITS - 1)


@cache
def portraits() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A hundred people of the LFW subset that scikit-image carries, 25 × 25 px each."""
    spec = find_spec("skimage")
    assert spec is not None
    assert spec.origin is not None
    faces = np.load(Path(spec.origin).parent / "data" / "lfw_subset.npy")[:100]
    return np.asarray(faces * 255, np.uint8)


def card_of(person: int) -> Drawing:
    face = cv2.resize(portraits()[person], (310, 380), interpolation=cv2.INTER_CUBIC)
    return draw_portrait_side(random_card(person, TODAY), np.asarray(cv2.cvtColor(face, cv2.COLOR_GRAY2BGR), np.uint8))


def chance(person: int) -> np.random.Generator:
    return np.random.default_rng((person, 1000))


def photo_of(person: int) -> Photograph:
    return photograph(card_of(person), capture(chance(person)))


def hashed(shot: Shot) -> int:
    assert shot.portrait is not None
    found = perceptual_hash(shot.canvas, shot.portrait)
    assert found is not None
    return found


@cache
def sent(person: int) -> int:
    return hashed(received(photo_of(person), PORTRAIT, chance(person)))


@pytest.mark.parametrize("person", [60, 61, 62])
def test_the_same_photograph_saved_again_smaller_and_poorer_is_known(person: int) -> None:
    photo = photo_of(person)
    smaller = np.asarray(cv2.resize(photo.pixels, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA), np.uint8)
    again = replace(photo, pixels=smaller, corners=photo.corners * 0.7, jpeg_quality=50)
    assert alike(bands(sent(person)), probes(hashed(received(again, PORTRAIT, chance(person)))))


@pytest.mark.parametrize("person", [60, 61])
def test_a_brighter_copy_is_known(person: int) -> None:
    photo = photo_of(person)
    brighter = replace(photo, pixels=np.asarray(np.clip(photo.pixels * 1.15, 0, 255), np.uint8))
    assert alike(bands(sent(person)), probes(hashed(received(brighter, PORTRAIT, chance(person)))))


def test_the_same_card_photographed_anew_is_nearer_than_a_strangers() -> None:
    anew = hashed(taken(photograph(card_of(60), capture(chance(160))), chance(160), PORTRAIT))
    assert distance(sent(60), anew) <= 11 < min(distance(sent(60), sent(other)) for other in (61, 62))


def test_strangers_on_cards_of_one_kind_are_not_taken_for_each_other() -> None:
    people = [sent(person) for person in range(60, 66)]
    assert [distance(a, b) for a, b in combinations(people, 2) if alike(bands(a), probes(b))] == []


@given(hashes, st.sets(st.integers(0, BITS - 1), max_size=5))
def test_whatever_five_bits_change_the_picture_is_known(kept: int, turned: set[int]) -> None:
    seen = kept
    for bit in turned:
        seen ^= 1 << bit
    assert distance(kept, seen) == len(turned)
    assert alike(bands(kept), probes(seen))


@given(hashes)
def test_what_is_two_bits_off_in_three_parts_is_another(kept: int) -> None:
    assert not alike(bands(kept), probes(kept ^ 0x0003_0003_0003_0000))


@given(hashes)
def test_a_part_is_told_apart_from_the_same_part_elsewhere(of: int) -> None:
    assert len(set(bands(of))) == BANDS
    assert len(set(probes(of))) == 17 * BANDS


@pytest.mark.parametrize("level", [0, 128, 255])
def test_where_no_portrait_is_there_is_no_hash(level: int) -> None:
    plain = np.full((638, 1012, 3), level, np.uint8)
    assert perceptual_hash(plain, PORTRAIT_AT) is None
    assert perceptual_hash(plain, Box(2000, 2000, 2100, 2100)) is None
    assert perceptual_hash(np.zeros((1, 1, 3), np.uint8), PORTRAIT_AT) is None
