"""Which few changes make a zone hold, and are they the only ones? R65, R66.

A place whose character is not of its field's alphabet must change. A number or optional field, mixed of letters and
digits, may change where that sets a wrong check digit right, never blindly. A way to correct that contains a shorter
one is none of its own: the longer changes what did not need it.

Bounds: two changes among at most 35 mixed places of at most three look-alikes, found through the sums of the check
digits, not by trying pairs; at most TRIED pairs are looked at in full.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, cycle, islice, product

from app.verification.documents.mrz.digits import VALUES, WEIGHTS
from app.verification.documents.mrz.fields import fields_of
from app.verification.documents.mrz.shapes import (
    ALPHABET,
    LAYOUTS,
    STATES,
    Guard,
    Part,
    Shape,
    alphabets,
    guards,
    number_places,
    optional_places,
    part_of,
)
from app.verification.documents.mrz.states import KNOWN, state_code

MOST_CHANGES = 2
"""R66."""
ENOUGH = 2
"""Ways to correct that are looked for: two are a doubt."""
TRIED = 200
"""Pairs of changes looked at in full, for each way to fill the places that must change. No doubt is missed: at most 35
pairs contain a shorter way (a 6 that might be a G, R63), and of the others each stands or none does."""
LOOK_ALIKES = (
    dict.fromkeys("ODQ", "0")
    | {"I": "1", "B": "8", "S": "5", "Z": "2", "G": "6"}
    | {"0": "ODQ", "1": "I", "8": "B", "5": "S", "2": "Z", "6": "G"}
    | {"l": "1IL", "|": "1I"}
)
"""R65, and two marks no zone has that stand for upright strokes: what was seen → what it may have been."""

TWINS = {"0": "O", "O": "0", "1": "I", "I": "1"}
"""Of one shape in most faces: where one of them may stand the other may not, it is the one that may (R65). Seen of
RapidOCR on every third line, so they do not count among the two; told of all the same, for no digit guards a name."""

Change = tuple[int, str]
"""A place of the zone's text, and what it becomes."""
Changes = tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Sums:
    """The check digits of one text as sums modulo ten, each zero where its digit holds."""

    guards: tuple[Guard, ...]
    weights: tuple[dict[int, int], ...]
    """Per guard: place → what one unit of its character adds."""

    def of(self, text: str) -> tuple[int, ...]:
        """The sums of a text without foreign characters."""
        return tuple(sum(w * VALUES[text[at]] for at, w in weights.items()) % 10 for weights in self.weights)

    def moved(self, place: int, was: str, becomes: str) -> tuple[int, ...]:
        """What one change adds to each sum."""
        by = VALUES[becomes] - VALUES[was]
        return tuple(weights.get(place, 0) * by % 10 for weights in self.weights)


def told_apart(shape: Shape, text: str) -> Changes:
    """The twins that stand where only the other of them may; in a state's code where it is one's then (R70)."""
    allowed = alphabets(shape, text)
    wrong = ((place, TWINS.get(seen, "")) for place, seen in enumerate(text) if seen not in allowed[place])
    found = tuple((place, twin) for place, twin in wrong if twin and twin in allowed[place])
    after, parts = changed(text, found), LAYOUTS[shape].parts
    unknown = [parts[part] for part in STATES if state_code(part_of(shape, after, part)) not in KNOWN]
    return tuple(change for change in found if not any(change[0] in places for places in unknown))


def ways_to_correct(shape: Shape, text: str, *, told: Changes = (), at_most: int, today: date) -> list[Changes]:
    """`told` were changed in the text before. Up to ENOUGH sets of at most `at_most` changes under which everything holds; [()] where it holds as it is."""
    found: list[Changes] = []
    for changes in _candidates(shape, text, at_most):
        longer = any(set(shorter) <= set(changes) for shorter in found)
        if not longer and _stands(shape, changed(text, changes), (*told, *changes), today):
            found.append(changes)
        if len(found) == ENOUGH or found == [()]:
            break
    return found


def changed(text: str, changes: Changes) -> str:
    """The text with the changes made."""
    characters = list(text)
    for place, becomes in changes:
        characters[place] = becomes
    return "".join(characters)


def might_be(seen: str, alphabet: frozenset[str]) -> list[str]:
    """The characters of an alphabet that OCR may have taken for `seen`; a digit of another script has its value."""
    value = unicodedata.decimal(seen, None)
    alike = LOOK_ALIKES.get(seen, "") if seen.isascii() or value is None else str(value)
    return [character for character in alike if character in alphabet]


def _candidates(shape: Shape, text: str, at_most: int) -> Iterator[Changes]:
    """Sets of changes under which every character is allowed and every digit holds, the small ones first."""
    allowed = alphabets(shape, text)
    forced = [place for place, seen in enumerate(text) if seen not in allowed[place]]
    if len(forced) > at_most:
        return
    choices = [[(place, becomes) for becomes in might_be(text[place], allowed[place])] for place in forced]
    sums = _sums(shape, text)
    later: list[Iterator[Changes]] = []
    for chosen in product(*choices):
        so_far = changed(text, chosen)
        wrong = sums.of(so_far)
        if not any(wrong):
            yield chosen
            continue
        later.append(_completions(shape, so_far, sums, chosen, at_most - len(forced)))
    yield from chain.from_iterable(later)


def _completions(shape: Shape, text: str, sums: _Sums, chosen: Changes, more: int) -> Iterator[Changes]:
    """`chosen` and one or two changes in mixed fields that set the sums right."""
    missing = tuple(-value % 10 for value in sums.of(text))
    free = [(place, becomes) for place in _mixed_places(shape, text) for becomes in might_be(text[place], ALPHABET)]
    moved = {change: sums.moved(change[0], text[change[0]], change[1]) for change in free}
    if more >= 1:
        yield from ((*chosen, change) for change in free if moved[change] == missing)
    if more >= MOST_CHANGES:
        yield from islice(_pairs(moved, missing), TRIED)


def _pairs(moved: dict[Change, tuple[int, ...]], missing: tuple[int, ...]) -> Iterator[Changes]:
    by_move: dict[tuple[int, ...], list[Change]] = defaultdict(list)
    for change, move in moved.items():
        by_move[move].append(change)
    for change, move in moved.items():
        rest = tuple((wanted - made) % 10 for wanted, made in zip(missing, move, strict=True))
        yield from ((change, other) for other in by_move[rest] if other[0] > change[0])


def _mixed_places(shape: Shape, text: str) -> tuple[int, ...]:
    """Where letters and digits may stand both; only the sums say which of them to change."""
    second = LAYOUTS[shape].parts.get(Part.OPTIONAL_SECOND, range(0))
    return (*number_places(shape, text), *optional_places(shape, text), *second)


def _sums(shape: Shape, text: str) -> _Sums:
    found = guards(shape, text)
    weights = [dict(zip(guard.covered, cycle(WEIGHTS), strict=False)) for guard in found]
    for guard, of_guard in zip(found, weights, strict=True):
        of_guard[guard.place] = of_guard.get(guard.place, 0) - 1
    return _Sums(found, tuple(weights))


def _stands(shape: Shape, text: str, changes: Changes, today: date) -> bool:
    """Its fields can be understood, and a state that was changed is one (R70): no digit would tell."""
    parts = LAYOUTS[shape].parts
    touched = [part for part in STATES if any(place in parts[part] for place, _ in changes)]
    known = all(state_code(part_of(shape, text, part)) in KNOWN for part in touched)
    return known and fields_of(shape, text, today=today) is not None
