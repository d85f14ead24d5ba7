"""Can this photograph be decoded to its last pixel, and what is it? The handler of an intake process."""

import hashlib

from app.gateways.vision.decoding import decode
from app.gateways.vision.frames import NO_BLOBS, Blobs
from app.gateways.vision.messages import Answer, Handler, Ready, Taken, Task
from app.verification.picture import Picture


def load() -> tuple[Ready, Handler]:
    """Nothing to load beyond the decoders."""
    return Ready(models=()), handle


def handle(_task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
    """The picture's facts."""
    return Taken(take(blobs[0])), NO_BLOBS


def take(octets: bytes) -> Picture:
    """The facts of one photograph; raises what `decode` raises."""
    decoded = decode(octets)
    height, width, _ = decoded.pixels.shape
    return Picture(decoded.format, width, height, hashlib.sha256(octets).hexdigest(), decoded.traces)
