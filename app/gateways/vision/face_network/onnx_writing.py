"""How is a model written down as ONNX? The few messages of `onnx.proto3` (IR version 9, opset 17) that a graph needs."""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

IR_VERSION: Final = 9
OPSET: Final = 17

Numbers = NDArray[np.float32] | NDArray[np.int64]
Attribute = int | float | tuple[int, ...]
ELEMENTS: Final = {"float32": 1, "uint8": 2, "int64": 7}
"""TensorProto.DataType by numpy's name."""
_FLOAT, _INT, _INTS = 1, 2, 7
"""AttributeProto.AttributeType."""


@dataclass(frozen=True, slots=True)
class Node:
    """One operation."""

    operator: str
    inputs: tuple[str, ...]
    output: str
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """What goes in or comes out; a size that is a word is any size."""

    name: str
    element: str
    shape: tuple[int | str, ...]


def model(nodes: Iterable[Node], constants: Mapping[str, Numbers], source: Place, result: Place) -> bytes:
    """ModelProto of one graph."""
    graph = b"".join(
        [
            *(_message(1, _node(each)) for each in nodes),
            _message(2, b"graph"),
            *(_message(5, _tensor(name, numbers)) for name, numbers in constants.items()),
            _message(11, _place(source)),
            _message(12, _place(result)),
        ]
    )
    return _integer(1, IR_VERSION) + _message(7, graph) + _message(8, _message(1, b"") + _integer(2, OPSET))


def _node(node: Node) -> bytes:
    attributes = (_attribute(name, value) for name, value in node.attributes.items())
    return b"".join(
        [
            *(_message(1, name.encode()) for name in node.inputs),
            _message(2, node.output.encode()),
            _message(3, node.output.encode()),
            _message(4, node.operator.encode()),
            *(_message(5, each) for each in attributes),
        ]
    )


def _attribute(name: str, value: Attribute) -> bytes:
    named = _message(1, name.encode())
    if isinstance(value, float):
        return named + b"\x15" + struct.pack("<f", value) + _integer(20, _FLOAT)
    if isinstance(value, int):
        return named + _integer(3, value) + _integer(20, _INT)
    return named + b"".join(_integer(8, each) for each in value) + _integer(20, _INTS)


def _tensor(name: str, numbers: Numbers) -> bytes:
    element = ELEMENTS[numbers.dtype.name]
    octets = numbers.astype(numbers.dtype.newbyteorder("<")).tobytes()
    sizes = b"".join(_integer(1, size) for size in numbers.shape)
    return sizes + _integer(2, element) + _message(8, name.encode()) + _message(9, octets)


def _place(place: Place) -> bytes:
    shape = b"".join(_message(1, _size(size)) for size in place.shape)
    tensor = _integer(1, ELEMENTS[place.element]) + _message(2, shape)
    return _message(1, place.name.encode()) + _message(2, _message(1, tensor))


def _size(size: int | str) -> bytes:
    return _integer(1, size) if isinstance(size, int) else _message(2, size.encode())


def _message(number: int, octets: bytes) -> bytes:
    """A field of known length (wire type 2)."""
    return _varint(number << 3 | 2) + _varint(len(octets)) + octets


def _integer(number: int, value: int) -> bytes:
    """A field that is a number (wire type 0); negative ones as 64 bits."""
    return _varint(number << 3) + _varint(value % (1 << 64))


def _varint(value: int) -> bytes:
    """Seven bits to an octet, the lowest first."""
    octets = bytearray()
    while value > 0x7F:
        octets.append(value & 0x7F | 0x80)
        value >>= 7
    octets.append(value)
    return bytes(octets)
