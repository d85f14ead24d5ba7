"""How well are documents read? Counted by field against labels, with how far the counts can be trusted.

A field says right, wrong or nothing, and how sure it is. What harms is the wrong value that is called sure: it is counted
by itself. Intervals are Wilson's at 95 % (Wilson, J. Am. Stat. Assoc. 22, 1927); of no error in n the upper bound is
close to 3.8/n.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import sqrt

Z95 = 1.959964
"""Two-sided 95 % of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of one picture beside its label."""

    kind: str
    """Kind and side, as labelled."""
    field: str
    expected: str
    read: str | None
    """None: not understood."""
    sure: bool

    @property
    def exact(self) -> bool:
        """Letter by letter."""
        return self.read == self.expected


@dataclass(frozen=True, slots=True)
class Share:
    """A count out of a count, and the 95 % interval of the share behind it."""

    hits: int
    count: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's; all there is where nothing was counted."""
        if not self.count:
            return 0.0, 1.0
        share, spread = self.hits / self.count, Z95**2 / self.count
        middle = (share + spread / 2) / (1 + spread)
        half = Z95 / (1 + spread) * sqrt(share * (1 - share) / self.count + spread / (4 * self.count))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class FieldAccuracy:
    """One field of one kind over all its pictures."""

    kind: str
    field: str
    exact: Share
    characters: Share
    """Of the labels' characters, those that were read in their place."""
    sure: Share
    wrong_though_sure: Share
    """Of those that were sure."""


def accuracies(compared: Iterable[Compared]) -> tuple[FieldAccuracy, ...]:
    """Every field of every kind, in the order of their first picture."""
    groups: dict[tuple[str, str], list[Compared]] = {}
    for each in compared:
        groups.setdefault((each.kind, each.field), []).append(each)
    return tuple(_accuracy(kind, field, group) for (kind, field), group in groups.items())


def confusions(compared: Iterable[Compared]) -> Counter[tuple[str, str]]:
    """What was read for what: runs of characters that differ, `("", x)` for one too many, `(x, "")` for one too few."""
    found: Counter[tuple[str, str]] = Counter()
    for each in compared:
        if each.read is not None and not each.exact:
            found.update(_differing(each.expected, each.read))
    return found


def kind_confusions(pairs: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    """How often a labelled kind and side was taken for which, the right ones too."""
    return dict(sorted(Counter(pairs).items()))


def worst(compared: Sequence[Compared], most: int) -> list[int]:
    """The places of the worst: wrong though sure, then wrong, then not understood; the furthest from its label first."""

    def badness(at: int) -> tuple[int, float]:
        each = compared[at]
        grade = 0 if each.read is None else 2 if each.sure else 1
        return grade, -_likeness(each.expected, each.read or "")

    wrong = [at for at, each in enumerate(compared) if not each.exact]
    return sorted(wrong, key=badness, reverse=True)[:most]


def _accuracy(kind: str, field: str, group: Sequence[Compared]) -> FieldAccuracy:
    sure = [each for each in group if each.sure]
    characters = sum(len(each.expected) for each in group)
    in_place = sum(_matching(each.expected, each.read or "") for each in group)
    return FieldAccuracy(
        kind=kind,
        field=field,
        exact=Share(sum(each.exact for each in group), len(group)),
        characters=Share(in_place, characters),
        sure=Share(len(sure), len(group)),
        wrong_though_sure=Share(sum(not each.exact for each in sure), len(sure)),
    )


def _matching(expected: str, read: str) -> int:
    return sum(block.size for block in _match(expected, read).get_matching_blocks())


def _likeness(expected: str, read: str) -> float:
    return _match(expected, read).ratio()


def _differing(expected: str, read: str) -> Iterator[tuple[str, str]]:
    for what, i, j, k, m in _match(expected, read).get_opcodes():
        if what != "equal":
            yield expected[i:j], read[k:m]


def _match(expected: str, read: str) -> SequenceMatcher[str]:
    return SequenceMatcher(None, expected, read, autojunk=False)
