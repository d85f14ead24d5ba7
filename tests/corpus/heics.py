"""HEICs of other brands, other sizes and other structures than a phone's (ISO/IEC 14496-12, 23008-12).

No wheel we use encodes HEVC, so all are built around the one coded picture of tests/vectors.
"""

import struct
from dataclasses import dataclass
from functools import partial

from tests.corpus import BROKEN, MANY, TAKEN, UNKNOWN, Sample
from tests.corpus.drawing import heic

SIZE = WIDTH, HEIGHT = 240, 320
ANIMATED, GRID, OVERLAY, LIE = (
    "which of its pictures was meant?", "phones write grids of tiles", "no phone lays pictures over pictures",
    "the declared size is what the limits are checked on",
)  # fmt: skip


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def full(name: bytes, body: bytes, version: int = 0) -> bytes:
    return box(name, bytes((version, 0, 0, 0)) + body)


def property_of(name: bytes) -> bytes:
    """One property of the coded picture, whole."""
    octets = heic()
    at = octets.index(name) - 4
    return octets[at : at + int.from_bytes(octets[at : at + 4])]


def coded() -> bytes:
    """The coded picture itself."""
    octets = heic()
    return octets[octets.index(b"mdat") + 4 :]


def extent(width: int, height: int) -> bytes:
    return full(b"ispe", struct.pack(">II", width, height))


@dataclass(frozen=True)
class Derived:
    """A picture made of others: items 1 to `count` are the coded one, all at the same place; this one comes after them."""

    kind: bytes
    recipe: bytes
    count: int
    declared: tuple[int, int]
    properties: tuple[bytes, ...] = ()
    of_itself: bool = False

    def octets(self) -> bytes:
        kind = box(b"ftyp", b"heic\0\0\0\0mif1heic")
        first = len(kind) + len(self._meta(0)) + 8
        return kind + self._meta(first) + box(b"mdat", coded() + self.recipe)

    def _meta(self, first: int) -> bytes:
        own, last = [extent(*self.declared), *self.properties], self.count + 1
        sources, mine = range(1, last), bytes(range(3, 3 + len(own)))
        items = [(each, b"hvc1", first, len(coded())) for each in sources]
        items.append((last, self.kind, first + len(coded()), len(self.recipe)))
        described = b"".join(full(b"infe", struct.pack(">HH4sx", item, 0, name), 2) for item, name, _, _ in items)
        placed = b"".join(struct.pack(">HHHII", item, 0, 1, at, length) for item, _, at, length in items)
        made_of = (last,) if self.of_itself else tuple(sources)
        referred = struct.pack(f">HH{len(made_of)}H", last, len(made_of), *made_of)
        associated = b"".join(struct.pack(">H", each) + b"\2\x81\x02" for each in sources)
        associated += struct.pack(">HB", last, len(own)) + mine
        parts = (
            full(b"hdlr", bytes(4) + b"pict" + bytes(13)),
            full(b"pitm", struct.pack(">H", last)),
            full(b"iloc", b"\x44\0" + struct.pack(">H", last) + placed),
            full(b"iinf", struct.pack(">H", last) + described),
            full(b"iref", box(b"dimg", referred)),
            box(b"iprp", box(b"ipco", property_of(b"hvcC") + extent(*SIZE) + b"".join(own)) + full(b"ipma", struct.pack(">I", last) + associated)),
        )  # fmt: skip
        return full(b"meta", b"".join(parts))


def grid(columns: int, rows: int, *, declared: tuple[int, int] | None = None, tiles: int | None = None) -> bytes:
    """ISO/IEC 23008-12 §6.6.2.3: one tile over and over."""
    size = (columns * WIDTH, rows * HEIGHT)
    recipe = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, *size)
    return Derived(b"grid", recipe, columns * rows if tiles is None else tiles, declared or size).octets()


def grid_of_itself() -> bytes:
    return Derived(b"grid", struct.pack(">BBBBHH", 0, 0, 0, 0, *SIZE), 1, SIZE, of_itself=True).octets()


def overlay(count: int) -> bytes:
    """ISO/IEC 23008-12 §6.6.2.2: each picture is decoded and laid over the one before."""
    return Derived(b"iovl", struct.pack(">BB8xHH", 0, 0, *SIZE) + bytes(4 * count), count, SIZE).octets()


def transformed(*properties: bytes) -> bytes:
    return Derived(b"iden", b"", 1, SIZE, properties).octets()


def branded(brand: bytes) -> bytes:
    return heic()[:8] + brand + heic()[12:]


def changed(name: bytes, offset: int, value: bytes) -> bytes:
    """The coded picture's own file, other octets that far behind the name of a box."""
    octets = bytearray(heic())
    at = octets.index(name) + offset
    octets[at : at + len(value)] = value
    return bytes(octets)


def second_description() -> bytes:
    """The first `meta` is honest; behind a box of 64-bit length lies one of an overlay."""
    return heic() + struct.pack(">I4sQ", 1, b"free", 16) + Derived(b"iovl", b"", 2, SIZE).octets()[24:]


def sized(width: int, height: int) -> bytes:
    return changed(b"ispe", 8, struct.pack(">II", width, height))


SAMPLES = [
    Sample("HEIC", heic, TAKEN, "an honest picture"),
    Sample("HEIC of brand heix", lambda: branded(b"heix"), TAKEN, "an honest picture of more bits"),
    *(Sample(f"HEIC of brand {each.decode()}", partial(branded, each), "unsupported_image", ANIMATED) for each in (b"hevc", b"hevx", b"msf1")),
    Sample("HEIC of brand mif2", lambda: branded(b"mif2"), UNKNOWN, "no phone writes it"),
    Sample("HEIC declared larger", partial(sized, 480, 640), BROKEN, LIE),
    Sample("HEIC declared smaller", partial(sized, 24, 32), BROKEN, LIE),
    Sample("HEIC declared 60,000 square", partial(sized, 60_000, 60_000), MANY, LIE),
    Sample("HEIC declared without area", partial(sized, 0, 320), BROKEN, LIE),
    Sample("HEIC whose data lie beyond it", lambda: changed(b"iloc", 18, b"\x7f\xff\xff\xff"), BROKEN, "nothing is there"),
    Sample("HEIC whose data are endless", lambda: changed(b"iloc", 22, b"\x7f\xff\xff\xff"), BROKEN, "it ends too early"),
    Sample("HEIC with a box longer than all", lambda: changed(b"ipco", -4, b"\xff\xff\xff\xff"), BROKEN, "it ends too early"),
    Sample("HEIC whose codec is unknown", lambda: changed(b"hvc1", 0, b"vvc1"), BROKEN, "our decoder cannot read it"),
    Sample("HEIC grid of 2 x 2", partial(grid, 2, 2), TAKEN, GRID),
    Sample("HEIC grid of 15 x 20", partial(grid, 15, 20), TAKEN, GRID),
    Sample("HEIC grid of 43 x 7", partial(grid, 43, 7), BROKEN, "no phone cuts as many tiles; each costs a few octets and a decoding"),
    Sample("HEIC grid of 2 x 2 that says 60,000 square", partial(grid, 2, 2, declared=(60_000, 60_000)), MANY, LIE),
    Sample("HEIC grid of 15 x 20 that says 240 x 320", partial(grid, 15, 20, declared=SIZE), BROKEN, LIE),
    Sample("HEIC grid that lacks tiles", partial(grid, 4, 4, tiles=3), BROKEN, "half of it is not there"),
    Sample("HEIC grid of itself", grid_of_itself, BROKEN, "it has no end"),
    Sample("HEIC overlay of two", partial(overlay, 2), BROKEN, OVERLAY),
    Sample("HEIC overlay of 900", partial(overlay, 900), BROKEN, OVERLAY),
    Sample("HEIC turned", lambda: transformed(box(b"irot", b"\1")), TAKEN, "phones turn by this property"),
    Sample("HEIC turned 90 times", lambda: transformed(*[box(b"irot", b"\1")] * 90), TAKEN, "it turns, and ends"),
    Sample("HEIC whose picture is not compressed", lambda: changed(b"hvc1", 0, b"unci"), BROKEN, "no phone writes it"),
    Sample("HEIC with a second description behind it", second_description, BROKEN, LIE),
    Sample("HEIC cut to nothing", lambda: transformed(box(b"clap", struct.pack(">IIIIIIII", 0, 1, 0, 1, 0, 1, 0, 1))), BROKEN, "it has no area"),
    Sample("HEIC cut beyond itself", lambda: transformed(box(b"clap", struct.pack(">IIIIIIII", 60_000, 1, 60_000, 1, 0, 1, 0, 1))), BROKEN, LIE),
]  # fmt: skip
