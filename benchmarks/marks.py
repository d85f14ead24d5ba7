"""How well are drawn documents read and judged? `python -m benchmarks.marks [PER_KIND]`: counts, shares, intervals.

300 of each kind take hours: each run goes on for ten minutes from where the last one stopped, and tells what it has.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

from rich.console import Console
from rich.table import Table

from app.specimens.names import Kind as Drawn
from app.specimens.varieties import Variety, variety_of
from app.verification.documents.accuracy import Share
from app.verification.findings.authenticity import LEAST, MOST
from benchmarks.pictures import Picture, pictures, wanted_count
from benchmarks.row import Row

PIECE_SECONDS: Final = 540.0
SAMPLE: Final = 10
"""Of each kind: one of every condition."""
SAMPLE_SECONDS: Final = 240.0
GATE: Final = frozenset(
    {
        "card_not_found", "wrong_document", "wrong_side", "card_blurred", "card_glare", "card_dark", "card_bright",
        "card_small", "card_edge_cut", "card_shadowed", "card_faint", "card_occluded", "card_tilted", "several_cards",
        "card_grainy", "card_compressed",
    }
)  # fmt: skip
"""What asks for a better picture."""
OWN: Final = {
    "blur": {"card_blurred"},
    "glare": {"card_glare"},
    "shadow": {"card_shadowed", "card_dark"},
    "uneven_light": {"card_shadowed", "card_dark"},
    "jpeg": {"card_compressed"},
    "noise": {"card_grainy"},
    "dark": {"card_dark"},
    "over_exposed": {"card_bright"},
    "shrunk": {"card_small"},
    "cut_at_edge": {"card_edge_cut"},
    "occluded": {"card_occluded"},
    "several_cards": {"several_cards"},
    "page_of_text": {"card_not_found"},
    "hand_drawn": {"card_not_found"},
}
"""Degradation → what should be said of it; where a picture shows no document any more, saying so is right too."""
SIGNS: Final = frozenset(code.value for code in (*MOST, *LEAST))
RULES: Final = frozenset({"number_check_wrong", "print_differs", "birth_differs", "sex_differs", "zone_broken"})
"""What tells an altered document by its own contradictions."""
DATES: Final = frozenset({"birth", "valid_from", "valid_to", "first_issue", "expiry"})
NAMES: Final = frozenset({"name", "latin_name", "chinese_name"})
CLOSED: Final = frozenset({"sex"})
WITH_ETHNICITY: Final = frozenset({(Drawn.RESIDENT_CARD, "portrait"), (Drawn.TEMPORARY_CARD, "portrait")})
"""Every one that is drawn prints one that the state lists."""
ALWAYS_DUE: Final = frozenset({"several_cards"})
"""A clerk reads the card among others too: what has to be said of the scene is due however many they are."""


def marks_rows(seen: Sequence[Picture]) -> Iterator[Row]:
    """The marks that have counts."""
    clerk = [each for each in seen if each.readable and each.family in {"", "capture", "scene"}]
    passed = [each for each in clerk if not GATE & set(each.findings)]
    yield _share("pictures a clerk can read that pass the gate", Share(len(passed), len(clerk)), 0.90)
    yield _share("identity number exact, of those", _exact(passed, lambda name: name == "number"), 0.99)
    wrong = [each for each in seen if _wrong_number_accepted(each)]
    yield _none("wrong identity number called sure", len(wrong), len(seen))
    yield _share("name exact", _exact(passed, NAMES.__contains__), 0.97)
    rare = [each for each in passed if each.kind == Drawn.RESIDENT_CARD and variety_of(each.seed) is Variety.RARE]
    yield _stated("of them with a rare character", _exact(rare, NAMES.__contains__))
    yield _share("address, by character", _by_character(passed, "address"), 0.98)
    yield _share("dates exact", _exact(passed, DATES.__contains__), 0.99)
    yield _share("sex exact", _exact(passed, CLOSED.__contains__), 0.99)
    cards = [each for each in passed if (each.kind, each.side) in WITH_ETHNICITY]
    listed = [each for each in cards if each.ethnicity_listed is True]
    yield _share("ethnicity read as one the state lists", Share(len(listed), len(cards)), 0.99)
    zones = [each for each in passed if "line_1" in each.fields]
    right = [each for each in zones if all(a == b for n, (a, b, _) in each.fields.items() if n.startswith("line_"))]
    yield _share("machine-readable zones, every line right", Share(len(right), len(zones)), 0.97)
    yield from _relied_on(seen)
    plain = [each for each in seen if not each.degradation]
    quiet = [each for each in plain if not GATE & set(each.findings)]
    yield _share("clean pictures of which nothing is said", Share(len(quiet), len(plain)), 0.97)
    yield from _told(seen)
    yield from _attacks(seen)


def _relied_on(seen: Sequence[Picture]) -> Iterator[Row]:
    """Zones that no person looks at; a corrected one is confirmed where what it says is called sure."""
    clean = [each for each in seen if each.state == "clean"]
    corrected = [each for each in seen if each.state == "corrected" and each.fields.get("number", ("", None, False))[2]]
    for work, zones in (("called clean", clean), ("corrected and confirmed", corrected)):
        lying = [each for each in zones if any(a != b for a, b, _ in each.fields.values())]
        yield _none(f"wrong field in a zone {work}", len(lying), len(zones))


def _told(seen: Sequence[Picture]) -> Iterator[Row]:
    """Whether each way of going wrong raises its own finding where it is due."""
    for degradation, own in OWN.items():
        always = degradation in ALWAYS_DUE
        due = [each for each in seen if each.degradation == degradation and (always or not each.readable)]
        if due:
            told = [each for each in due if (own | {"card_not_found"}) & set(each.findings)]
            whole = [each for each in due if each not in told and all(a == b for a, b, _ in each.fields.values())]
            where = "told" if always else "beyond a clerk, told"
            row = _share(f"{degradation} {where}", Share(len(told), len(due)), 0.95)
            yield replace(row, how=f"{row.how}; {len(whole)} untold were read all the same")


def _attacks(seen: Sequence[Picture]) -> Iterator[Row]:
    """APCER of each species by all signs together, and BPCER of pictures of originals (R87, R88); no mark is set for them."""
    for species in dict.fromkeys(each.degradation for each in seen if each.family == "attack"):
        shown = [each for each in seen if each.degradation == species]
        missed = [each for each in shown if not (SIGNS | RULES) & set(each.findings)]
        yield _stated(f"APCER of {species}", Share(len(missed), len(shown)))
    honest = [each for each in seen if each.readable and each.family in {"", "capture", "scene"}]
    suspected = [each for each in honest if SIGNS & set(each.findings)]
    yield _stated("BPCER, any sign", Share(len(suspected), len(honest)))


def _stated(work: str, share: Share) -> Row:
    return replace(_share(work, share, 0.0), wanted="stated", met=True)


def _exact(seen: Sequence[Picture], of: Callable[[str], bool]) -> Share:
    found = [a == b for each in seen for name, (a, b, _) in each.fields.items() if of(name)]
    return Share(sum(found), len(found))


def _by_character(seen: Sequence[Picture], field: str) -> Share:
    pairs = [each.fields[field] for each in seen if field in each.fields]
    blocks = (SequenceMatcher(None, a, b or "", autojunk=False).get_matching_blocks() for a, b, _ in pairs)
    return Share(sum(block.size for each in blocks for block in each), sum(len(a) for a, _, _ in pairs))


def _wrong_number_accepted(each: Picture) -> bool:
    printed, read, sure = each.fields.get("number", ("", None, False))
    return sure and read != printed and each.family != "attack"


def _share(work: str, share: Share, mark: float) -> Row:
    low, high = share.interval
    ours = share.hits / share.count if share.count else 0.0
    how = f"{share.hits} of {share.count}, 95 % {100 * low:.1f} to {100 * high:.1f}"
    return Row(
        work, f"{100 * ours:.1f} %", "", None, f"≥ {100 * mark:.0f} %", share.count > 0 and ours >= mark, "", how
    )


def _none(work: str, count: int, of: int) -> Row:
    return Row(work, str(count), "", None, "0", count == 0, "", f"of {of}")


def sample_rows() -> Iterator[Row]:
    """A sample's marks, for `make bench`: nothing is kept."""
    yield from marks_rows(list(pictures(SAMPLE, seconds=SAMPLE_SECONDS, kept=None)))


def main() -> None:
    """Go on for ten minutes, then tell."""
    per_kind = int((sys.argv[1:2] or ["300"])[0])
    seen = list(pictures(per_kind, seconds=PIECE_SECONDS))
    table = Table("mark", "measured", "wanted", "", "counts", title="drawn specimens: plumbing, not accuracy")
    for row in marks_rows(seen):
        table.add_row(row.work, row.ours, row.wanted, "✓" if row.met else "✗", row.how)
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    missing = wanted_count(per_kind) - len(seen)
    console.print(f"{missing} pictures are missing: run it again" if missing else "nothing is missing")


if __name__ == "__main__":
    main()
