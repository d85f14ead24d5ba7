"""Which face engine was chosen? As it is told to a process; light, for it loads none."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

MOST_CROPS: Final = 8


class EngineName(StrEnum):
    """What finds and describes faces where the bank brings no model of its own."""

    ONNX = "onnx"
    """dlib's weights on onnxruntime."""
    DLIB = "dlib"
    """dlib itself: the reference."""


@dataclass(frozen=True, slots=True)
class FaceChoice:
    """The engine, and how much it does for one face."""

    engine: EngineName
    crops: int
    """Fixed pictures of one face whose descriptors are averaged; 1 to 8, of `onnx` alone."""
    manifests: tuple[str, ...] = ()
    """Absolute paths of the manifests of the bank's own models."""
    production: bool = False
    """There, a model that was not calibrated is refused."""

    def written(self) -> str:
        """For a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, written: str) -> "FaceChoice":
        """What `written` wrote."""
        read = json.loads(written)
        manifests = tuple(map(str, read["manifests"]))
        return cls(EngineName(read["engine"]), int(read["crops"]), manifests, bool(read["production"]))


OURS: Final = FaceChoice(EngineName.ONNX, crops=4)
"""Four crops: the mean of them moved half as far as one does when the same photograph is decoded smaller (measured)."""
