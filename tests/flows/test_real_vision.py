"""Do real photographs, through the real pools, end where they should? Specimens; the models are loaded once."""

from collections.abc import AsyncIterator, Callable, Mapping
from io import BytesIO
from typing import Any

import httpx
import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from app.embedded import Database
from app.gateways.vision.pooled import PooledVision, pooled_vision
from app.specimens.applicant import Upload, forged_upload, honest_upload, impostor_upload
from app.specimens.kinds import draw
from app.specimens.names import Kind as Drawn
from app.specimens.photograph import Capture, photograph
from app.specimens.portraits import astronaut, grace_hopper, selfie
from tests.corpus import samples
from tests.flows.conftest import START, Applicant, Bank, bearer, open_bank

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]
ON = START.date()
PORTRAIT = "/evidence/resident-card/portrait"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def vision() -> AsyncIterator[PooledVision]:
    """One decoder, and one examiner with its models."""
    pools = pooled_vision(intake_processes=1, examiner_processes=1)
    await pools.start()
    yield pools
    await pools.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def seeing(fresh_database: Database, start_bank: Callable[..., Any], vision: PooledVision) -> AsyncIterator[Bank]:
    """A bank whose eyes are real."""
    async with open_bank(fresh_database, await start_bank(fresh_database)) as opened:
        opened.eyes.intake = vision.intake  # type: ignore[method-assign]  # the same pools for every test
        opened.eyes.examine = vision.examine  # type: ignore[method-assign]
        yield opened


async def consenting(bank: Bank) -> Applicant:
    applicant = await bank.applicant()
    for purpose in ("identity_verification", "face_comparison"):
        await applicant.answer(purpose)
    return applicant


async def examined(bank: Bank, upload: Upload) -> tuple[str, list[str]]:
    """The state all of it led to, and the reasons as staff see them."""
    pictures = {
        PORTRAIT: upload.portrait_side,
        "/evidence/resident-card/emblem": upload.emblem_side,
        "/face": upload.face,
    }
    return await led_to(bank, pictures)


async def led_to(bank: Bank, pictures: Mapping[str, bytes]) -> tuple[str, list[str]]:
    """The state these pictures led to, and the reasons as staff see them."""
    applicant = await consenting(bank)
    for path, picture in pictures.items():
        assert (await applicant.put(path, content=picture)).status_code == 201
    assert (await applicant.post("/submission")).status_code == 202
    await bank.work()
    address, kiosk = f"/v1/proofings/{applicant.id}", bearer(await bank.kiosk_token())
    shown = (await bank.http.get(address, headers=kiosk)).json()
    return shown["state"], [reason["code"] for reason in shown["decision"]["staff_reasons"]]


async def test_an_honest_applicant_is_accepted(seeing: Bank) -> None:
    assert await examined(seeing, honest_upload(1, ON, astronaut())) == ("accepted", [])


@pytest.mark.parametrize(
    ("kind", "notes"),
    [
        (Drawn.PASSPORT, ["zone_corrected"]),
        (Drawn.RESIDENCE_PERMIT, []),
        (Drawn.PERMANENT_RESIDENT_CARD, []),
    ],
)
async def test_the_holder_of_another_document_is_accepted_by_it(seeing: Bank, kind: Drawn, notes: list[str]) -> None:
    """A zone's O and 0 are told apart and told of; the sandbox and this policy take Utopia's specimens (R70)."""
    pictures = {"/face": selfie(astronaut(), 7)}
    for page in draw(kind, 7, ON, astronaut().for_card()):
        path = f"/evidence/{page.kind}/{page.side}".replace("_", "-")
        pictures[path] = photograph(page, Capture(seed=7)).jpeg()
    state, reasons = await led_to(seeing, pictures)
    assert (state, sorted(set(reasons))) == ("accepted", notes)


async def test_somebody_elses_face_is_rejected(seeing: Bank) -> None:
    upload = impostor_upload(2, ON, astronaut(), grace_hopper())
    assert await examined(seeing, upload) == ("rejected", ["face_differs"])


async def test_an_altered_number_is_rejected(seeing: Bank) -> None:
    assert await examined(seeing, forged_upload(1, ON, astronaut())) == ("rejected", ["number_check_wrong"])


def png(pixels: "np.ndarray[Any, np.dtype[np.uint8]]") -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=9)
    return buffer.getvalue()


def turned_jpeg() -> bytes:
    """Stored lying, to be seen standing: 60 × 40 pixels and EXIF orientation 6."""
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = BytesIO()
    Image.fromarray(np.full((40, 60, 3), 90, np.uint8)).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


async def present(bank: Bank, octets: bytes) -> httpx.Response:
    return await (await consenting(bank)).put(PORTRAIT, content=octets)


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.999])
async def test_a_picture_that_ends_too_early_is_told_so_before_it_is_stored(seeing: Bank, kept: float) -> None:
    whole = honest_upload(1, ON, astronaut()).face
    answer = await present(seeing, whole[: int(len(whole) * kept)])
    assert (answer.status_code, answer.json()["code"]) == (422, "broken_image")
    assert seeing.sql("SELECT count(*) FROM images") == [(0,)]


async def test_forty_megapixels_are_decoded_to_the_last(seeing: Bank) -> None:
    assert (await present(seeing, png(np.zeros((5000, 8000, 3), np.uint8)))).status_code == 201
    assert seeing.sql("SELECT width, height FROM images") == [(8000, 5000)]


async def test_a_bomb_is_refused_by_what_it_declares(seeing: Bank) -> None:
    answer = await present(seeing, png(np.zeros((6400, 6251), np.uint8)))
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_pixels")


STRANGE = {
    "JPEG 30,000 x 1": (201, ""), "JPEG in CMYK": (201, ""), "JPEG and ZIP": (201, ""), "PNG animated": (415, "unsupported_image"),
    "PNG 40,001 x 1,000 at 1 bit": (422, "too_many_pixels"), "zTXt of 400 MB": (422, "broken_image"),
    "3,000 scans of 40 MP": (422, "broken_image"), "HEIC overlay of 900": (422, "broken_image"), "HTML named jpg": (415, "unsupported_image"),
    "15 MB and one octet of zeros": (413, "body_too_large"),
}  # fmt: skip


async def test_strange_pictures_get_a_typed_problem_over_http(seeing: Bank) -> None:
    applicant = await consenting(seeing)
    for each in (sample for sample in samples() if sample.name in STRANGE):
        answer = await applicant.put(PORTRAIT, content=each.make(), headers={"content-type": "image/jpeg"})
        assert (answer.status_code, answer.json().get("code", "")) == STRANGE[each.name], each.name


async def test_a_photograph_is_turned_as_its_camera_says_once(seeing: Bank) -> None:
    assert (await present(seeing, turned_jpeg())).status_code == 201
    assert seeing.sql("SELECT width, height FROM images") == [(40, 60)]
