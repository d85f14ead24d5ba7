"""What does one line say when it is read alone, several times over? Two sizes, two contrasts, a vote per position."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

import cv2
import numpy as np

from app.gateways.vision.decoding import Pixels
from app.gateways.vision.engines import TextReader
from app.verification.documents.layout import Box

SCALES = (1.0, 2.0)
CONTRAST_TILES = (4, 2)
CONTRAST_LIMIT = 2.0


def readings(reader: TextReader, canvas: Pixels, box: Box) -> Iterator[tuple[str, float]]:
    """What the variants of one region say, each with its score, as they are asked for; none of an empty region."""
    crop = canvas[round(box.top) : round(box.bottom), round(box.left) : round(box.right)]
    if crop.size:
        yield from (reader.read_line(variant) for variant in _variants(crop))


def voted(reader: TextReader, canvas: Pixels, box: Box) -> tuple[str, float]:
    """What the readings of one region agree on, and how surely.

    Where plain and contrasted crop say the same, the larger ones are not asked: with the reading that found the region
    these are three.
    """
    each = readings(reader, canvas, box)
    said = list(islice(each, 2))
    agree = len({text for text, _ in said}) == 1 and bool(said[0][0])
    return vote(said if agree else [*said, *each])


def vote(readings: Sequence[tuple[str, float]]) -> tuple[str, float]:
    """The majority at each position among the readings of the commonest length; at a tie the surer reading wins.

    ("", 0.0) where nothing was read. The score is the mean of those that voted, times the least share of all readings
    that stood behind a position.
    """
    lengths = Counter(len(text) for text, _ in readings)
    length = max(lengths, key=lambda size: (lengths[size], size), default=0)
    voters = sorted((reading for reading in readings if len(reading[0]) == length), key=lambda read: -read[1])
    if not length:
        return "", 0.0
    chosen = [Counter(text[at] for text, _ in voters).most_common(1)[0] for at in range(length)]
    agreement = min(count for _, count in chosen) / len(readings)
    return "".join(character for character, _ in chosen), agreement * sum(score for _, score in voters) / len(voters)


def _variants(crop: Pixels) -> Iterator[Pixels]:
    for scale in SCALES:
        sized = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC) if scale != 1 else crop
        yield np.asarray(sized, np.uint8)
        yield _contrasted(np.asarray(sized, np.uint8))


def _contrasted(crop: Pixels) -> Pixels:
    """Lightness stretched tile by tile: lifts print out of shadow and pale glare."""
    laboratory = cv2.cvtColor(crop, cv2.COLOR_RGB2LAB)
    laboratory[:, :, 0] = cv2.createCLAHE(CONTRAST_LIMIT, CONTRAST_TILES).apply(laboratory[:, :, 0])
    return np.asarray(cv2.cvtColor(laboratory, cv2.COLOR_LAB2RGB), np.uint8)
