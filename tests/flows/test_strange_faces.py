"""Does whatever somebody holds out as a photograph of a face get an answer with a name, over HTTP, from real eyes?"""

from collections.abc import AsyncIterator, Callable
from io import BytesIO
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from app.embedded import Database
from app.gateways.vision.decoding import Pixels, decode
from app.gateways.vision.pooled import PooledVision, pooled_vision
from app.specimens.portraits import astronaut, encode, grace_hopper, selfie
from tests.flows.conftest import PICTURE, Bank, bearer, open_bank
from tests.flows.facing import Known, known_from

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]
PLAIN = selfie(astronaut(), 2)
SELFIE = decode(selfie(astronaut(), 1)).pixels


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def vision() -> AsyncIterator[PooledVision]:
    """One process that looks at faces, with its model."""
    pools = pooled_vision(intake_processes=0, examiner_processes=0, looker_processes=1)
    await pools.start()
    yield pools
    await pools.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def seeing(fresh_database: Database, start_bank: Callable[..., Any], vision: PooledVision) -> AsyncIterator[Bank]:
    """A bank whose eyes for faces are real."""
    async with open_bank(fresh_database, await start_bank(fresh_database)) as opened:
        opened.eyes.look = vision.look  # type: ignore[method-assign]  # the same pool for every test
        yield opened


async def beside_a_plain_one(bank: Bank, octets: bytes) -> httpx.Response:
    """Two photographs compared, the second of them strange."""
    wanted = {"purpose": "face_comparison", "language": "en"}
    notice = (await bank.http.get("/v1/notices", params=wanted)).json()[0]
    headers = bearer(await bank.kiosk_token()) | {"idempotency-key": "one-strange-picture"}
    files = {"first": ("a.jpg", PLAIN), "second": ("b", octets)}
    data = {"consent": notice["text_sha256"]}
    return await bank.http.post("/v1/face-comparisons", files=files, data=data, headers=headers)


def stored(picture: Image.Image, kind: str) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def png(pixels: Pixels) -> bytes:
    return stored(Image.fromarray(pixels), "PNG")


def enlarged(factor: float) -> Pixels:
    return np.asarray(cv2.resize(SELFIE, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)


def sixteen_bits_of_colour() -> bytes:
    deep = np.ascontiguousarray(SELFIE[:, :, ::-1]).astype(np.uint16) * 257
    return bytes(cv2.imencode(".png", deep)[1])


def transparent() -> bytes:
    picture = Image.fromarray(SELFIE).convert("RGBA")
    picture.putalpha(Image.fromarray(np.where(np.indices(SELFIE.shape[:2])[1] < 40, 0, 255).astype(np.uint8)))
    return stored(picture, "PNG")


KINDS: dict[str, Callable[[], bytes]] = {
    "grey JPEG": lambda: stored(Image.fromarray(SELFIE).convert("L"), "JPEG"),
    "grey PNG": lambda: stored(Image.fromarray(SELFIE).convert("L"), "PNG"),
    "grey PNG of sixteen bits": lambda: stored(Image.fromarray(SELFIE.mean(axis=2).astype(np.uint16) * 257), "PNG"),
    "PNG of sixteen bits": sixteen_bits_of_colour,
    "JPEG in CMYK": lambda: stored(Image.fromarray(SELFIE).convert("CMYK"), "JPEG"),
    "transparent PNG": transparent,
    "PNG with a palette": lambda: stored(Image.fromarray(SELFIE).quantize(128), "PNG"),
    "39 megapixels": lambda: encode(np.ascontiguousarray(enlarged(5.65)[:, :, ::-1]), 1),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_however_a_photograph_is_stored_its_face_is_compared(seeing: Bank, kind: str) -> None:
    answer = await beside_a_plain_one(seeing, KINDS[kind]())
    told = answer.json()
    assert (answer.status_code, told["outcome"], told["findings"]) == (200, "accept", {})
    assert told["score"]["value"] < 0.3


def cat() -> Pixels:
    """Drawn: a tabby's face, for no photograph of a cat is at hand."""
    fur = np.random.default_rng(5).normal(0, 14, (700, 700, 1))
    drawn = np.full((700, 700, 3), (176, 190, 160), np.uint8)
    for ear in ([(150, 330), (180, 90), (340, 240)], [(550, 330), (520, 90), (360, 240)]):
        cv2.fillPoly(drawn, [np.array(ear, np.int32)], (150, 120, 90))
    cv2.ellipse(drawn, (350, 400), (215, 190), 0, 0, 360, (160, 130, 98), -1)
    for x in (265, 435):
        cv2.ellipse(drawn, (x, 360), (44, 34), 0, 0, 360, (190, 205, 90), -1)
        cv2.ellipse(drawn, (x, 360), (9, 32), 0, 0, 360, (15, 15, 15), -1)
        cv2.line(drawn, (x, 250), (x, 300), (80, 60, 45), 12)
    cv2.fillPoly(drawn, [np.array([(325, 440), (375, 440), (350, 470)], np.int32)], (200, 120, 120))
    for side, lift in ((-1, -20), (-1, 10), (1, -20), (1, 10)):
        cv2.line(drawn, (350 + 60 * side, 480), (350 + 290 * side, 480 + 2 * lift), (240, 240, 235), 3)
        cv2.ellipse(drawn, (350 + 30 * side, 480), (30, 26), 0, 0, 180, (60, 45, 40), 5)
    return (drawn + fur).clip(0, 255).astype(np.uint8)


def cartoon() -> Pixels:
    drawn = np.full((600, 600, 3), 255, np.uint8)
    cv2.circle(drawn, (300, 300), 200, (255, 220, 60), -1)
    for x in (230, 370):
        cv2.circle(drawn, (x, 250), 22, (0, 0, 0), -1)
    cv2.ellipse(drawn, (300, 330), (110, 90), 0, 20, 160, (0, 0, 0), 9)
    return drawn


FACELESS: dict[str, Callable[[], Pixels]] = {
    "a cat": cat,
    "a cartoon": cartoon,
    "upside down": lambda: np.ascontiguousarray(SELFIE[::-1, ::-1]),
    "20 × 20": lambda: np.asarray(cv2.resize(SELFIE, (20, 20), interpolation=cv2.INTER_AREA), np.uint8),
    "one pixel": lambda: np.zeros((1, 1, 3), np.uint8),
    "a wall": lambda: np.full((900, 1200, 3), 90, np.uint8),
}


@pytest.mark.parametrize("what", FACELESS)
async def test_where_no_face_is_seen_that_photograph_is_told_so(seeing: Bank, what: str) -> None:
    answer = await beside_a_plain_one(seeing, png(FACELESS[what]()))
    told = answer.json()
    assert (answer.status_code, told["outcome"], told["score"], [*told["findings"]]) == (200, "retry", None, ["second"])
    assert [each["code"] for each in told["findings"]["second"]] == ["face_absent"]


async def test_two_people_side_by_side_are_told_to_come_alone(seeing: Bank) -> None:
    both = np.concatenate([SELFIE, decode(selfie(grace_hopper(), 1)).pixels], axis=1)
    told = (await beside_a_plain_one(seeing, png(both))).json()
    assert (told["outcome"], told["score"]) == ("retry", None)
    assert "faces_many" in [each["code"] for each in told["findings"]["second"]]


REFUSED: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "more than forty megapixels": (lambda: png(np.zeros((6400, 6251, 3), np.uint8)), 422, "too_many_pixels"),
    "half a JPEG": (lambda: PLAIN[: len(PLAIN) // 2], 422, "broken_image"),
    "no picture": (lambda: b"GIF89a" + bytes(400), 415, "unsupported_image"),
    "nothing": (lambda: b"", 422, "empty_image"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_no_picture_of_ours_is_refused_by_name(seeing: Bank, what: str) -> None:
    make, status, code = REFUSED[what]
    answer = await beside_a_plain_one(seeing, make())
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def subscriber(bank: Bank) -> Known:
    """Whose card shows the very face, which is what a first photograph of theirs is likened to."""
    applicant = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        assert (await applicant.answer(purpose)).status_code == 201
    shown = {
        "/evidence/resident-card/portrait": png(SELFIE),
        "/evidence/resident-card/emblem": PICTURE,
        "/face": PICTURE,
    }
    for path, octets in shown.items():
        assert (await applicant.put(path, content=octets)).status_code == 201
    assert (await applicant.post("/submission")).status_code == 202
    await bank.work()
    made = await known_from(bank, applicant)
    assert (await made.answer()).status_code == 201
    return made


async def test_of_strange_photographs_none_is_enrolled_and_the_plain_one_is(seeing: Bank) -> None:
    person = await subscriber(seeing)
    strange = {str(slot): png(FACELESS[what]()) for slot, what in enumerate([*FACELESS][:4], 2)}
    answer = await person.call("PUT", files={"1": PLAIN, **strange})
    turned = {each["slot"]: [found["code"] for found in each["findings"]] for each in answer.json()["turned_away"]}
    assert (answer.status_code, person.held()) == (200, [1])
    assert turned == {slot: ["face_absent"] for slot in (2, 3, 4, 5)}


async def test_of_a_cat_held_up_to_a_subscribers_face_nothing_is_compared(seeing: Bank) -> None:
    person = await subscriber(seeing)
    await person.call("PUT", files={"1": PLAIN})
    told = (await person.call("POST", "/face-comparisons", content=png(cat()))).json()
    assert (told["outcome"], [each["code"] for each in told["findings"]["probe"]]) == ("retry", ["face_absent"])
    assert seeing.sql("SELECT count(*) FROM face_comparisons") == [(0,)]
