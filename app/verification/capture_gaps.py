"""How long did the sides of one document take to arrive one after the other? R43."""

from collections.abc import Mapping
from datetime import datetime

from app.verification.examination import Kind, Side


def capture_gaps(arrived: Mapping[tuple[Kind, Side], datetime], *, asked_at: datetime) -> dict[Kind, float]:
    """Seconds between the first and the last side of each kind, of the sides that arrived since they were asked for.

    A side that stays from the submission before was measured in it beside the one it came with: how long somebody
    takes over the one better picture that we asked for tells nothing.
    """
    moments: dict[Kind, list[datetime]] = {}
    for (kind, _), at in arrived.items():
        if at >= asked_at:
            moments.setdefault(kind, []).append(at)
    return {kind: (max(each) - min(each)).total_seconds() for kind, each in moments.items() if len(each) > 1}
