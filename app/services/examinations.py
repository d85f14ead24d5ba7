"""How is a submission examined? Unseal, measure outside any unit of work, decide, save; asked twice, done once."""

import json
from dataclasses import asdict, replace
from zoneinfo import ZoneInfo

from app.core import ids
from app.core.audit import Actor, ActorKind
from app.core.entropy import Entropy
from app.core.ids import ProofingId, ReviewId
from app.core.refusal import Refusal
from app.gateways.vision import Examined, Vision, VisionFailed
from app.services.journal import Journal
from app.services.policies import Policies
from app.services.vault import Sealed, Use, Vault
from app.storage.images import SealedImage
from app.storage.work import Work
from app.verification.decision import Decision, Outcome, decide, unmeasured
from app.verification.examination import Examination, FaceDeclined
from app.verification.proofing import ImageKind, Proofing, Purpose, State, standing, to_retake
from app.verification.review import Cause, opened

SHANGHAI = ZoneInfo("Asia/Shanghai")
EXAMINATION = "examination"
US = Actor(ActorKind.SYSTEM, "worker")


class Examinations:
    """Our own move in a proofing."""

    def __init__(self, journal: Journal, vault: Vault, vision: Vision, policies: Policies, entropy: Entropy) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._vision = vision
        self._policies = policies
        self._entropy = entropy

    async def examine(self, proofing_id: str, *, last_try: bool) -> None:
        """Examine and decide, if it is still our move. Raises VisionFailed where another try may help; the last one refers."""
        async with self._journal.act("proofing.examine", US, object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = await work.proofings.lock(proofing_id)
                if stored is None or stored.proofing.state is not State.EXAMINING:
                    await act.record(work, skipped=True)
                    return
                proofing = stored.proofing
                act.subject = proofing.person_id
                images = {image.kind: image for image in await work.images.of(proofing.id)}
                pictures = await self._unsealed(work, proofing, images)
                declined = standing(Purpose.FACE, await work.consents.of(proofing.id)) is not True
                await act.record(work, begun=True)
            face = None if declined else pictures[ImageKind.FACE]
            try:
                examined = await self._vision.examine(
                    pictures[ImageKind.CARD_PORTRAIT], pictures[ImageKind.CARD_EMBLEM], face
                )
            except (VisionFailed, Refusal):
                if not last_try:
                    raise
                examined = None
        await self._decide(proofing.id, examined, images, proofing.attempts)

    async def refer_stranded(self) -> tuple[ProofingId, ...]:
        """Refer the proofings that no job will ever examine: whatever went wrong, a person has to look; which they were."""
        async with self._database.work() as work:
            stranded = await work.jobs.stranded()
        for proofing_id in stranded:
            await self._decide(proofing_id, None, {}, None)
        return stranded

    async def _unsealed(self, work: Work, proofing: Proofing, images: dict[str, SealedImage]) -> dict[str, bytes]:
        person = await self._vault.person(work, proofing.person_id)
        return {
            kind: await person.open(Sealed.IMAGE, image.id, image.sealed, by=US, purpose=EXAMINATION)
            for kind, image in images.items()
        }

    async def _decide(
        self, proofing_id: ProofingId, examined: Examined | None, images: dict[str, SealedImage], attempt: int | None
    ) -> None:
        async with self._journal.act("proofing.decide", US, object_id=proofing_id) as act:
            async with self._database.work() as work:
                stored = await work.proofings.lock(proofing_id)
                if stored is None or stored.proofing.state is not State.EXAMINING:
                    await act.record(work, skipped=True)
                    return
                proofing = stored.proofing
                act.subject = proofing.person_id
                if attempt not in {None, proofing.attempts}:
                    # A job that slept through its own decision must not judge the next attempt by the last one's pictures.
                    await act.record(work, skipped=True)
                    return
                now = self._clock.now()
                policy = await self._policies.in_force(work)
                decision = (
                    unmeasured(policy, now=now)
                    if examined is None
                    else decide(
                        await self._examination(work, proofing, examined, images),
                        policy,
                        attempt=proofing.attempts,
                        today=now.astimezone(SHANGHAI).date(),
                        now=now,
                    )
                )
                await work.proofings.save(proofing.decide(decision, now=now))
                await self._follow(work, proofing, decision)
                codes = " ".join(reason.code for reason in decision.reasons)
                await act.record(
                    work, None, outcome=decision.outcome, reasons=codes, policy=decision.policy, **_told(decision)
                )

    async def _follow(self, work: Work, proofing: Proofing, decision: Decision) -> None:
        """What a decision that decides nothing yet brings about: people look, or pictures are taken again."""
        if decision.outcome is Outcome.REFER:
            review_id = ReviewId(ids.named("rev", self._entropy.draw(ids.NONCE_BYTES)))
            await work.reviews.add(opened(review_id, proofing.id, Cause.REFERRAL, now=decision.decided_at))
        if decision.outcome is Outcome.RETRY:
            for kind in to_retake(decision.reasons):
                await work.images.remove(proofing.id, kind)

    async def _examination(
        self, work: Work, proofing: Proofing, examined: Examined, images: dict[str, SealedImage]
    ) -> Examination:
        """What was measured, with what only the house knows; kept, sealed, with the proofing."""
        measured = examined.measured
        if standing(Purpose.FACE, await work.consents.of(proofing.id)) is not True:
            # Withdrawn while the faces were being compared: what was measured of them is neither judged nor kept (R97).
            measured = replace(measured, face=FaceDeclined.CONSENT_REFUSED)
        number = measured.portrait.number.value
        enrolled = number is not None and await work.subscribers.has_number(
            self._vault.indexes(Use.RESIDENT_NUMBER, number)
        )
        gap = images[ImageKind.CARD_EMBLEM].at - images[ImageKind.CARD_PORTRAIT].at
        # Under the key they rest by: while keys rotate, a picture may be missed until both rows are made anew.
        known = await work.images.seen_elsewhere(proofing.person_id, [image.sha256_index for image in images.values()])
        examination = Examination(measured, abs(gap.total_seconds()), enrolled, image_seen_before=known)
        person = await self._vault.person(work, proofing.person_id)
        document = {
            **asdict(measured),
            "text_model": examined.text_model,
            "capture_gap_seconds": examination.capture_gap_seconds,
            "already_enrolled": enrolled,
            "image_seen_before": known,
        }
        if isinstance(measured.face, FaceDeclined):
            document["face"] = measured.face.value
        await work.proofings.keep_examination(
            proofing.id,
            person.seal(Sealed.EXAMINATION, proofing.id, json.dumps(document, ensure_ascii=False).encode()),
            None if number is None else self._vault.index(Use.RESIDENT_NUMBER, number),
        )
        return examination


def _told(decision: Decision) -> dict[str, str | int | float | bool | None]:
    """The comparison's figures for the event (R92)."""
    return {f"face_{name}": fact for name, fact in decision.facts.items()}
