"""Which photographs is a subscriber known again by? Enrolled where they are good and of the same person, erased on a word."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from app.core import ids
from app.core.audit import Actor
from app.core.entropy import Entropy
from app.core.ids import FaceId
from app.core.refusal import Unavailable
from app.gateways.vision import LookedAt, Vision
from app.services import face_anchors, face_search, first_face
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
from app.services.face_anchors import ENROLMENT, NOBODY, Known, Likened
from app.services.journal import Act, Detail, Journal
from app.services.places import Places
from app.services.policies import Policies
from app.services.proofings import Answer
from app.services.refused_faces import count_refusals
from app.services.vault import PersonVault, Sealed, Vault
from app.storage.faces import SealedFace
from app.storage.work import Work
from app.verification.consents import Consent, Purpose, standing
from app.verification.faces.compared import Comparison, compare
from app.verification.faces.counting import counts_of
from app.verification.faces.reference import Reference, Source
from app.verification.faces.weighing import Judged
from app.verification.findings.face_gate import gate_findings
from app.verification.notices import notice
from app.verification.policy import Policy
from app.verification.proofing import Move, Proofing
from app.verification.reasons import Outcome, Reason, ReasonCode
from app.verification.thresholds import Thresholds

AT_ONCE = 16
"""Requests with photographs held in memory by one process, each of 15 MB at most."""

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
                limits = (await self._policies.asked_for(work)).thresholds
                anchors = await self._anchors(work, proofing, act.actor)
            with self._places.taken(subscriber_id):
                given = dict(sorted((await read()).items()))
                looked = await asyncio.gather(*(look(self._vision, each) for each in given.values()))
                first = None if anchors is None else await self._likened(act, subscriber_id, anchors, limits)
                return await self._enrol(act, subscriber_id, given, dict(zip(given, looked, strict=True)), first)

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
        """Take every photograph away, at once (R109); the consent stands until it is withdrawn.

        Photographs that are coming in meanwhile are turned away: what they were to be like is gone.
        """
        async with self._journal.act("face.erase", caller.actor(), object_id=subscriber_id) as act:
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

    async def _anchors(self, work: Work, proofing: Proofing, by: Actor) -> face_anchors.Anchors | None:
        """Where no face is enrolled, the pictures of the proofing: a first face that is like nobody's binds anybody's."""
        if await work.faces.of(proofing.person_id):
            return None
        return await face_anchors.anchors(work, await self._vault.person(work, proofing.person_id), proofing, by=by)

    async def _likened(
        self, act: Act, subscriber_id: str, anchors: face_anchors.Anchors, limits: Thresholds
    ) -> Likened:
        """By the first picture that shows one face to the model in use; raises Unavailable where it is gone."""
        if not anchors.pictures:
            return Likened((), Known())
        models = set[str]()
        for each in anchors.pictures if anchors.vouched else ():
            async with self._database.work() as work:
                # Asked again: the photographs came at the client's pace, and consent may have gone with its picture.
                proofing = await agreed(work, subscriber_id)
                image = await work.images.one(proofing.id, each.shows)
                if image is None or image.id != each.image_id:
                    raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS)
                person = await self._vault.person(work, proofing.person_id)
                octets = await person.open(Sealed.IMAGE, image.id, image.sealed, by=act.actor, purpose=ENROLMENT)
            seen = await look(self._vision, octets)
            models.add(seen.model)
            known = face_anchors.likened(each, seen, limits)
            if known is not None:
                return Likened(anchors.pictures, known, frozenset(models))
        return Likened(anchors.pictures, NOBODY, frozenset(models))

    async def _known(
        self, work: Work, person: PersonVault, proofing: Proofing, first: Likened | None, model: str, by: Actor
    ) -> Known:
        """What a photograph must resemble; raises Unavailable where that is another than was looked at."""
        if await work.faces.of(proofing.person_id):
            made = await described(work, person, proofing.person_id, model, by=by, purpose=ENROLMENT)
            return Known(tuple(made.values()))
        if first is None or first.pictures != await face_anchors.pictures(work, proofing):
            # What stood there was erased while a stranger's photograph was read at leisure: the next try is likened to what stands now.
            raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS)
        return first.known

    async def _enrol(
        self,
        act: Act,
        subscriber_id: str,
        given: Mapping[int, bytes],
        looked: Mapping[int, LookedAt],
        first: Likened | None,
    ) -> EnrolledFaces:
        """Judged and kept in one unit: what a photograph must resemble cannot change in between."""
        model = _one_model({each.model for each in looked.values()} | (frozenset() if first is None else first.models))
        async with self._database.work() as work:
            # Asked again: consent may have been withdrawn while the photographs were being looked at.
            proofing = await agreed(work, subscriber_id)
            policy = await self._policies.asked_for(work)
            person = await self._vault.person(work, proofing.person_id)
            known = await self._known(work, person, proofing, first, model, act.actor)
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


def _judged(looked: Mapping[int, LookedAt], known: Known, model: str, policy: Policy, by: Judged) -> _Judged:
    """Each must be good, and like those that are there, those that are replaced too, and those taken before it."""
    taken, turned_away, scores, alike = {}, [], [], known
    for slot, face in looked.items():
        findings = gate_findings(face.shown, policy.thresholds)
        if not findings and not all(alike.descriptors):
            findings = (Reason(ReasonCode.FACE_NOT_COMPARED, Outcome.REFER),)
        if not findings and alike.descriptors:
            compared = compare(face.descriptor, alike.descriptors, model, policy, by, alike.kind)
            scores.append(compared)
            findings = (
                compared.reasons
            )  # whoever could enrol another's face could come in as them: what refers enrols nothing
        if findings:
            turned_away.append(TurnedAway(slot, findings))
            continue
        taken[slot] = face
        alike = alike.and_taken(face.descriptor)
    return _Judged(taken, tuple(turned_away), tuple(scores))


def _one_model(models: AbstractSet[str]) -> str:
    """The model that saw them all; while processes change from one to another: later."""
    if len(models) != 1:
        raise Unavailable(retry_after_seconds=RETRY_AFTER_SECONDS)
    return next(iter(models))


async def _shown(work: Work, proofing: Proofing) -> EnrolledFaces:
    consents = await work.consents.of(proofing.id)
    return EnrolledFaces(await work.faces.of(proofing.person_id), standing(Purpose.FACE_ENROLMENT, consents) is True)
