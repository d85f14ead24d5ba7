"""Is one photograph of a document read where it stands, whichever way up, in a process that ends with it?"""

import asyncio
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from app.core.refusal import Unavailable
from app.gateways.vision.cards import CardReader
from app.gateways.vision.crops import crops_of
from app.gateways.vision.decoding import Pixels, decode
from app.gateways.vision.ocr import RapidReader
from app.gateways.vision.pooled import pooled_vision, read_alone
from app.specimens.applicant import Upload, honest_upload
from app.specimens.portraits import astronaut
from app.verification.documents.reading import Reading
from app.verification.examination import Kind, Polygon, PortraitSide, Side
from app.verification.picture import BrokenImage, UnsupportedImage
from tests.verification.examinations import changed

HONEST = honest_upload(1, date(2025, 6, 1), astronaut())


@pytest.fixture(scope="module")
def cards() -> CardReader:
    """The real engine."""
    return CardReader(RapidReader(), lambda: date(2025, 6, 1))


def values(reading: Reading) -> dict[str, str | None]:
    return {name: field.value for name, field in reading.fields.items()}


def as_printed(upload: Upload) -> dict[str, str]:
    person = upload.truth.person
    return {
        "name": person.name, "sex": person.sex, "birth": person.birth.isoformat(), "address": person.address,
        "number": person.number,
    }  # fmt: skip


def ink(photograph: Pixels, place: Polygon) -> float:
    """How uneven the photograph is where something stands, against itself as a whole."""
    left, top = np.min(place, axis=0).astype(int)
    right, bottom = np.max(place, axis=0).astype(int)
    return float(photograph[top:bottom, left:right].std() / photograph.std())


def test_kind_and_side_are_found_and_every_field_is_read_where_it_stands(cards: CardReader) -> None:
    photograph = decode(HONEST.portrait_side).pixels
    reading, canvas = cards.read(photograph)
    assert (reading.kind, reading.side, canvas is not None) == (Kind.RESIDENT_CARD, Side.PORTRAIT, True)
    assert values(reading) == as_printed(HONEST)
    assert reading.places.keys() == reading.fields.keys()
    assert all(ink(photograph, place) > 0.4 for place in reading.places.values())


def test_the_emblem_side_is_known_by_its_text(cards: CardReader) -> None:
    reading, _ = cards.read(decode(HONEST.emblem_side).pixels)
    truth = HONEST.truth
    assert (reading.side, reading.fields["authority"].value) == (Side.EMBLEM, truth.authority)
    assert reading.fields["valid_from"].value == truth.valid_from.isoformat()


def test_a_photograph_upside_down_is_read_alike_and_its_places_turn_with_it(cards: CardReader) -> None:
    photograph = decode(HONEST.portrait_side).pixels
    height, width, _ = photograph.shape
    upright, _ = cards.read(photograph)
    turned, _ = cards.read(np.ascontiguousarray(photograph[::-1, ::-1]))
    assert values(turned) == values(upright)
    for name, place in upright.places.items():
        expected = np.array([(width - 1 - x, height - 1 - y) for x, y in place])
        assert np.abs(np.array(turned.places[name]) - expected).max() < 12, name


def test_what_is_no_document_has_no_kind_no_fields_and_no_places(cards: CardReader) -> None:
    reading, _ = cards.read(decode(HONEST.face).pixels)
    assert (reading.kind, reading.side, reading.page, reading.fields, reading.places) == (None, None, None, {}, {})


def doubted(reading: Reading) -> Reading:
    """The reading as if nothing of it had been seen surely."""
    assert isinstance(reading.page, PortraitSide)
    page = reading.page
    unsure = {name: replace(field, confidence=0.5) for name, field in reading.fields.items()}
    return replace(reading, page=changed(page, **unsure))


@pytest.mark.rule("R40")
@pytest.mark.parametrize("turned", [False, True])
def test_the_picture_of_a_field_shows_the_field_and_nothing_else(cards: CardReader, turned: bool) -> None:  # noqa: FBT001
    photograph = decode(HONEST.portrait_side).pixels
    reading, canvas = cards.read(np.ascontiguousarray(photograph[::-1, ::-1]) if turned else photograph)
    crops, printed, engine = crops_of(doubted(reading), canvas), as_printed(HONEST), RapidReader()
    assert crops.keys() == printed.keys()
    for name in ("name", "sex", "number"):
        assert engine.read_line(decode(crops[name]).pixels)[0] == printed[name], name
    lines = engine.read(decode(crops["address"]).pixels)
    assert "".join(line.text for line in lines) == printed["address"]


@pytest.mark.rule("R40")
def test_what_was_surely_read_or_not_found_has_no_picture_of_its_own(cards: CardReader) -> None:
    reading, canvas = cards.read(decode(HONEST.portrait_side).pixels)
    assert crops_of(reading, canvas).keys() == {
        name for name, field in reading.fields.items() if field.confidence < 0.95
    }
    unplaced = replace(doubted(reading), places={"name": reading.places["name"]})
    assert crops_of(unplaced, canvas).keys() == {"name"}
    assert crops_of(doubted(reading), None) == {}


async def test_a_document_is_read_in_a_process_of_its_own() -> None:
    found = await read_alone(HONEST.portrait_side, with_photograph=True)
    assert values(found.reading) == as_printed(HONEST)
    assert decode(found.canvas).pixels.shape == (638, 1012, 3)
    assert decode(found.photograph).pixels.shape == decode(HONEST.portrait_side).pixels.shape
    assert "PP-OCR" in found.model


async def test_the_first_documents_start_one_process_and_the_end_leaves_none() -> None:
    pools = pooled_vision(intake_processes=0, examiner_processes=0, reader_processes=1)
    await pools.start()
    try:
        assert [each.alive for each in pools.stats()] == [0, 0, 0, 0]
        both = await asyncio.gather(pools.read(HONEST.portrait_side), pools.read(HONEST.emblem_side))
        assert [each.reading.side for each in both] == [Side.PORTRAIT, Side.EMBLEM]
        assert [(each.role, each.alive, each.done) for each in pools.stats()][2] == ("reader", 1, 2)
    finally:
        await pools.stop()
    assert [each.alive for each in pools.stats()] == [0, 0, 0, 0]


async def test_where_no_process_reads_the_caller_is_told_to_come_later() -> None:
    pools = pooled_vision(intake_processes=0, examiner_processes=0)
    with pytest.raises(Unavailable):
        await pools.read(HONEST.portrait_side)
    await pools.stop()


async def test_what_is_no_picture_is_refused_before_and_within_the_process() -> None:
    with pytest.raises(UnsupportedImage):
        await read_alone(b"no picture")
    with pytest.raises(BrokenImage):
        await read_alone(HONEST.portrait_side[: len(HONEST.portrait_side) // 2])
