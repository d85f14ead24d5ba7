"""What could not be read, and what does its applicant type instead? Asked with its picture, kept as typed, sealed (R40)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.services.callers import PresentingCaller
from app.services.examination_document import as_now, raw_of
from app.services.journal import Journal
from app.services.proofing_view import ProofingView, opened_by, viewed
from app.services.vault import Sealed, Vault
from app.storage.proofings import StoredProofing
from app.storage.work import Work
from app.verification.asked import FieldNotAsked
from app.verification.documents.validity import shanghai_day
from app.verification.examination import Kind
from app.verification.proofing import Move, State
from app.verification.typed import as_typed

TYPING = "typing"


@dataclass(frozen=True, slots=True)
class AskedField:
    """One field the applicant may type."""

    name: str
    """As `needed` names it."""
    raw: str
    """What was seen; empty: nothing."""
    crop: str | None
    """JPEG in base64; None: it was not found in the picture."""
    typed: bool


class TypedFields:
    """Fields of pictures that stay, typed by the applicant."""

    def __init__(self, journal: Journal, vault: Vault) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault

    async def read(self, caller: PresentingCaller, proofing_id: str) -> tuple[AskedField, ...]:
        """What is asked for now, each with its picture; each reading is an event."""
        async with self._journal.act("proofing.read_fields", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = opened_by(caller, await work.proofings.find(proofing_id), self._vault)
                act.subject = stored.proofing.person_id
                asked: Mapping[str, bytes | None] = {}
                if stored.proofing.seen(self._clock.now()).state is State.OPEN:
                    asked = await work.proofings.fields(stored.proofing.id)
                found = await self._found(work, caller, stored, asked) if asked else ()
                await act.record(work, fields=" ".join(asked))
                return found

    async def type(self, caller: PresentingCaller, proofing_id: str, given: Mapping[str, str]) -> ProofingView:
        """Keep what was typed; raises FieldNotAsked and what `as_typed` raises, and then nothing of it is kept."""
        async with self._journal.act("proofing.type_fields", caller.actor(), object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = opened_by(caller, await work.proofings.lock(proofing_id), self._vault)
                act.subject = stored.proofing.person_id
                now = self._clock.now()
                proofing = stored.proofing.move(Move.PRESENT, now=now)
                asked = await work.proofings.fields(proofing.id)
                if not given.keys() <= asked.keys():
                    raise FieldNotAsked(asked=", ".join(asked) or "-")
                person = await self._vault.person(work, proofing.person_id)
                typed = {name: _as_typed(name, text, shanghai_day(now)).encode() for name, text in given.items()}
                sealed = {
                    name: person.seal(Sealed.TYPED_FIELD, f"{proofing.id}/{name}", text) for name, text in typed.items()
                }
                await work.proofings.keep_fields(proofing.id, asked | sealed)
                await work.proofings.save(proofing)
                await act.record(work, fields=" ".join(given))
                return await viewed(work, proofing, now)

    async def _found(
        self, work: Work, caller: PresentingCaller, stored: StoredProofing, asked: Mapping[str, bytes | None]
    ) -> tuple[AskedField, ...]:
        document = {}
        if stored.sealed_examination is not None:
            person = await self._vault.person(work, stored.proofing.person_id)
            row, sealed = stored.proofing.id, stored.sealed_examination
            opened = await person.open(Sealed.EXAMINATION, row, sealed, by=caller.actor(), purpose=TYPING)
            document = as_now(json.loads(opened))
        own = {name: name.rpartition("/")[2] for name in asked}
        crops = document.get("crops", {})
        return tuple(
            AskedField(name, raw_of(document, own[name]), crops.get(own[name]), typed is not None)
            for name, typed in asked.items()
        )


def _as_typed(name: str, text: str, today: date) -> str:
    """As fields of the kind of document are spelled that the name begins with."""
    kind, _, field = name.split("/")
    return as_typed(field, text, Kind(kind.replace("-", "_")), today=today)
