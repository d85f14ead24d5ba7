"""Which faces are compared, and whose are they? Pairs of a CSV file, and the scores they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.cli._labels import NoLabels, picture, rows
from app.verification.faces.fit import Fit, Raw
from app.verification.faces.normalisation import Place
from app.verification.faces.person_score import MOST_REFERENCES, compared, person
from app.verification.faces.trials import Trial, named_by_pairs

FIXED: Final = ("enrolled", "probe", "same")
OPTIONAL: Final = ("cohort", "enrolled_person", "probe_person")
SAME: Final = {"0": False, "1": True}


@dataclass(frozen=True, slots=True)
class Pair:
    """One person's pictures and a probe."""

    enrolled: tuple[Path, ...]
    probe: Path
    same: bool
    cohort: str
    persons: tuple[str, str]
    """Of the pictures and of the probe."""


def paired(file: Path) -> list[Pair]:
    """The pairs of a CSV file; raises NoLabels. Without ids of people, pairs of one person tell who is who."""
    found = [_pair(file.parent, row, line) for line, row in rows(file, FIXED)]
    named = [all(pair.persons) for pair in found]
    if all(named):
        return found
    if any(any(pair.persons) for pair in found):
        raise NoLabels("people are named in some rows and not in others")
    whose = named_by_pairs(([str(each) for each in (*pair.enrolled, pair.probe)], pair.same) for pair in found)
    return [
        Pair(pair.enrolled, pair.probe, pair.same, pair.cohort, (whose[str(pair.enrolled[0])], whose[str(pair.probe)]))
        for pair in found
    ]


def _pair(folder: Path, row: Mapping[str, str], line: int) -> Pair:
    names = [name.strip() for name in row["enrolled"].split(";")]
    if len(names) > MOST_REFERENCES:
        raise NoLabels(f"line {line}: more than {MOST_REFERENCES} enrolled pictures")
    if row["same"] not in SAME:
        raise NoLabels(f"line {line}: same is 0 or 1")
    cohort, *persons = (row.get(name, "").strip() for name in OPTIONAL)
    return Pair(
        tuple(picture(folder, name, line) for name in names),
        picture(folder, row["probe"].strip(), line),
        SAME[row["same"]],
        cohort,
        (persons[0], persons[1]),
    )


def tried(pairs: Sequence[Pair], faces: Mapping[Path, Raw], fit: Fit | None) -> list[Trial]:
    """The scores of all pairs whose pictures show a face; every person is placed once."""
    known: dict[tuple[Path, ...], Place] = {}

    def place(pictures: tuple[Path, ...]) -> Place:
        if pictures not in known:
            known[pictures] = person(fit, [faces[each] for each in pictures])
        return known[pictures]

    return [
        Trial(compared(place(pair.enrolled), place((pair.probe,))), pair.same, *pair.persons, pair.cohort)
        for pair in pairs
        if all(each in faces for each in (*pair.enrolled, pair.probe))
    ]


def references(pairs: Sequence[Pair]) -> int:
    """How many pictures a person has in each pair; raises NoLabels where that differs: one threshold is not for both."""
    counts = {len(pair.enrolled) for pair in pairs}
    if len(counts) > 1:
        raise NoLabels(f"pairs with {sorted(counts)} enrolled pictures: a calibration is for one number of them")
    return counts.pop()
