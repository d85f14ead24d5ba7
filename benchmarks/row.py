"""What is one line of the table? A work, what we do of it, what could be done at most, and what was wanted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line."""

    work: str
    ours: str
    limit: str
    ratio: float | None
    """None: the figure is set beside its mark alone."""
    wanted: str
    met: bool
    peer: str
    """The best of the others, as measured on a quiet machine of this kind, per CPU second; empty: none was."""
    how: str


def at_least(work: str, ours: float, limit: float, mark: float, *, peer: str, how: str) -> Row:
    """A rate beside the limit's."""
    ratio = ours / limit
    return Row(work, f"{ours:,.0f} /s", f"{limit:,.0f} /s", ratio, f"≥ {mark:.2f}", ratio >= mark, peer, how)


def at_most(work: str, ours: float, limit: float, mark: float, *, unit: str, how: str, peer: str = "") -> Row:
    """An expense beside what may be spent."""
    ratio = ours / limit
    return Row(work, f"{ours:.2f} {unit}", f"{limit:.2f} {unit}", ratio, f"≤ {mark:.2f}", ratio <= mark, peer, how)
