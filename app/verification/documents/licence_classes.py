"""Which vehicles may a driving licence's holder drive, and is the holder of an age for them? 公安部令 162 Art. 11, 14; R50, R51."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class LicenceClass(StrEnum):
    """The 17 codes of 准驾车型, in the order of Art. 11 (R50)."""

    A1 = "A1"  # 大型客车
    A2 = "A2"  # 重型牵引挂车
    A3 = "A3"  # 城市公交车
    B1 = "B1"  # 中型客车
    B2 = "B2"  # 大型货车
    C1 = "C1"  # 小型汽车
    C2 = "C2"  # 小型自动挡汽车
    C3 = "C3"  # 低速载货汽车
    C4 = "C4"  # 三轮汽车
    C5 = "C5"  # 残疾人专用小型自动挡载客汽车
    C6 = "C6"  # 轻型牵引挂车
    D = "D"  # 普通三轮摩托车
    E = "E"  # 普通二轮摩托车
    F = "F"  # 轻便摩托车
    M = "M"  # 轮式专用机械车
    N = "N"  # 无轨电车
    P = "P"  # 有轨电车


@dataclass(frozen=True, slots=True)
class Ages:
    """Full years from and to which a class is granted, both included (民法典 Art. 1259: 以上, 以下 include the number)."""

    least: int
    greatest: int | None
    """None: without ceiling."""


AGES = {
    **dict.fromkeys((LicenceClass.C1, LicenceClass.C2, LicenceClass.C5, LicenceClass.F), Ages(18, None)),
    **dict.fromkeys((LicenceClass.D, LicenceClass.E), Ages(18, 70)),
    LicenceClass.C6: Ages(20, 70),
    **dict.fromkeys((LicenceClass.C3, LicenceClass.C4, LicenceClass.M), Ages(18, 63)),
    **dict.fromkeys((LicenceClass.A3, LicenceClass.B1, LicenceClass.B2, LicenceClass.N, LicenceClass.P), Ages(20, 63)),
    **dict.fromkeys((LicenceClass.A1, LicenceClass.A2), Ages(22, 63)),
}
"""Art. 14 as amended by 公安部令 172, since 2025-01-01: the heavy classes run to 63, no longer 60 (R51)."""
LEAST_AGE = min(ages.least for ages in AGES.values())
"""Nobody younger holds any class."""

_CLASSES = re.compile(r"A[1-3]|B[12]|C[1-6]|[DEFMNP]")
_PRINTED = re.compile(f"(?:{_CLASSES.pattern})+")
_NOISE = re.compile(r"[\s,.、·]")
_LETTER = {"O": "D", "Q": "D", "0": "D", "8": "B", "4": "A", "G": "C", "(": "C"}
_DIGIT = {"I": "1", "L": "1", "|": "1", "!": "1", "Z": "2", "S": "5", "G": "6", "A": "4"}


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes a text shows, as printed; `exchanged` tells that a look-alike had to be taken for what it resembles."""

    given: tuple[LicenceClass, ...]
    exchanged: bool

    @property
    def text(self) -> str:
        """As a licence prints them, A1A2."""
        return "".join(self.given)


def parse_classes(text: str) -> tuple[LicenceClass, ...] | None:
    """The classes of a concatenation such as A1A2 or C1D; None for any other text, an empty one and a repeated class.

    A, B and C are never without a digit and the others never with one, so a text can be cut in one way alone.
    """
    if not _PRINTED.fullmatch(text):
        return None
    found = tuple(LicenceClass(code) for code in _CLASSES.findall(text))
    return found if len(set(found)) == len(found) else None


def read_classes(seen: str) -> Classes | None:
    """The classes in a text as OCR saw it; look-alikes are exchanged only where it is no list of classes without.

    Where a letter and where a digit is due is known, and there each look-alike stands for one character: CI and Cl are
    C1, C1O is C1D. So no text has two corrections, and one that has none is no list of classes.
    """
    text = _NOISE.sub("", unicodedata.normalize("NFKC", seen)).upper()
    if found := parse_classes(text):
        return Classes(found, exchanged=False)
    corrected = parse_classes(_exchanged(text))
    return Classes(corrected, exchanged=True) if corrected else None


def too_young_for(classes: Sequence[LicenceClass], age: int) -> tuple[LicenceClass, ...]:
    """Those of the classes that nobody of that age is granted yet."""
    return tuple(each for each in classes if age < AGES[each].least)


def too_old_for(classes: Sequence[LicenceClass], age: int) -> tuple[LicenceClass, ...]:
    """Those of the classes that nobody of that age keeps."""
    ceilings = {each: AGES[each].greatest for each in classes}
    return tuple(each for each, greatest in ceilings.items() if greatest is not None and age > greatest)


def _exchanged(text: str) -> str:
    taken = ""
    for character in text:
        due = _DIGIT if taken.endswith(("A", "B", "C")) else _LETTER
        taken += due.get(character, character)
    return taken
