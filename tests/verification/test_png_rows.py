"""Is a PNG that lacks a row told from a whole one, in every depth and colour and interlaced?"""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.verification.png_rows import CHANNELS, holds_every_row
from tests.corpus.drawing import header, png, png_of
from tests.corpus.pngs import half_interlaced, interlaced, parted


def of_rows(width: int, height: int, depth: int, colour: int, rows: int) -> bytes:
    row = bytes(1 + (width * depth * CHANNELS[colour] + 7) // 8)
    return png_of(header(width, height, depth, colour), zlib.compress(row * rows))


def test_a_png_without_its_last_row_is_not_whole() -> None:
    assert holds_every_row(png())
    assert not holds_every_row(png().replace((48).to_bytes(4, "big"), (49).to_bytes(4, "big"), 1))


@given(st.integers(1, 40), st.integers(2, 40), st.sampled_from([(1, 0), (4, 3), (8, 2), (16, 4), (16, 6)]))
def test_one_row_too_few_is_seen(width: int, height: int, kind: tuple[int, int]) -> None:
    assert holds_every_row(of_rows(width, height, *kind, height))
    assert not holds_every_row(of_rows(width, height, *kind, height - 1))


def test_every_pass_of_an_interlaced_one_counts() -> None:
    assert holds_every_row(interlaced())
    assert not holds_every_row(half_interlaced())


def test_rows_behind_another_chunk_do_not_count() -> None:
    assert not holds_every_row(parted())


def test_data_that_do_not_unpack_are_an_error() -> None:
    with pytest.raises(zlib.error):
        holds_every_row(png_of(header(4, 4), b"noise"))
