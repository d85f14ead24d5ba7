"""Does a worker's memory stay flat over examinations of mixed sizes? `python -m benchmarks.memory [COUNT]`.

The real worker and its examiner, fed over HTTP. Many examinations are done in pieces of nine minutes: what was measured
is kept in `data/bench-memory.json`, and the same command goes on with a fresh worker until COUNT is reached.
"""

import io
import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
from PIL import Image

from app.cli.demo.parties import Registered
from app.settings import Settings
from app.specimens.applicant import Upload, honest_upload
from app.specimens.portraits import astronaut
from benchmarks import talk
from benchmarks.machine import OTHER_CORE, House, command_of, family, house, pss_octets
from benchmarks.row import Row, at_most

SAMPLE = 60
PIECE_SECONDS = 540.0
WARM_UP = 12
"""Each size three times: models have their buffers, allocators their arenas."""
SCALES = (1.0, 0.6, 1.6, 2.2)
MARK = 1.05
KEPT = Path("data/bench-memory.json")
Series = list[float]


def memory_row(ours: House, somebody: talk.Enrolled, *, count: int = SAMPLE) -> Row:
    """The last third beside the first, after warming up."""
    return judged([list(itertools.islice(samples(ours, somebody.kiosk), count))])


def judged(pieces: Sequence[Series]) -> Row:
    """Of several workers, the median of how each ended beside how it began, in MB."""
    found = [thirds(piece[WARM_UP:]) for piece in pieces if len(piece) >= 2 * WARM_UP]
    first, last = (statistics.median(each[which] for each in found) for which in (0, 1))
    done = sum(map(len, pieces))
    how = f"PSS of worker and examiner, {done} examinations of {len(SCALES)} sizes; limit: median of the first third"
    return at_most("worker's memory, median of the last third", last, first, MARK, unit="MB", how=how)


def samples(ours: House, kiosk: Registered) -> Iterator[float]:
    """After each examination, the proportional set size of the worker's tree in MB."""
    worker = next(pid for pid in family(ours.keeper) if "app.cli worker" in command_of(pid))
    with httpx.Client(base_url=Settings().base_url, timeout=120, trust_env=False) as http:
        for each in itertools.count():
            scale = SCALES[each % len(SCALES)]
            _examined(http, kiosk, _resized(honest_upload(each, date(2026, 11, 22), astronaut()), scale))
            yield sum(map(pss_octets, family(worker))) / 2**20


def thirds(series: Series) -> tuple[float, float]:
    """Medians of the first and the last third."""
    third = max(1, len(series) // 3)
    return statistics.median(series[:third]), statistics.median(series[-third:])


def _examined(http: httpx.Client, kiosk: Registered, upload: Upload) -> None:
    grant = {"grant_type": "client_credentials"}
    token = http.post("/oauth2/token", data=grant, auth=(kiosk.id, kiosk.secret or "")).json()["access_token"]
    bearer = {"authorization": f"Bearer {token}"}
    opened = http.post("/v1/proofings", json={}, headers=bearer).json()
    at, applicant = f"/v1/proofings/{opened['id']}", {"authorization": f"Bearer {opened['applicant_token']}"}
    for notice in http.get("/v1/notices", params={"language": "en"}).json():
        answer = {key: notice[key] for key in ("purpose", "text_sha256")} | {"given": True, "channel": "kiosk"}
        http.post(f"{at}/consents", json=answer, headers=applicant).raise_for_status()
    pictures = {"evidence/resident-card/portrait": upload.portrait_side, "evidence/resident-card/emblem": upload.emblem_side,
                "face": upload.face}  # fmt: skip
    for path, octets in pictures.items():
        http.put(f"{at}/{path}", content=octets, headers=applicant).raise_for_status()
    http.post(f"{at}/submission", headers=applicant).raise_for_status()
    while http.get(at, params={"wait": 20}, headers=applicant).json()["state"] == "examining":
        pass


def _resized(upload: Upload, scale: float) -> Upload:
    return replace(
        upload,
        portrait_side=scaled(upload.portrait_side, scale),
        emblem_side=scaled(upload.emblem_side, scale),
        face=scaled(upload.face, scale),
    )


def scaled(octets: bytes, scale: float) -> bytes:
    """The picture at another size."""
    with Image.open(io.BytesIO(octets)) as picture:
        size = round(picture.width * scale), round(picture.height * scale)
        made = io.BytesIO()
        picture.convert("RGB").resize(size).save(made, "JPEG", quality=92)
    return made.getvalue()


def main() -> None:
    """Measure until COUNT is reached or a piece is over; then say how it stands."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    pieces: list[Series] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    missing, end = wanted - sum(map(len, pieces)), time.monotonic() + PIECE_SECONDS
    if missing > 0:
        os.sched_setaffinity(0, {OTHER_CORE})
        with house() as ours:
            kiosk, piece = talk.enrol(Settings()).kiosk, []
            for found in itertools.islice(samples(ours, kiosk), missing):
                piece.append(found)
                KEPT.parent.mkdir(exist_ok=True)
                KEPT.write_text(json.dumps([*pieces, piece]), encoding="utf-8")
                if time.monotonic() > end:
                    break
        pieces.append(piece)
    row, done = judged(pieces), sum(map(len, pieces))
    print(f"{row.work}: {row.ours} of {row.limit}, {row.ratio:.3f} {row.wanted}; {row.how}")
    if done < wanted:
        print(f"{done} of {wanted} are done; the same command goes on")
    else:
        KEPT.unlink()


if __name__ == "__main__":
    main()
