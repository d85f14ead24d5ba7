"""What does one document say? The handler of a reader process: text alone, nobody's face is looked at."""

from app.gateways.vision.cards import CardReader, jpeg
from app.gateways.vision.decoding import decode
from app.gateways.vision.frames import Blobs
from app.gateways.vision.messages import Answer, Handler, Read, Ready, Task
from app.gateways.vision.ocr import RapidReader


class Reader:
    """Holds the text engine; one photograph at a time."""

    def __init__(self, cards: CardReader) -> None:
        self._cards = cards

    def handle(self, _task: Task, blobs: Blobs) -> tuple[Answer, Blobs]:
        """One photograph in; its reading and the straightened document out."""
        photograph = decode(blobs[0]).pixels
        reading, canvas = self._cards.reading(photograph)
        return Read(reading, self._cards.model), (jpeg(canvas), jpeg(photograph if blobs[1] else None), b"")


def load() -> tuple[Ready, Handler]:
    """The text engine with its weights."""
    cards = CardReader(RapidReader())
    return Ready((cards.model,)), Reader(cards).handle
