"""What can a vision process be asked, and what can it answer? The headers of the frames, parsed strictly."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from app.gateways.vision.frames import Blobs, BrokenFrame
from app.verification.documents.reading import Reading
from app.verification.evidence import Measured
from app.verification.examination import Kind, ShownFace, Side
from app.verification.faces.liveness.frame import FrameView
from app.verification.picture import Picture


class Task(StrEnum):
    """What is asked; the header of a request."""

    INTAKE = "intake"
    """Blobs: the photograph."""
    EXAMINE = "examine"
    """Blobs: applicant's photograph or nothing; the names of the pages, see `names_of`; a photograph of each."""
    READ = "read"
    """Blobs: the photograph of a document; anything: the photograph is wanted back, upright; the kind that is wanted, or nothing."""
    LOOK = "look"
    """Blobs: the photograph of a person."""
    WATCH = "watch"
    """Blobs: a frame; as JSON, where the face was or null, and whether it is to be described."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The models are loaded; the first thing a process says."""

    models: tuple[str, ...]
    kind: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True)
class Taken:
    """The photograph was decoded."""

    picture: Picture
    kind: Literal["taken"] = "taken"


@dataclass(frozen=True, slots=True)
class Seen:
    """The photographs were measured.

    Blobs: the applicant's descriptor and the printed portrait's, which may be empty; pictures of unclear fields, and hashes of
    portraits, see `packing`.
    """

    measured: Measured
    face_model: str
    text_model: str
    overdue: int = 0
    """Pages that were left because they took too long."""
    kind: Literal["seen"] = "seen"


@dataclass(frozen=True, slots=True)
class Read:
    """A document was read. Blobs: JPEG of the document straightened, or nothing where none was found; of the photograph, if
    wanted; pictures of unclear fields, see `packing`.
    """

    reading: Reading
    text_model: str
    software: str | None
    """What the file says it was made with."""
    kind: Literal["read"] = "read"


@dataclass(frozen=True, slots=True)
class Looked:
    """A face was looked at. Blobs: the descriptor of the largest, or nothing where there is none."""

    shown: ShownFace
    face_model: str
    kind: Literal["looked"] = "looked"


@dataclass(frozen=True, slots=True)
class Watched:
    """A frame was measured."""

    view: FrameView
    kind: Literal["watched"] = "watched"


@dataclass(frozen=True, slots=True)
class Broken:
    """A photograph cannot be decoded."""

    kind: Literal["broken"] = "broken"


@dataclass(frozen=True, slots=True)
class Late:
    """The machine was too busy to look in time."""

    kind: Literal["late"] = "late"


@dataclass(frozen=True, slots=True)
class Failed:
    """A fault of ours; `where` names the exception's class and line, never its words: they may quote the document."""

    where: str
    kind: Literal["failed"] = "failed"


Answer = Ready | Taken | Seen | Read | Looked | Watched | Broken | Late | Failed
Handler = Callable[[Task, Blobs], tuple[Answer, Blobs]]
"""What a role does with a request; raises BrokenImage for a picture nobody can decode, Starved."""
Load = Callable[[], tuple[Ready, Handler]]
"""Loads the models of a role."""

# The tuple around the answer is there because pydantic takes no configuration for a bare dataclass, and these
# dataclasses belong to the domain, which does not know pydantic.
_ANSWERS: TypeAdapter[tuple[Answer]] = TypeAdapter(
    tuple[Answer], config=ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
)


def names_of(pages: Iterable[tuple[Kind, Side]]) -> bytes:
    """The pages as they travel beside their pictures."""
    return " ".join(f"{kind}/{side}" for kind, side in pages).encode("ascii")


def page_names(names: bytes) -> list[tuple[Kind, Side]]:
    """What `names_of` wrote; raises ValueError for anything else."""
    pairs = [name.split("/") for name in names.decode("ascii").split()]
    return [(Kind(kind), Side(side)) for kind, side in pairs]


def write(answer: Answer) -> bytes:
    """The answer as JSON."""
    return _ANSWERS.dump_json((answer,))


def parse(header: bytes) -> Answer:
    """The answer, or BrokenFrame where it is not exactly one of ours."""
    try:
        return _ANSWERS.validate_json(header)[0]
    except ValidationError:
        raise BrokenFrame from None  # its text quotes the input, which holds personal fields
