"""What was compared, and who was it? Scores with the people they are of, strictly told apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class NoTrials(ValueError):
    """Nothing can be counted; the message says why."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One person compared with one probe."""

    score: float
    same: bool
    enrolled: str
    """Id of the person."""
    probe: str
    """Id of the probe's person: the same where `same`."""
    cohort: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """Many, in columns, each kind from the highest score to the lowest."""

    persons: int
    genuine: Vector
    genuine_of: Places
    """Whose, from 0 to `persons`."""
    impostor: Vector
    impostor_of: Places
    """(n, 2): which two people, as whole numbers."""


def trials(given: Sequence[Trial]) -> Trials:
    """The columns; raises NoTrials where a kind is missing, a score is no number, or labels contradict one another."""
    for each in given:
        if each.same != (each.enrolled == each.probe):
            raise NoTrials(f"{each.enrolled} and {each.probe} are said to be {'one' if each.same else 'two people'}")
        if not np.isfinite(each.score):
            raise NoTrials("a score is no number")
    numbers = {
        name: at for at, name in enumerate(sorted({name for each in given for name in (each.enrolled, each.probe)}))
    }
    genuine = _sorted(each for each in given if each.same)
    impostor = _sorted(each for each in given if not each.same)
    if not genuine or not impostor:
        raise NoTrials("pairs of one person and pairs of two are both needed")
    return Trials(
        len(numbers),
        np.array([each.score for each in genuine]),
        np.array([numbers[each.enrolled] for each in genuine], np.int64),
        np.array([each.score for each in impostor]),
        np.array([(numbers[each.enrolled], numbers[each.probe]) for each in impostor], np.int64),
    )


def named_by_pairs(pairs: Iterable[tuple[Sequence[str], bool]]) -> dict[str, str]:
    """A person for each picture where nobody gave ids: pictures linked by pairs of one person are that person's."""
    leader: dict[str, str] = {}

    def head(picture: str) -> str:
        while leader.setdefault(picture, picture) != picture:
            leader[picture] = leader[leader[picture]]
            picture = leader[picture]
        return picture

    for pictures, same in pairs:
        enrolled, probe = pictures[:-1], pictures[-1]
        for other in (*enrolled[1:], *((probe,) if same else ())):
            leader[head(other)] = head(enrolled[0])
        head(enrolled[0])
        head(probe)
    return {picture: head(picture) for picture in leader}


def _sorted(found: Iterable[Trial]) -> list[Trial]:
    return sorted(found, key=lambda each: (-each.score, each.enrolled, each.probe))
