"""How is a change of face models run and told? What was left and what is covered, as a document."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from app.building import ground
from app.cli._face_files import choice_of
from app.gateways.vision.pooled import Lookers
from app.services.face_re_enrolment import CoverageReport, FaceReEnrolment, NotCovered

if TYPE_CHECKING:
    from app.settings import Settings


async def re_enrolled(settings: "Settings", processes: int, *, drop_older: bool) -> tuple[dict[str, Any], bool]:
    """The report, and whether every photograph is covered."""
    base = await ground(settings)
    try:
        async with Lookers(processes, choice_of(settings)) as lookers:
            passage = FaceReEnrolment(base.journal, base.vault, lookers, lookers.model)
            left = await _described(passage)
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


async def _described(passage: FaceReEnrolment) -> Counter[str]:
    """How many were not, by why."""
    left: Counter[str] = Counter()
    async for step in passage.run():
        if not step.described:
            left[step.why] += 1
    return left


def written(report: CoverageReport, left: Counter[str], dropped: int | None) -> dict[str, Any]:
    """The report as a document."""
    return {
        "model": report.model,
        "faces": {"covered": report.covered.faces, "total": report.total.faces},
        "persons": {"covered": report.covered.persons, "total": report.total.persons},
        "not_described": dict(left),
        "older_models": {model: {"faces": each.faces, "persons": each.persons} for model, each in report.older.items()},
        "dropped_descriptors": dropped,
    }
