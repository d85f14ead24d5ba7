"""What does one document say? The handler of a reader process: text alone, nobody's face is looked at."""

from datetime import date

from app.core.clock import SystemClock
from app.gateways.vision.cards import LEFT, CardReader, jpeg
from app.gateways.vision.crops import crops_of
from app.gateways.vision.decoding import decode
from app.gateways.vision.frames import Blobs
from app.gateways.vision.messages import Answer, Handler, Read, Ready, Task
from app.gateways.vision.ocr import RapidReader
from app.gateways.vision.packing import packed
from app.gateways.vision.page_time import PAGE_SECONDS, in_time
from app.verification.documents.validity import CHINA
from app.verification.examination import Kind


class Reader:
    """Holds the text engine; one photograph at a time."""

    def __init__(self, cards: CardReader, *, page_seconds: float = PAGE_SECONDS) -> None:
        self._cards, self._page_seconds = cards, page_seconds

    def handle(self, _task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
        """One photograph in; its reading, the straightened document and its unclear fields out. Raises Starved."""
        decoded = decode(blobs[0])
        photograph = decoded.pixels
        wanted = Kind(blobs[2].decode("ascii")) if blobs[2] else None
        page = None if wanted is None else (wanted, None)
        reading, canvas = in_time(lambda: self._cards.read(photograph, page), self._page_seconds) or (LEFT, None)
        pictures = jpeg(canvas), jpeg(photograph if blobs[1] else None), packed(crops_of(reading, canvas))
        return Read(reading, self._cards.model, decoded.traces.software), pictures


def day_in_china() -> date:
    """The calendar day there, by the machine's clock: two digits of a year mean another century on another day (R68)."""
    return SystemClock().now().astimezone(CHINA).date()


def load() -> tuple[Ready, Handler]:
    """The text engine with its weights."""
    cards = CardReader(RapidReader(), day_in_china)
    return Ready((cards.model,)), Reader(cards).handle
