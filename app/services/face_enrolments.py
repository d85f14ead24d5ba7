"""Which photographs is a subscriber known again by? Enrolled where they are good and of the same person, erased on a word."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from app.core import ids
from app.core.audit import Actor
from app.core.entropy import Entropy
from app.core.ids import FaceId, ImageId
from app.core.refusal import Unavailable
from app.gateways.vision import LookedAt, Vision
from app.services import face_search, first_face
from app.services.callers import ClientCaller
from app.services.enrolled_faces import (
    RETRY_AFTER_SECONDS,
    agreed,
    described,
    held,
    look,
    place_of,
    quality_of,
    subscribed,
)
from app.services.journal import Act, Detail, Journal
from app.services.places import Places
from app.services.policies import Policies
from app.services.proofings import Answer
from app.services.refused_faces import count_refusals
from app.services.vault import PersonVault, Sealed, Vault
from app.storage.faces import SealedFace
from app.storage.work import Work
from app.verification.faces.compared import Comparison, compare
from app.verification.faces.counting import counts_of
from app.verification.faces.reference import Reference, Source
from app.verification.faces.weighing import DOC_SELFIE, SELFIE_SELFIE, Judged
from app.verification.findings.face_gate import gate_findings, near
from app.verification.notices import notice
from app.verification.policy import Policy
from app.verification.proofing import Consent, Move, Proofing, Purpose, standing
from app.verification.reasons import Outcome, Reason, ReasonCode
from app.verification.thresholds import Thresholds

ENROLMENT = "face_enrolment"
AT_ONCE = 16
"""Requests with photographs held in memory by one process, each of 15 MB at most."""
OTHER_PERSON = frozenset({ReasonCode.FACE_DIFFERS, ReasonCode.FACE_DOUBTFUL})
"""Whoever could enrol another's face could come in as them."""

Read = Callable[[], Awaitable[Mapping[int, bytes]]]


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A photograph that was not enrolled, and why."""

    slot: int
    findings: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class EnrolledFaces:
    """What a subscriber is known again by."""

    references: tuple[Reference, ...]
    consented: bool
    turned_away: tuple[TurnedAway, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Anchor:
    """The picture that a first face must resemble, as it was looked at."""

    image_id: ImageId
    kind: str
    seen: LookedAt

    def likened(self, limits: Thresholds) -> "_Known":
        """An empty descriptor: no face is seen there, or on a page another than the portrait, and nobody is like that."""
        unclear = self.kind == DOC_SELFIE and near(self.seen.shown, limits) != 1
        return _Known((b"" if unclear else self.seen.descriptor,), self.kind)


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    """Descriptors of the person, and of what they are."""

    descriptors: tuple[bytes, ...] = ()
    kind: str = SELFIE_SELFIE

    def and_taken(self, descriptor: bytes) -> "_Known":
        """Beside a photograph that is like them; a printed portrait, small and old, has then said what it can."""
        return _Known((*(() if self.kind == DOC_SELFIE else self.descriptors), descriptor))


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    taken: dict[int, LookedAt]
    turned_away: tuple[TurnedAway, ...]
    scores: tuple[Comparison, ...]


class FaceEnrolments:
    """The enrolled faces of subscribers, for the bank's own clients."""

    def __init__(
        self, journal: Journal, vault: Vault, vision: Vision, policies: Policies, entropy: Entropy, judged: Judged
    ) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._vision = vision
        self._policies = policies
        self._entropy = entropy
        self._by = judged
        self._places = Places(AT_ONCE)

    async def enrol(self, caller: ClientCaller, subscriber_id: str, read: Read) -> EnrolledFaces:
        """Photographs by slot, each in place of what stands there; one that is poor or of somebody else is turned away."""
        async with self._journal.act("face.enrol", caller.actor(), object_id=subscriber_id) as act:
            async with self._database.work() as work:
                proofing = await agreed(work, subscriber_id)
                act.subject = proofing.person_id
                standing_by, octets = await self._proofed(work, proofing, act)
            with self._places.taken(subscriber_id):
                given = dict(sorted((await read()).items()))
                looked = await asyncio.gather(*(look(self._vision, each) for each in given.values()))
                anchor = None
                if standing_by is not None:
                    anchor = _Anchor(standing_by.image.id, standing_by.kind, await look(self._vision, octets))
                return await self._enrol(act, subscriber_id, given, dict(zip(given, looked, strict=True)), anchor)

    async def read(self, caller: ClientCaller, subscriber_id: str) -> EnrolledFaces:
        """Which there are: figures and dates; no pictures, no descriptors."""
        async with self._journal.act("face.read", caller.actor(), object_id=subscriber_id) as act:
            async with self._database.work() as work:
                subscriber = await subscribed(work, subscriber_id)
                act.subject = subscriber.id
                consents = await work.consents.of(subscriber.proofing_id)
                references = await work.faces.of(subscriber.id)
                await act.record(work, count=len(references))
        return EnrolledFaces(references, standing(Purpose.FACE_ENROLMENT, consents) is True)

    async def erase(self, caller: ClientCaller, subscriber_id: str) -> EnrolledFaces:
        """Take every photograph away; the consent stands until it is withdrawn. Raises Unavailable while new ones come in."""
        async with self._journal.act("face.erase", caller.actor(), object_id=subscriber_id) as act:
            with self._places.alone(subscriber_id):
                async with self._database.work() as work:
                    proofing = await held(work, subscriber_id)
                    act.subject = proofing.person_id
                    let_go = await first_face.let_go(work, proofing, Purpose.FACE_ENROLMENT)
                    await act.record(work, None, **let_go)
                    return await _shown(work, proofing)

    async def answer(self, caller: ClientCaller, subscriber_id: str, answer: Answer) -> EnrolledFaces:
        """The subscriber's answer to a notice; a no takes away what it covered in the unit it is written in (R97, R109).

        To the comparison with the document it is a no alone that can be said here: a yes was asked for at the proofing.
        Raises IllegalMove.
        """
        async with self._journal.act("face.answer_notice", caller.actor(), object_id=subscriber_id) as act:
            async with self._database.work() as work:
                proofing = await held(work, subscriber_id)
                act.subject = proofing.person_id
                text = notice(answer.purpose, answer.text_sha256)
                now = self._clock.now()
                if answer.purpose is Purpose.FACE:
                    proofing.move(Move.CONSENT if answer.given else Move.REFUSE_FACE, now=now)
                told = (answer.given, text.version, text.sha256, text.language, answer.channel, now)
                await work.consents.add(proofing, Consent(answer.purpose, *told))
                let_go: dict[str, Detail] = {}
                if answer.given:
                    person = await self._vault.person(work, proofing.person_id)
                    await face_search.place(work, self._vault, person, proofing, by=act.actor)
                else:
                    policy, by = await self._policies.in_force(work), act.actor
                    let_go = await first_face.withdraw(
                        work, self._vault, proofing, answer.purpose, policy, by=by, at=now
                    )
                facts = {"purpose": answer.purpose.value, "text_version": text.version}
                await act.record(work, None, given=answer.given, **facts, **let_go)
                return await _shown(work, proofing)

    async def _proofed(self, work: Work, proofing: Proofing, act: Act) -> tuple[first_face.Anchor | None, bytes]:
        """Where no face is enrolled, the picture of the proofing: a first face that is like nobody's binds anybody's."""
        found = None if await work.faces.of(proofing.person_id) else await first_face.anchor(work, proofing)
        if found is None:
            return None, b""
        person, image = await self._vault.person(work, proofing.person_id), found.image
        return found, await person.open(Sealed.IMAGE, image.id, image.sealed, by=act.actor, purpose=ENROLMENT)

    async def _known(
        self,
        work: Work,
        person: PersonVault,
        proofing: Proofing,
        anchor: _Anchor | None,
        model: str,
        limits: Thresholds,
        by: Actor,
    ) -> _Known:
        """What a photograph must resemble; raises Unavailable where that is another than was looked at."""
        if await work.faces.of(proofing.person_id):
            made = await described(work, person, proofing.person_id, model, by=by, purpose=ENROLMENT)
            return _Known(tuple(made.values()))
        found = await first_face.anchor(work, proofing)
        if (found and found.image.id) != (anchor and anchor.image_id):
            # What stood there was erased while a stranger's photograph was read at leisure: the next try is likened to what stands now.
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS)
        return _Known() if anchor is None else anchor.likened(limits)

    async def _enrol(
        self,
        act: Act,
        subscriber_id: str,
        given: Mapping[int, bytes],
        looked: Mapping[int, LookedAt],
        anchor: _Anchor | None,
    ) -> EnrolledFaces:
        """Judged and kept in one unit: what a photograph must resemble cannot change in between."""
        model = _one_model([*looked.values(), *([] if anchor is None else [anchor.seen])])
        async with self._database.work() as work:
            # Asked again: consent may have been withdrawn while the photographs were being looked at.
            proofing = await agreed(work, subscriber_id)
            policy = await self._policies.asked_for(work)
            person = await self._vault.person(work, proofing.person_id)
            known = await self._known(work, person, proofing, anchor, model, policy.thresholds, act.actor)
            judged = _judged(looked, known, model, policy, self._by)
            for slot, face in judged.taken.items():
                await work.faces.put(self._sealed(person, proofing, slot, given[slot], face))
            await face_search.place(work, self._vault, person, proofing, by=act.actor)
            for each in judged.turned_away:
                counts = counts_of(each.findings)
                await count_refusals(work, self._vault, counts, proofing.person_id, by=act.actor, at=self._clock.now())
            await act.record(
                work,
                slots=" ".join(map(str, judged.taken)),
                turned_away=" ".join(f"{e.slot}:{r.code}" for e in judged.turned_away for r in e.findings),
                scores=" ".join(f"{each.score:.4f}" for each in judged.scores),
                likened_to=sum(1 for each in known.descriptors if each),
                likened_by=known.kind,
                model=model,
                calibration=" ".join(dict.fromkeys(each.calibration for each in judged.scores)) or None,
            )
            shown = await _shown(work, proofing)
        return EnrolledFaces(shown.references, shown.consented, judged.turned_away)

    def _sealed(
        self, person: PersonVault, proofing: Proofing, slot: int, octets: bytes, looked: LookedAt
    ) -> SealedFace:
        face_id = FaceId(ids.named("fac", self._entropy.draw(ids.NONCE_BYTES)))
        facts = (quality_of(looked.shown), self._clock.now(), (looked.model,))
        return SealedFace(
            Reference(face_id, proofing.person_id, slot, Source.ENROLMENT, *facts),
            person.seal(Sealed.REFERENCE, face_id, octets),
            looked.model,
            person.seal(Sealed.DESCRIPTOR, place_of(face_id, looked.model), looked.descriptor),
        )


def _judged(looked: Mapping[int, LookedAt], known: _Known, model: str, policy: Policy, by: Judged) -> _Judged:
    """Each must be good, and like those that are there, those that are replaced too, and those taken before it."""
    taken, turned_away, scores, alike = {}, [], [], known
    for slot, face in looked.items():
        findings = gate_findings(face.shown, policy.thresholds)
        if not findings and not all(alike.descriptors):
            findings = (Reason(ReasonCode.FACE_NOT_COMPARED, Outcome.REFER),)
        if not findings and alike.descriptors:
            compared = compare(face.descriptor, alike.descriptors, model, policy, by, alike.kind)
            scores.append(compared)
            findings = tuple(reason for reason in compared.reasons if reason.code in OTHER_PERSON)
        if findings:
            turned_away.append(TurnedAway(slot, findings))
            continue
        taken[slot] = face
        alike = alike.and_taken(face.descriptor)
    return _Judged(taken, tuple(turned_away), tuple(scores))


def _one_model(looked: Sequence[LookedAt]) -> str:
    """The model that saw them all; while processes change from one to another: later."""
    models = {each.model for each in looked}
    if len(models) != 1:
        raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS)
    return models.pop()


async def _shown(work: Work, proofing: Proofing) -> EnrolledFaces:
    consents = await work.consents.of(proofing.id)
    return EnrolledFaces(await work.faces.of(proofing.person_id), standing(Purpose.FACE_ENROLMENT, consents) is True)
