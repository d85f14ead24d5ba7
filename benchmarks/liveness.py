"""Who gets past the liveness challenge? `python -m benchmarks.liveness [PER_SPECIES [FIRST_SEED [socket | batches [ROUND_MS]]]]`.

Honest people and attacks, over a line of which a round takes so long.

Synthetic: plumbing, not accuracy. Two portraits on a drawn solid perform every session, and the attacks are the simplest of
their species; nothing here says how well people are told from masks, screens or trained forgeries.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

import app
from app.gateways.vision.face_choice import OURS
from app.gateways.vision.face_engines import filming
from app.gateways.vision.frame_reading import FrameEngine, read_frame
from app.specimens.impostures import IMPOSTURES
from app.specimens.performing import Brisk, Performer, Person
from app.verification.documents.accuracy import Share
from app.verification.faces.five_points import Box
from app.verification.faces.liveness.challenge import Challenge
from app.verification.faces.liveness.frame import FrameView
from app.verification.faces.liveness.judgement import Verdict
from app.verification.faces.liveness.judging import judge
from app.verification.policy import parse_policy
from app.verification.thresholds import Thresholds
from benchmarks.liveness_sessions import Line, Read, batched, session, windowed

POLICY: Final = Path(app.__file__).parent / "verification/policies/sandbox-1.toml"
PER_SPECIES: Final = 20
FIRST_SEED: Final = 1000
"""Thresholds were set on seeds below 500."""
HONEST: Final[Mapping[str, Callable[[int, int], Performer]]] = {"bona fide": Person, "bona fide, brisk": Brisk}
Play = Callable[[Performer, Read, Thresholds, int], Challenge]


def by_socket(line: Line | None) -> Play:
    """A page's session."""

    def play(performer: Performer, read: Read, limits: Thresholds, seed: int) -> Challenge:
        if line is None:
            return session(performer, read, limits, seed=seed)
        return windowed(performer, read, limits, seed=seed, line=line)

    return play


def by_batches(line: Line | None) -> Play:
    """A kiosk's."""
    usual = Line(up=100, down=50, look=25)

    def play(performer: Performer, read: Read, limits: Thresholds, seed: int) -> Challenge:
        return batched(performer, read, limits, seed=seed, line=line or usual)

    return play


CARRIERS: Final[Mapping[str, Callable[[Line | None], Play]]] = {"socket": by_socket, "batches": by_batches}
WORDS: Final = "synthetic: plumbing, not accuracy"


@dataclass(slots=True)
class Stopwatch:
    """CPU time of reading frames, without the drawing of them."""

    engine: FrameEngine
    seconds: float = 0.0
    frames: int = 0
    described: int = 0

    def read(self, jpeg: bytes, near: Box | None, wants_descriptor: bool) -> FrameView:  # noqa: FBT001  as the session asks
        """One frame; of those that are described the time is not counted: the reference network's is not ours."""
        begun = time.process_time()
        view = read_frame(self.engine, jpeg, near=near, wants_descriptor=wants_descriptor)
        if wants_descriptor:
            self.described += 1
        else:
            self.seconds += time.process_time() - begun
            self.frames += 1
        return view


def main(per_species: int, first_seed: int, carrier: str, line: Line | None) -> None:
    """Play all of it and print."""
    limits, watch = parse_policy(POLICY.read_text(encoding="utf-8")).thresholds, Stopwatch(filming(OURS))
    table = Table(
        title=f"Liveness: {per_species} sessions each by {carrier}, {line or 'the usual line'}, seeds from {first_seed} ({WORDS})"
    )
    for heading in ("presented", "taken for bona fide", "for an attack", "no response", "what was found"):
        table.add_column(heading)
    worst = 0.0
    for species, perform in _presented():
        seeds = range(first_seed, first_seed + per_species)
        verdicts, found = _played(CARRIERS[carrier](line), perform, watch, limits, seeds)
        table.add_row(*_row(species, verdicts, found))
        if species not in HONEST:
            worst = max(worst, verdicts[Verdict.BONA_FIDE] / per_species)
        print(species, dict(verdicts), dict(found), flush=True)
    Console(width=160).print(table)
    print(
        f"APCER, the worst species (R87): {worst:.1%}. Rule of three: 0 of {per_species} is below {3 / per_species:.0%}."
    )
    print(
        f"A frame that is not described: {1000 * watch.seconds / max(watch.frames, 1):.1f} ms of CPU ({watch.frames} frames)."
    )
    print(WORDS)


def _presented() -> Iterator[tuple[str, Callable[[int, int], Performer]]]:
    yield from HONEST.items()
    yield from IMPOSTURES.items()


def _played(
    play: Play, perform: Callable[[int, int], Performer], watch: Stopwatch, limits: Thresholds, seeds: range
) -> tuple[Counter[Verdict], Counter[str]]:
    verdicts: Counter[Verdict] = Counter()
    found: Counter[str] = Counter()
    for seed in seeds:
        challenge = play(perform(seed % 2, seed), watch.read, limits, seed)
        judgement = judge(challenge, limits, calibration="uncalibrated")
        verdicts[judgement.verdict] += 1
        found.update({finding.code.value.removeprefix("liveness_") for finding in judgement.findings})
    return verdicts, found


def _row(species: str, verdicts: Counter[Verdict], found: Counter[str]) -> tuple[str, ...]:
    shares = (_share(verdicts, verdict) for verdict in (Verdict.BONA_FIDE, Verdict.ATTACK, Verdict.NON_RESPONSE))
    return (species, *shares, ", ".join(f"{name} {count}" for name, count in found.most_common(5)))


def _share(verdicts: Counter[Verdict], verdict: Verdict) -> str:
    share = Share(verdicts[verdict], verdicts.total())
    low, high = share.interval
    return f"{share.hits}/{share.count} ({low:.0%} to {high:.0%})"


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:3]]
    count, first = given + [PER_SPECIES, FIRST_SEED][len(given) :]
    main(count, first, next(iter(sys.argv[3:]), "socket"), Line.of_round(int(sys.argv[4])) if sys.argv[4:] else None)
