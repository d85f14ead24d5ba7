"""Do the marks of reading count what they say they count?"""

from dataclasses import replace

import pytest

from benchmarks.marks import marks_rows
from benchmarks.pictures import Picture
from benchmarks.row import Row

CARD = Picture(
    kind="resident_card", side="portrait", seed=0, degradation="", readable=True, family="", found="resident_card/portrait",
    fields={"number": ("11010119900307002X", "11010119900307002X", True)}, ethnicity_listed=True, state="", findings=[],
    seconds=1.0,
)  # fmt: skip
PASSPORT = replace(CARD, kind="passport", side="data_page", found="passport/data_page", ethnicity_listed=None)
Fields = dict[str, tuple[str, str | None, bool]]
WRONG: Fields = {"number": ("L898902C3", "L898902C3", True), "sex": ("F", "M", True)}
DOUBTED: Fields = {name: (printed, seen, False) for name, (printed, seen, _) in WRONG.items()}


def row(work: str, *seen: Picture) -> Row:
    return next(each for each in marks_rows(seen) if each.work == work)


def test_an_ethnicity_that_was_not_read_counts_as_not_read() -> None:
    unread = replace(CARD, ethnicity_listed=None)
    found = row("ethnicity read as one the state lists", CARD, unread, PASSPORT)
    assert (found.ours, found.how[:6]) == ("50.0 %", "1 of 2")


def test_a_scene_is_told_though_a_clerk_reads_the_card_in_it() -> None:
    several = replace(CARD, degradation="several_cards", family="scene", findings=["several_cards"])
    found = row("several_cards told", several, replace(several, findings=[]))
    assert (found.ours, found.met) == ("50.0 %", False)


@pytest.mark.parametrize(
    ("state", "work"),
    [("clean", "wrong field in a zone called clean"), ("corrected", "wrong field in a zone corrected and confirmed")],
)
def test_a_wrong_field_that_nobody_looks_at_is_counted(state: str, work: str) -> None:
    lying = replace(PASSPORT, state=state, fields=WRONG)
    assert (row(work, lying).ours, row(work, PASSPORT).ours) == ("1", "0")
    assert row("wrong field in a zone corrected and confirmed", replace(lying, state="corrected", fields=DOUBTED)).met
