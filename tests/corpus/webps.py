"""WebPs that lie about their canvas, move, or carry what is no picture (RFC 9649)."""

import struct
from functools import partial

from PIL import Image

from tests.corpus import BROKEN, MANY, TAKEN, Sample
from tests.corpus.drawing import canvas, encoded, image_chunk, riff, scene, webp

ALPHA, EXIF, XMP, ICC, ANIMATED = 0x10, 0x08, 0x04, 0x20, 0x02
ANIMATION = "which of its pictures was meant?"


def on_canvas(width: int, height: int, flags: int = 0, *more: tuple[bytes, bytes]) -> bytes:
    return riff(canvas(width, height, flags), image_chunk(webp()), *more)


def lossless_declared(width: int, height: int) -> bytes:
    bits = struct.pack("<I", (width - 1) | (height - 1) << 14)
    name, body = image_chunk(webp(lossless=True))
    return riff((name, body[:1] + bits + body[5:]))


def lossy_declared(width: int, height: int) -> bytes:
    name, body = image_chunk(webp())
    return riff((name, body[:6] + struct.pack("<HH", width, height) + body[10:]))


def animated() -> bytes:
    return encoded(scene(), "webp", save_all=True, append_images=[scene().rotate(90)])


def animated_unsaid() -> bytes:
    """Frames without the flag that tells of them."""
    octets = bytearray(animated())
    octets[20] &= ~ANIMATED
    return bytes(octets)


def longer_than_it_is() -> bytes:
    octets = bytearray(webp())
    struct.pack_into("<I", octets, 4, 0xFFFFFFF0)
    return bytes(octets)


SAMPLES = [
    Sample("WebP 1 x 1", lambda: encoded(Image.new("RGB", (1, 1)), "webp"), TAKEN, "an honest picture"),
    Sample("WebP 16,383 x 1", lambda: encoded(Image.new("RGB", (16_383, 1)), "webp"), TAKEN, "an honest picture"),
    Sample("WebP transparent", lambda: encoded(scene().convert("RGBA"), "webp"), TAKEN, "an honest picture"),
    Sample("WebP lossless of 40 MP", lambda: encoded(Image.new("RGB", (8_000, 5_000)), "webp", lossless=True, method=0), TAKEN, "a white page packs as well"),
    Sample("WebP transparent of 40 MP", lambda: encoded(Image.new("RGBA", (8_000, 5_000)), "webp", lossless=True, method=0), TAKEN, "the same"),
    Sample("WebP lossless declared 16,383 square", partial(lossless_declared, 16_383, 16_383), MANY, "its declared size is read first"),
    Sample("WebP lossy declared 16,383 square", partial(lossy_declared, 16_383, 16_383), MANY, "the same"),
    Sample("WebP canvas of 16 million square", partial(on_canvas, 1 << 24, 1 << 24), MANY, "the same"),
    Sample("WebP lossy declared larger", partial(lossy_declared, 64, 96), BROKEN, "half of it is not there"),
    Sample("WebP lossless declared larger", partial(lossless_declared, 64, 96), BROKEN, "half of it is not there"),
    Sample("WebP canvas of another size", partial(on_canvas, 640, 480), BROKEN, "two decoders that disagree are a way past a limit"),
    Sample("WebP canvas smaller than its picture", partial(on_canvas, 6, 4), BROKEN, "the same"),
    Sample("WebP animated", animated, "unsupported_image", ANIMATION),
    Sample("WebP animated unsaid", animated_unsaid, BROKEN, ANIMATION),
    Sample("WebP flagged animated, one frame", partial(on_canvas, 64, 48, ANIMATED), "unsupported_image", ANIMATION),
    Sample("WebP with EXIF of noise", partial(on_canvas, 64, 48, EXIF, (b"EXIF", b"\xff" * 900)), TAKEN, "metadata say nothing about the picture"),
    Sample("WebP with an ICC profile of 14 MB", lambda: riff(canvas(64, 48, ICC), (b"ICCP", bytes(14_000_000)), image_chunk(webp())), TAKEN, "the same"),
    Sample("WebP with XMP of 14 MB", lambda: on_canvas(64, 48, XMP, (b"XMP ", b"<" * 14_000_000)), TAKEN, "the same"),
    Sample("WebP with 5,000 unknown chunks", lambda: on_canvas(64, 48, 0, *[(b"QQQQ", b"ab")] * 5_000), TAKEN, "readers pass unknown chunks over (RFC 9649 §2.7)"),
    Sample("WebP that says it is longer", longer_than_it_is, BROKEN, "it ends too early"),
    Sample("WebP and HTML", lambda: webp() + b"<html><script>alert(1)</script>", TAKEN, "what follows its end is never read"),
    Sample("WebP of a canvas alone", lambda: riff(canvas(64, 48)), BROKEN, "no picture is in it"),
]  # fmt: skip
