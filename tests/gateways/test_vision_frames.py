"""Do frames arrive as they were sent, and nothing else arrive as a frame?"""

import asyncio
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.gateways.vision import messages
from app.gateways.vision.frames import (
    LENGTH,
    MAGIC,
    MAX_BLOB_OCTETS,
    MAX_BLOBS,
    MAX_HEADER_OCTETS,
    PREFIX,
    Blobs,
    BrokenFrame,
    Frame,
    announced,
    lengths,
    read,
    receive,
)
from app.gateways.vision.messages import Failed, Taken
from app.verification.picture import Format, Picture, Traces

BLOBS = st.lists(st.binary(max_size=99), max_size=5).map(tuple)
TAKEN = Taken(Picture(Format.JPEG, 640, 480, "ab" * 32, Traces("Photos", None, None)))


@given(st.binary(max_size=300), BLOBS)
def test_a_frame_arrives_as_it_was_sent(header: bytes, blobs: Blobs) -> None:
    sent = Frame(header, blobs)
    assert read(BytesIO(sent.pack())) == sent


@given(st.binary(max_size=300), BLOBS, st.data())
def test_a_frame_cut_anywhere_is_broken(header: bytes, blobs: Blobs, data: st.DataObject) -> None:
    packed = Frame(header, blobs).pack()
    end = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(BrokenFrame):
        read(BytesIO(packed[:end]))


def test_the_end_between_two_frames_is_no_fault() -> None:
    assert read(BytesIO()) is None


@pytest.mark.parametrize(("header", "count"), [(MAX_HEADER_OCTETS + 1, 0), (0, MAX_BLOBS + 1)])
def test_a_frame_beyond_the_bounds_is_refused_before_it_is_awaited(header: int, count: int) -> None:
    with pytest.raises(BrokenFrame):
        announced(PREFIX.pack(MAGIC, header, count))


def test_a_blob_beyond_the_bounds_is_refused_before_it_is_awaited() -> None:
    assert lengths(LENGTH.pack(MAX_BLOB_OCTETS) * 2) == [MAX_BLOB_OCTETS] * 2
    with pytest.raises(BrokenFrame):
        lengths(LENGTH.pack(0) + LENGTH.pack(MAX_BLOB_OCTETS + 1))


def test_a_frame_at_the_bounds_is_awaited() -> None:
    assert announced(PREFIX.pack(MAGIC, MAX_HEADER_OCTETS, MAX_BLOBS)) == (MAX_HEADER_OCTETS, MAX_BLOBS)


@given(st.binary(max_size=200))
def test_arbitrary_octets_are_never_taken_for_a_frame(octets: bytes) -> None:
    with suppress(BrokenFrame):
        assert read(BytesIO(octets)) is None


def test_an_answer_survives_its_writing() -> None:
    assert messages.parse(messages.write(TAKEN)) == TAKEN


@pytest.mark.parametrize(
    ("seen", "put"),
    [
        (b'"width":640', b'"width":"640"'),
        (b'"width":640', b'"width":640,"more":1'),
        (b'"width":640', b'"width":NaN'),
        (b'"format":"jpeg"', b'"format":"gif"'),
        (b'"height":480,', b""),
        (b'"taken"', b'"seen"'),
        (b"[{", b"{"),
    ],
)
def test_an_answer_that_is_not_exactly_one_is_refused(seen: bytes, put: bytes) -> None:
    written = messages.write(TAKEN)
    assert seen in written
    with pytest.raises(BrokenFrame):
        messages.parse(written.replace(seen, put, 1))


def test_what_was_refused_is_not_quoted() -> None:
    """A broken answer may hold personal fields, and exceptions end in logs."""
    with pytest.raises(BrokenFrame) as refused:
        messages.parse(b'[{"kind":"failed","where":["110101199003070000"]}]')
    assert "110101" not in repr(refused.value)
    assert refused.value.__suppress_context__


async def test_a_stream_that_ends_inside_a_frame_is_broken() -> None:
    stream = asyncio.StreamReader()
    stream.feed_data(Frame(messages.write(Failed("here"))).pack()[:-1])
    stream.feed_eof()
    with pytest.raises(BrokenFrame):
        await receive(stream)
