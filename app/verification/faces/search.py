"""Whom does a face resemble among many? Candidates for a person to look at, nothing more: twins are honest (R76, R94).

With N enrolled about N × FMR strangers resemble a face, so only those of the same sex and about the same age are searched.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.core.ids import FaceId, PersonId

Matrix = npt.NDArray[np.float32]
YEARS_APART = 1
"""Of birth: whoever comes a second time under another number seldom changes their age by more."""
MALE, FEMALE, UNSPECIFIED = "男", "女", "X"
SEXES = {MALE: MALE, FEMALE: FEMALE, "M": MALE, "F": FEMALE, UNSPECIFIED: UNSPECIFIED}
"""As documents print it (R37, R69): whoever comes again with a passport stands where their resident card put them."""
MOST_CANDIDATES = 5
"""That a person is shown; of more than these nobody could look at each."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody enrolled whose face is near."""

    person_id: PersonId
    value: float
    """A score where one was measured here, higher is nearer; else a distance."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on somebody is a candidate, in the policy's words."""

    distance: float
    """At most, where no calibration says what a score is worth."""
    strangers: float
    """As many as may be found beside an honest applicant, by the FMR that was measured."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where each person of a block lies in the population that was learned, by as many photographs as a calibration covers."""

    persons: tuple[PersonId, ...]
    at: Matrix
    """(n, d) float32, each of length 1."""
    strangers_mean: npt.NDArray[np.float32]
    strangers_spread: npt.NDArray[np.float32]
    references: npt.NDArray[np.int64]
    """How many photographs of each."""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """The enrolled faces of one sex and year, unsealed, as one model describes them."""

    faces: tuple[FaceId, ...]
    persons: tuple[PersonId, ...]
    descriptors: Matrix
    """(n, 128) float32, a row for each of `faces`; those of one person follow each other."""
    squares: npt.NDArray[np.float32]
    """Of each row's length."""
    starts: npt.NDArray[np.int64]
    """Where each person's begin."""
    places: Places | None = None
    """Where a calibration says what a score is worth."""


def block_of(sex: str, birth: str) -> str | None:
    """The block a person stands in, of their sex and ISO date of birth; None: a document that says not both."""
    known = SEXES.get(sex)
    return f"{known}/{birth[:4]}" if known and birth[:4].isdecimal() and len(birth) == 10 else None


def blocks_around(sex: str, birth: str) -> tuple[str, ...]:
    """The blocks to search for somebody; none where their document says too little.

    A document that leaves the sex open may be anybody's, and anybody's other one may have been such.
    """
    if block_of(sex, birth) is None:
        return ()
    known, year = SEXES[sex], int(birth[:4])
    sexes = (MALE, FEMALE, UNSPECIFIED) if known == UNSPECIFIED else (known, UNSPECIFIED)
    return tuple(f"{one}/{each:04}" for one in sexes for each in range(year - YEARS_APART, year + YEARS_APART + 1))


def block(descriptors: Mapping[FaceId, tuple[PersonId, bytes]]) -> Block:
    """The faces side by side."""
    ordered = sorted(descriptors.items(), key=lambda item: (item[1][0], item[0]))
    persons = tuple(person for _, (person, _) in ordered)
    rows = [np.frombuffer(octets, "<f4") for _, (_, octets) in ordered]
    stacked = np.stack(rows).astype(np.float32) if rows else np.zeros((0, 128), np.float32)
    starts = [at for at, person in enumerate(persons) if at == 0 or persons[at - 1] != person]
    squares = np.einsum("ij,ij->i", stacked, stacked, dtype=np.float32)
    return Block(tuple(face for face, _ in ordered), persons, stacked, squares, np.array(starts, np.int64))


def nearest(probe: bytes, blocks: Sequence[Block], *, most: float) -> tuple[Candidate, ...]:
    """Who is at most so far, the nearest first; each person once, by the mean of their photographs, never the least."""
    given = np.frombuffer(probe, "<f4").astype(np.float32)
    found = [candidate for each in blocks for candidate in _near(given, each, most)]
    return tuple(sorted(found, key=lambda each: each.value)[:MOST_CANDIDATES])


def _near(given: Matrix, searched: Block, most: float) -> list[Candidate]:
    """A person's photographs all stand in one block, side by side."""
    if not searched.faces:
        return []
    # |a - b|² = |a|² - 2ab + |b|²: one product, and no second matrix as large as the first. In this thread alone: those
    # that `@` would wake spin while they wait for each other, which on two busy cores took six times the CPU.
    products = np.einsum("ij,j->i", searched.descriptors, given)
    squares = searched.squares - 2 * products + given @ given
    distances = np.sqrt(np.maximum(squares, 0))
    starts = searched.starts
    counts = np.diff(np.append(starts, len(distances)))
    means = np.add.reduceat(distances, starts) / counts
    near = np.flatnonzero(means <= most)
    return [Candidate(searched.persons[starts[at]], float(means[at])) for at in near]
