"""Are two sides of one document measured beside each other, and nothing else? R43."""

from datetime import UTC, datetime, timedelta

import pytest

from app.verification.capture_gaps import capture_gaps
from app.verification.examination import Kind, Side

ASKED = datetime(2026, 11, 1, 3, tzinfo=UTC)
CARD, LICENCE = Kind.RESIDENT_CARD, Kind.DRIVING_LICENCE


def gaps(**seconds: float) -> dict[Kind, float]:
    """Of sides by name, each so many seconds after they were asked for."""
    of = {"portrait": CARD, "emblem": CARD, "main": LICENCE, "duplicate": LICENCE}
    arrived = {(of[name], Side(name)): ASKED + timedelta(seconds=at) for name, at in seconds.items()}
    return capture_gaps(arrived, asked_at=ASKED)


@pytest.mark.rule("R43")
def test_each_kind_is_measured_by_itself() -> None:
    assert gaps(portrait=0, emblem=60) == {CARD: 60.0}
    assert gaps(emblem=0, portrait=60, main=900) == {CARD: 60.0}
    assert gaps(portrait=0, emblem=60, main=900, duplicate=2000) == {CARD: 60.0, LICENCE: 1100.0}
    assert gaps(portrait=0, main=900) == {}


@pytest.mark.rule("R43", "R115")
def test_a_side_that_stays_from_the_submission_before_is_not_held_against_the_other() -> None:
    assert gaps(portrait=-0.001, emblem=900) == {}
    assert gaps(portrait=0, emblem=900) == {CARD: 900.0}
    assert gaps(portrait=-900, emblem=-60, main=5, duplicate=10) == {LICENCE: 5.0}
