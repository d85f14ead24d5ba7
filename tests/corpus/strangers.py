"""What is no picture of ours: other formats, pages under a picture's name, nothing, and too much."""

import struct
from functools import partial

from app.verification.picture import MAX_OCTETS
from tests.corpus import EMPTY, LARGE, UNKNOWN, Make, Sample
from tests.corpus.drawing import encoded, png, scene

OTHER = "its magic number is none of ours, whatever its name says"


def as_kind(kind: str) -> Make:
    return lambda: encoded(scene(), kind)


def animation() -> bytes:
    return encoded(scene(), "gif", save_all=True, append_images=[scene().rotate(90)])


def _padded(octets: int) -> bytes:
    picture = png()
    return picture + bytes(octets - len(picture))


SAMPLES = [
    Sample("nothing", lambda: b"", EMPTY, "a form sent without its picture"),
    Sample("one octet", lambda: b"\xff", UNKNOWN, OTHER),
    Sample("15 MB of zeros", lambda: bytes(MAX_OCTETS), UNKNOWN, OTHER),
    Sample("15 MB and one octet of zeros", lambda: bytes(MAX_OCTETS + 1), LARGE, "its length is told before its kind"),
    Sample("a PNG of 15 MB and one octet", partial(_padded, MAX_OCTETS + 1), LARGE, "the same"),
    Sample("a GIF", as_kind("gif"), UNKNOWN, OTHER),
    Sample("a moving GIF", animation, UNKNOWN, OTHER),
    Sample("a GIF and HTML", lambda: encoded(scene(), "gif") + b"<html><script>alert(1)</script>", UNKNOWN, OTHER),
    Sample("a script that begins as a GIF", lambda: b"GIF89a=1;alert(1)//", UNKNOWN, OTHER),
    Sample("a TIFF", as_kind("tiff"), UNKNOWN, OTHER),
    Sample("a BMP", as_kind("bmp"), UNKNOWN, OTHER),
    Sample("an icon", as_kind("ico"), UNKNOWN, OTHER),
    Sample("a JPEG 2000", as_kind("jpeg2000"), UNKNOWN, OTHER),
    Sample("an AVIF", lambda: b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(400), UNKNOWN, OTHER),
    Sample("an AVIF sequence", lambda: b"\0\0\0\x1cftypavis\0\0\0\0avismsf1miaf" + bytes(400), UNKNOWN, OTHER),
    Sample("a film", lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(400), UNKNOWN, OTHER),
    Sample("a JPEG XL stream", lambda: b"\xff\x0a" + bytes(400), UNKNOWN, OTHER),
    Sample("a JPEG XL file", lambda: b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(400), UNKNOWN, OTHER),
    Sample("a Photoshop file", lambda: b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 48, 64, 8, 3), UNKNOWN, OTHER),
    Sample("a PDF", lambda: b"%PDF-1.7\n1 0 obj<</OpenAction 2 0 R>>endobj", UNKNOWN, OTHER),
    Sample("an SVG", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', UNKNOWN, OTHER),
    Sample("PostScript", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", UNKNOWN, "its decoder would start a program"),
    Sample("HTML named jpg", lambda: b"<html><script>alert(1)</script>", UNKNOWN, OTHER),
    Sample("a program", lambda: b"\x7fELF\2\1\1" + bytes(400), UNKNOWN, OTHER),
    Sample("a ZIP", lambda: b"PK\3\4" + bytes(400), UNKNOWN, OTHER),
    Sample("RIFF that is a sound", lambda: b"RIFF\0\0\0\0WAVEfmt " + bytes(400), UNKNOWN, OTHER),
]  # fmt: skip
