"""JPEGs as no camera makes them, and some that cameras and printers do make (ITU-T T.81, JFIF, EXIF 2.32, CIPA DC-007)."""

import struct
import zipfile
from collections.abc import Callable
from functools import partial
from io import BytesIO

from PIL import Image

from tests.corpus import BROKEN, MANY, TAKEN, UNKNOWN, Make, Sample
from tests.corpus.drawing import encoded, exif, frame_of, jpeg, scene, segment, tiff, within_jpeg

ORIENTATION, SOFTWARE, GPS = 0x0112, 0x0131, 0x8825
SHORT, LONG, ASCII = 3, 4, 2


def framed(change: Callable[[bytearray], None], marker: int = 0xC0) -> bytes:
    """Ours, with something else in its frame header (T.81 §B.2.2)."""
    octets = jpeg()
    at = frame_of(octets)
    frame = bytearray(octets[at : at + 19])
    frame[1] = marker
    change(frame)
    return octets[:at] + bytes(frame) + octets[at + 19 :]


def sized(width: int, height: int) -> bytes:
    return framed(lambda frame: struct.pack_into(">HH", frame, 5, height, width))


def coded(marker: int, precision: int = 8) -> bytes:
    """Under another process of table B.1; the data stay Huffman's."""
    return framed(lambda frame: frame.__setitem__(4, precision), marker)


def with_components(count: int) -> bytes:
    return framed(lambda frame: frame.__setitem__(9, count))


def sampled(factors: int) -> bytes:
    return framed(lambda frame: frame.__setitem__(11, factors))


def many_scans(count: int, width: int, height: int) -> bytes:
    """The last scan of a progressive picture over and over: each costs ten octets and a walk over every block."""
    octets = encoded(Image.new("L", (width, height), 90), "jpeg", progressive=True)
    last = octets.rindex(b"\xff\xda")
    before = max(octets.rfind(b"\xff\xc4", 0, last), 2)
    repeated = octets[before:-2] if octets.find(b"\xff\xda", before) == last else octets[last:-2]
    return octets[:-2] + repeated * count + b"\xff\xd9"


def two_frames() -> bytes:
    octets = jpeg()
    at = frame_of(octets)
    frame = bytearray(octets[at : at + 19])
    struct.pack_into(">HH", frame, 5, 6000, 6000)
    return octets[: at + 19] + bytes(frame) + octets[at + 19 :]


def without(marker: int) -> bytes:
    """All segments of that kind left out."""
    octets, at = jpeg(), 2
    kept = bytearray(octets[:2])
    while octets[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(octets[at + 2 : at + 4])
        kept += b"" if octets[at + 1] == marker else octets[at:end]
        at = end
    return bytes(kept + octets[at:])


def with_segments(marker: int, count: int, body: bytes = b"") -> bytes:
    return within_jpeg(jpeg(), segment(marker, body) * count)


def with_profile(body: bytes, parts: int = 1) -> bytes:
    """ICC.1:2022 annex B.4: a profile in numbered parts."""
    pieces = (segment(0xE2, b"ICC_PROFILE\x00" + bytes((part, parts)) + body) for part in range(1, parts + 1))
    return within_jpeg(jpeg(), b"".join(pieces))


def with_exif(body: bytes) -> bytes:
    return within_jpeg(jpeg(), exif(body))


def turned(orientation: int) -> bytes:
    return with_exif(tiff((ORIENTATION, SHORT, 1, orientation << 16)))


def mpo() -> bytes:
    return encoded(scene(), "MPO", save_all=True, append_images=[scene()])


def mpo_of_many() -> bytes:
    """The count of pictures in its index (CIPA DC-007 §5.2.3) says four thousand million."""
    octets = bytearray(mpo())
    at = octets.index(b"MPF\x00") + 4
    order = "<" if octets[at : at + 2] == b"II" else ">"
    number, total = struct.pack(order + "H", 0xB001), struct.pack(order + "I", 0xFFFFFFFF)
    entry = octets.index(number + struct.pack(order + "H", LONG), at)
    octets[entry + 8 : entry + 12] = total
    return bytes(octets)


def printed(transform: int) -> bytes:
    """CMYK, or YCCK where Adobe's marker says so (Adobe TN 5116 §18)."""
    octets = bytearray(encoded(scene().convert("CMYK"), "jpeg"))
    at = octets.index(b"Adobe")
    octets[at + 11] = transform
    return bytes(octets)


def with_archive() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.html", "<script>alert(1)</script>")
    return jpeg() + packed.getvalue()


def plain(width: int, height: int) -> Make:
    return lambda: encoded(Image.new("L", (width, height), 200), "jpeg")


THUMBNAIL_BOMB = tiff((0x0201, LONG, 1, 26), (0x0202, LONG, 1, 60_000), after=sized(65_500, 65_500), following=8)
LOOP = tiff((0x8769, LONG, 1, 8), following=8)
PLACE = tiff((GPS, LONG, 1, 26), after=struct.pack(">HHHII", 1, 1, ASCII, 2, 0x4E000000) + bytes(4))
HONEST, LIMIT = "an honest picture", "its declared size is read before anything is decoded"
METADATA = "metadata say nothing about the picture, which is taken as it lies"
TRAILING = "phones append films and depth maps; what follows the picture is never decoded"
DECODER = "our decoder cannot read it, and no phone writes it"

SAMPLES = [
    Sample("JPEG 1 x 1", plain(1, 1), TAKEN, HONEST),
    Sample("JPEG 30,000 x 1", plain(30_000, 1), TAKEN, HONEST),
    Sample("JPEG 1 x 30,000", plain(1, 30_000), TAKEN, HONEST),
    Sample("JPEG 65,500 x 600", plain(65_500, 600), TAKEN, HONEST),
    Sample("JPEG progressive, 40 MP", lambda: many_scans(0, 8000, 5000), TAKEN, HONEST),
    Sample("JPEG progressive in colour, 40 MP", lambda: encoded(Image.new("RGB", (8000, 5000)), "jpeg", progressive=True, subsampling=0), TAKEN, HONEST),
    Sample("JPEG in CMYK, 40 MP", lambda: encoded(Image.new("CMYK", (8000, 5000)), "jpeg", progressive=True), TAKEN, HONEST),
    Sample("JPEG in CMYK", partial(printed, 0), TAKEN, "a printer's scan of a card"),
    Sample("JPEG in YCCK", partial(printed, 2), TAKEN, "the same, as Photoshop writes it"),
    Sample("JPEG in grey", lambda: encoded(scene().convert("L"), "jpeg"), TAKEN, HONEST),
    Sample("JPEG with restart marks", partial(jpeg, restart_marker_blocks=1), TAKEN, HONEST),
    Sample("MPO", mpo, TAKEN, "a phone's picture and its second one; the first is meant"),
    Sample("MPO of 4 thousand million", mpo_of_many, TAKEN, "its index lies about its other pictures, which are never opened"),
    *(Sample(f"EXIF orientation {n}", partial(turned, n), TAKEN, HONEST) for n in range(2, 9)),
    Sample("EXIF orientation 9", partial(turned, 9), TAKEN, METADATA),
    Sample("EXIF orientation as text", lambda: with_exif(tiff((ORIENTATION, ASCII, 2, 0x36000000))), TAKEN, METADATA),
    Sample("EXIF orientation without end", lambda: with_exif(tiff((ORIENTATION, SHORT, 0xFFFFFFFF, 8))), TAKEN, METADATA),
    Sample("EXIF that points at itself", lambda: with_exif(LOOP), TAKEN, METADATA),
    Sample("EXIF of 5,000 entries", lambda: with_exif(tiff(*[(SOFTWARE, ASCII, 4, 0x41410000)] * 5_000)), TAKEN, METADATA),
    Sample("EXIF that is noise", lambda: with_exif(b"\xff" * 900), TAKEN, METADATA),
    Sample("EXIF that is empty", lambda: with_exif(b""), TAKEN, METADATA),
    Sample("EXIF thumbnail of 4,290 MP", lambda: with_exif(THUMBNAIL_BOMB), TAKEN, "thumbnails are never decoded"),
    Sample("EXIF with the place", lambda: with_exif(PLACE), TAKEN, "of EXIF the maker, the software and the time alone are read"),
    Sample("230 EXIF segments of 64 KB", lambda: within_jpeg(jpeg(), exif(bytes(65_000)) * 230), TAKEN, METADATA),
    Sample("ICC profile of noise", lambda: with_profile(b"\xff" * 3_000), TAKEN, METADATA),
    Sample("ICC profile of 14 MB", lambda: with_profile(bytes(60_000), 235), TAKEN, METADATA),
    Sample("XMP with an entity bomb", lambda: within_jpeg(jpeg(), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>')), TAKEN, "XMP is not parsed"),
    Sample("2,000 comments", partial(with_segments, 0xFE, 2_000, b"x"), TAKEN, METADATA),
    Sample("5,000 comments", partial(with_segments, 0xFE, 5_000, b"x"), BROKEN, "more segments than anybody writes hold the process for nothing"),
    Sample("200,000 application segments", partial(with_segments, 0xE5, 200_000, b"x"), BROKEN, "the same"),
    Sample("200,000 DNL segments", partial(with_segments, 0xDC, 200_000, b"\x00\x30"), BROKEN, "the same"),
    Sample("3 million fill octets", lambda: within_jpeg(jpeg(), b"\xff" * 3_000_000), BROKEN, "the same"),
    Sample("3,000 scans of 40 MP", lambda: many_scans(3_000, 8_000, 5_000), BROKEN, "each scan costs ten octets and a walk over forty million pixels"),
    Sample("3,000 scans of 0.1 MP", lambda: many_scans(3_000, 320, 320), BROKEN, "the same"),
    Sample("JPEG declared 65,500 x 65,500", partial(sized, 65_500, 65_500), MANY, LIMIT),
    Sample("JPEG declared twice as high", partial(sized, 64, 96), TAKEN, "it ends as a whole one does; the decoder fills with flat grey, in which the examination finds no text"),
    Sample("JPEG declared twice as wide", partial(sized, 128, 48), TAKEN, "the same"),
    Sample("JPEG declared half as high", partial(sized, 64, 24), TAKEN, "the declared part is there and is what is judged"),
    Sample("JPEG of height 0", partial(sized, 64, 0), BROKEN, "its height comes after the scan (DNL), too late for any limit"),
    Sample("JPEG with two frame headers", two_frames, BROKEN, "the second would be the size that is decoded"),
    Sample("JPEG without Huffman tables", partial(without, 0xC4), TAKEN, "the tables of T.81 annex K are meant, as in motion JPEG"),
    Sample("JPEG without quantisation", partial(without, 0xDB), BROKEN, DECODER),
    Sample("JPEG lossless", partial(coded, 0xC3), BROKEN, DECODER),
    Sample("JPEG hierarchical", partial(coded, 0xC5), BROKEN, DECODER),
    Sample("JPEG arithmetic-coded", partial(coded, 0xC9), TAKEN, "our decoder reads any octets as such; the examination judges what is seen"),
    Sample("JPEG of 12 bits", partial(coded, 0xC1, 12), BROKEN, DECODER),
    Sample("JPEG of 255 components", partial(with_components, 255), BROKEN, DECODER),
    Sample("JPEG of no component", partial(with_components, 0), BROKEN, DECODER),
    Sample("JPEG sampled 15 x 15", partial(sampled, 0xFF), BROKEN, DECODER),
    Sample("JPEG and ZIP", with_archive, TAKEN, TRAILING),
    Sample("JPEG and HTML", lambda: jpeg() + b"<html><script>alert(1)</script>", TAKEN, TRAILING),
    Sample("PDF within a JPEG's comment", lambda: within_jpeg(jpeg(), segment(0xFE, b"%PDF-1.7\n")), TAKEN, "it is served as what it was decoded as, and never sniffed"),
    Sample("JPEG within a PDF", lambda: b"%PDF-1.7\n" + jpeg(), UNKNOWN, "the first octets tell the kind"),
    Sample("a start of image alone", lambda: b"\xff\xd8\xff\xd9", BROKEN, "nothing is in it"),
    Sample("a thousand starts of image", lambda: b"\xff\xd8" * 1_000 + jpeg()[2:], BROKEN, DECODER),
]  # fmt: skip
