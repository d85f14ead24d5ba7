"""What is signed for each batch? A tree head: how large the tree is, its root, when, and what it was made with (A121)."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.audit.entry import Value, canonical
from app.audit.tree import Edge, Hashing

FORMAT = "hufu-audit-head/1"
ALGORITHM = "ES256"
COUNTS = ("number", "size", "first", "last", "horizon", "ceiling", "key_version")
WORDS = ("log", "algorithm", "key")


class HeadMalformed(Exception):
    """What was read is no signed head; the message says why."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What one batch made of the log."""

    log: str
    """Names this log for ever; drawn with its first head."""
    number: int
    """Of the batch, from 1, without gaps."""
    size: int
    root: bytes
    hashing: Hashing
    at: datetime
    first: int
    last: int
    """The lowest and the highest sequence in the batch."""
    horizon: int
    """Of older units of work every event was appended by now: whatever turns up with a lower number was slipped in."""
    ceiling: int
    """No unit of work with this number or a higher one had begun."""
    algorithm: str
    key: str
    """RFC 7638 thumbprint of the key that signs."""
    key_version: int

    def document(self) -> dict[str, Value]:
        """The head as JSON shows it."""
        facts: dict[str, Value] = {name: getattr(self, name) for name in (*COUNTS, *WORDS)}
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return facts | {"format": FORMAT, "at": moment, "hashing": self.hashing.value, "root": self.root.hex()}

    def octets(self) -> bytes:
        """What is signed."""
        return canonical(self.document())


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head, its signature, the public half of the key that made it, and the edge the next batch grows from."""

    head: TreeHead
    signature: bytes
    public_key: Mapping[str, str]
    """RFC 7517."""
    peaks: tuple[bytes, ...] = ()
    """Not signed, and need not be: together they make the root, or are wrong. A witness keeps none."""

    @property
    def edge(self) -> Edge | None:
        """The edge; None where it does not make the root that was signed."""
        try:
            edge = Edge(self.head.hashing, self.head.size, self.peaks)
        except ValueError:
            return None
        return edge if edge.root == self.head.root else None

    def document(self) -> dict[str, Value]:
        """As a witness or a proof holds it."""
        return {
            "head": self.head.document(),
            "signature": base64.urlsafe_b64encode(self.signature).decode("ascii"),
            "public_key": dict(self.public_key),
        }


@dataclass(frozen=True, slots=True)
class Handed:
    """What a witness is given: the head, and the proof that its tree begins with that of the head before."""

    signed: SignedHead
    consistency: tuple[bytes, ...]

    def document(self) -> dict[str, Value]:
        """As it travels."""
        return self.signed.document() | {"consistency": [step.hex() for step in self.consistency]}

    def line(self) -> bytes:
        """One line of a witness's file."""
        return canonical(self.document()) + b"\n"


def parsed(text: str | bytes) -> SignedHead:
    """The signed head in a document; raises HeadMalformed."""
    try:
        return signed_head(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise HeadMalformed(str(error)) from None


def signed_head(document: object) -> SignedHead:
    """The same from what JSON was read into; raises HeadMalformed."""
    try:
        facts = dict(document)  # type: ignore[call-overload]  # whatever is none raises
        public_key = {str(name): str(value) for name, value in facts["public_key"].items()}
        signature = base64.b64decode(facts["signature"], altchars=b"-_", validate=True)
        return SignedHead(_head(facts["head"]), signature, public_key)
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise HeadMalformed(f"{type(error).__name__}: {error}") from None


def _head(facts: Mapping[str, Value]) -> TreeHead:
    """Member by member; one too many is refused, for it would not be under the signature."""
    wanted = {*COUNTS, *WORDS, "format", "at", "hashing", "root"}
    if set(facts) != wanted or facts["format"] != FORMAT:
        raise ValueError("not the members of a head of this format")
    counts = {name: facts[name] for name in COUNTS}
    words = {name: facts[name] for name in WORDS}
    if not all(type(value) is int for value in counts.values()) or not all(
        type(value) is str for value in words.values()
    ):
        raise TypeError("a member of the wrong type")
    return TreeHead(
        **counts,  # type: ignore[arg-type]
        **words,  # type: ignore[arg-type]
        root=bytes.fromhex(str(facts["root"])),
        hashing=Hashing(str(facts["hashing"])),
        at=datetime.fromisoformat(str(facts["at"])),
    )
