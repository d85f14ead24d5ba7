"""Is this the subscriber, or are these two one person? Compared where consent stands; of the pictures nothing is kept."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from app.core import ids
from app.core.entropy import Entropy
from app.core.ids import ComparisonId
from app.core.refusal import Unavailable
from app.gateways.vision import LookedAt, Vision
from app.services.callers import ClientCaller
from app.services.enrolled_faces import agreed, described, look
from app.services.journal import Act, Detail, Journal
from app.services.places import Places
from app.services.policies import Policies
from app.services.refused_faces import count_refusals
from app.services.vault import Vault
from app.storage.faces import Compared
from app.verification.consents import ConsentNeeded, Purpose
from app.verification.faces.compared import Comparison, compare, old_references
from app.verification.faces.counting import counts_of
from app.verification.faces.reference import NoFaceEnrolled
from app.verification.faces.weighing import Judged
from app.verification.findings.face_gate import gate_findings
from app.verification.notices import UnknownNotice, notice
from app.verification.policy import Policy
from app.verification.reasons import Outcome, Reason

COMPARISON = "face_comparison"
AT_ONCE = 16
"""Requests with photographs held in memory by one process, each of 15 MB at most."""
FIRST, SECOND, CONSENT = "first", "second", "consent"


@dataclass(frozen=True, slots=True)
class ComparedFaces:
    """What came of it; without a comparison, what was wrong with which photograph."""

    outcome: Outcome
    findings: Mapping[str, tuple[Reason, ...]]
    comparison: Comparison | None
    warnings: tuple[Reason, ...] = ()
    """What lowers the worth of a comparison and decides nothing: photographs that are old."""


class FaceComparisons:
    """Compares for the bank's own clients."""

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
        self._judged = judged
        self._places = Places(AT_ONCE)

    async def with_subscriber(
        self, caller: ClientCaller, subscriber_id: str, read: Callable[[], Awaitable[bytes]]
    ) -> ComparedFaces:
        """One probe beside all enrolled photographs: one score of the person, kept with what it was made by."""
        async with self._journal.act("face.compare", caller.actor(), object_id=subscriber_id) as act:
            async with self._database.work() as work:
                proofing = await agreed(work, subscriber_id)
                act.subject = proofing.person_id
                if not await work.faces.of(proofing.person_id):
                    raise NoFaceEnrolled
                policy = await self._policies.asked_for(work)
            with self._places.taken(f"{caller.client_id} {subscriber_id}"):
                probe = await look(self._vision, await read())
            findings = gate_findings(probe.shown, policy.thresholds)
            if findings:
                async with self._database.work() as work:
                    counts, now = counts_of(findings), self._clock.now()
                    await count_refusals(work, self._vault, counts, proofing.person_id, by=act.actor, at=now)
                return await _poor(act, {"probe": findings}, probe.model)
            return await self._compare(act, caller, subscriber_id, probe)

    async def of_two(self, caller: ClientCaller, read: Callable[[], Awaitable[Mapping[str, bytes]]]) -> ComparedFaces:
        """Two photographs and the hash of the notice whose reader agreed; an event without a picture is all that stays."""
        async with self._journal.act("face.compare_pictures", caller.actor()) as act:
            with self._places.taken(ids.named("req", self._entropy.draw(ids.NONCE_BYTES))):
                parts = await read()
                text_version = _consented(parts[CONSENT])
                one, other = await asyncio.gather(*(look(self._vision, parts[name]) for name in (FIRST, SECOND)))
            async with self._database.looking() as work:
                policy = await self._policies.asked_for(work)
            seen = {FIRST: one, SECOND: other}
            poor = {name: found for name, face in seen.items() if (found := _gate(face, policy))}
            if poor:
                return await _poor(act, poor, one.model)
            if one.model != other.model:
                raise Unavailable(retry_after_seconds=5)
            compared = compare(one.descriptor, [other.descriptor], one.model, policy, self._judged)
            await act.record_alone(None, text_version=text_version, **_told(compared))
        return ComparedFaces(compared.outcome, {}, compared)

    async def _compare(self, act: Act, caller: ClientCaller, subscriber_id: str, probe: LookedAt) -> ComparedFaces:
        async with self._database.work() as work:
            # Asked again, and held: whoever withdraws meanwhile waits, or has taken the faces away before this.
            proofing = await agreed(work, subscriber_id)
            policy = await self._policies.asked_for(work)
            person = await self._vault.person(work, proofing.person_id)
            known = await described(
                work, person, proofing.person_id, probe.model, by=act.actor, purpose=COMPARISON
            )  # fmt: skip
            compared = compare(probe.descriptor, [*known.values()], probe.model, policy, self._judged)
            kept = Compared(
                ComparisonId(ids.named("cmp", self._entropy.draw(ids.NONCE_BYTES))),
                proofing.person_id,
                caller.client_id,
                compared.model,
                compared.score,
                compared.threshold,
                compared.calibration,
                compared.outcome,
                self._clock.now(),
            )
            beside = [*known][: compared.references]
            await work.faces.compared(kept, beside)
            counts = counts_of(compared.reasons)
            await count_refusals(work, self._vault, counts, proofing.person_id, by=act.actor, at=kept.at)
            await act.record(work, None, comparison=kept.id, **_told(compared))
            enrolled = [each for each in await work.faces.of(proofing.person_id) if each.id in beside]
        old = old_references(enrolled, policy.thresholds, now=kept.at)
        return ComparedFaces(compared.outcome, {}, compared, old)


async def _poor(act: Act, findings: Mapping[str, tuple[Reason, ...]], model: str) -> ComparedFaces:
    """Counted apart from those that do not match (R91)."""
    codes = " ".join(f"{name}:{reason.code}" for name, found in findings.items() for reason in found)
    await act.record_alone(outcome=Outcome.RETRY, findings=codes, model=model)
    return ComparedFaces(Outcome.RETRY, findings, None)


def _gate(face: LookedAt, policy: Policy) -> tuple[Reason, ...]:
    return gate_findings(face.shown, policy.thresholds)


def _consented(text_sha256: bytes) -> str:
    """The version of the text that was agreed to; raises ConsentNeeded where the hash is of none in force (R95)."""
    try:
        return notice(Purpose.FACE, text_sha256.decode("ascii", "replace")).version
    except UnknownNotice:
        raise ConsentNeeded(purpose=Purpose.FACE.value) from None


def _told(compared: Comparison) -> dict[str, Detail]:
    """For the event: scores and models, nothing of a face."""
    return {
        "outcome": compared.outcome,
        "score": round(compared.score, 4),
        "threshold": compared.threshold,
        "model": compared.model,
        "calibration": compared.calibration,
        "references": compared.references,
        **({} if compared.fit is None else {"fit": compared.fit}),
    }
