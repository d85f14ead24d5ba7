"""What is a bank's own model, how is it fed and what was measured of it? Its manifest, a TOML file beside the model."""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

MOST_OCTETS: Final = 1 << 30
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
Words = Annotated[str, Field(min_length=1, max_length=500)]
STRICT: Final = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True)


class ManifestRefused(Exception):
    """The manifest or the model is not what it must be; says which and why."""


class Task(StrEnum):
    """What a model is asked."""

    EMBED = "embed"
    """A face's descriptor."""
    PAD = "pad"
    """Whether the face is really there: presentation attack detection (ISO/IEC 30107)."""
    LANDMARK = "landmark"
    """Where eyes, nose and mouth are."""
    DETECT = "detect"
    """Where the faces of a photograph are; frames of a film are searched by dlib's detector all the same."""


class Input(BaseModel):
    """A square picture as (1, 3, side, side) float32."""

    model_config = STRICT

    side: Annotated[int, Field(ge=16, le=1024)]
    colour: Literal["rgb", "bgr"]
    mean: float
    scale: Annotated[float, Field(gt=0)]
    """The model sees (pixel - mean) / scale."""


class Alignment(BaseModel):
    """Which part of the photograph the model sees."""

    model_config = STRICT

    template: Literal["arcface"] | None = None
    """The face turned and scaled so that its points stand where ArcFace's stand."""
    crop: Annotated[float, Field(ge=1, le=8)] | None = None
    """The face's box, so many times as large."""


class Output(BaseModel):
    """How the answer is read."""

    model_config = STRICT

    metric: Literal["cosine", "euclid"] | None = None
    """Of descriptors; cosine: they are made one long, and two with cosine c are sqrt(2 - 2 c) apart."""
    real: Annotated[int, Field(ge=0, le=15)] | None = None
    """Of the classes, the one that means a face is really there."""
    least: Annotated[float, Field(gt=0, lt=1)] | None = None
    """How sure a model that detects must be of a face, from 0 to 1."""


class Calibration(BaseModel):
    """What the bank measured."""

    model_config = STRICT

    population: Words
    rate: Annotated[float, Field(gt=0, lt=1)]
    """FMR of `embed`, APCER of `pad`, mean error over the distance of the eyes of `landmark`, faces missed of `detect`."""
    threshold: float
    trials: Annotated[int, Field(ge=1)]
    on: date


class Manifest(BaseModel):
    """All of it."""

    model_config = STRICT

    id: Name
    version: Name
    task: Task
    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\.onnx$")]
    """Beside the manifest."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    licence: Words
    trained_on: Words
    input: Input
    alignment: Alignment = Alignment()
    output: Output = Output()
    calibration: tuple[Calibration, ...] = ()

    @field_validator("id")
    @classmethod
    def _is_no_name_of_dlibs(cls, name: str) -> str:
        """Of that network alone the policy's distances speak, and by its name it is known."""
        if name.startswith("dlib"):
            raise ValueError("names that begin with dlib are of dlib's own network")
        return name

    @model_validator(mode="after")
    def _task_is_described(self) -> Self:
        needed = {
            Task.EMBED: (self.alignment.template, self.output.metric),
            Task.PAD: (self.alignment.crop, self.output.real),
            Task.LANDMARK: (self.alignment.crop,),
            Task.DETECT: (self.output.least,),
        }[self.task]
        if any(each is None for each in needed):
            raise ValueError(WANTED[self.task])
        return self

    @property
    def model(self) -> str:
        """`name@version`; its end changes with whatever changes the answer, so that templates of two never meet."""
        # What a later version may say and this manifest does not changes no answer, and must change no name.
        unsaid = {"output": {"least"}} if self.output.least is None else None
        fed = self.model_dump_json(include={"input", "alignment", "output"}, exclude=unsaid)
        return f"{self.id}-{self.version}@{self.sha256[:12]}.{hashlib.sha256(fed.encode()).hexdigest()[:8]}"


WANTED: Final = {
    Task.EMBED: "embed needs alignment.template and output.metric",
    Task.PAD: "pad needs alignment.crop and output.real",
    Task.LANDMARK: "landmark needs alignment.crop",
    Task.DETECT: "detect needs output.least",
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A manifest and the octets of the model it names."""

    manifest: Manifest
    octets: bytes


def opened(path: Path, *, production: bool) -> Opened:
    """The model of a manifest, its hash compared; raises ManifestRefused.

    In production a model of which nobody has measured how often it errs decides nothing (R75, R92).
    """
    try:
        manifest = Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        file = path.parent / manifest.file
        if file.stat().st_size > MOST_OCTETS:
            raise ManifestRefused(f"{file}: larger than {MOST_OCTETS} octets")
        octets = file.read_bytes()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as unread:
        raise ManifestRefused(f"{path}: cannot be read ({type(unread).__name__})") from unread
    except ValidationError as wrong:
        faults = (f"{'.'.join(map(str, each['loc'])) or 'manifest'}: {each['msg']}" for each in wrong.errors())
        raise ManifestRefused(f"{path}: {'; '.join(faults)}") from None
    if hashlib.sha256(octets).hexdigest() != manifest.sha256:
        raise ManifestRefused(f"{file}: its SHA-256 is not the manifest's")
    if production and not manifest.calibration:
        raise ManifestRefused(f"{path}: production needs its calibration")
    return Opened(manifest, octets)


def opened_all(paths: Iterable[Path], *, production: bool) -> tuple[Opened, ...]:
    """The models of all manifests, one for a task but of `pad` any number; raises ManifestRefused."""
    models = tuple(opened(path, production=production) for path in paths)
    for task in (Task.EMBED, Task.LANDMARK, Task.DETECT):
        if sum(each.manifest.task is task for each in models) > 1:
            raise ManifestRefused(f"two models for the task {task}")
    return models
