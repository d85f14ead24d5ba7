"""Which typefaces can a specimen be printed in? OpenCV's own, always, and whatever of Debian's is installed.

No face is required: what is found decides how many there are, so the same seed draws the same picture on the same
machine alone. Nothing is looked for outside the folders named here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
"""Where Debian puts them."""
CHINESE: Final = (
    ("NotoSansCJK-Regular.ttc", 2),
    ("NotoSerifCJK-Regular.ttc", 2),
    ("wqy-zenhei.ttc", 0),
    ("wqy-microhei.ttc", 0),
    ("uming.ttc", 0),
    ("ukai.ttc", 0),
    ("DroidSansFallbackFull.ttf", 0),
)
"""File and place in it: fonts-noto-cjk (2 is simplified Chinese), fonts-wqy-*, fonts-arphic-*, fonts-droid-fallback."""
UYGHUR: Final = ("UKIJTuz.ttf", "NotoNaskhArabic-Regular.ttf", "NotoSansArabic-Regular.ttf", "DejaVuSans.ttf")
TIBETAN: Final = ("NotoSerifTibetan-Regular.ttf", "TibetanMachineUni.ttf", "DDC_Uchen.ttf")
LATIN: Final = ("LiberationSans-Regular.ttf", "DejaVuSans.ttf")
MACHINE_READABLE: Final = ("OCR-B.ttf", "OCRB.ttf", "ocrb10.otf", "OCRB.otf")
UNKNOWN: Final = "\uffff"
"""No character: every face draws its sign for what it does not have."""


@dataclass(frozen=True, slots=True)
class Face:
    """One typeface."""

    name: str
    file: Path | None = None
    """None: the face built into OpenCV."""
    place: int = 0
    """In a file of several."""

    def write(
        self, canvas: NDArray[np.uint8], text: str, at: tuple[int, int], size: int, colour: tuple[int, int, int]
    ) -> int:
        """The text from its left end on the base line, BGR; says where it ends."""
        if self.file is None:
            end, _ = cv2.putText(canvas, text, at, colour, _built_in(), size, 400)
            return int(end[0])
        font = _font(self.file, self.place, size)
        picture = Image.fromarray(canvas)
        ImageDraw.Draw(picture).text(at, text, fill=colour, font=font, anchor="ls")
        canvas[:] = np.asarray(picture)
        return at[0] + round(font.getlength(text))

    def width(self, text: str, size: int) -> float:
        """In pixels, with the room right of the last character."""
        if self.file is None:
            return float(cv2.getTextSize((0, 0), text, (0, 0), _built_in(), size, 400)[2]) if text else 0.0
        return _font(self.file, self.place, size).getlength(text)

    def has(self, text: str) -> bool:
        """Whether every character has a glyph of its own."""
        unknown = _drawn(self, UNKNOWN)
        return all(character.isspace() or _drawn(self, character) != unknown for character in text)


BUILT_IN: Final = Face("OpenCV")


def chinese_faces(folders: Sequence[Path] = FOLDERS) -> tuple[Face, ...]:
    """OpenCV's own, then those of Debian that are installed."""
    found = (_installed(file, place, tuple(folders)) for file, place in CHINESE)
    return (BUILT_IN, *(face for face in found if face))


def uyghur_face(folders: Sequence[Path] = FOLDERS) -> Face | None:
    """One that has the letters no Arabic word needs; matplotlib's own copy of DejaVu is one."""
    return _first(UYGHUR, folders, needs="ۇۆۈېەڭ")


def tibetan_face(folders: Sequence[Path] = FOLDERS) -> Face | None:
    """None where Debian's are not installed."""
    return _first(TIBETAN, folders, needs="མིང་")


def latin_face(folders: Sequence[Path] = FOLDERS) -> Face | None:
    """For digits that are nearly like those of the built-in face; None without Debian's and without matplotlib."""
    return _first(LATIN, folders, needs="0123456789X")


def machine_readable_face(folders: Sequence[Path] = FOLDERS) -> Face | None:
    """OCR-B (ISO 1073-2); None where nobody installed it."""
    return _first(MACHINE_READABLE, folders, needs="AZ09<")


def _first(files: Sequence[str], folders: Sequence[Path], needs: str) -> Face | None:
    found = (_installed(file, 0, tuple(folders)) for file in files)
    return next((face for face in found if face and face.has(needs)), None)


@cache
def _installed(file: str, place: int, folders: tuple[Path, ...]) -> Face | None:
    for folder in (*folders, *_bundled()):
        for path in sorted(folder.rglob(file)):
            return Face(path.stem, path, place)
    return None


def _bundled() -> tuple[Path, ...]:
    """Matplotlib carries DejaVu; found without importing it."""
    spec = find_spec("matplotlib")
    return () if spec is None or spec.origin is None else (Path(spec.origin).parent / "mpl-data/fonts/ttf",)


@cache
def _built_in() -> cv2.FontFace:
    return cv2.FontFace("uni")


@cache
def _font(file: Path, place: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, index=place)


@cache
def _drawn(face: Face, character: str) -> bytes:
    canvas = np.full((64, 64, 3), 255, np.uint8)
    face.write(canvas, character, (12, 44), 32, (0, 0, 0))
    return canvas[..., 0].tobytes()
