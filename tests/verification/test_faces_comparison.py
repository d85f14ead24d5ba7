"""Is the comparison score a distance, and does a descriptor rest and rise unchanged?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.verification.faces.comparison import Descriptor, NotADescriptor, distance, from_octets, to_octets

DESCRIPTORS = arrays(np.float32, 128, elements=st.floats(-1, 1, width=32))
ZERO, ONE = np.zeros(128, np.float32), np.eye(128, dtype=np.float32)[0]


def test_the_distance_is_euclidean() -> None:
    assert distance(ZERO, ONE) == 1.0
    assert distance(ZERO, np.full(128, 0.5, np.float32)) == pytest.approx(np.sqrt(32))


@given(DESCRIPTORS, DESCRIPTORS)
def test_the_distance_is_the_same_both_ways_and_zero_to_itself(first: Descriptor, second: Descriptor) -> None:
    assert distance(first, second) == pytest.approx(distance(second, first))
    assert distance(first, first) == 0


@given(DESCRIPTORS)
def test_a_descriptor_rests_and_rises_unchanged(descriptor: Descriptor) -> None:
    assert np.array_equal(from_octets(to_octets(descriptor)), descriptor)
    assert len(to_octets(descriptor)) == 512


def test_the_form_at_rest_is_little_endian_single_precision() -> None:
    assert to_octets(ONE)[:4] == b"\x00\x00\x80\x3f"


@pytest.mark.parametrize("damaged", [np.full(128, np.nan, np.float32), np.full(128, np.inf, np.float32), ONE[:127]])
def test_what_is_not_a_descriptor_is_never_near_anything(damaged: Descriptor) -> None:
    with pytest.raises(NotADescriptor):
        distance(damaged, ONE)
    with pytest.raises(NotADescriptor):
        distance(ONE, damaged)


@pytest.mark.parametrize("octets", [b"", bytes(511), bytes(513), b"\xff" * 512])
def test_octets_that_hold_no_descriptor_are_refused(octets: bytes) -> None:
    with pytest.raises(NotADescriptor):
        from_octets(octets)
