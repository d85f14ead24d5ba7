"""Which faces are compared, and whose are they? Pairs of a CSV file, and the scores they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
class Pairs:
    """What a file lists."""

    listed: tuple["Pair", ...]
    named: bool
    """Whether the file says who is who. Where it does not, one person's pictures that no pair of one links count as several
    people's, and a bound over people comes out too low: of 150 drawn people it held in 45 of 60 draws in place of 57."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One person's pictures and a probe."""

    enrolled: tuple[Path, ...]
    probe: Path
    same: bool
    cohort: str
    persons: tuple[str, str]
    """Of the pictures and of the probe."""


def paired(file: Path) -> Pairs:
    """The pairs of a CSV file; raises NoLabels. Without ids of people, pairs of one person tell who is who."""
    found = [(line, _pair(file.parent, row, line)) for line, row in rows(file, FIXED)]
    pairs = [pair for _, pair in found]
    if all(all(pair.persons) for pair in pairs):
        _refuse_two_names(found)
        return Pairs(tuple(pairs), named=True)
    if any(any(pair.persons) for pair in pairs):
        raise NoLabels("people are named in some rows and not in others")
    whose = named_by_pairs(([str(each) for each in (*pair.enrolled, pair.probe)], pair.same) for pair in pairs)
    return Pairs(
        tuple(replace(pair, persons=(whose[str(pair.enrolled[0])], whose[str(pair.probe)])) for pair in pairs),
        named=False,
    )


def _refuse_two_names(found: Sequence[tuple[int, Pair]]) -> None:
    """One picture of two people is a mistake in one of the rows, and nobody knows in which."""
    names: dict[Path, str] = {}
    for line, pair in found:
        whose = {**dict.fromkeys(pair.enrolled, pair.persons[0]), pair.probe: pair.persons[1]}
        for picture_, name in whose.items():
            if names.setdefault(picture_, name) != name:
                raise NoLabels(f"line {line}: {picture_.name} is of {name} here and of {names[picture_]} above")
        if pair.same != (pair.persons[0] == pair.persons[1]):
            raise NoLabels(f"line {line}: same is {int(pair.same)}, and the people are {' and '.join(pair.persons)}")


def _pair(folder: Path, row: Mapping[str, str], line: int) -> Pair:
    names = [name.strip() for name in row["enrolled"].split(";")]
    if len(names) > MOST_REFERENCES:
        raise NoLabels(f"line {line}: more than {MOST_REFERENCES} enrolled pictures")
    if row["same"] not in SAME:
        raise NoLabels(f"line {line}: same is 0 or 1")
    pictures = [picture(folder, name, line) for name in (*names, row["probe"].strip())]
    if len({each.resolve() for each in pictures}) < len(pictures):
        raise NoLabels(f"line {line}: a picture beside itself")
    cohort, *persons = (row.get(name, "").strip() for name in OPTIONAL)
    return Pair(
        tuple(pictures[:-1]),
        pictures[-1],
        SAME[row["same"]],
        cohort,
        (persons[0], persons[1]),
    )


def tried(pairs: Sequence[Pair], faces: Mapping[Path, Raw], fit: Fit | None) -> list[Trial]:
    """The scores of all pairs that can be compared; every person is placed once."""
    known: dict[tuple[Path, ...], Place] = {}

    def place(pictures: tuple[Path, ...]) -> Place:
        if pictures not in known:
            known[pictures] = person(fit, [faces[each] for each in pictures])
        return known[pictures]

    return [
        Trial(compared(place(pair.enrolled), place((pair.probe,))), pair.same, *pair.persons, pair.cohort)
        for pair in pairs
        if _described(pair, faces) and not _copied(pair, faces)
    ]


def copies(pairs: Sequence[Pair], faces: Mapping[Path, Raw]) -> int:
    """How many pairs are left out since they hold one picture under two names: nobody's second photograph is so like the first."""
    return sum(_described(pair, faces) and _copied(pair, faces) for pair in pairs)


def _described(pair: Pair, faces: Mapping[Path, Raw]) -> bool:
    return all(each in faces for each in (*pair.enrolled, pair.probe))


def _copied(pair: Pair, faces: Mapping[Path, Raw]) -> bool:
    """The same picture gives the same descriptor, and no other does."""
    return len({faces[each].tobytes() for each in (*pair.enrolled, pair.probe)}) <= len(pair.enrolled)


def references(pairs: Sequence[Pair]) -> int:
    """How many pictures a person has in each pair; raises NoLabels where that differs: one threshold is not for both."""
    counts = {len(pair.enrolled) for pair in pairs}
    if len(counts) > 1:
        raise NoLabels(f"pairs with {sorted(counts)} enrolled pictures: a calibration is for one number of them")
    return counts.pop()
