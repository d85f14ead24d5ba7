"""Is a list read whole, piece by piece, and is a forged cursor refused?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.paging import BEFORE_ALL, Mark, Wanted, page
from app.routers.paging import cursor, mark

START = datetime(2026, 11, 22, tzinfo=UTC)


@given(moments=st.lists(st.integers(0, 5), max_size=30), limit=st.integers(1, 7))
def test_pages_give_every_row_once_and_in_order(moments: list[int], limit: int) -> None:
    rows = sorted((START + timedelta(seconds=second), f"row_{n:02}") for n, second in enumerate(moments))
    after = BEFORE_ALL
    seen: list[tuple[datetime, str]] = []
    while True:
        wanted = Wanted(limit, after)
        found = [row for row in rows if row > (after.at, after.id)][: wanted.reach]
        piece = page(found, wanted, lambda row: Mark(*row))
        assert len(piece.items) <= limit
        seen += piece.items
        if piece.next is None:
            break
        after = piece.next
    assert seen == rows


def test_a_cursor_is_read_back_as_it_was_written() -> None:
    marked = Mark(START + timedelta(microseconds=1), "ses_abc")
    assert mark(cursor(marked)) == marked


@pytest.mark.parametrize("forged", ["", "?", "!!!!", "AAAA", cursor(Mark(START, "a b")), cursor(Mark(START.replace(tzinfo=None), "a"))])  # fmt: skip
def test_a_forged_cursor_is_no_mark(forged: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whichever part of it is wrong
        mark(forged)
