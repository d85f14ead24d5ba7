"""PNGs that unpack without end, lie about their size, or hold more than a picture (RFC 2083, W3C PNG 3rd ed.)."""

import zlib
from functools import partial

from PIL import Image, PngImagePlugin

from tests.corpus import BROKEN, MANY, TAKEN, Make, Sample
from tests.corpus.drawing import PNG_START, chunk, encoded, header, png, png_of, scene, tiff, zeros

ROWS = zlib.compress((b"\x00" + bytes(64 * 3)) * 48)


def with_chunks(*chunks: bytes) -> bytes:
    octets = png()
    return octets[:33] + b"".join(chunks) + octets[33:]


def with_header(head: bytes) -> bytes:
    """Of another size than the rows have."""
    return png_of(head, ROWS)


def in_mode(mode: str) -> Make:
    return lambda: encoded(scene().convert(mode), "png")


def with_palette() -> bytes:
    return encoded(scene().quantize(16), "png", transparency=0)


def sixteen_bits(colour: int, channels: int) -> bytes:
    return png_of(header(64, 48, 16, colour), zlib.compress((b"\x00" + bytes(64 * 2 * channels)) * 48))


def interlaced() -> bytes:
    """Adam7, all seven passes of 8 x 8 pixels: 1, 1, 2, 4, 8, 16 and 32 of them (RFC 2083 §2.6)."""
    passes = ((1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4))
    rows = b"".join((b"\x00" + bytes(3 * width)) * height for width, height in passes)
    return png_of(header(8, 8, interlace=1), zlib.compress(rows))


def animated(*, still_first: bool) -> bytes:
    return encoded(scene(), "png", save_all=True, append_images=[scene().rotate(90)], default_image=still_first)


def text_bomb(name: bytes, prefix: bytes) -> bytes:
    return with_chunks(chunk(name, prefix + zeros(400_000_000)))


def many_texts() -> bytes:
    """Each below the limit of one text, together 900 MB."""
    return with_chunks(*(chunk(b"zTXt", b"C%d\x00\x00" % n + zeros(1_000_000)) for n in range(900)))


def huge_ratio(width: int, height: int) -> bytes:
    return png_of(header(width, height), zeros(height * (1 + 3 * width)))


def too_much_data() -> bytes:
    """One pixel declared, and a gigabyte of rows after it."""
    return png_of(header(1, 1), zeros(1_000_000_000))


def after_its_end(what: bytes) -> bytes:
    return png() + what


def checked_wrongly() -> bytes:
    octets = bytearray(png())
    octets[29] ^= 1
    return bytes(octets)


def chunks_of_one() -> bytes:
    """An IDAT for each octet."""
    return PNG_START + header(64, 48) + b"".join(chunk(b"IDAT", bytes((each,))) for each in ROWS) + chunk(b"IEND", b"")


def with_text() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", "<x>" * 10_000)
    return encoded(scene(), "png", pnginfo=info)


HONEST, LIMIT = "an honest picture", "its declared size is read before anything is unpacked"
PACKED = "what is packed beside the picture is unpacked to a bound alone"
TRAILING = "it is served as what it was decoded as, and never sniffed; what follows its end is never read"
SHORT_DATA = "what is missing would be shown as black"


def half_interlaced() -> bytes:
    """Six of the seven passes."""
    passes = ((1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4))
    rows = b"".join((b"\x00" + bytes(3 * width)) * height for width, height in passes)
    return png_of(header(8, 8, interlace=1), zlib.compress(rows))


def parted() -> bytes:
    """Data in two runs, of which decoders read the first."""
    half = len(ROWS) // 2
    parts = (chunk(b"IDAT", ROWS[:half]), chunk(b"tEXt", b"a\x00b"), chunk(b"IDAT", ROWS[half:]))
    return PNG_START + header(64, 48) + b"".join(parts) + chunk(b"IEND", b"")


SAMPLES = [
    Sample("PNG 1 x 1", lambda: encoded(Image.new("RGB", (1, 1)), "png"), TAKEN, HONEST),
    Sample("PNG 30,000 x 1", lambda: encoded(Image.new("RGB", (30_000, 1)), "png"), TAKEN, HONEST),
    Sample("PNG 40,001 x 1,000 at 1 bit", lambda: encoded(Image.new("1", (40_001, 1_000)), "png"), MANY, LIMIT),
    Sample("PNG 40,000 x 1,000 at 1 bit", lambda: encoded(Image.new("1", (40_000, 1_000)), "png"), TAKEN, HONEST),
    Sample("PNG of 40 MP in 117 KB", partial(huge_ratio, 8_000, 5_000), TAKEN, "a white page packs as well"),
    Sample("PNG declared 2 thousand million square", lambda: with_header(header(0x7FFFFFFF, 0x7FFFFFFF)), MANY, LIMIT),
    Sample("PNG declared larger", lambda: with_header(header(64, 96)), BROKEN, SHORT_DATA),
    Sample("PNG declared smaller", lambda: with_header(header(64, 24)), TAKEN, "the declared part is there and is what is judged"),
    Sample("PNG of one pixel and 1 GB", too_much_data, TAKEN, "rows below the picture are not unpacked"),
    Sample("PNG of no width", lambda: with_header(header(0, 48)), BROKEN, "it has no area"),
    Sample("PNG of depth 3", lambda: with_header(header(64, 48, 3)), BROKEN, "there is no such depth"),
    Sample("PNG of colour 7", lambda: with_header(header(64, 48, 8, 7)), BROKEN, "there is no such colour"),
    Sample("PNG at 1 bit", in_mode("1"), TAKEN, "a fax of a card; the examination judges its quality"),
    Sample("PNG in grey", in_mode("L"), TAKEN, HONEST),
    Sample("PNG in grey, transparent", in_mode("LA"), TAKEN, HONEST),
    Sample("PNG with a palette, transparent", with_palette, TAKEN, HONEST),
    Sample("PNG of 16 bits in grey", partial(sixteen_bits, 0, 1), TAKEN, HONEST),
    Sample("PNG of 16 bits in colour", partial(sixteen_bits, 2, 3), TAKEN, HONEST),
    Sample("PNG of 16 bits, transparent", partial(sixteen_bits, 6, 4), TAKEN, HONEST),
    Sample("PNG interlaced", interlaced, TAKEN, HONEST),
    Sample("PNG interlaced without its last pass", half_interlaced, BROKEN, SHORT_DATA),
    Sample("PNG whose data are parted", parted, BROKEN, SHORT_DATA),
    Sample("PNG of 16 bits, transparent, 40 MP", lambda: png_of(header(8_000, 5_000, 16, 6), zeros(5_000 * (1 + 8 * 8_000))), TAKEN, HONEST),
    Sample("PNG animated", partial(animated, still_first=False), "unsupported_image", "which of its pictures was meant?"),
    Sample("PNG animated behind a still", partial(animated, still_first=True), "unsupported_image", "the same"),
    Sample("zTXt of 400 MB", partial(text_bomb, b"zTXt", b"Comment\x00\x00"), BROKEN, PACKED),
    Sample("iTXt of 400 MB", partial(text_bomb, b"iTXt", b"Comment\x00\x01\x00\x00\x00"), BROKEN, PACKED),
    Sample("iCCP of 400 MB", partial(text_bomb, b"iCCP", b"Profile\x00\x00"), BROKEN, PACKED),
    Sample("900 zTXt of 1 MB", many_texts, BROKEN, PACKED),
    Sample("iCCP of noise", lambda: with_chunks(chunk(b"iCCP", b"Profile\x00\x00" + b"\xff" * 900)), TAKEN, "metadata say nothing about the picture"),
    Sample("eXIf of noise", lambda: with_chunks(chunk(b"eXIf", b"\xff" * 900)), TAKEN, "the same"),
    Sample("eXIf that points at itself", lambda: with_chunks(chunk(b"eXIf", tiff((0x8769, 4, 1, 8), following=8))), TAKEN, "the same"),
    Sample("PNG with deep XMP", with_text, TAKEN, "XMP is not parsed"),
    Sample("PNG whose check sum is wrong", checked_wrongly, BROKEN, "it was damaged on its way"),
    Sample("PNG with an IDAT for each octet", chunks_of_one, TAKEN, HONEST),
    Sample("PNG with 5,000 chunks before its data", lambda: with_chunks(*[chunk(b"tEXt", b"a\x00b")] * 5_000), BROKEN, "more chunks than anybody writes hold the process for nothing"),
    Sample("PNG with a chunk of 4 GB", lambda: with_chunks(b"\xff\xff\xff\xfftEXt"), BROKEN, "it ends beyond the file"),
    Sample("PNG with an unknown critical chunk", lambda: with_chunks(chunk(b"QQQQ", b"x")), TAKEN, "our decoder passes it over; the picture is there"),
    Sample("PNG and HTML", partial(after_its_end, b"<html><script>alert(1)</script>"), TAKEN, TRAILING),
    Sample("PNG and PHP", partial(after_its_end, b"<?php system($_GET[0]); ?>"), TAKEN, TRAILING),
    Sample("PNG without an end", lambda: png()[:-12], TAKEN, "it lacks its last mark and not a pixel"),
]  # fmt: skip
