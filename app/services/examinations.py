"""How is a submission examined? Unseal, measure outside any unit of work, decide, save; asked twice, done once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.core import ids
from app.core.audit import Actor, ActorKind
from app.core.entropy import Entropy
from app.core.ids import ProofingId, ReviewId
from app.core.refusal import Refusal
from app.gateways.authority import Authority
from app.gateways.vision import Examined, Vision, VisionFailed, Why
from app.services import first_face
from app.services.asking import asked
from app.services.compromised_numbers import pages_listed
from app.services.examination_document import Document, document_of, number_in
from app.services.journal import Journal
from app.services.known_before import EXAMINATION, known_before, numbers_of, phone_enrolled
from app.services.likenesses import Likenesses
from app.services.liveness_tries import tries_of
from app.services.policies import Policies
from app.services.refused_faces import count_refusals
from app.services.resemblance import Resemblance, Resembled
from app.services.vault import PersonVault, Sealed, Use, Vault
from app.storage.images import SealedImage
from app.storage.work import Work
from app.verification.asked import fields_after, to_retake
from app.verification.authority import NOTHING_SAID, Said
from app.verification.capture_gaps import capture_gaps
from app.verification.consents import Consent, Purpose, standing
from app.verification.decision import Decision, Outcome, decide, unmeasured
from app.verification.evidence import Examination, Measured, primary
from app.verification.examination import FaceDeclined, Kind, Side
from app.verification.faces.counting import counts_of
from app.verification.faces.weighing import Judged, document_weighed
from app.verification.findings.authority import askable, surely_read
from app.verification.misused import numbers_by_page
from app.verification.policy import Policy
from app.verification.proofing import ImageKind, Proofing, State
from app.verification.review import Cause, opened

SHANGHAI = ZoneInfo("Asia/Shanghai")
US = Actor(ActorKind.SYSTEM, "worker")


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was found of one attempt's pictures, outside any unit of work."""

    examined: Examined
    images: dict[str, SealedImage]
    said: Said
    resembled: Resembled


class Examinations:
    """Our own move in a proofing."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        vision: Vision,
        authority: Authority,
        policies: Policies,
        entropy: Entropy,
        resemblance: Resemblance,
        judged: Judged,
    ) -> None:
        self._journal = journal
        self._database = journal.database
        self._clock = journal.clock
        self._vault = vault
        self._vision = vision
        self._authority = authority
        self._policies = policies
        self._entropy = entropy
        self._likenesses = Likenesses(vault, US)
        self._judged = judged
        self._resemblance = resemblance
        self.search = resemblance.search
        """Holds unsealed faces: whoever runs this keeps it up to date."""

    async def examine(self, proofing_id: str, *, last_try: bool, last_if_stuck: bool = False) -> None:
        """Examine and decide, if it is still our move. Raises VisionFailed where another try may help; the last one refers.

        `last_if_stuck`: where it takes too long, another would take as long.
        """
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
                policy = await self._policies.in_force(work)
                await act.record(work, begun=True)
            face = None if declined else pictures[ImageKind.FACE]
            pages = {page: pictures[kind] for kind in ImageKind if (page := kind.page) and kind in pictures}
            examined: Examined | None = None
            try:
                examined = await self._vision.examine(pages, face)
            except (VisionFailed, Refusal) as failure:
                stuck = isinstance(failure, VisionFailed) and failure.why is Why.TIMED_OUT
                if not (last_try or (last_if_stuck and stuck)):
                    raise
            else:
                await self._remember(proofing, examined, images)
        looked = None if examined is None else await self._looked(proofing, examined, images, policy)
        await self._decide(proofing.id, looked, proofing.attempts)

    async def refer_stranded(self) -> tuple[ProofingId, ...]:
        """Refer the proofings that no job will ever examine: whatever went wrong, a person has to look; which they were."""
        async with self._database.work() as work:
            stranded = await work.jobs.stranded()
        for proofing_id in stranded:
            await self._decide(proofing_id, None, None)
        return stranded

    async def _looked(
        self, proofing: Proofing, examined: Examined, images: dict[str, SealedImage], policy: Policy
    ) -> _Looked:
        """What others say of what was measured; in no unit of work, for they may be slow."""
        said = await self._asked(examined.measured, policy)
        return _Looked(examined, images, said, await self._resemblance.of(proofing, examined, policy, by=US))

    async def _asked(self, measured: Measured, policy: Policy) -> Said:
        """What the authority says of the number and the name that were read."""
        sure = policy.thresholds.field_sure.value
        kind, read = primary(measured.kinds), surely_read(measured, sure=sure)
        if kind is None or not askable(measured, sure=sure):
            return NOTHING_SAID
        return await asked(self._authority, kind, read)

    async def _remember(self, proofing: Proofing, examined: Examined, images: dict[str, SealedImage]) -> None:
        """What others' portraits are compared with, committed before this one's are looked for."""
        async with self._database.work() as work:
            stored = await work.proofings.lock(proofing.id)
            # While it is our move no picture can be replaced or taken back; in another attempt they are others.
            if stored is not None and (stored.proofing.state, stored.proofing.attempts) == (
                proofing.state,
                proofing.attempts,
            ):
                await self._likenesses.keep(work, proofing.person_id, images, examined.likenesses)

    async def _unsealed(self, work: Work, proofing: Proofing, images: dict[str, SealedImage]) -> dict[str, bytes]:
        person = await self._vault.person(work, proofing.person_id)
        return {
            kind: await person.open(Sealed.IMAGE, image.id, image.sealed, by=US, purpose=EXAMINATION)
            for kind, image in images.items()
        }

    async def _decide(self, proofing_id: ProofingId, looked: _Looked | None, attempt: int | None) -> None:
        """Judge what was found of this attempt's pictures; where nothing was, people have to look. `attempt`: None: any."""
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
                now, policy = self._clock.now(), await self._policies.in_force(work)
                decision = await self._decision(work, proofing, looked, policy, now=now)
                decided = proofing.decide(decision, now=now)
                await work.proofings.save(decided)
                erased = await first_face.settle(work, decided)
                await self._follow(work, proofing, decision)
                counts = counts_of(decision.reasons)
                await count_refusals(work, self._vault, counts, proofing.person_id, by=act.actor, at=now)
                await act.record(
                    work,
                    None,
                    outcome=decision.outcome,
                    reasons=" ".join(reason.code for reason in decision.reasons),
                    policy=decision.policy,
                    ial=decision.ial,
                    authority=(NOTHING_SAID if looked is None else looked.said).answer,
                    face_erased=erased,
                    **_told(decision),
                )

    async def _decision(
        self, work: Work, proofing: Proofing, looked: _Looked | None, policy: Policy, *, now: datetime
    ) -> Decision:
        """What follows from what was found; the examination and the face are kept beside it, or forgotten."""
        examined = None if looked is None else looked.examined
        if looked is None:
            decision = unmeasured(policy, now=now)
            await work.proofings.forget_examination(proofing.id)  # of an earlier try, and other pictures
        else:
            examination = await self._examination(work, proofing, looked, policy)
            today = now.astimezone(SHANGHAI).date()
            decision = decide(examination, policy, attempt=proofing.attempts, today=today, now=now)
            await self._keep(work, proofing, document_of(looked.examined, examination, decision, looked.said))
        person = await self._vault.person(work, proofing.person_id)
        await first_face.keep(work, person, proofing, examined, policy.thresholds)
        return decision

    async def _follow(self, work: Work, proofing: Proofing, decision: Decision) -> None:
        """What a decision that decides nothing yet brings about: people look, or pictures are taken again."""
        if decision.outcome is Outcome.REFER:
            review_id = ReviewId(ids.named("rev", self._entropy.draw(ids.NONCE_BYTES)))
            await work.reviews.add(opened(review_id, proofing.id, Cause.REFERRAL, now=decision.decided_at))
        if decision.outcome is Outcome.RETRY:
            held = [ImageKind(kind) for kind in await work.images.kinds(proofing.id)]
            fields = fields_after(decision.reasons, held, await work.proofings.fields(proofing.id))
            await work.proofings.keep_fields(proofing.id, fields)
            for kind in to_retake(decision.reasons, held):
                await work.images.remove(proofing.id, kind)

    async def _examination(self, work: Work, proofing: Proofing, looked: _Looked, policy: Policy) -> Examination:
        """What was measured, with what only the house knows."""
        examined, images = looked.examined, looked.images
        consents = await work.consents.of(proofing.id)
        measured = self._weighed(examined, policy, consents)
        resembled = looked.resembled.agreed_to(consents)
        numbers = numbers_of(self._vault, measured)
        enrolled = await work.subscribers.has_number(numbers)
        shown = {page: image for name, image in images.items() if (page := ImageKind(name).page)}
        arrived = {page: image.at for page, image in shown.items()}
        opened = [each.at for each in await work.proofings.states(proofing.id, 0) if each.state is State.OPEN]
        software = {page: image.software for page, image in shown.items() if image.software}
        # Under the key they rest by: while keys rotate, a picture may be missed until both rows are made anew.
        sent = await work.images.seen_elsewhere(proofing.person_id, [image.sha256_index for image in images.values()])
        apart: dict[tuple[Kind, Side], int] = {}
        if not policy.accepts_seen_images:  # nobody's is opened for a policy that does not ask
            apart = await self._likenesses.nearest(work, proofing.person_id, examined.likenesses, numbers)
        person = await self._vault.person(work, proofing.person_id)
        known = await known_before(work, person, proofing, by=US)
        typed = await self._typed(work, proofing, person)
        tries = await tries_of(work, person, proofing, images.get(ImageKind.FACE), by=US)
        return Examination(
            measured,
            capture_gaps(arrived, asked_at=max(opened, default=proofing.created_at)),
            enrolled,
            looked.said.answer,
            known,
            software,
            image_seen_before=sent,
            portraits_apart=apart,
            numbers_listed=await pages_listed(work, self._vault, numbers_by_page(measured)),
            liveness=tries.chosen,
            failed_tries=tries.failed,
            phone_enrolled=await phone_enrolled(work, self._vault, known),
            face_candidates=resembled.enrolled,
            face_listed=len(await work.face_listings.listed(resembled.listed)),
            typed=typed,
        )

    def _weighed(self, examined: Examined, policy: Policy, consents: Sequence[Consent]) -> Measured:
        """What was measured, the faces weighed as far as their owner still agrees to it."""
        measured = examined.measured
        if standing(Purpose.FACE, consents) is not True:
            # Withdrawn while the faces were being compared: what was measured of them is neither judged nor kept (R97).
            return replace(measured, face=FaceDeclined.CONSENT_REFUSED)
        face = document_weighed(
            measured.face, examined.portrait, examined.descriptor, self._judged, policy.face_profile
        )
        return replace(measured, face=face)

    async def _typed(self, work: Work, proofing: Proofing, person: PersonVault) -> dict[str, str]:
        """What the applicant typed, by field."""
        return {
            name: (
                await person.open(Sealed.TYPED_FIELD, f"{proofing.id}/{name}", sealed, by=US, purpose=EXAMINATION)
            ).decode()
            for name, sealed in (await work.proofings.fields(proofing.id)).items()
            if sealed is not None
        }

    async def _keep(self, work: Work, proofing: Proofing, document: Document) -> None:
        """The examination, sealed, with the proofing."""
        person = await self._vault.person(work, proofing.person_id)
        number = number_in(document)
        await work.proofings.keep_examination(
            proofing.id,
            person.seal(
                Sealed.EXAMINATION, proofing.id, json.dumps(document, ensure_ascii=False, default=str).encode()
            ),
            None if number is None else self._vault.index(Use.RESIDENT_NUMBER, number),
        )


def _told(decision: Decision) -> dict[str, str | int | float | bool | None]:
    """The comparison's figures for the event (R92)."""
    return {f"face_{name}": fact for name, fact in decision.facts.items()}
