"""How fast is a face found among a hundred thousand? `python -m benchmarks.face_search [REFERENCES]`.

Real PostgreSQL, real keys: every reference sealed under its person's own key, the three blocks beside three empty ones that one search looks into
(a sex, a year and its neighbours) filled evenly. The first search unseals them cold, the others find them warm; each with
all that a worker does for it, the event in the log included. The faces are random numbers: nobody resembles anybody.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import numpy as np
import psycopg

from app.assertion.client import ClientKind, Grant
from app.building import Ground, ground
from app.core.audit import Actor, ActorKind
from app.core.ids import FaceId, PersonId
from app.gateways.sealing import seal
from app.services.clients import Clients
from app.services.enrolled_faces import place_of
from app.services.face_search import FaceSearch, Searched
from app.services.vault import Sealed, Use
from app.settings import Settings
from app.verification.faces.search import Limits, blocks_around
from benchmarks.machine import OTHER_CORE, house, pss_octets
from benchmarks.row import Row, at_most

REFERENCES: Final = 100_000
SEARCHES: Final = 300
MARK_MS: Final = 50.0
MODEL: Final = "bench@1"
SEX, BIRTH = "女", "1990-06-15"
SPREAD: Final = 0.12
"""Of each of the 128 numbers: a descriptor's length is about 1.4, as the network's are."""
CLIENT: Final = {"name": "Search", "kind": ClientKind.KIOSK, "purpose": "enrolling", "scopes": ["proofing:create"],
                 "grants": [Grant.CLIENT_CREDENTIALS]}  # fmt: skip
US: Final = Actor(ActorKind.SYSTEM, "bench")
COLUMNS: Final = {
    "persons": "id, wrapped_key, created_at",
    "proofings": "id, person_id, client_id, state, language, applicant_token_index, created_at, changed_at, expires_at",
    "subscribers": ("id, proofing_id, state, ial, ial_missing, language, sealed_attributes, number_index, created_at"),
    "face_references": "id, person_id, slot, source, sealed_image, quality, block_index, taken_at",
    "face_descriptors": "reference_id, model, sealed_descriptor, made_at",
}


class Spent(NamedTuple):
    """Of one search."""

    waited: float
    processor: float


def search_rows(settings: Settings, references: int = REFERENCES) -> Iterator[Row]:
    """A warm search beside its mark; the cold one stated."""
    held = pss_octets(os.getpid())
    cold, warm = asyncio.run(_searched(settings, references))
    grown = (pss_octets(os.getpid()) - held) / 2**20
    among = f"{references:,} references under as many persons' keys, three blocks beside three empty ones"
    waited = sorted(1000 * each.waited for each in warm)
    p99 = waited[int(0.99 * len(waited))]
    processor = 1000 * statistics.median(each.processor for each in warm)
    how = f"p99 of {len(warm)}, median {statistics.median(waited):.1f}, CPU {processor:.1f} ms; {among}"
    yield at_most("search among enrolled faces, warm", p99, MARK_MS, 1.0, unit="ms", how=how)
    each = 1e6 * cold.processor / references
    how = f"once; {cold.processor:.1f} s of CPU, {each:.0f} µs a reference, {grown:.0f} MB more; {among}"
    yield Row("the first search, unsealing", f"{cold.waited:.1f} s", "", None, "stated", True, "", how)


async def _searched(settings: Settings, references: int) -> tuple[Spent, list[Spent]]:
    base = await ground(settings)
    try:
        clients = Clients(base.journal, base.vault, base.entropy)
        client, _ = await clients.create(**CLIENT, audiences=[settings.base_url])  # type: ignore[arg-type]
        await asyncio.to_thread(_fill, base, settings.owner_url(), client.id, references)
        search, chance = FaceSearch(base.journal, base.vault), np.random.default_rng(1)
        cold = await _one(search, _descriptor(chance))
        return cold, [await _one(search, _descriptor(chance)) for _ in range(SEARCHES)]
    finally:
        await base.database.close()


async def _one(search: FaceSearch, descriptor: bytes) -> Spent:
    begun, spent = time.monotonic(), time.process_time()
    asked = Searched(descriptor, MODEL, SEX, BIRTH)
    await search.candidates(asked, limits=Limits(0.45, 0.1), by=US, subject=PersonId("per_nobody"))
    return Spent(time.monotonic() - begun, time.process_time() - spent)


def _descriptor(chance: np.random.Generator) -> bytes:
    return (SPREAD * chance.standard_normal(128)).astype("<f4").tobytes()


def _fill(base: Ground, owner_url: str, client_id: str, references: int) -> None:
    """Subscribers who agreed to be searched among, one photograph each."""
    chance, now = np.random.default_rng(0), datetime.now(UTC)
    later = now + timedelta(days=1)  # none is purged while it is searched among
    years = [
        name for name in blocks_around(SEX, BIRTH) if name.startswith(SEX)
    ]  # hardly anybody's document leaves it open
    blocks = [base.vault.index(Use.FACE_BLOCK, name) for name in years]
    rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in COLUMNS}
    for number in range(references):
        person, case, face = (f"{kind}_bench{number}" for kind in ("per", "prf", "fac"))
        key = base.keys.new_person_key(PersonId(person), base.entropy)
        place = Sealed.DESCRIPTOR.at(place_of(FaceId(face), MODEL))
        sealed = seal(_descriptor(chance), key=key, place=place, entropy=base.entropy)
        index = number.to_bytes(8)
        rows["persons"].append((person, base.keys.wrap_person_key(key, base.entropy), now))
        rows["proofings"].append((case, person, client_id, "binding", "en", index, now, now, later))
        rows["subscribers"].append((person, case, "active", "none", [], "en", b"", index, now))
        rows["face_references"].append((face, person, 1, "enrolment", b"", "{}", blocks[number % len(blocks)], now))
        rows["face_descriptors"].append((face, MODEL, sealed, now))
    with psycopg.connect(owner_url, autocommit=True) as connection:
        for table, columns in COLUMNS.items():
            with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
                for row in rows[table]:
                    copy.write_row(row)
        connection.execute(b"VACUUM ANALYZE")  # as the database does by itself within minutes


def main() -> None:
    """Start a house, fill it, search and print."""
    os.sched_setaffinity(0, {OTHER_CORE})
    references = int(sys.argv[1]) if len(sys.argv) > 1 else REFERENCES
    with house():  # its database, and the load of what it does by itself
        for row in search_rows(Settings(), references):
            print(f"{row.work}: {row.ours} {row.limit and f'of {row.limit}, '}{row.wanted}; {row.how}")


if __name__ == "__main__":
    main()
