"""Is every picture taken or refused at once, and does nothing of it ever rest in clear?"""

import struct
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest

from app.core.refusal import Unavailable
from app.gateways.vision import VisionFailed, Why
from app.verification.picture import MAX_OCTETS, PNG_MAGIC
from tests.flows.conftest import PICTURE, Applicant, Bank

PORTRAIT = "/evidence/resident-card/portrait"


def png(width: int, height: int, *, octets: int = 0) -> bytes:
    """The head of a PNG that declares this size, padded to so many octets in all."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    head = PNG_MAGIC + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return (head + struct.pack(">I4s", 1000, b"IDAT")).ljust(octets, b"\x55")


@pytest.fixture
async def applicant(bank: Bank) -> Applicant:
    """Somebody who has answered both notices."""
    opened = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        await opened.answer(purpose)
    return opened


def of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def count(bank: Bank) -> int:
    return int(bank.sql("SELECT count(*) FROM images")[0][0])


@pytest.mark.parametrize(
    ("octets", "status", "code"),
    [
        (b"", 422, "empty_image"),
        (b"GIF89a" + bytes(100), 415, "unsupported_image"),
        (b"II*\x00" + bytes(100), 415, "unsupported_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "unsupported_image"),
        (b"\xff\xd8\xff\xe0", 422, "broken_image"),
        (PNG_MAGIC, 422, "broken_image"),
        (png(0, 10), 422, "broken_image"),
        (png(8000, 5001), 422, "too_many_pixels"),
        (png(2**31 - 1, 2**31 - 1), 422, "too_many_pixels"),
        (png(8, 8, octets=MAX_OCTETS + 1), 413, "body_too_large"),
        (png(8, 8, octets=20_000_000), 413, "body_too_large"),
    ],
)
async def test_what_is_no_picture_for_us_is_a_problem_at_once_and_nothing_is_stored(
    bank: Bank, applicant: Applicant, octets: bytes, status: int, code: str
) -> None:
    before = bank.dump(without=("audit_events",))
    answer = await applicant.put(PORTRAIT, content=octets)
    assert (of(answer), answer.headers["content-type"]) == ((status, code), "application/problem+json")
    assert bank.dump(without=("audit_events",)) == before


@pytest.mark.parametrize("octets", [png(8, 8, octets=MAX_OCTETS), png(8000, 5000), png(40_000_000, 1)])
async def test_at_fifteen_megabytes_and_forty_megapixels_a_picture_is_still_taken(
    bank: Bank, applicant: Applicant, octets: bytes
) -> None:
    assert (await applicant.put(PORTRAIT, content=octets)).status_code == 201
    assert count(bank) == 1


@pytest.mark.parametrize("claimed", ["image/gif", "text/html", "application/json", "nonsense"])
async def test_the_content_tells_the_kind_whatever_the_sender_calls_it(applicant: Applicant, claimed: str) -> None:
    honest = await applicant.put(PORTRAIT, content=PICTURE, headers={"content-type": claimed})
    lying = await applicant.put(PORTRAIT, content=b"GIF89a" + bytes(9), headers={"content-type": "image/png"})
    assert (honest.status_code, lying.status_code) == (201, 415)


async def in_pieces(size: int) -> AsyncIterator[bytes]:
    yield png(8, 8)
    for _ in range(size // 1_000_000):
        yield bytes(1_000_000)


async def test_a_body_that_never_said_how_long_it_is_is_cut_at_the_limit(bank: Bank, applicant: Applicant) -> None:
    assert of(await applicant.put(PORTRAIT, content=in_pieces(40_000_000))) == (413, "body_too_large")
    assert count(bank) == 0


async def test_a_body_longer_than_it_said_is_cut_at_the_limit_too(bank: Bank, applicant: Applicant) -> None:
    answer = await applicant.put(PORTRAIT, content=in_pieces(16_000_000), headers={"content-length": "100"})
    assert of(answer) == (413, "body_too_large")
    assert count(bank) == 0


async def test_a_declared_length_beyond_the_limit_is_refused_unread(applicant: Applicant) -> None:
    answer = await applicant.put(PORTRAIT, content=in_pieces(0), headers={"content-length": str(MAX_OCTETS + 1)})
    assert of(answer) == (413, "body_too_large")


@pytest.mark.parametrize(("method", "path"), [("POST", "/consents"), ("POST", "/contact"), ("PUT", "/password")])
async def test_a_json_body_has_64_kilobytes_at_most(applicant: Applicant, method: str, path: str) -> None:
    for size, code in ((64 * 1024 - 8, "malformed"), (64 * 1024 + 1, "body_too_large")):
        body = b'{"a":"' + b"x" * (size - 8) + b'"}'
        answer = await applicant.call(method, path, content=body, headers={"content-type": "application/json"})
        assert answer.json()["code"] == code


@pytest.mark.parametrize("side", ["back", "Portrait", "portrait%2Fx", "face"])
async def test_a_card_has_two_sides_and_no_other(bank: Bank, applicant: Applicant, side: str) -> None:
    answer = await applicant.put(f"/evidence/resident-card/{side}", content=PICTURE)
    assert answer.status_code == 404
    assert count(bank) == 0


async def test_a_picture_sent_again_takes_the_place_of_the_first(bank: Bank, applicant: Applicant) -> None:
    await applicant.put(PORTRAIT, content=PICTURE)
    first = bank.sql("SELECT id, sealed, sha256_index FROM images")
    await applicant.put(PORTRAIT, content=png(30, 20))
    assert bank.sql("SELECT format, width, height FROM images") == [("png", 30, 20)]
    assert not set(first[0]) & set(bank.sql("SELECT id, sealed, sha256_index FROM images")[0])


async def test_no_picture_rests_in_clear(bank: Bank, applicant: Applicant) -> None:
    import numpy as np

    noise = np.random.default_rng(1).bytes(3000)
    await applicant.put(PORTRAIT, content=png(30, 20) + noise)
    dump = bank.dump()
    assert noise[:16] not in dump
    assert noise[-16:] not in dump
    assert not [magic for magic in (PNG_MAGIC, b"IHDR", b"JFIF\0") if magic in dump]


async def test_one_picture_sent_by_two_people_looks_unrelated_at_rest(bank: Bank, applicant: Applicant) -> None:
    other = await bank.applicant()
    await other.answer("identity_verification")
    for each in (applicant, other):
        await each.put(PORTRAIT, content=PICTURE)
    (one, two) = (row[0] for row in bank.sql("SELECT sealed FROM images"))
    assert one[20:] != two[20:]


@pytest.mark.parametrize("failure", [VisionFailed(Why.FAILED), Unavailable(retry_after_seconds=5)])
async def test_where_nothing_can_be_decoded_nothing_is_taken(
    bank: Bank, applicant: Applicant, failure: Exception
) -> None:
    async def fails(_octets: bytes) -> None:
        raise failure

    bank.eyes.intake = fails  # type: ignore[assignment,method-assign]  # eyes that see nothing today
    answer = await applicant.put(PORTRAIT, content=PICTURE)
    assert (of(answer), answer.headers["retry-after"]) == ((503, "unavailable"), "5")
    assert count(bank) == 0
