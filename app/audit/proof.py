"""How is it shown that one event stands in the log, to somebody who has neither the database nor our word?"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal

from app.audit.entry import Entry, Value, canonical
from app.audit.head import HeadMalformed, SignedHead, signed_head
from app.audit.tree import Growth, check_inclusion

FORMAT = "hufu-audit-proof/1"


class ProofMalformed(Exception):
    """What was read is no proof, or its head is signed by nobody we trust."""


def proof(entry: Entry, index: int, signed: SignedHead, growth: Growth) -> dict[str, Value]:
    """The event, its place, the path to the root, and the signed head."""
    path = [step.hex() for step in growth.inclusion(index)]
    event = canonical(entry.document()).decode()
    return {"format": FORMAT, "event": event, "index": index, "path": path, **signed.document()}


def checked(text: bytes, genuine: Callable[[SignedHead], bool]) -> tuple[str, SignedHead]:
    """The id of the event that is proven, and the head it stands under; raises ProofMalformed or ProofBroken."""
    try:
        facts = json.loads(text)
        signed, event, index = signed_head(facts), facts["event"].encode(), int(facts["index"])
        path = [bytes.fromhex(step) for step in facts["path"]]
        told = json.loads(event, parse_float=Decimal)
    except (HeadMalformed, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ProofMalformed(f"{type(error).__name__}: {error}") from None
    if not isinstance(told, Mapping) or facts.get("format") != FORMAT:
        raise ProofMalformed("another format")
    if not genuine(signed):
        raise ProofMalformed("the head's signature is not good, or not by that key")
    hashing = signed.head.hashing
    check_inclusion(hashing, hashing.leaf(event), index, signed.head.size, path, signed.head.root)
    return str(told.get("id")), signed
