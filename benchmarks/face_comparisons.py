"""What does comparing two photographs cost over HTTP, beside the two calls of the engine it is for? `python -m benchmarks.face_comparisons`.

Both sides in turn, in the same minutes. CPU time of the API, of the process that looks at faces and of PostgreSQL, to
10 ms over all comparisons together; and the time somebody waits, of which the client's own sending is a part.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import httpx

from app.assertion.client import ClientKind, Grant
from app.cli.clients import register
from app.gateways.vision.decoding import decode
from app.gateways.vision.face_choice import OURS
from app.gateways.vision.looker import load
from app.gateways.vision.messages import Looked, Task
from app.settings import Settings
from app.specimens.portraits import astronaut, grace_hopper, selfie
from benchmarks.faces import phone_photograph
from benchmarks.machine import API_CORE, House, cpu_seconds, family, house
from benchmarks.row import Row, at_most

COMPARISONS = 40
WARM_UP = 3
MARK = 1.3
Call = Callable[[], None]


@dataclass(slots=True)
class Spent:
    """Of one side, in seconds."""

    processor: float = 0.0
    waited: list[float] = field(default_factory=list)


def comparison_rows(ours: House, settings: Settings) -> Iterator[Row]:
    """Of photographs as a front end sends them, and of a phone's own."""
    selfies = selfie(astronaut(), 1), selfie(grace_hopper(), 2)
    phones = tuple(phone_photograph(decode(each).pixels[:, :, ::-1]) for each in selfies)
    with httpx.Client(base_url=settings.base_url, timeout=60, trust_env=False) as http:
        headers, consent = _caller(http, settings), _consent(http)
        for what, (one, other) in (("1.2", selfies), ("12", phones)):
            files = {"first": ("a.jpg", one), "second": ("b.jpg", other)}

            def over_http() -> None:
                answer = http.post("/v1/face-comparisons", files=files, data={"consent": consent}, headers=headers)  # noqa: B023  called at once
                if answer.raise_for_status().json()["score"] is None:
                    raise LookupError(answer.text)

            yield _row(what, *_in_turn(ours, over_http, _engine_calls(one, other)))


def _row(megapixels: str, ours: Spent, engine: Spent) -> Row:
    work = f"comparison of two photographs of {megapixels} megapixels over HTTP"
    waits = [f"{1000 * statistics.median(each.waited):.0f} ms" for each in (ours, engine)]
    how = f"CPU, mean of {COMPARISONS}; limit: two calls of the engine; waited, median: {waits[0]} of {waits[1]}"
    spent, could = (1000 * each.processor / COMPARISONS for each in (ours, engine))
    return at_most(work, spent, could, MARK, unit="ms", how=how)


def _in_turn(ours: House, over_http: Call, engine: Call) -> tuple[Spent, Spent]:
    for _ in range(WARM_UP):
        over_http()
        engine()
    asked, called = Spent(), Spent()
    begun = _house_seconds(ours)
    for _ in range(COMPARISONS):
        asked.waited.append(_waited(over_http))
        before = time.process_time()
        called.waited.append(_waited(engine))
        called.processor += time.process_time() - before
    asked.processor = _house_seconds(ours) - begun
    return asked, called


def _house_seconds(ours: House) -> float:
    """The API with its pools, and PostgreSQL."""
    _, postgres = ours.clocks()
    return sum(map(cpu_seconds, family(ours.api.pid))) + postgres


def _engine_calls(one: bytes, other: bytes) -> Call:
    _, handle = load(OURS)

    def call() -> None:
        for octets in (one, other):
            answer, _ = handle(Task.LOOK, (octets,))
            if not isinstance(answer, Looked) or not answer.shown.view.faces:
                raise LookupError("no face")

    return call


def _waited(call: Call) -> float:
    begun = time.monotonic()
    call()
    return time.monotonic() - begun


def _caller(http: httpx.Client, settings: Settings) -> dict[str, str]:
    facts = {"name": "Photographs", "kind": ClientKind.SERVICE, "purpose": "comparing photographs",
             "audiences": [settings.base_url], "scopes": ["faces:compare-pictures"],
             "grants": [Grant.CLIENT_CREDENTIALS]}  # fmt: skip
    client, secret = asyncio.run(register(settings, dict(facts)))
    pair = client.id, secret.reveal() if secret else ""
    answer = http.post("/oauth2/token", data={"grant_type": "client_credentials"}, auth=pair).raise_for_status()
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


def _consent(http: httpx.Client) -> str:
    notices = http.get("/v1/notices", params={"purpose": "face_comparison", "language": "en"}).raise_for_status()
    return str(notices.json()[0]["text_sha256"])


def main() -> None:
    """Start a house, measure and print."""
    cv2.setNumThreads(1)
    os.sched_setaffinity(0, {API_CORE})
    with house() as ours:
        for row in comparison_rows(ours, Settings()):
            met = "met" if row.met else "not met"
            print(f"{row.work}: {row.ours} of {row.limit}, {row.ratio:.2f} {row.wanted}, {met}; {row.how}")


if __name__ == "__main__":
    main()
