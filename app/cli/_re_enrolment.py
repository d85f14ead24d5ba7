"""How is a change of face models run and told? What was left and what is covered, as a document."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.building import ground
from app.cli._face_files import choice_of
from app.gateways.vision.pooled import Lookers
from app.services.face_re_enrolment import CoverageReport, FaceReEnrolment, NotCovered, Step

if TYPE_CHECKING:
    from app.settings import Settings

SHOWN = 20
"""Photographs named on a terminal."""


async def re_enrolled(settings: "Settings", processes: int, *, drop_older: bool) -> tuple[dict[str, Any], bool]:
    """The report, and whether every photograph is covered."""
    base = await ground(settings)
    try:
        async with Lookers(processes, choice_of(settings)) as lookers:
            passage = FaceReEnrolment(base.journal, base.vault, lookers, lookers.model)
            left = [step async for step in passage.run() if step.why_not]
            report = await passage.report()
            dropped = None
            if drop_older:
                try:
                    dropped = await passage.drop_older()
                except NotCovered:
                    dropped = 0
            return written(report, left, dropped), report.whole
    finally:
        await base.database.close()


def written(report: CoverageReport, left: Sequence[Step], dropped: int | None) -> dict[str, Any]:
    """The report as a document; `left`: what was not described, by a passing fault or so that it has to be taken anew."""
    return {
        "model": report.model,
        "faces": {"covered": report.covered.faces, "total": report.total.faces},
        "persons": {"covered": report.covered.persons, "total": report.total.persons},
        "not_described": dict(Counter(each.why_not for each in left)),
        "try_again": [_named(each) for each in left if each.passing],
        "to_enrol_anew": [_named(each) for each in left if not each.passing],
        "older_models": {model: {"faces": each.faces, "persons": each.persons} for model, each in report.older.items()},
        "dropped_descriptors": dropped,
    }


def shortened(document: dict[str, Any]) -> dict[str, Any]:
    """The same for a terminal: of those to try again and of those who have to enrol anew the first, and how many more there are."""
    named = {which: document[which] for which in ("try_again", "to_enrol_anew")}
    more = {which: len(each[SHOWN:]) for which, each in named.items()}
    return document | {which: each[:SHOWN] for which, each in named.items()} | {"and_more": more}


def _named(step: Step) -> dict[str, Any]:
    return {"subscriber": step.person_id, "slot": step.slot, "why": step.why_not}
