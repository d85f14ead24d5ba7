"""Are cards straightened, turned the right way up and read, and faces compared, from photographs alone?"""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from io import BytesIO

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from app.gateways.vision import Examined, Pictures
from app.gateways.vision.cards import CardReader
from app.gateways.vision.engines import Look
from app.gateways.vision.examiner import Examiner
from app.gateways.vision.messages import Seen, Task, names_of
from app.gateways.vision.ocr import RapidReader
from app.gateways.vision.packing import unpacked
from app.gateways.vision.pooled import PooledVision, pooled_vision
from app.gateways.vision.rereading import vote
from app.specimens.applicant import Upload, forged_upload, honest_upload, impostor_upload
from app.specimens.degradations import turned
from app.specimens.passport import draw_passport
from app.specimens.photograph import Capture, Photograph, photograph
from app.specimens.portraits import astronaut, grace_hopper
from app.specimens.resident_card import draw_emblem_side, draw_portrait_side
from app.verification.documents.authenticity.bands import distance
from app.verification.documents.reading import Reading, unsure
from app.verification.evidence import Measured
from app.verification.examination import (
    NO_CARD,
    EmblemSide,
    FaceDeclined,
    FaceEvidence,
    Kind,
    PortraitSide,
    Side,
)
from app.verification.faces.comparison import distance as distance_of
from app.verification.faces.comparison import from_octets
from app.verification.faces.quality import NO_FACE

ON = date(2025, 6, 1)
HONEST = honest_upload(1, ON, astronaut())
PAGE = "resident_card/portrait"
DESK = np.full((900, 1200, 3), 90, np.uint8)


class NoFaces:
    """A face engine that must not be asked."""

    model = "none@0"

    def look(self, image: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Look:
        """Fail the test."""
        raise AssertionError(f"a face was looked for in {image.shape}")


@pytest.fixture(scope="module")
def examiner() -> Examiner:
    """Reads cards with the real engine; nobody agreed to their face."""
    return Examiner(CardReader(RapidReader(), lambda: ON), NoFaces())


def card(portrait: bytes, emblem: bytes) -> Pictures:
    return {(Kind.RESIDENT_CARD, Side.PORTRAIT): portrait, (Kind.RESIDENT_CARD, Side.EMBLEM): emblem}


def examined(examiner: Examiner, portrait: bytes, emblem: bytes) -> Measured:
    pictures = card(portrait, emblem)
    answer, blobs = examiner.handle(Task.EXAMINE, (b"", names_of(pictures), *pictures.values()))
    assert isinstance(answer, Seen)
    descriptor, portrait, crops, likenesses = blobs
    assert (descriptor, portrait) == (b"", b"")
    assert unpacked(crops, wanted := unsurely_read(answer.measured)).keys() == wanted
    hashed = {PAGE} if portrait_shown(answer.measured) else set()
    assert unpacked(likenesses, {PAGE}).keys() == hashed
    return answer.measured


def portrait_shown(measured: Measured) -> bool:
    page = side_of(measured, Side.PORTRAIT)
    return (page.kind, page.side) == (Kind.RESIDENT_CARD, Side.PORTRAIT)


def unsurely_read(measured: Measured) -> set[str]:
    """The fields whose pictures travel along: found, and not surely read."""
    return {
        f"{page.kind}/{page.side}/{name}"
        for page in measured.pages
        for name, field in page.reading.fields.items()
        if unsure(field) and name in page.reading.places
    }


def side_of(measured: Measured, side: Side) -> Reading:
    return measured.of(Kind.RESIDENT_CARD)[side]


def portrait_of(measured: Measured) -> PortraitSide:
    page = side_of(measured, Side.PORTRAIT).page
    assert isinstance(page, PortraitSide)
    return page


def emblem_of(measured: Measured) -> EmblemSide:
    page = side_of(measured, Side.EMBLEM).page
    assert isinstance(page, EmblemSide)
    return page


def side_photograph(side: Side, seed: int = 1) -> Photograph:
    truth = HONEST.truth
    drawn = {
        Side.PORTRAIT: lambda: draw_portrait_side(truth, astronaut().for_card()),
        Side.EMBLEM: lambda: draw_emblem_side(truth),
    }
    return photograph(drawn[side](), Capture(seed=seed))


def png(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def as_read(side: PortraitSide) -> Sequence[str | None]:
    return [side.name.value, side.sex.value, side.birth.value, side.address.value, side.number.value]


def as_printed(upload: Upload) -> Sequence[str | None]:
    person = upload.truth.person
    return [person.name, person.sex, person.birth.isoformat(), person.address, person.number]


def test_two_photographs_of_one_card_have_nearly_one_hash_and_nobodys_face_is_looked_for(examiner: Examiner) -> None:
    names = names_of([(Kind.RESIDENT_CARD, Side.PORTRAIT)])
    found = []
    for seed in (1, 1000):
        photo = side_photograph(Side.PORTRAIT, seed).jpeg()
        _, (_, _, _, likenesses) = examiner.handle(Task.EXAMINE, (b"", names, photo))
        found.append(unpacked(likenesses, {PAGE})[PAGE])
    assert distance(*found) < 32


@pytest.mark.rule("R25", "R26")
def test_both_sides_of_a_photographed_card_are_read(examiner: Examiner) -> None:
    measured = examined(examiner, HONEST.portrait_side, HONEST.emblem_side)
    truth, portrait, emblem = HONEST.truth, portrait_of(measured), emblem_of(measured)
    assert as_read(portrait) == as_printed(HONEST)
    assert (emblem.authority.value, emblem.valid_from.value) == (truth.authority, truth.valid_from.isoformat())
    assert (portrait.view.seen, emblem.view.seen) == (Side.PORTRAIT, Side.EMBLEM)


@pytest.mark.rule("R98")
def test_no_face_is_looked_at_where_the_applicant_declined(examiner: Examiner) -> None:
    measured = examined(examiner, HONEST.portrait_side, HONEST.emblem_side)
    assert measured.face is FaceDeclined.CONSENT_REFUSED


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_card_held_sideways_or_upside_down_is_read_all_the_same(examiner: Examiner, quarters: int) -> None:
    sides = [turned(side_photograph(side), quarters).jpeg() for side in (Side.PORTRAIT, Side.EMBLEM)]
    measured = examined(examiner, *sides)
    assert as_read(portrait_of(measured)) == as_printed(HONEST)
    assert emblem_of(measured).valid_from.value == HONEST.truth.valid_from.isoformat()


def test_sides_taken_for_each_other_are_told(examiner: Examiner) -> None:
    measured = examined(examiner, HONEST.emblem_side, HONEST.portrait_side)
    assert [each.reading.side for each in measured.pages] == [Side.EMBLEM, Side.PORTRAIT]


def test_a_desk_without_a_card_shows_no_card(examiner: Examiner) -> None:
    measured = examined(examiner, png(DESK[:, :900]), png(DESK[:, :900]))
    assert [(each.reading.view, each.reading.page) for each in measured.pages] == [(NO_CARD, None)] * 2


def test_a_number_altered_on_the_card_is_seen_by_two_readings_and_not_understood(examiner: Examiner) -> None:
    forged = forged_upload(1, ON, astronaut())
    measured = examined(examiner, forged.portrait_side, forged.emblem_side)
    number = portrait_of(measured).number
    assert (number.raw, number.value) == (forged.truth.person.number, None)
    assert number.confidence > 0.9


def test_the_commonest_reading_of_each_position_wins() -> None:
    text, score = vote([("1234", 0.9), ("1284", 0.99), ("1234", 0.8), ("12345", 1.0)])
    assert text == "1234"
    assert score == pytest.approx(2 / 4 * (0.9 + 0.99 + 0.8) / 3)


def test_readings_that_all_agree_keep_their_score() -> None:
    assert vote([("长期", 0.8), ("长期", 1.0)]) == ("长期", 0.9)


def test_readings_of_nothing_are_nothing() -> None:
    assert vote([("", 0.0), ("", 0.0)]) == ("", 0.0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def vision() -> AsyncIterator[PooledVision]:
    """The real thing: one examiner process with its models."""
    pools = pooled_vision(intake_processes=0, examiner_processes=1)
    await pools.start()
    yield pools
    await pools.stop()


def evidence(examined: Examined) -> FaceEvidence:
    assert isinstance(examined.measured.face, FaceEvidence)
    return examined.measured.face


def apart(examined: Examined) -> float:
    comparison = evidence(examined).comparison
    assert comparison is not None
    return comparison.distance


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.rule("R92")
async def test_an_honest_applicant_is_near_their_card_and_the_score_names_its_model(vision: PooledVision) -> None:
    seen = await vision.examine(card(HONEST.portrait_side, HONEST.emblem_side), HONEST.face)
    comparison = evidence(seen).comparison
    assert apart(seen) < 0.3
    assert comparison is not None
    assert comparison.model == seen.face_model
    assert seen.face_model.startswith("dlib_resnet_v1_onnx_4_crops@55533b28a958.")
    assert seen.descriptor is not None
    assert seen.portrait is not None
    assert distance_of(from_octets(seen.descriptor), from_octets(seen.portrait)) == pytest.approx(apart(seen))
    assert as_read(portrait_of(seen.measured)) == as_printed(HONEST)


@pytest.mark.asyncio(loop_scope="module")
async def test_somebody_elses_face_is_far_from_the_card(vision: PooledVision) -> None:
    upload = impostor_upload(2, ON, astronaut(), grace_hopper())
    assert apart(await vision.examine(card(upload.portrait_side, upload.emblem_side), upload.face)) > 0.55


@pytest.mark.asyncio(loop_scope="module")
async def test_a_photograph_without_a_face_is_compared_with_nothing(vision: PooledVision) -> None:
    seen = await vision.examine(card(HONEST.portrait_side, HONEST.emblem_side), png(DESK))
    faces = evidence(seen)
    assert (faces.applicant.view, faces.comparison, seen.descriptor) == (NO_FACE, None, None)
    assert faces.portrait.faces == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_an_examination_is_the_same_every_time(vision: PooledVision) -> None:
    first = await vision.examine(card(png(DESK), png(DESK)), HONEST.face)
    second = await vision.examine(card(png(DESK), png(DESK)), HONEST.face)
    assert first == second


def test_a_passports_portrait_is_hashed_too(examiner: Examiner) -> None:
    taken = photograph(draw_passport(160, ON, astronaut().for_card())[0], Capture(seed=1))
    pictures = {(Kind.PASSPORT, Side.DATA_PAGE): taken.jpeg()}
    _, blobs = examiner.handle(Task.EXAMINE, (b"", names_of(pictures), *pictures.values()))
    assert unpacked(blobs[3], {"passport/data_page"}).keys() == {"passport/data_page"}
