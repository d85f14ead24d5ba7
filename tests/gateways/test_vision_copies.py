"""Are documents read on a copier's page, where their paper is as white as the page and no outline is left?"""

from collections.abc import Sequence
from datetime import date

import cv2
import numpy as np
import pytest

from app.gateways.vision.cards import CardReader
from app.gateways.vision.decoding import Pixels
from app.gateways.vision.ocr import RapidReader
from app.specimens.drawing import Drawing
from app.specimens.kinds import draw
from app.specimens.names import Kind as Drawn
from app.specimens.portraits import astronaut
from app.verification.documents.reading import Reading
from app.verification.reasons import ReasonCode

ON = date(2026, 11, 26)
A4 = (1654, 2339)
"""Width and height at 200 dots to the inch, portrait."""
DOTS = 200 / 300
"""Of the copier to one of the canvas."""
BLACK, WHITE = 50, 205
"""Grey levels that a copier takes for them: a card's paper is lighter."""
PLACES = ((300, 250), (320, 1050))


@pytest.fixture(scope="module")
def cards() -> CardReader:
    """The real engine."""
    return CardReader(RapidReader(), lambda: ON)


def pages(kind: Drawn) -> tuple[Drawing, ...]:
    return draw(kind, 4, ON, astronaut().for_card())


def copied(drawings: Sequence[Drawing], quarters: int = 0) -> Pixels:
    page = np.full((A4[1], A4[0]), 255, np.uint8)
    for drawing, (left, top) in zip(drawings, PLACES, strict=False):
        small = cv2.resize(drawing.canvas, None, fx=DOTS, fy=DOTS, interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)
        hard = np.clip((grey - BLACK) * 255 / (WHITE - BLACK), 0, 255)
        page[top : top + hard.shape[0], left : left + hard.shape[1]] = hard
    return np.ascontiguousarray(np.rot90(np.repeat(page[..., None], 3, axis=2), quarters))


def named(reading: Reading) -> dict[str, Reading]:
    return {f"{each.kind}/{each.side}": each for each in (reading, *reading.beside)}


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_both_sides_on_one_page_are_read_whichever_way_it_lies(cards: CardReader, quarters: int) -> None:
    drawn = pages(Drawn.RESIDENT_CARD)
    found = named(cards.read(copied(drawn, quarters))[0])
    portrait, emblem = (found[f"{page.kind}/{page.side}"] for page in drawn)
    assert portrait.fields["number"].value == drawn[0].fields["number"]
    assert portrait.fields["name"].value == drawn[0].fields["name"]
    assert emblem.fields["authority"].value == drawn[1].fields["authority"]


def test_the_two_pages_of_a_licence_on_one_page_are_read(cards: CardReader) -> None:
    drawn = pages(Drawn.DRIVING_LICENCE)
    found = named(cards.read(copied(drawn))[0])
    for page in drawn:
        read = found[f"{page.kind}/{page.side}"]
        assert read.fields["number"].value == page.fields["number"]


def test_a_card_alone_on_its_page_lies_where_its_words_stand(cards: CardReader) -> None:
    reading, _ = cards.read(copied(pages(Drawn.RESIDENT_CARD)[:1]))
    assert reading.outline is not None
    left, top = PLACES[0]
    wide, high = 1012 * DOTS, 638 * DOTS
    corners = ((left, top), (left + wide, top), (left + wide, top + high), (left, top + high))
    assert np.abs(np.array(reading.outline) - corners).max() < 0.04 * wide


def test_a_page_without_text_is_no_document_whichever_way_it_is_turned(cards: CardReader) -> None:
    assert cards.read(copied(()))[0].kind is None


def test_two_persons_cards_on_one_page_are_one_too_many(cards: CardReader) -> None:
    first, other = (draw(Drawn.RESIDENT_CARD, seed, ON, astronaut().for_card())[0] for seed in (4, 5))
    reading, _ = cards.read(copied((first, other)))
    assert reading.fields["number"].value == first.fields["number"]
    assert next(each.score for each in reading.view.measures if each.code is ReasonCode.SEVERAL_CARDS) == 2
