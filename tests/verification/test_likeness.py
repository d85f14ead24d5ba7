"""Is one picture known again, and a stranger's not taken for it? Drawn cards with real people's small portraits."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import combinations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.specimens import driving_licence, passport, permanent_card, resident_card, temporary_card
from app.specimens.canvas import Picture
from app.specimens.drawing import Drawing
from app.specimens.driving_licence import draw_licence
from app.specimens.passport import draw_passport
from app.specimens.people import random_card
from app.specimens.permanent_card import draw_permanent_card
from app.specimens.photograph import Photograph, photograph
from app.specimens.residence_permit import draw_permit
from app.specimens.resident_card import draw_portrait_side
from app.specimens.temporary_card import draw_temporary_card
from app.verification.documents.authenticity.bands import BANDS, BITS, OCTETS, alike, bands, distance, probes
from app.verification.documents.authenticity.likeness import PORTRAITS, perceptual_hash, portrait_on
from app.verification.documents.layout import Box
from app.verification.documents.outlines.blobs import Image
from app.verification.documents.outlines.finding import find_documents
from app.verification.documents.outlines.formats import ID_3, LICENCE, TD_2, Format
from app.verification.documents.outlines.straightening import straightened
from app.verification.examination import Kind, Side
from tests.verification.card_shots import PORTRAIT, TODAY, Shot, capture, received, taken
from tests.verification.examinations import policy
from tests.verification.formal_portraits import close, formal

LEAST = policy().thresholds.portrait_bits_apart_least.value
AT = PORTRAITS[Kind.RESIDENT_CARD, Side.PORTRAIT]
BANDED = range(0, BITS, BITS // 64)
"""The bits that are looked for."""
DRAWN: dict[Kind, Callable[[int, Picture], Drawing]] = {
    Kind.RESIDENT_CARD: lambda seed, face: draw_portrait_side(random_card(seed, TODAY), face),
    Kind.RESIDENCE_PERMIT: lambda seed, face: draw_permit(seed, TODAY, face)[0],
    Kind.TEMPORARY_CARD: lambda seed, face: draw_temporary_card(seed, TODAY, face)[0],
    Kind.PERMANENT_RESIDENT_CARD: lambda seed, face: draw_permanent_card(seed, TODAY, face)[0],
    Kind.DRIVING_LICENCE: lambda seed, face: draw_licence(seed, TODAY, face)[0],
    Kind.PASSPORT: lambda seed, face: draw_passport(seed, TODAY, face)[0],
}
hashes = st.binary(min_size=OCTETS, max_size=OCTETS)


def chance(person: int) -> np.random.Generator:
    return np.random.default_rng((person, 1000))


@cache
def photo_of(person: int) -> Photograph:
    return photograph(draw_portrait_side(random_card(person, TODAY), formal(person)), capture(chance(person)))


def hashed(shot: Shot) -> bytes:
    found = perceptual_hash(shot.canvas, AT)
    assert found is not None
    return found


@cache
def sent(person: int) -> bytes:
    return hashed(received(photo_of(person), PORTRAIT, chance(person)))


def known(kept: bytes, seen: bytes) -> bool:
    return alike(bands(kept), probes(seen)) and distance(kept, seen) < LEAST


def turned(of: bytes, bits: set[int]) -> bytes:
    whole = int.from_bytes(of)
    for bit in bits:
        whole ^= 1 << bit
    return whole.to_bytes(OCTETS)


@pytest.mark.parametrize("person", [60, 61, 62])
def test_the_same_photograph_saved_again_smaller_and_poorer_is_known(person: int) -> None:
    photo = photo_of(person)
    smaller = np.asarray(cv2.resize(photo.pixels, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA), np.uint8)
    again = replace(photo, pixels=smaller, corners=photo.corners * 0.7, jpeg_quality=50)
    assert known(sent(person), hashed(received(again, PORTRAIT, chance(person))))


@pytest.mark.parametrize("person", [60, 61])
def test_a_brighter_copy_cut_at_its_rim_is_known(person: int) -> None:
    photo = photo_of(person)
    brighter = np.asarray(np.clip(photo.pixels[40:, 60:] * 1.15, 0, 255), np.uint8)
    again = replace(photo, pixels=brighter, corners=photo.corners - (60, 40))
    assert known(sent(person), hashed(received(again, PORTRAIT, chance(person))))


def test_the_same_card_photographed_anew_is_known() -> None:
    card = draw_portrait_side(random_card(60, TODAY), formal(60))
    assert known(sent(60), hashed(taken(photograph(card, capture(chance(160))), chance(160), PORTRAIT)))


@pytest.mark.parametrize(("kind", "shape"), [(Kind.PASSPORT, ID_3), (Kind.DRIVING_LICENCE, LICENCE)])
@pytest.mark.parametrize("person", [60, 61])
def test_a_page_of_another_size_saved_again_smaller_and_poorer_is_known(person: int, kind: Kind, shape: Format) -> None:
    box = next(box for (each, _), box in PORTRAITS.items() if each is kind)
    photo = photograph(DRAWN[kind](100 + person, formal(person)), capture(chance(person)))
    smaller = np.asarray(cv2.resize(photo.pixels, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA), np.uint8)
    again = replace(photo, pixels=smaller, corners=photo.corners * 0.7, jpeg_quality=50)
    first, second = (perceptual_hash(lying(each, shape), box) for each in (photo, again))
    assert first is not None
    assert second is not None
    assert known(first, second)


def lying(photo: Photograph, shape: Format) -> Image:
    """The page on its canvas, after its JPEG."""
    decoded = cv2.imdecode(np.frombuffer(photo.jpeg(), np.uint8), cv2.IMREAD_COLOR)
    found = next(one for one in find_documents(np.asarray(decoded, np.uint8)) if shape in one.formats)
    upright = np.roll(found.quad, -int(np.abs(found.quad - photo.corners[0]).sum(axis=1).argmin()), axis=0)
    return straightened(np.ascontiguousarray(np.asarray(decoded, np.uint8)[..., ::-1]), upright, shape)


@pytest.mark.parametrize("kind", [kind for kind, _ in PORTRAITS])
def test_strangers_on_cards_of_one_kind_are_not_taken_for_each_other(kind: Kind) -> None:
    people = [on_canvas(kind, person) for person in range(40, 100)]
    apart = [distance(one, other) for one, other in combinations(people, 2)]
    assert len(apart) == 1770
    assert min(apart) > LEAST


def test_strangers_whose_faces_fill_the_portrait_are_not_either() -> None:
    people = [on_canvas(Kind.RESIDENT_CARD, person, close) for person in range(40, 100)]
    assert min(distance(one, other) for one, other in combinations(people, 2)) > LEAST


def test_the_parts_that_are_looked_for_are_rarely_a_strangers() -> None:
    people = [on_canvas(Kind.RESIDENT_CARD, person) for person in range(40, 100)]
    assert sum(alike(bands(one), probes(other)) for one, other in combinations(people, 2)) <= 2


@pytest.mark.parametrize("kind", [kind for kind, _ in PORTRAITS if kind is not Kind.RESIDENT_CARD])
def test_a_portrait_that_was_moved_to_another_kind_of_card_is_known(kind: Kind) -> None:
    pairs = [(on_canvas(Kind.RESIDENT_CARD, person), on_canvas(kind, person)) for person in range(60, 70)]
    assert all(known(*pair) for pair in pairs)


@cache
def on_canvas(kind: Kind, person: int, face: Callable[[int], Picture] = formal) -> bytes:
    box = next(box for (each, _), box in PORTRAITS.items() if each is kind)
    drawing = DRAWN[kind](1000 + person, face(person))
    found = perceptual_hash(np.ascontiguousarray(drawing.canvas[..., ::-1]), box)
    assert found is not None
    return found


@given(hashes, st.sets(st.sampled_from(BANDED), max_size=5))
def test_whatever_five_of_the_bits_that_are_looked_for_change_the_picture_is_found(kept: bytes, bits: set[int]) -> None:
    seen = turned(kept, bits)
    assert distance(kept, seen) == len(bits)
    assert alike(bands(kept), probes(seen))


@given(hashes, st.sets(st.integers(0, BITS - 1).filter(lambda bit: bit not in BANDED)))
def test_bits_that_are_not_looked_for_hide_nothing(kept: bytes, bits: set[int]) -> None:
    assert alike(bands(kept), probes(turned(kept, bits)))


@given(hashes)
def test_what_is_two_bits_off_in_three_parts_is_another(kept: bytes) -> None:
    assert not alike(bands(kept), probes(turned(kept, {0, 4, 64, 68, 128, 132})))


@given(hashes)
def test_a_part_is_told_apart_from_the_same_part_elsewhere(of: bytes) -> None:
    assert len(set(bands(of))) == BANDS
    assert len(set(probes(of))) == 17 * BANDS


def test_the_portraits_stand_where_the_kinds_are_drawn() -> None:
    drawn = {
        Kind.RESIDENT_CARD: resident_card.PORTRAIT_BOX,
        Kind.RESIDENCE_PERMIT: resident_card.PORTRAIT_BOX,
        Kind.TEMPORARY_CARD: temporary_card.PORTRAIT,
        Kind.PERMANENT_RESIDENT_CARD: permanent_card.PORTRAIT,
        Kind.DRIVING_LICENCE: driving_licence.PORTRAIT,
        Kind.PASSPORT: passport.PORTRAIT,
    }
    boxes = {kind: Box(left, top, left + wide, top + high) for kind, (left, top, wide, high) in drawn.items()}
    boxes[Kind.DRIVING_LICENCE] = boxes[Kind.DRIVING_LICENCE].grown(-8)  # a photograph with a white rim
    assert {kind: box for (kind, _), box in PORTRAITS.items()} == boxes


@pytest.mark.parametrize("level", [0, 128, 255])
def test_where_no_portrait_is_there_is_no_hash(level: int) -> None:
    plain = np.full((638, 1012, 3), level, np.uint8)
    assert perceptual_hash(plain, AT) is None
    assert perceptual_hash(plain, Box(2000, 2000, 2100, 2100)) is None
    assert perceptual_hash(np.zeros((1, 1, 3), np.uint8), AT) is None


def test_a_portrait_is_looked_for_where_it_stands_on_the_canvas_that_its_page_was_laid_on() -> None:
    own, other = (portrait_on(Kind.PASSPORT, Side.DATA_PAGE, shape.canvas) for shape in (ID_3, TD_2))
    assert own is not None
    assert other is not None
    assert (other.left / TD_2.canvas[0], other.bottom / TD_2.canvas[1]) == pytest.approx(
        (own.left / ID_3.canvas[0], own.bottom / ID_3.canvas[1])
    )
    assert portrait_on(Kind.VISA, Side.DATA_PAGE, ID_3.canvas) is None
