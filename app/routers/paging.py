"""How does a list leave over HTTP? In pages; `next` is an opaque cursor, brought back as `?after=`.

A cursor holds no more than the last row's own moment and id: a forged one skips rows of what its bearer may read anyway.
"""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from app.core import ids, paging
from app.core.paging import Mark, Wanted
from app.routers.malformed import malformed
from app.routers.wiring import Language

T = TypeVar("T")
S = TypeVar("S")
FEWEST, USUAL, MOST = 1, 20, 100
LONGEST_CURSOR = 200


class Listed(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T] = Field(description="in the list's order")
    next: str | None = Field(description="bring it as `after` for the next page; null: this was the last")


def cursor(mark: Mark) -> str:
    """The mark as a caller carries it."""
    return base64.urlsafe_b64encode(f"{mark.at.isoformat()} {mark.id}".encode()).rstrip(b"=").decode("ascii")


def mark(given: str) -> Mark:
    """What a cursor of ours says; raises ValueError for any other text."""
    padded = given + "=" * (-len(given) % 4)
    try:
        at, space, row = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").partition(" ")
    except binascii.Error:
        raise ValueError("no base64") from None
    moment = datetime.fromisoformat(at)
    if not space or not ids.possible(row) or moment.tzinfo is None:
        raise ValueError("no mark")
    return Mark(moment, row)


def listed(found: paging.Page[T], shown: Callable[[T], S]) -> Listed[S]:
    """The page as it leaves, each of its items as `shown` shapes it."""
    return Listed(items=[shown(each) for each in found.items], next=None if found.next is None else cursor(found.next))


async def _wanted(
    language: Language,
    limit: Annotated[int, Query(ge=FEWEST, le=MOST, description="items of one page at most")] = USUAL,
    after: Annotated[str | None, Query(max_length=LONGEST_CURSOR, description="`next` of the page before")] = None,
) -> Wanted:
    try:
        return Wanted(limit, None if after is None else mark(after))
    except ValueError:
        raise malformed("string_pattern_mismatch", ["query", "after"], language=language) from None


Paging = Annotated[Wanted, Depends(_wanted)]
