"""Which octets are a picture we take? Told from the headers alone."""

import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.refusal import Refusal
from app.verification.picture import (
    MAX_OCTETS,
    MAX_PIXELS,
    MAX_SCANS,
    BrokenImage,
    EmptyImage,
    Format,
    Header,
    ImageTooLarge,
    TooManyPixels,
    UnsupportedImage,
    has_too_many_scans,
    inspect,
)
from tests.corpus.jpegs import many_scans, mpo

HEIC = Path(__file__).parents[1] / "vectors" / "pictures" / "upright.heic"
JPEG_START, PNG_START = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"


def jpeg(width: int, height: int, before: bytes = b"") -> bytes:
    """The head of a JPEG up to its scan (ITU-T T.81 §B.2): SOI, SOF0, SOS."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return JPEG_START + before + frame + b"\xff\xda" + bytes(10)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, before_data: bytes = b"") -> bytes:
    """The head of a PNG up to its data (RFC 2083 §4.1)."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return PNG_START + header + before_data + chunk(b"IDAT", b"")


def webp(chunk_name: bytes, body: bytes) -> bytes:
    """A WebP of one chunk (RFC 9649 §2.4)."""
    inner = b"WEBP" + chunk_name + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(inner)) + inner


def lossy(width: int, height: int) -> bytes:
    return webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height))


def lossless(width: int, height: int) -> bytes:
    return webp(b"VP8L", b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + bytes(5))


def extended(width: int, height: int, flags: int = 0) -> bytes:
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp(b"VP8X", bytes([flags, 0, 0, 0]) + sizes)


@pytest.mark.parametrize(
    ("octets", "kind"),
    [
        (jpeg(640, 480), Format.JPEG),
        (png(640, 480), Format.PNG),
        (lossy(640, 480), Format.WEBP),
        (lossless(640, 480), Format.WEBP),
        (extended(640, 480), Format.WEBP),
    ],
)
def test_kind_and_size_are_read_from_the_header(octets: bytes, kind: Format) -> None:
    assert inspect(octets) == Header(kind, 640, 480)


def test_the_size_of_a_thumbnail_inside_a_jpeg_is_not_the_size_of_the_jpeg() -> None:
    thumbnail = jpeg(160, 120)
    exif = b"\xff\xe1" + struct.pack(">H", 2 + len(thumbnail)) + thumbnail
    assert inspect(jpeg(4000, 3000, before=exif)) == Header(Format.JPEG, 4000, 3000)


def test_fill_octets_before_a_jpeg_marker_are_passed_over() -> None:
    assert inspect(jpeg(64, 48, before=b"\xff\xff\xff")) == Header(Format.JPEG, 64, 48)


def test_nothing_is_an_empty_image() -> None:
    with pytest.raises(EmptyImage):
        inspect(b"")


def test_fifteen_megabytes_are_taken_and_one_octet_more_is_not() -> None:
    picture = png(10, 10)
    assert inspect(picture + bytes(MAX_OCTETS - len(picture))).width == 10
    with pytest.raises(ImageTooLarge) as refused:
        inspect(picture + bytes(MAX_OCTETS - len(picture) + 1))
    assert refused.value.facts == {"limit_octets": MAX_OCTETS}


@pytest.mark.parametrize("declare", [jpeg, png, lossless, extended])
def test_forty_megapixels_are_taken_and_one_row_more_is_not(declare: Callable[[int, int], bytes]) -> None:
    assert inspect(declare(8000, 5000)).height == 5000
    with pytest.raises(TooManyPixels) as refused:
        inspect(declare(8000, 5001))
    assert refused.value.facts == {"limit_pixels": MAX_PIXELS}


@pytest.mark.parametrize("octets", [jpeg(0, 480), jpeg(640, 0), png(0, 480), png(640, 0), lossy(0, 480), lossy(640, 0)])
def test_a_picture_without_area_is_broken(octets: bytes) -> None:
    with pytest.raises(BrokenImage):
        inspect(octets)


@pytest.mark.parametrize("octets", [png(64, 48, chunk(b"acTL", bytes(8))), extended(64, 48, flags=0x02)])
def test_an_animation_is_not_supported(octets: bytes) -> None:
    with pytest.raises(UnsupportedImage) as refused:
        inspect(octets)
    assert refused.value.facts == {"found": "animated"}


@pytest.mark.parametrize("brand", [b"mif1", b"avif"])
def test_a_heif_picture_without_hevc_is_told_that_it_is_one(brand: bytes) -> None:
    with pytest.raises(UnsupportedImage) as refused:
        inspect(b"\0\0\0\x14ftyp" + brand + b"\0\0\0\0" + brand)
    assert refused.value.facts == {"found": "heif"}


@pytest.mark.parametrize("brand", [b"hevc", b"msf1"])
def test_a_heic_sequence_is_refused_as_animated(brand: bytes) -> None:
    with pytest.raises(UnsupportedImage) as refused:
        inspect(b"\0\0\0\x14ftyp" + brand + b"\0\0\0\0heic")
    assert refused.value.facts == {"found": "animated"}


def test_a_heic_declares_its_size_in_its_boxes() -> None:
    header = inspect(HEIC.read_bytes())
    assert (header.format, header.width, header.height) == (Format.HEIC, 240, 320)


@pytest.mark.parametrize("kept", [12, 40, 100, 200, 300])
def test_a_heic_cut_before_its_size_is_broken(kept: int) -> None:
    with pytest.raises(Refusal):
        inspect(HEIC.read_bytes()[:kept])


@pytest.mark.parametrize("octets", [b"GIF89a" + bytes(40), b"%PDF-1.7", b"<svg/>", b"BM" + bytes(60), b"\xff\xd8"])
def test_anything_else_is_unknown_whatever_it_calls_itself(octets: bytes) -> None:
    with pytest.raises(UnsupportedImage) as refused:
        inspect(octets)
    assert refused.value.facts == {"found": "unknown"}


@pytest.mark.parametrize("octets", [jpeg(640, 480), png(640, 480), lossy(640, 480), extended(640, 480)])
def test_a_header_cut_short_is_refused(octets: bytes) -> None:
    for end in range(1, 21):
        with pytest.raises((BrokenImage, UnsupportedImage)):
            inspect(octets[:end])


@pytest.mark.parametrize(
    "filler",
    [
        pytest.param(JPEG_START + b"\xff\xe0\x00\x02" * 3_000_000, id="jpeg"),
        pytest.param(png(8, 8)[:33] + bytes(12_000_000), id="png"),
    ],
)
def test_a_chain_of_empty_segments_is_given_up_early(filler: bytes) -> None:
    """Walked to its end it would hold the event loop for seconds; pytest's timeout is the longest fuse here."""
    with pytest.raises(BrokenImage):
        inspect(filler)


def test_as_many_scans_as_are_allowed_are_taken_and_one_more_is_not() -> None:
    own = many_scans(0, 64, 64).count(b"\xff\xda")
    assert not has_too_many_scans(many_scans(MAX_SCANS - own, 64, 64))
    assert has_too_many_scans(many_scans(MAX_SCANS - own + 1, 64, 64))


def test_the_scans_of_what_follows_a_picture_are_not_its_own() -> None:
    """A phone's film, behind the picture, holds the octets of a scan by chance."""
    assert not has_too_many_scans(mpo() + b"\xff\xda" * 10_000)


def test_scans_are_not_hidden_behind_an_end_that_stands_in_a_comment() -> None:
    octets = many_scans(2 * MAX_SCANS, 64, 64)
    scan = octets.index(b"\xff\xda")
    scan = octets.index(b"\xff", scan + 12)
    assert has_too_many_scans(octets[:scan] + b"\xff\xfe\x00\x04\xff\xd9" + octets[scan:])


MAGICS = [b"", JPEG_START + b"\xff", PNG_START, PNG_START + b"\x00\x00\x00\x0dIHDR", b"RIFF\x00\x00\x00\x00WEBP"]
MAGICS += [MAGICS[-1] + name for name in (b"VP8 ", b"VP8L", b"VP8X")]


@given(st.sampled_from(MAGICS), st.binary(max_size=200))
def test_arbitrary_octets_meet_a_refusal_and_nothing_else(magic: bytes, rest: bytes) -> None:
    with suppress(Refusal):
        header = inspect(magic + rest)
        assert 0 < header.width * header.height <= MAX_PIXELS


@given(st.integers(1, 6000), st.integers(1, 6000), st.sampled_from([jpeg, png, lossy, lossless, extended]))
def test_every_declared_size_within_the_limit_is_read_back(
    width: int, height: int, declare: Callable[[int, int], bytes]
) -> None:
    assert (inspect(declare(width, height)).width, inspect(declare(width, height)).height) == (width, height)
