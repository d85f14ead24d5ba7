"""Which weights does dlib's face network have? Read from its file to the last octet, and folded into convolutions.

The file is the serialisation of one C++ type, `anet_type` of dlib's `dnn_face_recognition_ex.cpp`. A layer writes the
layer below it before itself: first come the versions of all layers, from output to input, then their details, from
input to output.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.gateways.vision.face_network.serialised import NotTheNetwork, Octets, Weights

Doubles = NDArray[np.float64]

SIDE: Final = 150
"""Of the chip, in pixels."""
MEANS: Final = np.array((122.782, 117.001, 104.298))
"""Of red, green and blue in training: the network sees (pixel - mean) / 256."""
SCALE: Final = 256.0
STEM: Final = 32
"""Channels of the first convolution, 7 × 7 at every second place."""
LEVELS: Final = ((32, 3, 1), (64, 4, 2), (128, 3, 2), (256, 3, 2), (256, 1, 2))
"""Channels, residual blocks and the stride of the first of them, from input to output."""
DESCRIBED: Final = 128

_ADDED, _INNERMOST, _UNWEIGHTED = 2, 3, 1
"""Versions of the three kinds of layers: add_layer, add_layer upon the input, tag or skip."""
_VERSIONS_OF_PLAIN: Final = (_ADDED,) * 7 + (_UNWEIGHTED,)
_VERSIONS_OF_HALVING: Final = (_ADDED,) * 3 + (_UNWEIGHTED,) * 2 + (_ADDED,) * 5 + (_UNWEIGHTED,)


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """Filters as (out, in, height, width), their biases, and the stride; the scaling that follows it is folded in."""

    filters: Weights
    biases: Weights
    stride: int


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Two convolutions, around which their input is led and added."""

    first: Convolution
    second: Convolution

    @property
    def halves(self) -> bool:
        """Whether its output is half as high and wide."""
        return self.first.stride == 2


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """All of it, from input to output."""

    stem: Convolution
    """Takes pixels from 0 to 255: it pads nothing, so means and scale fold into it exactly."""
    blocks: tuple[Block, ...]
    head: Weights
    """(256, 128), applied to the mean over all places; without biases."""


def network(octets: bytes) -> Network:
    """The weights in the octets of `dlib_face_recognition_resnet_model_v1.dat`; raises NotTheNetwork."""
    source = Octets(octets)
    _versions(source)
    stem = _stem(source)
    blocks, channels = [], STEM
    for wide, count, stride in LEVELS:
        for each in range(count):
            blocks.append(_block(source, channels, wide, stride if each == 0 else 1))
            channels = wide
    head = _head(source, channels)
    if not source.ended():
        raise NotTheNetwork
    return Network(stem, tuple(blocks), head)


def _versions(source: Octets) -> None:
    source.expect(1)
    _named(source, "loss_metric_2")
    source.number(), source.number()  # margin and threshold of training
    source.expect(_ADDED, _ADDED)  # the head
    for _, count, stride in reversed(LEVELS):
        plain = count if stride == 1 else count - 1
        source.expect(*_VERSIONS_OF_PLAIN * plain, *_VERSIONS_OF_HALVING * (count - plain))
    source.expect(_ADDED, _ADDED, _ADDED, _INNERMOST)


def _stem(source: Octets) -> Convolution:
    _named(source, "input_rgb_image_sized")
    if not np.allclose([source.number() for _ in MEANS], MEANS, rtol=1e-6):
        raise NotTheNetwork
    source.expect(SIDE, SIDE)
    filters, biases = _filters(source, (STEM, 3, 7, 7), stride=2)
    _runtime(source)
    source.expect(1)  # pictures for each sample
    gammas, betas = _scaling(source, STEM)
    _bare(source, "relu")
    _pooling(source, "max_pool", (3, 3, 2, 2, 0, 0))
    filters, biases = filters * gammas[:, None, None, None], biases * gammas + betas
    biases -= (filters * MEANS[:, None, None]).sum(axis=(1, 2, 3)) / SCALE
    return Convolution((filters / SCALE).astype(np.float32), biases.astype(np.float32), 2)


def _block(source: Octets, channels: int, wide: int, stride: int) -> Block:
    first = _convolution(source, channels, wide, stride)
    _bare(source, "relu")
    second = _convolution(source, wide, wide, 1)
    if stride == 2:
        _pooling(source, "avg_pool", (2, 2, 2, 2, 0, 0))
    _bare(source, "add_prev")
    _bare(source, "relu")
    return Block(first, second)


def _convolution(source: Octets, channels: int, wide: int, stride: int) -> Convolution:
    filters, biases = _filters(source, (wide, channels, 3, 3), stride)
    _runtime(source)
    gammas, betas = _scaling(source, wide)
    filters, biases = filters * gammas[:, None, None, None], biases * gammas + betas
    return Convolution(filters.astype(np.float32), biases.astype(np.float32), stride)


def _filters(source: Octets, shape: tuple[int, int, int, int], stride: int) -> tuple[Doubles, Doubles]:
    """Cross-correlation, as ONNX has it, in the same order."""
    _named(source, "con_4")
    params = source.tensor()
    wide, channels, high, broad = shape
    source.expect(wide, high, broad, stride, stride)
    source.expect(*((high // 2, broad // 2) if stride == 1 else (0, 0)))
    _views(source, shape, (1, wide, 1, 1))
    _rates(source)
    count = wide * channels * high * broad
    if params.size != count + wide:
        raise NotTheNetwork
    return params[:count].reshape(shape).astype(np.float64), params[count:].astype(np.float64)


def _scaling(source: Octets, wide: int) -> tuple[Doubles, Doubles]:
    """What was batch normalisation in training: a factor and a summand for each channel."""
    _named(source, "affine_")
    params = source.tensor()
    _views(source, (1, wide, 1, 1), (1, wide, 1, 1))
    source.expect(0)  # for each channel, not for each place
    _runtime(source)
    if params.size != 2 * wide:
        raise NotTheNetwork
    return params[:wide].astype(np.float64), params[wide:].astype(np.float64)


def _head(source: Octets, channels: int) -> Weights:
    _pooling(source, "avg_pool", (0, 0, 1, 1, 0, 0))  # no size: over all there is
    _named(source, "fc_2")
    source.expect(DESCRIBED, channels)
    params = source.tensor()
    _views(source, (channels, DESCRIBED, 1, 1), (0, 0, 0, 0))
    source.expect(1)  # without biases
    _rates(source)
    _runtime(source)
    if params.size != channels * DESCRIBED:
        raise NotTheNetwork
    return params.reshape(channels, DESCRIBED)


def _named(source: Octets, name: str) -> None:
    if source.word() != name:
        raise NotTheNetwork


def _bare(source: Octets, kind: str) -> None:
    """A layer that holds nothing."""
    _named(source, f"{kind}_")
    _runtime(source)


def _pooling(source: Octets, kind: str, window: tuple[int, ...]) -> None:
    """Height, width, strides and padding."""
    _named(source, f"{kind}_2")
    source.expect(*window)
    _runtime(source)


def _views(source: Octets, *shapes: tuple[int, ...]) -> None:
    """Which part of its numbers is what, as the shapes say already."""
    if tuple(source.view() for _ in shapes) != shapes:
        raise NotTheNetwork


def _rates(source: Octets) -> None:
    """How fast it learned."""
    for _ in range(4):
        source.number()


def _runtime(source: Octets) -> None:
    """What every layer keeps while it learns; after training its three tensors are empty."""
    for _ in range(3):
        source.truth()
    if any(source.tensor().size for _ in range(3)):
        raise NotTheNetwork
