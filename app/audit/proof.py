"""How does one show somebody outside that an event is in the log? A document they check without us and our database."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.audit.entry import Value, canonical
from app.audit.head import HeadMalformed, SignedHead, signed_head
from app.audit.tree import ProofBroken, check_inclusion

FORMAT = "hufu-audit-proof/1"
MEMBERS = frozenset({"format", "entry", "index", "path", "signed"})


class ProofMalformed(Exception):
    """What was read is no proof; the message says why."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An event, the leaf it stands at, and the way from there to a root that was signed."""

    entry: Mapping[str, Value]
    """As `Entry.document` shows it."""
    index: int
    path: tuple[bytes, ...]
    """RFC 9162 §2.1.3.1, from the leaf upwards."""
    signed: SignedHead

    def line(self) -> bytes:
        """As it travels."""
        return canonical(
            {
                "format": FORMAT,
                "entry": self.entry,
                "index": self.index,
                "path": [step.hex() for step in self.path],
                "signed": self.signed.document(),
            }
        )

    def check(self, genuine: Callable[[SignedHead], bool]) -> None:
        """The head is genuine and the event stands below its root; raises ProofBroken."""
        head = self.signed.head
        if not genuine(self.signed):
            raise ProofBroken(f"the signature of head {head.number} is not good, or not by a key that is trusted")
        leaf = head.hashing.leaf(canonical(self.entry))
        check_inclusion(head.hashing, leaf, self.index, head.size, self.path, head.root)


def parsed(text: str | bytes) -> Proof:
    """The proof in a document; raises ProofMalformed."""
    try:
        # A number that went through a float might come out as other octets than were hashed.
        return _proof(json.loads(text, parse_float=Decimal))
    except (HeadMalformed, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ProofMalformed(f"{type(error).__name__}: {error}") from None


def _proof(facts: Mapping[str, Value]) -> Proof:
    if facts.keys() != MEMBERS or facts["format"] != FORMAT:
        raise ValueError("not the members of a proof of this format")
    entry, index, path = facts["entry"], facts["index"], facts["path"]
    if not isinstance(entry, dict) or type(index) is not int or not isinstance(path, list):
        raise TypeError("a member of the wrong type")
    return Proof(entry, index, tuple(bytes.fromhex(str(step)) for step in path), signed_head(facts["signed"]))
