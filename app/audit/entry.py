"""Which octets stand for one event? The same for ever, or nobody could tell later whether it was altered.

Canonical JSON: members sorted, no white space, UTF-8, a number with a fraction as the decimal text the database keeps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from json.encoder import encode_basestring

from app.audit.tree import Hashing

FORMAT = "hufu-audit-event/1"
_WORDS = {None: "null", True: "true", False: "false"}
Value = str | int | Decimal | bool | None | Sequence["Value"] | Mapping[str, "Value"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with every column it rests in."""

    sequence: int
    id: str
    at: datetime
    action: str
    outcome: str
    actor_kind: str
    actor_id: str | None
    client_id: str | None
    network: str | None
    factors: tuple[str, ...]
    subject: str | None
    object_id: str | None
    reason: str | None
    detail: Value
    unit: int
    """The number the database gave to the unit of work that wrote it."""

    def document(self) -> dict[str, Value]:
        """The event as JSON shows it."""
        facts: dict[str, Value] = {name: getattr(self, name) for name in self.__slots__}
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return facts | {"format": FORMAT, "at": moment, "factors": list(self.factors)}

    def octets(self) -> bytes:
        """What is hashed."""
        return canonical(self.document())

    def leaf(self, hashing: Hashing) -> bytes:
        """The hash of its leaf."""
        return hashing.leaf(self.octets())


def canonical(value: Value) -> bytes:
    """The one spelling of a JSON value; raises TypeError for a float, whose text depends on who prints it."""
    return _text(value).encode("utf-8")


def _text(value: Value) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_text(name)}:{_text(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_text, value)) + "]"
    raise TypeError(f"no canonical spelling of a {type(value).__name__}")
