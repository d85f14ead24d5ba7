"""How is dlib's face network computed? Its graph for onnxruntime: chips in, descriptors out."""

import numpy as np

from app.gateways.vision.face_network.onnx_writing import Attribute, Node, Numbers, Place, model
from app.gateways.vision.face_network.weights import DESCRIBED, SIDE, Block, Convolution, Network

CHIPS = Place("chips", "uint8", ("faces", SIDE, SIDE, 3))
DESCRIPTORS = Place("descriptors", "float32", ("faces", DESCRIBED))

Sizes = tuple[int, int]
"""Channels, and places across as down."""


def onnx_of(network: Network) -> bytes:
    """ModelProto: any number of chips, (150, 150, 3) uint8 RGB, to as many descriptors, (128,) float32."""
    drawing = _Drawing()
    pixels = drawing.add("Cast", drawing.add("Transpose", CHIPS.name, perm=(0, 3, 1, 2)), to=1)
    at, sizes = drawing.convolution(pixels, network.stem, (3, SIDE))
    at = drawing.add("MaxPool", drawing.add("Relu", at), kernel_shape=(3, 3), strides=(2, 2))
    sizes = sizes[0], _pooled(sizes[1], 3)
    for block in network.blocks:
        at, sizes = drawing.block(at, block, sizes)
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

    def convolution(self, at: str, one: Convolution, sizes: Sizes) -> tuple[str, Sizes]:
        """Dlib pads by half a filter where the stride is one, and not at all where it is two."""
        kernel = one.filters.shape[2]
        pad = kernel // 2 if one.stride == 1 else 0
        weights = self.constant(one.filters), self.constant(one.biases)
        strides = (one.stride, one.stride)
        found = self.add("Conv", at, *weights, kernel_shape=(kernel, kernel), strides=strides, pads=(pad,) * 4)
        return found, (one.filters.shape[0], (sizes[1] + 2 * pad - kernel) // one.stride + 1)

    def block(self, at: str, block: Block, sizes: Sizes) -> tuple[str, Sizes]:
        """Two convolutions, and what went in added to what comes out."""
        around, around_sizes = at, sizes
        if block.halves:
            around = self.add("AveragePool", at, kernel_shape=(2, 2), strides=(2, 2))
            around_sizes = sizes[0], _pooled(sizes[1], 2)
        first, first_sizes = self.convolution(at, block.first, sizes)
        second, second_sizes = self.convolution(self.add("Relu", first), block.second, first_sizes)
        whole = max(around_sizes[0], second_sizes[0]), max(around_sizes[1], second_sizes[1])
        sum_ = self.add("Add", self.padded(around, around_sizes, whole), self.padded(second, second_sizes, whole))
        return self.add("Relu", sum_), whole

    def padded(self, at: str, sizes: Sizes, wanted: Sizes) -> str:
        """Dlib adds what differs in size as if the smaller were continued by zeros: more channels, below, to the right.

        A convolution's own padding cannot stand for it: where a filter sees nothing but zeros its bias is left.
        """
        if sizes == wanted:
            return at
        channels, across = (most - size for most, size in zip(wanted, sizes, strict=True))
        return self.add("Pad", at, self.constant(np.array([0, 0, 0, 0, 0, channels, across, across], np.int64)))


def _pooled(across: int, window: int) -> int:
    """Places left by a window that moves by two and is never half outside."""
    return (across - window) // 2 + 1
