"""Which forgeries do the signals see, and whom do they suspect? `python -m benchmarks.authenticity [FROM] [COUNT] [SPECIES…]`.

APCER for each species and BPCER for each signal with Wilson's intervals (R87, R88), on the tests' own drawings: synthetic
specimens, so plumbing and not accuracy. Seeds below 500 were used for tuning; judge from 12040, for signs were set and judged below. What was measured is kept in
`data/bench-authenticity.json`, so that a run may be cut in pieces.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import cv2

from app.verification.documents.accuracy import Share
from app.verification.documents.authenticity.measuring import authenticity_measures
from app.verification.examination import CardView, Kind, Measure, Side
from app.verification.findings.authenticity import LEAST, MOST, authenticity_findings
from app.verification.policy import parse_policy
from app.verification.reasons import ReasonCode
from app.verification.thresholds import Thresholds
from tests.verification.card_shots import EMBLEM, Shot, honest, plain
from tests.verification.pasted_jpegs import number_of_another_jpeg, portrait_of_another_jpeg
from tests.verification.presentation_attacks import SPECIES as DRAWN

KEPT = Path("data/bench-authenticity.json")
POLICY = Path(__file__).parents[1] / "app" / "verification" / "policies" / "production-1.toml"
HONEST: Mapping[str, Callable[[int], Shot]] = {
    "honest": honest,
    "honest emblem": lambda seed: honest(seed, EMBLEM),
    "plain": plain,
    "plain emblem": lambda seed: plain(seed, EMBLEM),
}
"""As the tests take them, and as the specimens' own capture does, for the sandbox."""
SPECIES: Mapping[str, Callable[[int], Shot]] = {
    **DRAWN,
    "portrait of another JPEG": portrait_of_another_jpeg,
    "number of another JPEG": number_of_another_jpeg,
}
AIMED_AT = {
    "screen, its grid alone": (ReasonCode.RECAPTURE_PATTERN, ReasonCode.RECAPTURE_FRINGES),
    "screen with its frame": (ReasonCode.RECAPTURE_FRAME,),
    "screen with refresh bands": (ReasonCode.RECAPTURE_BANDS,),
    "grey copy": (ReasonCode.COPY_COLOURLESS,),
    "grey copy of the emblem": (ReasonCode.COPY_EMBLEM_PALE,),
    "toner copy": (ReasonCode.COPY_DOTS, ReasonCode.RECAPTURE_PATTERN),
    "digit printed anew": (ReasonCode.DIGITS_UNEVEN,),
    "digit painted over": (ReasonCode.NOISE_DIFFERS,),
    "portrait glued over": (ReasonCode.PORTRAIT_EDGED,),
    "portrait pasted in": (ReasonCode.PORTRAIT_NOISE_DIFFERS,),
    "portrait of another JPEG": (ReasonCode.COMPRESSION_DIFFERS,),
    "number of another JPEG": (ReasonCode.COMPRESSION_DIFFERS,),
}
"""Species → the signals that are meant for it; another that fires is luck and is counted apart."""
GOOD = CardView(
    found=True,
    kind=Kind.RESIDENT_CARD,
    seen=Side.PORTRAIT,
    blur=80,
    glare=0,
    brightness=170,
    width_px=1200,
    edge_cut=False,
    specimen=False,
)
"""Poor pictures are not judged at all, and none of these is one."""
Scores = dict[str, dict[str, list[tuple[str, float]]]]


def main() -> None:
    """Measure what is not yet kept, then tell all that is."""
    cv2.setNumThreads(1)
    first, count = int((sys.argv[1:2] or ["1000"])[0]), int((sys.argv[2:3] or ["100"])[0])
    kept: Scores = defaultdict(dict)
    kept.update(json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {})
    for species in sys.argv[3:] or (*HONEST, *SPECIES):
        make = {**HONEST, **SPECIES}[species]
        missing = [seed for seed in range(first, first + count) if str(seed) not in kept.get(species, {})]
        taken = [_measured(kept[species], make, seed) for seed in missing]
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(kept), "utf-8")
        if taken:
            print(f"{species}: {len(taken)} measured, {1000 * sum(taken) / len(taken):.0f} ms of CPU each", flush=True)
    wanted = {str(seed) for seed in range(first, first + count)}
    for line in report({name: {s: m for s, m in of.items() if s in wanted} for name, of in kept.items()}):
        print(line)


def _measured(kept: dict[str, list[tuple[str, float]]], make: Callable[[int], Shot], seed: int) -> float:
    """Seconds of CPU that it took."""
    shot = make(seed)
    before = time.process_time()
    measures = authenticity_measures(
        shot.canvas,
        shot.places,
        shot.portrait,
        shot.photograph,
        outline=shot.outline,
        kind="resident_card",
        side=shot.side,
    )
    spent = time.process_time() - before
    kept[str(seed)] = [(measure.code.value, measure.score) for measure in measures]
    return spent


def report(kept: Scores) -> Iterator[str]:
    """APCER by species, BPCER by signal."""
    limits = parse_policy(POLICY.read_text("utf-8")).thresholds
    fired = {name: [_fired(measures, limits) for measures in of.values()] for name, of in kept.items()}
    apcer: dict[str, float] = {}
    for species, aimed in AIMED_AT.items():
        shots = fired.get(species, [])
        missed = Share(sum(not codes & set(aimed) for codes in shots), len(shots))
        by_none = Share(sum(not codes for codes in shots), len(shots))
        apcer[species] = missed.hits / max(missed.count, 1)
        yield f"APCER {species:28s} {_told(missed)}   by no signal at all {_told(by_none)}"
    yield f"worst species: {max(apcer, key=lambda name: apcer[name])}"
    for name in HONEST:
        shots = fired.get(name, [])
        for code in (*MOST, *LEAST):
            yield f"BPCER {name:14s} {code.value:24s} {_told(Share(sum(code in codes for codes in shots), len(shots)))}"
        yield f"BPCER {name:14s} {'any of them':24s} {_told(Share(sum(bool(codes) for codes in shots), len(shots)))}"


def _fired(measures: list[tuple[str, float]], limits: Thresholds) -> set[ReasonCode]:
    view = replace(GOOD, measures=tuple(Measure(ReasonCode(code), score) for code, score in measures))
    return {reason.code for reason in authenticity_findings(view, Kind.RESIDENT_CARD, Side.PORTRAIT, limits)}


def _told(share: Share) -> str:
    low, high = share.interval
    return f"{share.hits:3d}/{share.count:3d} = {100 * share.hits / max(share.count, 1):5.1f} % ({100 * low:.1f} to {100 * high:.1f})"


if __name__ == "__main__":
    main()
