"""ONNX models small enough to be understood: shaped as a bank's own would be, and written to disk with their manifest."""

import hashlib
from pathlib import Path

import numpy as np

from app.gateways.vision.face_network.onnx_writing import Node, Numbers, Place, model

MANIFEST = """
id = "{task}-small"
version = "1"
task = "{task}"
file = "{task}.onnx"
sha256 = "{sha256}"
licence = "Apache-2.0"
trained_on = "nobody"
{rest}
"""
CALIBRATED = """
[[calibration]]
population = "drawn"
rate = 1e-3
threshold = 0.9
trials = 1000
on = 2026-11-26
"""
EMBED = """
[input]
side = 112
colour = "rgb"
mean = 127.5
scale = 127.5
[alignment]
template = "arcface"
[output]
metric = "cosine"
"""
PAD = """
[input]
side = 80
colour = "bgr"
mean = 0
scale = 1
[alignment]
crop = 2.7
[output]
real = 1
"""
LANDMARK = """
[input]
side = 64
colour = "rgb"
mean = 0
scale = 255
[alignment]
crop = 1.5
"""
DETECT = """
[input]
side = 64
colour = "bgr"
mean = 127.5
scale = 128
[output]
least = 0.6
"""


def arcface() -> bytes:
    """112 × 112 to 128: one convolution over patches of 14 px, and a matrix, both drawn by chance."""
    chance = np.random.default_rng(3)
    filters = chance.normal(0, 0.05, (32, 3, 14, 14)).astype(np.float32)
    head = chance.normal(0, 0.05, (32 * 64, 128)).astype(np.float32)
    nodes = [
        Node("Conv", ("in", "filters"), "patches", {"kernel_shape": (14, 14), "strides": (14, 14)}),
        Node("Relu", ("patches",), "seen"),
        Node("Flatten", ("seen",), "flat", {"axis": 1}),
        Node("MatMul", ("flat", "head"), "out"),
    ]
    return one_picture(nodes, {"filters": filters, "head": head}, side=112, gives=128)


def minifas() -> bytes:
    """80 × 80 to three classes: the mean of blue, of green and of red, over 16."""
    nodes = [
        Node("GlobalAveragePool", ("in",), "mean"),
        Node("Flatten", ("mean",), "flat", {"axis": 1}),
        Node("Mul", ("flat", "less"), "out"),
    ]
    return one_picture(nodes, {"less": np.array([1 / 16], np.float32)}, side=80, gives=3)


def same_points(*rows: list[float]) -> bytes:
    """64 × 64 to five points or to rows of boxes, always these parts of what it sees."""
    nodes = [
        Node("GlobalAveragePool", ("in",), "mean"),
        Node("Flatten", ("mean",), "flat", {"axis": 1}),
        Node("MatMul", ("flat", "nothing"), "zero"),
        Node("Add", ("zero", "parts"), "out"),
    ]
    constants: dict[str, Numbers] = {
        "nothing": np.zeros((3, len(rows[0])), np.float32),
        "parts": np.array(rows, np.float32),
    }
    return one_picture(nodes, constants, side=64, gives=len(rows[0]), rows=len(rows))


def one_picture(nodes: list[Node], constants: dict[str, Numbers], *, side: int, gives: int, rows: int = 1) -> bytes:
    return model(nodes, constants, Place("in", "float32", (1, 3, side, side)), Place("out", "float32", (rows, gives)))


def written(folder: Path, task: str, octets: bytes, rest: str) -> Path:
    """The manifest's path."""
    (folder / f"{task}.onnx").write_bytes(octets)
    path = folder / f"{task}.toml"
    path.write_text(MANIFEST.format(task=task, sha256=hashlib.sha256(octets).hexdigest(), rest=rest), encoding="utf-8")
    return path
