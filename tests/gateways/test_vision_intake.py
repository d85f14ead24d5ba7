"""Is a photograph decoded to its last pixel, upright and in colour, or refused as broken?"""

import hashlib
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageFile, ImageOps

from app.core.refusal import Refusal
from app.gateways.vision.decoding import TRACE_CHARACTERS, decode
from app.gateways.vision.intake import take
from app.gateways.vision.pooled import PooledVision, pooled_vision
from app.verification.picture import BrokenImage, Format, Picture, Traces
from tests.verification.test_picture import PNG_START, chunk

PICTURES = Path(__file__).parents[1] / "vectors" / "pictures"
FORMATS = ["jpeg", "png", "webp"]
CORNER = (10, 200, 90)
NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8))


def scene(width: int = 64, height: int = 48) -> Image.Image:
    """A gradient with one corner of its own, so that every turn and mirroring shows."""
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([4 * x, 5 * y, 2 * (x + y)], axis=2).clip(0, 255).astype(np.uint8)
    pixels[:8, :8] = CORNER
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, exif: Image.Exif | None = None) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **({"exif": exif} if exif else {}))
    return buffer.getvalue()


def described(**tags: str | int) -> Image.Exif:
    exif = Image.Exif()
    for name, value in tags.items():
        exif[ExifTags.Base[name]] = value
    return exif


@pytest.mark.parametrize("kind", FORMATS)
def test_the_facts_of_a_photograph(kind: str) -> None:
    octets = encoded(scene(), kind)
    untraced = Traces(software=None, make=None, taken=None)
    assert take(octets) == Picture(Format(kind), 64, 48, hashlib.sha256(octets).hexdigest(), untraced)


def test_the_facts_of_a_heic_photograph() -> None:
    """Its own boxes say how it lies; an EXIF orientation beside them is ignored (ISO/IEC 23008-12 annex A.2)."""
    taken = take((PICTURES / "with-exif.heic").read_bytes())
    assert (taken.format, taken.width, taken.height) == (Format.HEIC, 240, 320)
    assert taken.traces.software == "Specimen"


def test_a_heic_decodes_to_its_pixels() -> None:
    pixels = decode((PICTURES / "upright.heic").read_bytes()).pixels
    assert pixels.shape == (320, 240, 3)
    assert pixels.std() > 20


@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_truncated_heic_is_refused(tenth: int) -> None:
    octets = (PICTURES / "upright.heic").read_bytes()
    with pytest.raises(Refusal):
        decode(octets[: len(octets) * tenth // 10])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation_is_applied_once(orientation: int) -> None:
    """EXIF 2.32 §4.6.4: stored so that applying the tag gives the scene."""
    backwards = {6: 8, 8: 6}.get(orientation, orientation)
    turned = scene()
    turned.getexif()[ExifTags.Base.Orientation] = backwards
    stored = ImageOps.exif_transpose(turned)
    octets = encoded(stored, "png", described(Orientation=orientation))
    assert np.array_equal(decode(octets).pixels, np.asarray(scene()))


def test_the_size_is_the_one_seen_after_the_turn() -> None:
    picture = take(encoded(scene(), "jpeg", described(Orientation=6)))
    assert (picture.width, picture.height) == (48, 64)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_colour_and_white_stays_white(mode: str) -> None:
    white = Image.new("I;16", (9, 7), 65535) if mode == "I;16" else Image.new("RGB", (9, 7), "white").convert(mode)
    pixels = decode(encoded(white, "png")).pixels
    assert pixels.shape == (7, 9, 3)
    assert (pixels == 255).all()


def test_a_printers_jpeg_becomes_colour() -> None:
    pixels = decode(encoded(Image.new("RGB", (16, 16), (200, 30, 30)).convert("CMYK"), "jpeg")).pixels
    assert np.abs(pixels.astype(int) - (200, 30, 30)).max() < 12


def test_what_is_transparent_lies_on_white() -> None:
    assert (decode(encoded(Image.new("RGBA", (4, 4), (0, 0, 0, 0)), "png")).pixels == 255).all()


def test_a_phones_multi_picture_jpeg_is_its_first_picture() -> None:
    buffer = BytesIO()
    scene().save(buffer, "MPO", save_all=True, append_images=[scene(32, 32)])
    assert (take(buffer.getvalue()).format, take(buffer.getvalue()).width) == (Format.JPEG, 64)


@pytest.mark.parametrize("kind", FORMATS)
@given(share=st.floats(0.0, 0.99))
def test_a_truncated_photograph_is_refused_wherever_it_ends(kind: str, share: float) -> None:
    """Up to the last pixel: a file that lacks only its end mark has lost nothing."""
    octets = encoded(NOISE, kind)
    with pytest.raises(Refusal):
        take(octets[: int(share * len(octets))])


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=200)
@given(at=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_damaged_photograph_is_taken_or_refused_and_nothing_else(kind: str, at: float, flip: int) -> None:
    octets = bytearray(encoded(scene(), kind, described(Make="Phone", Orientation=6)))
    octets[int(at * len(octets))] ^= flip
    with suppress(Refusal):
        assert take(bytes(octets)).width > 0


def test_traces_are_harvested() -> None:
    exif = described(Software="Editor 1.0", Make="Phone", DateTime="2025:06:01 10:00:00")
    assert take(encoded(scene(), "jpeg", exif)).traces == Traces("Editor 1.0", "Phone", "2025:06:01 10:00:00")


def test_traces_are_short_and_printable() -> None:
    """The sender chose them, and staff will read them on a screen."""
    traces = take(encoded(scene(), "jpeg", described(Software="a\x1b[31m\n" + "b" * 500))).traces
    assert traces.software == "a[31m" + "b" * (TRACE_CHARACTERS - 5)


def test_broken_metadata_say_nothing_about_the_picture() -> None:
    octets = encoded(scene(), "jpeg")
    exif = b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff"
    assert take(octets[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(exif)) + exif + octets[2:]).width == 64


def test_a_canvas_that_is_not_the_size_of_its_picture_is_refused() -> None:
    """The declared size is what the limits are checked on; the decoder must not see another."""
    inner = encoded(scene(), "webp")[12:]
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (9).to_bytes(3, "little") * 2
    body = b"WEBP" + canvas + inner
    with pytest.raises(BrokenImage):
        take(b"RIFF" + struct.pack("<I", len(body)) + body)


def bomb(width: int, height: int) -> bytes:
    """A valid PNG of one colour whose pixels take a thousand times its octets."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    rows = zlib.compress(bytes((1 + 4 * width) * height), 9)
    return PNG_START + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A picture of one pixel with a comment of 50 MB, packed."""
    octets = encoded(Image.new("RGB", (1, 1)), "png")
    return octets[:33] + chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(50_000_000), 9)) + octets[33:]


def test_a_packed_comment_is_not_unpacked_without_end() -> None:
    with pytest.raises(BrokenImage):
        take(text_bomb())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def vision() -> AsyncIterator[PooledVision]:
    pools = pooled_vision(intake_processes=1, examiner_processes=0)
    await pools.start()
    yield pools
    await pools.stop()


@pytest.mark.asyncio(loop_scope="module")
async def test_the_process_answers_as_the_decoder_does(vision: PooledVision) -> None:
    octets = encoded(scene(), "jpeg", described(Software="Editor"))
    assert await vision.intake(octets) == take(octets)


@pytest.mark.asyncio(loop_scope="module")
async def test_forty_megapixels_with_transparency_fit_in_the_process(vision: PooledVision) -> None:
    assert (await vision.intake(bomb(8000, 5000))).width == 8000


@pytest.mark.asyncio(loop_scope="module")
async def test_a_broken_photograph_costs_the_process_nothing(vision: PooledVision) -> None:
    with pytest.raises(BrokenImage):
        await vision.intake(encoded(scene(), "jpeg")[:-100])
    assert vision.stats()[0].replaced == 0
    assert (await vision.intake(encoded(scene(), "png"))).width == 64


def test_no_other_library_can_let_truncated_photographs_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """face_recognition does, when the parity test imports it."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    octets = encoded(scene(), "png")
    with pytest.raises(BrokenImage):
        decode(octets[: len(octets) // 2])
