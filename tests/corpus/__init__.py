"""Which pictures might strangers send us, and what must become of each? Made by code, with the reason beside each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Make = Callable[[], bytes]
TAKEN = "taken"
BROKEN, UNKNOWN, MANY, LARGE, EMPTY = (
    "broken_image", "unsupported_image", "too_many_pixels", "image_too_large", "empty_image",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture, made when it is wanted: some have 15 MB."""

    name: str
    make: Make
    expected: str
    """`taken`, or the code of its refusal."""
    why: str


def samples() -> Iterator[Sample]:
    """All of them."""
    from tests.corpus import heics, jpegs, pngs, strangers, truncations, webps

    for part in (truncations, jpegs, pngs, webps, heics, strangers):
        yield from part.SAMPLES
