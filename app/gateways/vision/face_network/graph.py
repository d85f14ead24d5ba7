"""How is dlib's face network computed? Its graph for onnxruntime: chips in, descriptors out.

Its shape is for speed. onnxruntime lays convolutions out in blocks of channels, and within one adds what is led around it
and cuts off below zero; but only while nothing between two of them, a `Pad` say, asks for plain planes.
"""

from typing import Final

import numpy as np

from app.gateways.vision.face_network.onnx_writing import Attribute, Node, Numbers, Place, model
from app.gateways.vision.face_network.serialised import Weights
from app.gateways.vision.face_network.weights import DESCRIBED, SIDE, Block, Convolution, Network

CHIPS = Place("chips", "uint8", ("faces", SIDE, SIDE, 3))
DESCRIPTORS = Place("descriptors", "float32", ("faces", DESCRIBED))
FEW: Final = 4
"""Places across from which on a convolution waits for its weights longer than it computes."""


def onnx_of(network: Network) -> bytes:
    """ModelProto: any number of chips, (150, 150, 3) uint8 RGB, to as many descriptors, (128,) float32."""
    drawing, stem = _Drawing(), network.stem
    pixels = drawing.add("Cast", drawing.add("Transpose", CHIPS.name, perm=(0, 3, 1, 2)), to=1)
    at = drawing.add("Relu", drawing.convolution(pixels, stem.filters, stem.biases, stride=2))
    at = drawing.add("MaxPool", at, kernel_shape=(3, 3), strides=(2, 2))
    side = _moved(_moved(SIDE, stem.filters.shape[2]), 3)
    for block in network.blocks:
        if block.halves:
            at, side = _halving(drawing, at, block, side), _moved(side, 2)
        else:
            at = (_plain_of_few if side <= FEW else _plain)(drawing, at, block, side)
    mean = drawing.add("Flatten", drawing.add("GlobalAveragePool", at), axis=1)
    drawing.nodes.append(Node("MatMul", (mean, drawing.constant(network.head)), DESCRIPTORS.name))
    return model(drawing.nodes, drawing.constants, CHIPS, DESCRIPTORS)


class _Drawing:
    """A graph while it is drawn; names are numbers in order."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.constants: dict[str, Numbers] = {}

    def add(self, operator: str, *inputs: str, **attributes: Attribute) -> str:
        """One operation; the name of what it yields."""
        output = f"n{len(self.nodes)}"
        self.nodes.append(Node(operator, inputs, output, attributes))
        return output

    def constant(self, numbers: Numbers) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = numbers
        return name

    def reshaped(self, at: str, *sizes: int) -> str:
        """Every face in these sizes."""
        return self.add("Reshape", at, self.constant(np.array([0, *sizes], np.int64)))

    def convolution(self, at: str, filters: Weights, biases: Weights, stride: int = 1, pad: int = 0) -> str:
        """Square filters, padded on all sides."""
        kernel, strides = filters.shape[2:], (stride, stride)
        weights = self.constant(filters), self.constant(biases)
        return self.add("Conv", at, *weights, kernel_shape=kernel, strides=strides, pads=(pad,) * 4)

    def continued(self, at: str, channels: int) -> str:
        """One more place of zeros below and to the right.

        By a filter of one place for each channel: it has no bias, and outside it sees zeros.
        """
        ones = self.constant(np.ones((channels, 1, 1, 1), np.float32))
        return self.add("Conv", at, ones, kernel_shape=(1, 1), pads=(0, 0, 1, 1), group=channels)


def _plain(drawing: _Drawing, at: str, block: Block, _side: int) -> str:
    """Two convolutions, and what went in added to what comes out."""
    within = drawing.add("Relu", drawing.convolution(at, block.first.filters, block.first.biases, pad=1))
    out = drawing.convolution(within, block.second.filters, block.second.biases, pad=1)
    return drawing.add("Relu", drawing.add("Add", at, out))


def _plain_of_few(drawing: _Drawing, at: str, block: Block, side: int) -> str:
    """The same as products of matrices: each reads its weights once and in order, and takes a third less time."""
    channels = block.second.filters.shape[0]
    around = drawing.reshaped(at, channels, side**2)
    within = drawing.add("Relu", _product(drawing, around, block.first, side))
    out = _product(drawing, within, block.second, side)
    return drawing.reshaped(drawing.add("Relu", drawing.add("Add", around, out)), channels, side, side)


def _product(drawing: _Drawing, at: str, one: Convolution, side: int) -> str:
    """A convolution of (faces, channels, places): first what each filter sees of each place, itself by a product."""
    wide, channels = one.filters.shape[:2]
    seen = drawing.add("MatMul", at, drawing.constant(_neighbours(side)))
    seen = drawing.reshaped(seen, channels * 9, side**2)
    product = drawing.add("MatMul", drawing.constant(one.filters.reshape(wide, -1)), seen)
    biases = np.repeat(one.biases[:, None], side**2, axis=1)
    return drawing.add("Add", product, drawing.constant(biases))


def _neighbours(side: int) -> Weights:
    """(places, 9 · places): one where a filter that stands upon the latter sees the former, else zero; exact."""
    places = np.pad(np.eye(side**2, dtype=np.float32).reshape(-1, side, side), ((0, 0), (1, 1), (1, 1)))
    seen = [places[:, down : down + side, right : right + side] for down in range(3) for right in range(3)]
    return np.stack(seen, axis=1).reshape(side**2, -1)


def _halving(drawing: _Drawing, at: str, block: Block, side: int) -> str:
    """Dlib pads nothing where the stride is two, and adds what differs in size as if the smaller were continued by zeros.

    What is led around has fewer channels: the others stand apart from it, and are put behind it. What was convolved may
    have a place less: its own padding cannot stand for it, for where a filter sees nothing but zeros its bias is left.
    """
    around = drawing.add("AveragePool", at, kernel_shape=(2, 2), strides=(2, 2))
    within = drawing.add("Relu", drawing.convolution(at, block.first.filters, block.first.biases, stride=2))
    across, channels = _moved(side, 3), block.first.filters.shape[1]
    filters, pad = block.second.filters, 1
    if across == 1:
        filters, pad = filters[:, :, 1:2, 1:2], 0  # all but its centre sees padding alone
    parts = []
    for start in range(0, filters.shape[0], channels):
        part = slice(start, start + channels)
        out = drawing.convolution(within, filters[part], block.second.biases[part], pad=pad)
        if across < _moved(side, 2):
            out = drawing.continued(out, channels)
        parts.append(drawing.add("Relu", out if start else drawing.add("Add", around, out)))
    return parts[0] if len(parts) == 1 else drawing.add("Concat", *parts, axis=1)


def _moved(across: int, window: int) -> int:
    """Places left by a window that moves by two and is never half outside."""
    return (across - window) // 2 + 1
