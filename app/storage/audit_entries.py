"""How is an event read so that its octets can be made again? Every column, numbers exactly as they are kept."""

import json
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Text, cast

from app.audit.entry import Entry
from app.audit.head import SignedHead, TreeHead
from app.audit.tree import Hashing
from app.storage.statement import Row
from app.storage.tables import audit_events, audit_heads

_DETAIL = json.JSONDecoder(parse_float=Decimal)
EVENT: tuple[ColumnElement[Any], ...] = tuple(
    cast(each, Text).label("detail") if each.name == "detail" else each for each in audit_events.columns
)
HEAD = tuple(column.name for column in audit_heads.columns if column.name not in {"peaks", "public_key", "signature"})


def entry_of(row: Row) -> Entry:
    """The event of a row; a number that went through a float would hide a change of its last digits."""
    detail = _DETAIL.decode(row["detail"])
    return Entry(**{name: row[name] for name in Entry.__slots__} | {"factors": tuple(row["factors"]), "detail": detail})


def signed_of(row: Row) -> SignedHead:
    """The signed head of a row."""
    head = TreeHead(**{name: row[name] for name in HEAD} | {"hashing": Hashing(row["hashing"])})
    return SignedHead(head, row["signature"], row["public_key"], tuple(row["peaks"]))


def columns_of(signed: SignedHead) -> Row:
    """The row of a signed head."""
    facts = {name: getattr(signed.head, name) for name in HEAD}
    return facts | {
        "hashing": signed.head.hashing.value,
        "peaks": list(signed.peaks),
        "public_key": dict(signed.public_key),
        "signature": signed.signature,
    }
